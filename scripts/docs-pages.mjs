#!/usr/bin/env node
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { Failure, runScript } from "./child.mjs";
import { commandsPage } from "./docs/commands-page.mjs";
import { referencePages } from "./docs/reference.mjs";
import { root } from "./project.mjs";

/** Writes the pages that come from sources; with --check tells which of them are not what the sources say. */
runScript(async () => {
  const isCheck = process.argv.includes("--check");
  const pages = await formatted(new Map([...referencePages(), ["docs/commands.md", await commandsPage()]]));
  const stale = [...pages].filter(([name, text]) => onDisk(name) !== text).map(([name]) => name);
  const extra = readdirSync(path.join(root, "docs/reference"))
    .map((name) => `docs/reference/${name}`)
    .filter((name) => !pages.has(name));
  if (isCheck) {
    const drifted = [...stale, ...extra];
    if (drifted.length > 0)
      throw new Failure(`Not what the sources say: ${drifted.join(", ")}. Run \`npm run docs:pages\`.`);
    return;
  }
  for (const name of extra) rmSync(path.join(root, name));
  for (const name of stale) {
    mkdirSync(path.join(root, name, ".."), { recursive: true });
    writeFileSync(path.join(root, name), pages.get(name));
  }
  console.log(`${pages.size} pages, ${stale.length + extra.length} of them changed.`);
});

async function formatted(pages) {
  const options = await prettier.resolveConfig(path.join(root, "docs/x.md"));
  const all = [...pages].map(async ([name, text]) => [
    name,
    await prettier.format(text, { ...options, filepath: name }),
  ]);
  return new Map(await Promise.all(all));
}

function onDisk(name) {
  const file = path.join(root, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
