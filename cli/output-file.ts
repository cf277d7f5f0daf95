import { renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "./usage-error";

/**
 * Writes the file of `--output`. What is there already is the user's work: it stays unless `force` is given, and then
 * until the new file is whole. A private file is for this user only, whatever the one that it replaces allowed.
 */
export function writeOutput(file: string, text: string, options: { isPrivate?: boolean; force?: boolean } = {}): void {
  const mode = options.isPrivate ? 0o600 : 0o666;
  const made = options.force ? `${file}.${process.pid}.new` : file;
  try {
    writeFileSync(made, text, { flag: "wx", mode });
    if (options.force) replace(made, file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const why = code === "EEXIST" ? "it exists already" : `it cannot be written (${code})`;
    throw new UsageError(`--output ${file}: ${why}`);
  }
}

function replace(made: string, file: string): void {
  try {
    renameSync(made, file);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
}
