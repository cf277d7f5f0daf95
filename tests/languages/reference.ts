import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOOKUPS } from "../../provider/lookups";

type Language = "ts" | "yaml" | "python" | "go";
/** A program, and the name of its page or of its function. */
type Program = [name: string, program: string];

const PAGES = join(__dirname, "../../docs/reference");
const FUNCTIONS = "functions.md";
const textOf = (page: string): string => readFileSync(join(PAGES, page), "utf8");

/** The programs of the reference in a language: one of each resource, component and provider. */
export const referencePrograms = (language: Language): Program[] =>
  readdirSync(PAGES)
    .filter((page) => page !== FUNCTIONS)
    .flatMap((page) => firstIn(textOf(page), page.replace(".md", ""), language));

/** One of each function that asks the vendor. */
export const functionPrograms = (language: Language): Program[] =>
  LOOKUPS.flatMap(({ name }) => firstIn(sectionOf(FUNCTIONS, name), name, language));

/** What a page has on a function. */
export const sectionOf = (page: string, name: string): string =>
  new RegExp(`\n### ${name}\n([^]*?)(?=\n##|$)`).exec(textOf(page))?.[1] ?? "";

/** What a program in TypeScript exports, and whether it says that it is secret. */
export const exportsOf = (program: string): { name: string; isSecret: boolean }[] =>
  [...program.matchAll(/^export const (\w+) = .*;( \/\/ secret)?/gm)].map(([, name = "", secret]) => ({
    name,
    isSecret: secret !== undefined,
  }));

function firstIn(text: string, name: string, language: Language): Program[] {
  const program = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m").exec(text)?.[1];
  return program === undefined ? [] : [[name, program]];
}
