import { existsSync } from "node:fs";
import { NotOwnError, replaceFile, writeNewFile } from "../../files/own-files";
import { cleanLines } from "../../text";
import { UsageError } from "./usage-error";

/** What says where a command writes: `--output` and `--force`. */
export function outputArguments({ output, force = false }: { output?: string; force?: boolean }) {
  if (force && output === undefined) throw new UsageError("--force goes with --output only");
  if (output !== undefined && !force && existsSync(output)) throw existing(output); // before there is anything to lose
  return { output, force };
}

/**
 * Writes the file of `--output`. What is there already is the user's work: it stays unless `force` is given, and then
 * until the new file is whole. A private file is for this user only, whatever the one that it replaces allowed.
 */
export function writeOutput(file: string, text: string, options: { isPrivate?: boolean; force?: boolean } = {}): void {
  const mode = options.isPrivate ? 0o600 : 0o666;
  try {
    const write = options.force ? replaceFile : writeNewFile;
    write(file, cleanLines(text), mode);
  } catch (error) {
    throw unwritten(file, error);
  }
}

const existing = (file: string): UsageError =>
  new UsageError(`--output ${file}: it exists already; add --force to replace it`);

function unwritten(file: string, error: unknown): UsageError {
  if (error instanceof NotOwnError) return new UsageError(`--output: ${error.message}`);
  const { code = "" } = error as NodeJS.ErrnoException;
  return code === "EEXIST" ? existing(file) : new UsageError(`--output ${file}: it cannot be written (${code})`);
}
