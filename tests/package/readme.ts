import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Commands that a README of examples/ has for a shell, by the heading or line that they follow. */
export function shellOf(readme: string, after: string): string[] {
  const text = readFileSync(join(__dirname, "../../examples", readme), "utf8");
  const [, block] = /^```sh\n([\s\S]*?)^```$/m.exec(text.slice(text.indexOf(after))) ?? [];
  if (!text.includes(after) || block === undefined) throw new Error(`${readme} has no commands after "${after}"`);
  return block.split("\n").flatMap((line) => line.replace(/\s+#.*$/, "") || []);
}
