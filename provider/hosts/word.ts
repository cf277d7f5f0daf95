import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { appendOwnFile, makeOwnFolder, readOwnFile, requireOwnFolder } from "../../files/own-files";
import { runsFolder } from "../run/account-folder";
import { isGoingOn, runName } from "./stack-export";

const MOST_BYTES = 64 << 20;

/**
 * What the processes of one run leave to each other, each of which works for one account: a line for each word in a file of
 * the user's own, which a later run removes. Where that cannot be, each knows what it sees by itself.
 */
export function leaveWord(about: string, text: string): void {
  try {
    const run = runName();
    if (run === undefined) return;
    const folder = runsFolder();
    makeOwnFolder(folder);
    requireOwnFolder(folder);
    if (!readdirSync(folder).includes(run)) removeEnded(folder);
    appendOwnFile(join(folder, run), `${JSON.stringify([about, text])}\n`);
  } catch {
    return;
  }
}

/** The first word of this run about something; undefined where no process has left one. */
export function wordOf(about: string): string | undefined {
  try {
    const run = runName();
    if (run === undefined) return undefined;
    const folder = runsFolder();
    requireOwnFolder(folder);
    return wordIn(readOwnFile(join(folder, run), MOST_BYTES) ?? "", about);
  } catch {
    return undefined;
  }
}

function wordIn(lines: string, about: string): string | undefined {
  const begin = `[${JSON.stringify(about)},`;
  const line = lines.split("\n").find((one) => one.startsWith(begin) && one.endsWith("]"));
  return line && (JSON.parse(line) as [string, string])[1];
}

function removeEnded(folder: string): void {
  for (const name of readdirSync(folder)) if (!isGoingOn(name)) rmSync(join(folder, name), { force: true });
}
