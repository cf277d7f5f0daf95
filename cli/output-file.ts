import { renameSync, rmSync, writeFileSync } from "node:fs";
import { cleanLines } from "../text";
import { UsageError } from "./usage-error";

/**
 * Writes the file of `--output`. What is there already is the user's work: it stays unless `force` is given, and then
 * until the new file is whole. A private file is for this user only, whatever the one that it replaces allowed.
 */
export function writeOutput(file: string, text: string, options: { isPrivate?: boolean; force?: boolean } = {}): void {
  const mode = options.isPrivate ? 0o600 : 0o666;
  const made = options.force ? `${file}.${process.pid}.new` : file;
  try {
    writeFileSync(made, cleanLines(text), { flag: "wx", mode });
    if (options.force) renameSync(made, file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new UsageError(`--output ${file}: it exists already`);
    drop(made); // half of it, as on a full disk
    throw new UsageError(`--output ${file}: it cannot be written (${code})`);
  }
}

/** Writes a file of ours anew, as one that is made again and again. */
export function writeOver(file: string, text: string): void {
  try {
    writeFileSync(file, cleanLines(text));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UsageError(`--output ${file}: it cannot be written (${code})`);
  }
}

function drop(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // it was never there
  }
}
