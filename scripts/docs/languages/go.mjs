import { argumentsOf, classOf, indented, inputsOf, isClass, isResource, requiredOf, typeOf } from "./schema.mjs";

const LONGEST_LITERAL = 60;
const IMPORTS = {
  random: '"github.com/pulumi/pulumi-random/sdk/v4/go/random"',
  pulumi: '"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
  config: '"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"',
  proxies: 'proxies "pulumi-proxies-sx/sdk/go/proxiessx"',
};

/** An example (see ../example.mjs) as a program in Go, as gofmt formats it. */
export function inGo(example) {
  const made = example.resources.map((one, index) => resource(one, index === 0, example));
  const body = [
    ...example.settings.map(
      ({ variable, key, isSecret }) => `${variable} := config.${isSecret ? "RequireSecret" : "Require"}(ctx, "${key}")`,
    ),
    ...made,
    ...example.calls.map((one) => call(one, example)),
    ...example.outputs.map(({ name, value: one }) => `ctx.Export("${name}", ${value(one, undefined, false, example)})`),
    "return nil",
  ].join("\n");
  const imports = Object.keys(IMPORTS).filter((name) => new RegExp(`\\b${name}\\.`).test(`pulumi.\n${body}`));
  return [
    "package main\n",
    `import (\n${indented(imports.map((name) => IMPORTS[name]).join("\n"), "\t")}\n)\n`,
    "func main() {",
    "\tpulumi.Run(func(ctx *pulumi.Context) error {",
    indented(body, "\t\t"),
    "\t})",
    "}",
  ].join("\n");
}

function resource(one, isFirst, example) {
  const args = struct(`&${one.package}.${classOf(one)}Args`, one.fields, inputsOf(one), requiredOf(one), example);
  const options = one.provider ? `, pulumi.Provider(${one.provider})` : "";
  const variable = one.variable && isUsed(one.variable, example) ? one.variable : "_";
  const assign = variable !== "_" || isFirst ? ":=" : "=";
  const call = `${one.package}.New${classOf(one)}(ctx, "${one.name}", ${args}${options})`;
  return `${variable}, err ${assign} ${call}\nif err != nil {\n\treturn err\n}`;
}

function call(one, example) {
  // getPort reads the resource Port from the state.
  const name = title(one.name.replace(/^get(?=(.*))/, (get, type) => (isClass(type) ? "lookup" : get)));
  const args = struct(`proxies.${name}OutputArgs`, one.fields, argumentsOf(one), [], example);
  return `${one.variable} := proxies.${name}Output(ctx, ${args})`;
}

const isUsed = (name, { resources, calls, outputs }) =>
  outputs.some(({ value: one }) => one.of === name) ||
  [...resources, ...calls].some(
    ({ fields, provider }) => provider === name || JSON.stringify(fields).includes(`"of":"${name}"`),
  );

function value(one, property, isRequired, example) {
  const type = typeOf(property);
  if (one.list) return list(one.list, property, example);
  if (one.fields) return struct(`proxies.${type.name}Args`, one.fields, type.properties, type.required ?? [], example);
  if (one.member) return `${one.of}.${title(one.member)}${isAnswer(one.of, example) ? "()" : ""}`;
  if (one.of) return reference(one.of, example);
  const literal = JSON.stringify(one.text ?? one.number ?? one.flag);
  if (type) return `proxies.${type.name}(${literal})`;
  const isPlain = property?.plain && !property.oneOf;
  if (isPlain && isRequired) return literal;
  return `pulumi.${wordOf(one, property)}${isPlain ? "Ref" : ""}(${literal})`;
}

/** Outputs of an answer are methods, those of a resource fields. */
const isAnswer = (name, { calls }) => calls.some(({ variable }) => variable === name);

function reference(name, example) {
  if (isResource(name, example)) return `${name}.ID()`;
  const { isSecret } = example.settings.find(({ variable }) => variable === name);
  return isSecret ? name : `pulumi.String(${name})`;
}

function wordOf({ text, flag }, property) {
  if (text !== undefined) return "String";
  if (flag !== undefined) return "Bool";
  return property?.type === "number" ? "Float64" : "Int";
}

function list(values, { items, plain }, example) {
  const type = typeOf(items);
  const of = plain ? "[]string" : items.type === "string" ? "pulumi.StringArray" : "pulumi.Array";
  const open = type ? `[]proxies.${type.name}Args` : of;
  // The elements need not repeat the list's type.
  const given = values.map((one) => value(one, items, true, example).replace(/^proxies\.\w+Args(?=\{)/, ""));
  const line = `${open}{${given.join(", ")}}`;
  if (line.length <= LONGEST_LITERAL) return line;
  return `${open}{\n${indented(given.map((one) => `${one},`).join("\n"), "\t")}\n}`;
}

function struct(open, fields, properties, required, example) {
  const given = Object.entries(fields).map(([name, one]) => [
    title(name),
    value(one, properties[name], required.includes(name), example),
  ]);
  const line = `${open}{${given.map((pair) => pair.join(": ")).join(", ")}}`;
  if (given.length <= 1 && !line.includes("\n")) return line;
  return `${open}{\n${indented(aligned(given), "\t")}\n}`;
}

/** Fields one a line: values of neighbours that take one line begin in one column. */
function aligned(pairs) {
  const isLine = ([, text]) => !text.includes("\n");
  const groups = [];
  for (const pair of pairs) {
    const last = groups.at(-1);
    if (last && isLine(pair) && isLine(last[0])) last.push(pair);
    else groups.push([pair]);
  }
  return groups
    .flatMap((group) => {
      const width = Math.max(...group.map(([name]) => name.length)) + 1;
      return group.map(([name, text]) => `${`${name}:`.padEnd(width)} ${text},`);
    })
    .join("\n");
}

const title = (name) => name[0].toUpperCase() + name.slice(1);
