#!/usr/bin/env node
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Failure, runScript } from "./child.mjs";
import { isPage, proseOf } from "./docs/prose.mjs";
import { LONGEST_SENTENCE, WORDS } from "./docs/style-rules.mjs";
import { root } from "./project.mjs";

/** Left out: the rules themselves with their test, and pages that are written from sources. */
const LEFT_OUT =
  /^(dist|site|coverage)\/|node_modules\/|(style-rules\.mjs|words\.test\.ts)$|^docs\/(reference\/|commands\.md)/;

/** Checks texts and comments by scripts/docs/style-rules.mjs: those of the repository, or the files that are named. */
runScript(async () => {
  const named = process.argv.slice(2);
  const faults = (named.length > 0 ? named : ownFiles()).flatMap(faultsIn);
  if (faults.length > 0) throw new Failure(faults.join("\n"));
});

function ownFiles() {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
  );
  const below = folders.flatMap(({ name }) =>
    readdirSync(path.join(root, name), { recursive: true, encoding: "utf8" }).map((file) =>
      path.posix.join(name, file),
    ),
  );
  return [...readdirSync(root), ...below].filter((file) => /\.(md|txt|ts|js|mjs)$/.test(file) && !LEFT_OUT.test(file));
}

/** One line for each fault: `docs/ports.md:12: "…": say …` */
function faultsIn(file) {
  return proseOf(file, readFileSync(path.resolve(root, file), "utf8")).flatMap(({ line: first, text }) =>
    text.split("\n").flatMap((line, index) => {
      const words = WORDS.flatMap(([word, say]) => [...line.matchAll(word)].map(([found]) => `"${found}": say ${say}`));
      return [...words, ...(isPage(file) ? tooLong(line) : [])].map((fault) => `${file}:${first + index}: ${fault}`);
    }),
  );
}

/** What a sentence or a cell of a table has too much of. */
function tooLong(line) {
  return line
    .split(/(?<=[.:;!?]["*_)]*)\s+|\|/)
    .map((sentence) => sentence.trim().split(/\s+/))
    .filter(({ length }) => length > LONGEST_SENTENCE)
    .map((words) => `a sentence of ${words.length} words: "${words.slice(0, 6).join(" ")} …"`);
}
