import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The compiled token. `source` is the SHA-256 of what it was compiled from. */
export const token = JSON.parse(readFileSync(join(__dirname, "usdc.json"), "utf8")) as { source: string; code: string };
