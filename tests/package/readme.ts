import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The first block of a language that a page has after a heading or line.
 *
 * @param page from examples/ on
 */
export function blockOf(page: string, after: string, language: string): string {
  const text = readFileSync(join(__dirname, "../../examples", page), "utf8");
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text.slice(text.indexOf(after)))?.[1];
  if (!text.includes(after) || block === undefined) throw new Error(`${page} has no ${language} after "${after}"`);
  return block;
}

/** Commands that a page has for a shell. */
export const shellOf = (page: string, after: string): string[] =>
  blockOf(page, after, "sh")
    .split("\n")
    .flatMap((line) => line.replace(/\s+#.*$/, "") || []);
