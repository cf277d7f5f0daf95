import { existsSync } from "node:fs";
import { NotOwnError, replaceFile, writeNewFile } from "../../files/own-files";
import { cleanLines } from "../../text";
import { UsageError } from "./usage-error";

/** The option that names a file to write. */
type Option = "output" | "import-file";

/** The arguments for where a command writes, checked: such an option, and `--force`. */
export function outputArguments(
  { output, force = false }: { output?: string; force?: boolean },
  option: Option = "output",
) {
  if (force && output === undefined) throw new UsageError("--force goes with --output only");
  // Before there is anything to lose.
  if (output !== undefined && !force && existsSync(output)) throw existing(output, option);
  return { output, force };
}

/**
 * Writes the file of such an option. What is there already is the user's work: it stays unless `force` is given, and
 * then until the new file is whole. A private file is for this user only, whatever the one that it replaces allowed.
 */
export function writeOutput(
  file: string,
  text: string,
  options: { isPrivate?: boolean; force?: boolean; option?: Option } = {},
): void {
  const mode = options.isPrivate ? 0o600 : 0o666;
  try {
    const write = options.force ? replaceFile : writeNewFile;
    write(file, cleanLines(text), mode);
  } catch (error) {
    throw unwritten(file, error, options.option ?? "output");
  }
}

const existing = (file: string, option: Option): UsageError =>
  new UsageError(`--${option} ${file}: it exists already; add --force to replace it`);

function unwritten(file: string, error: unknown, option: Option): UsageError {
  if (error instanceof NotOwnError) return new UsageError(`--${option}: ${error.message}`);
  const { code = "" } = error as NodeJS.ErrnoException;
  return code === "EEXIST"
    ? existing(file, option)
    : new UsageError(`--${option} ${file}: it cannot be written (${code})`);
}
