import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeOwnFolder, readOwnFile, replaceFile, requireOwnFolder } from "../../files/own-files";
import { hashOf, runsFolder } from "../run/account-folder";
import { isGoingOn, runName } from "./stack-export";

const MOST_BYTES = 16 << 20;

/**
 * A text about a stack that the processes of one run share, in a file of the user's own that a later run removes.
 * Where that cannot be, each knows what it sees by itself.
 */
export function leaveWord(stack: string, text: string): void {
  try {
    const file = fileOf(stack);
    if (file === undefined) return;
    const folder = runsFolder();
    makeOwnFolder(folder);
    requireOwnFolder(folder);
    for (const name of readdirSync(folder)) if (!isGoingOn(runOf(name))) rmSync(join(folder, name), { force: true });
    replaceFile(file, text);
  } catch {
    return;
  }
}

/** Undefined where no process of this run has left any. */
export function wordOf(stack: string): string | undefined {
  try {
    const file = fileOf(stack);
    if (file === undefined) return undefined;
    requireOwnFolder(runsFolder());
    return readOwnFile(file, MOST_BYTES);
  } catch {
    return undefined;
  }
}

function fileOf(stack: string): string | undefined {
  const run = runName();
  return run && join(runsFolder(), `${run}-${hashOf(stack)}.json`);
}

/** `<pid>-<start>-<hash>.json` */
const runOf = (name: string): string => name.split("-").slice(0, 2).join("-");
