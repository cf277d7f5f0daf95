import { createRequire } from "node:module";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { root } from "../project.mjs";

const require = createRequire(import.meta.url);
const MAIN = path.join(root, "cli/main.ts");

/** What each command prints with --help, by its words, the overview first; in the order of the overviews. */
export async function helpTexts() {
  const found = new Map();
  const ask = async (words) => {
    const text = await helpOf(words);
    found.set(words.join(" "), text);
    for (const name of commandsIn(text)) await ask([...words, name]);
  };
  await ask([]);
  return found;
}

/** Names that a text lists under "Commands:". */
function commandsIn(text) {
  const [, list = ""] = /^Commands:\n((?: {2}.*\n|\n(?= {2}[a-z]))*)/m.exec(text) ?? [];
  return [...list.matchAll(/^ {2}([a-z][\w-]*) {2,}/gm)].map(([, name]) => name);
}

/** Runs the command in this process, as its own would take a second for each. */
async function helpOf(words) {
  const { argv, exit, exitCode } = process;
  const { log } = console;
  const said = [];
  process.argv = [process.execPath, MAIN, ...words, "--help"];
  process.exit = () => undefined;
  console.log = (text) => void said.push(text);
  try {
    delete require.cache[MAIN];
    require(MAIN);
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
  } finally {
    Object.assign(process, { argv, exit, exitCode });
    console.log = log;
  }
  if (said.length !== 1) throw new Error(`docs: proxies-sx ${words.join(" ")} --help printed ${said.length} texts`);
  return said[0].trim();
}
