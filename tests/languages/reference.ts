import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PAGES = join(__dirname, "../../docs/reference");

/** The programs of the reference in a language, by the names of their pages. */
export const referencePrograms = (language: "yaml" | "python" | "go"): [page: string, program: string][] =>
  readdirSync(PAGES).flatMap((page): [string, string][] => {
    const text = readFileSync(join(PAGES, page), "utf8");
    const program = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m").exec(text)?.[1];
    return program === undefined ? [] : [[page.replace(".md", ""), program]];
  });
