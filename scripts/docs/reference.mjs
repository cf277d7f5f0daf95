import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../project.mjs";
import { functionsPage } from "./functions-page.mjs";
import { code, page, table } from "./markdown.mjs";
import { resourcePage } from "./resource-page.mjs";
import { readSdk } from "./sdk.mjs";

const require = createRequire(import.meta.url);
const FOLDER = "docs/reference";

/** The pages of the SDK by their paths: one for each class, one for all functions, and a list of them. */
export function referencePages() {
  require("ts-node/register/transpile-only");
  const { KINDS } = require(path.join(root, "domain/kinds.ts"));
  const sdk = readSdk();
  const fileOf = (name) => `${name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.md`;
  const isOnClassPage = (one) => sdk.classes.some(({ file }) => file === one.file);
  const placed = new Map([
    ...sdk.functions.map(({ name, file }) => {
      const on = sdk.classes.find((one) => one.file === file);
      return [name, `${on ? fileOf(on.name) : "functions.md"}#${name.toLowerCase()}`];
    }),
    ...sdk.classes.flatMap(({ name }) => [
      [name, fileOf(name)],
      [`${name}Args`, `${fileOf(name)}#inputs`],
    ]),
  ]);
  const linkTo = (name, member) => {
    const shown = member ? `${name}.${member}` : name;
    const place = placed.get(name) ?? placed.get(name.replace(/Output$/, ""));
    return place ? `[${shown}](${place})` : code(shown);
  };
  const pages = sdk.classes.map((described) => {
    const types = typesOf(described, sdk, placed);
    const functions = sdk.functions.filter(({ file }) => file === described.file);
    const kind = KINDS[described.name];
    return [fileOf(described.name), resourcePage({ described, kind, functions, types, linkTo })];
  });
  const functions = sdk.functions.filter((one) => !isOnClassPage(one));
  const answers = reached(
    functions.flatMap(({ answerTypes }) => answerTypes),
    sdk,
    placed,
  );
  pages.push(["functions.md", functionsPage(functions, answers, linkTo)]);
  pages.push(["README.md", listOf(sdk, fileOf)]);
  return new Map(pages.map(([name, text]) => [`${FOLDER}/${name}`, text]));
}

function typesOf({ inputs, outputs }, sdk, placed) {
  const of = (members, isOf) =>
    reached(
      members.flatMap(({ types }) => types),
      sdk,
      placed,
    ).map((type) => ({ ...type, isOf }));
  return [...of(inputs, "inputs"), ...of(outputs, "outputs")];
}

/** Types with members that some names lead to, those of their own members included, without those of another page. */
function reached(names, sdk, placed) {
  const found = new Map();
  const queue = [...names];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const type = placed.has(name) || found.has(name) ? undefined : sdk.typeNamed(name);
    if (!type || type.members.length === 0 || !type.file.match(/^(sdk|api|provider|domain)\//)) continue;
    found.set(name, type);
    queue.push(...type.members.flatMap(({ types }) => types));
  }
  return [...found.values()];
}

function listOf({ classes }, fileOf) {
  const rows = classes.map(({ name, text }) => [`[${name}](${fileOf(name)})`, firstSentence(text)]);
  return page(
    "<!-- Written by `npm run docs:pages`. -->",
    "# Reference",
    "Each page has inputs with types, units, ranges and defaults, what a change of each does, outputs, and a program that runs.",
    table(
      ["page", "is"],
      [...rows, ["[Functions](functions.md)", "What a program can ask: stock, prices, ports, the account."]],
    ),
    "The command `npx proxies-sx` has [a page of its own](../commands.md).",
  );
}

const firstSentence = (text) =>
  text
    .replace(/\s*\n\s*/g, " ")
    .replace(/\{@link (\w+) ?\}/g, "`$1`")
    .split(/(?<=\.) /)[0];
