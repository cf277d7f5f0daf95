/** A cell of a table: one line, in which nothing ends the cell. */
const cell = (text) => text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");

export const table = (heads, rows) =>
  rows.length === 0
    ? ""
    : [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");

export const code = (text) => (text === "" ? "" : `\`${text}\``);

/** A type: each alternative is code of its own. */
export const typeCode = (text) => (text.includes("{") ? code(text) : text.split(" or ").map(code).join(" or "));

/** Prose of a docstring: lines of a paragraph become one, and what it links to is found among the pages. */
export function prose(text, linkTo) {
  return text
    .replace(/\{@link (\w+)(?:\.(\w+))? ?\}/g, (_, name, member) => linkTo(name, member))
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith("```") ? part : part.replace(/(?<!\n)\n(?![\n#*-])/g, " ")))
    .join("");
}

const IMPORTS = { pulumi: "@pulumi/pulumi", random: "@pulumi/random", proxies: "pulumi-proxies-sx" };
const GIVEN = {
  port: 'const port = new proxies.Port("scraper", { country: "DE", expiresIn: "30d" });',
  config: "const config = new pulumi.Config();",
};

/** An example of a docstring as a whole program: with its imports, and what it takes as given. */
export function programOf(example) {
  const declares = (name) => new RegExp(`\\b(const|as) ${name}\\b`).test(example);
  const uses = (name, text) => new RegExp(`\\b${name}\\b(?!:)`).test(text.replace(/"[^"]*"/g, ""));
  const given = Object.keys(GIVEN).filter((name) => uses(name, example) && !declares(name));
  const body = [...given.map((name) => GIVEN[name]), example].join("\n");
  const imports = Object.keys(IMPORTS).filter((name) => new RegExp(`\\b${name}\\.`).test(body) && !declares(name));
  return [...imports.map((name) => `import * as ${name} from "${IMPORTS[name]}";`), "", body].join("\n");
}

/** The same program for Node without a compiler. */
export const inJavaScript = (program) =>
  program
    .replace(/^import \* as (\w+) from ("[^"]+");/gm, "const $1 = require($2);")
    .replace(/^export const (\w+)/gm, "exports.$1");

export const block = (language, text) => ["```" + language, text.trim(), "```"].join("\n");

/** Parts of a page, with an empty line between. */
export const page = (...parts) => `${parts.flat(Infinity).filter(Boolean).join("\n\n")}\n`;
