import { NotOwnError, overwriteFile, replaceFile, writeNewFile } from "../files/own-files";
import { cleanLines } from "../text";
import { UsageError } from "./usage-error";

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

/** Writes a file of ours anew, as one that is made again and again. */
export function writeOver(file: string, text: string): void {
  try {
    overwriteFile(file, cleanLines(text));
  } catch (error) {
    throw unwritten(file, error);
  }
}

function unwritten(file: string, error: unknown): UsageError {
  if (error instanceof NotOwnError) return new UsageError(`--output: ${error.message}`);
  const { code = "" } = error as NodeJS.ErrnoException;
  return new UsageError(
    `--output ${file}: ${code === "EEXIST" ? "it exists already" : `it cannot be written (${code})`}`,
  );
}
