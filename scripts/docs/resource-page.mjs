import { readExample } from "./example.mjs";
import { inGo } from "./languages/go.mjs";
import { inPython } from "./languages/python.mjs";
import { isFunction } from "./languages/schema.mjs";
import { inYaml } from "./languages/yaml.mjs";
import { block, code, inJavaScript, page, programOf, prose, table, typeCode } from "./markdown.mjs";

/** The page of a class: a resource, by its entry in KINDS, a component, or a provider. */
export function resourcePage({ described, kind, functions, types, linkTo }) {
  const { name, text, example, file, inputs, outputs } = described;
  const [intro, ...sections] = prose(text, linkTo).split(/^(?=## )/m);
  const program = example && programOf(example);
  return page(
    `<!-- Written by \`npm run docs:pages\` from ${file}${kind ? " and domain/kinds.ts" : ""}: change those. -->`,
    `# ${name}`,
    intro.trim(),
    program && [
      "## Example",
      block("ts", program),
      "In JavaScript, without a compiler:",
      block("js", inJavaScript(program)),
    ],
    program && ["In YAML, Python and Go, by the [plugin](../languages.md):", otherLanguages(program)],
    "## Inputs",
    inputsTable(inputs, kind),
    descriptions(inputs, linkTo),
    notes(inputs, kind),
    types.filter(({ isOf }) => isOf === "inputs").map((type) => typeSection(type, linkTo)),
    outputs.length > 0 && ["## Outputs", outputsTable(outputs, kind, linkTo)],
    types.filter(({ isOf }) => isOf === "outputs").map((type) => typeSection(type, linkTo)),
    secretsLine(outputs, kind),
    sections.map((section) => section.trim()),
    functions.length > 0 && ["## Functions", functions.map((one) => functionSection(one, linkTo))],
  );
}

function otherLanguages(program) {
  const example = readExample(program);
  return [block("yaml", inYaml(example)), block("python", inPython(example)), block("go", inGo(example))];
}

const DURATION = '**Durations** are whole seconds, or a text such as `"90m"`, `"24h"`, `"30d"`.';
const USDC = '**USDC** amounts are a number or a text such as `"4.50"`, with six decimals at most.';

function inputsTable(inputs, kind) {
  const heads = ["input", "type", "default", "what a change does"];
  const changes = inputs.some((input) => input.change ?? kind?.inputs[input.name]);
  const rows = inputs.map((input) => [
    code(input.name),
    typeOf(input, kind),
    defaultOf(input, kind),
    ...(changes ? [changeOf(input, kind)] : []),
  ]);
  return table(changes ? heads : heads.slice(0, 3), rows);
}

function typeOf({ name, type }, kind) {
  const property = kind?.inputs[name] ?? kind?.outputs[name];
  if (property?.type === "duration") return "duration";
  if (property?.type === "usdc") return "USDC";
  return type === "Port or string" ? "[Port](port.md), or an id" : typeCode(type);
}

/** @throws where the docstring and KINDS say different things */
function defaultOf(input, kind) {
  const property = kind?.inputs[input.name];
  if (property && Boolean(property.required) === input.optional) {
    throw new Error(
      `docs: ${input.name} (${input.file}): required in one of the class and KINDS, optional in the other`,
    );
  }
  if (property?.default !== undefined && JSON.stringify(property.default) !== input.default) {
    throw new Error(
      `docs: ${input.name} (${input.file}): its @default is ${input.default}, that of KINDS ${JSON.stringify(property.default)}`,
    );
  }
  if (!input.optional) return "**required**";
  if (input.default === undefined) return "–";
  return /^("[^"]*"|\d+|true|false)$/.test(input.default) ? code(input.default) : input.default;
}

/** @throws where the docstring says that a change replaces, and KINDS does not, or the other way round */
function changeOf(input, kind) {
  const replaces = Boolean(kind?.inputs[input.name]?.replaces);
  if (input.change === undefined) return replaces ? "Replaces the resource." : "See below.";
  if (kind && replaces !== /^Replaces/.test(input.change)) {
    throw new Error(`docs: ${input.name} (${input.file}): "replaces" is not the same in @change and in KINDS`);
  }
  return input.change;
}

const descriptions = (inputs, linkTo) =>
  inputs
    .filter(({ text }) => text !== "")
    .map(({ name, text, example }) => {
      const such = example === undefined ? "" : ` Example: ${code(example.replace(/\s+/g, " "))}`;
      return `- **${name}**: ${prose(text, linkTo)}${such}`;
    })
    .join("\n");

function outputsTable(outputs, kind, linkTo) {
  const rows = outputs.map((output) => [
    code(output.name),
    typeOf(output, kind),
    prose(output.text || inputText(output.name, kind), linkTo),
  ]);
  return table(["output", "type", "is"], rows);
}

const inputText = (name, kind) => (kind && name in kind.inputs ? "As the input." : "");

/** A type that inputs, outputs or answers name: those of inputs have defaults. */
export function typeSection({ name, text, members, isOf }, linkTo) {
  const takes = isOf === "inputs";
  const rows = members.map((member) => [
    code(member.name),
    typeCode(member.type),
    ...(takes ? [given(member)] : []),
    `${prose(member.text, linkTo)}${takes || !member.optional ? "" : " May be missing."}`.trim(),
  ]);
  return [`### ${name}`, prose(text, linkTo), table(["property", "type", ...(takes ? ["default"] : []), "is"], rows)];
}

const given = ({ optional, default: byDefault = "–" }) => (optional ? byDefault : "**required**");

function secretsLine(outputs, kind) {
  const names = outputs
    .filter(({ name, text }) => kind?.outputs[name]?.secret || kind?.inputs[name]?.secret || /\bSecret\./.test(text))
    .map(({ name }) => code(name));
  if (names.length === 0) return undefined;
  return `**Secret**: ${names.join(", ")}. They are encrypted in the state and masked on the screen; \`pulumi stack output --show-secrets\` shows them.`;
}

/** Of a function that stands on the page of a class, as on the page of functions. */
export function functionSection(described, linkTo) {
  const { name, text, example, args, parameters, answer, hasOutputForm } = described;
  const call = `${name}(${parameters.map((one) => `${one.name}${one.optional ? "?" : ""}`).join(", ")})`;
  const rows = args.map((one) => [code(one.name), typeCode(one.type), given(one), prose(one.text, linkTo)]);
  const program = example && programOf(example);
  return [
    `### ${name}`,
    `${code(call)} gives ${code(answer)}${hasOutputForm ? `; ${code(`${name}Output`)} gives it as an Output` : ""}.`,
    prose(text, linkTo),
    table(["argument", "type", "default", "is"], rows),
    program && block("ts", program),
    isFunction(name)
      ? program && ["<details>\n<summary>In YAML, Python and Go</summary>", otherLanguages(program), "</details>"]
      : "Programs in YAML, Python and Go do not have it: [what takes its place](../languages.md#functions).",
  ];
}

function notes(inputs, kind) {
  const has = (type) => inputs.some(({ name }) => kind?.inputs[name]?.type === type);
  return [has("duration") && DURATION, has("usdc") && USDC];
}
