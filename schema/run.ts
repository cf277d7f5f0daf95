/** Writes the plugin's schema; with `--check` says whether it is what the sources say. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { type About, schemaOf } from "./schema";
import { Sources } from "./sources";

const root = path.join(__dirname, "..");
const file = path.join(root, "provider", "hosts", "plugin", "schema.json");

async function run(): Promise<void> {
  const about = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as About;
  const text = await format(JSON.stringify(schemaOf(new Sources(root), about)), { parser: "json", printWidth: 120 });
  if (!process.argv.includes("--check")) return writeFileSync(file, text);
  if (readFileSync(file, "utf8") === text) return;
  console.error("provider/hosts/plugin/schema.json is not what the sources say: run `npm run schema`, and commit it.");
  process.exitCode = 1;
}

void run();
