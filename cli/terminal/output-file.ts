import { existsSync, lstatSync, readlinkSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
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
  if (output !== undefined) requireRegular(output, option);
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
  requireRegular(file, options.option ?? "output");
  try {
    const write = options.force ? replaceFile : writeNewFile;
    write(file, cleanLines(text), mode);
  } catch (error) {
    throw unwritten(file, error, options.option ?? "output");
  }
}

/** Links to them are what a process has open: /dev/stdout is one, of the whole machine, also where it is a file now. */
const OF_PROCESSES = /^\/(proc|dev\/fd)\//;

/** A file takes the place of what is there: a device or a FIFO would be lost for all who use it. */
function requireRegular(file: string, option: Option): void {
  if (!existsSync(file)) return;
  const isOpenFile = lstatSync(file).isSymbolicLink() && OF_PROCESSES.test(resolve(dirname(file), readlinkSync(file)));
  if (isOpenFile || !statSync(file).isFile()) throw new UsageError(`--${option} ${file}: it is not a regular file`);
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
