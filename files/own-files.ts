import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

const GROUP_MAY_WRITE = 0o020;
const OTHERS_MAY_WRITE = 0o002;
/** In such a folder only its owner renames or deletes a file: /tmp. */
const STICKY = 0o1000;
/** Neither through a link nor waiting for the other end of a FIFO. Windows has neither flag. */
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file or folder that is not the user's own, or no file: its path, the rule and the next step, in one line. */
export class NotOwnError extends Error {}

/**
 * The text of a file of the user's own, undefined where there is none. A link, a FIFO, a device and a file that
 * another user owns or may write to are refused; a FIFO is not waited for.
 *
 * @throws NotOwnError, or the error of the system
 */
export function readOwnFile(path: string, mostBytes = 1 << 30): string | undefined {
  return readOwnBytes(path, mostBytes)?.toString("utf8");
}

/** The same, of a file that is no text. */
export function readOwnBytes(path: string, mostBytes = 1 << 30): Buffer | undefined {
  try {
    return withOwn(path, constants.O_RDONLY, (file, { size }) => {
      if (size > mostBytes) throw new Error(`${path} is larger than ${mostBytes >> 20} MB`);
      return readFileSync(file);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Appends to a file of the user's own, made where there is none, which nobody else may read. */
export function appendOwnFile(path: string, text: string): void {
  withOwn(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, (file) => writeFileSync(file, text));
}

/**
 * Puts a file in its place in one step: no reader ever sees half of it. It is made under a name that nobody can guess,
 * so nothing is written through a link, and what was at its place is not opened.
 *
 * @param mode 0o600 for the user only
 */
export function replaceFile(path: string, text: string | Uint8Array, mode = 0o600): void {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    writeNewFile(beside, text, mode);
    renameSync(beside, path);
  } catch (error) {
    drop(beside);
    throw error;
  }
}

/**
 * The same, on the disk before it returns: the file has this text even after a loss of power.
 *
 * @throws NotOwnError where another user may put files into the folder
 */
export function replaceFileForGood(path: string, text: string): void {
  const folder = dirname(path);
  requireOwnFolder(folder);
  const beside = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    writeNewFile(beside, text);
    flush(beside, constants.O_RDWR);
    renameSync(beside, path);
  } catch (error) {
    drop(beside);
    throw error;
  }
  // Windows opens no folders.
  if (process.platform !== "win32") flush(folder, constants.O_RDONLY);
}

function flush(path: string, flags: number): void {
  const file = openSync(path, flags | SAFELY);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Half a file, as on a full disk. */
function drop(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return; // it was never there
  }
}

/** Writes a file that is not there yet. What is there stays. */
export function writeNewFile(path: string, text: string | Uint8Array, mode = 0o600): void {
  try {
    writeFileSync(path, text, { mode, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") drop(path);
    throw error;
  }
}

/**
 * Makes a folder, and those above it, that nobody else may read. Node's own way tries for ever where a file system such
 * as /proc says of a folder that is there that it is not.
 */
export function makeOwnFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (code !== "ENOENT" || lstatSync(above, { throwIfNoEntry: false })) throw error;
    makeOwnFolder(above);
    makeOwnFolder(folder);
  }
}

/**
 * @throws NotOwnError where a folder is a link, or another user may put files into it. Those above it may be anybody's:
 *   who may write there can take the folder away, not make one that passes.
 * @param mayBeSticky whether it may be one like /tmp, since its files are not what counts
 */
export function requireOwnFolder(folder: string, mayBeSticky = false): void {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) throw new NotOwnError(`${folder} is a symbolic link; name the folder itself`);
  if (!stats?.isDirectory()) return;
  if (!isOwnFolder(stats)) throw new NotOwnError(`${folder} belongs to another user`);
  if (othersMayPut(stats, mayBeSticky)) throw new NotOwnError(`${folder} may be written by other users; chmod go-w it`);
}

/** @throws NotOwnError where another user could put a file of theirs in the place of one in this folder. */
export function requireSafeFolder(folder: string): void {
  let at: string;
  try {
    at = realpathSync(folder);
  } catch (cause) {
    throw new Error(`there is no folder ${folder}`, { cause });
  }
  for (let above = at; ; above = dirname(above)) {
    const stats = statSync(above);
    if (!stats.isDirectory()) throw new NotOwnError(`${above} is not a folder`);
    if (!isOwnFolder(stats) || othersMayPut(stats, true))
      throw new NotOwnError(`${above} may be written by other users; keep the file in a folder of your own`);
    if (above === dirname(above)) return;
  }
}

function withOwn<T>(path: string, flags: number, work: (file: number, stats: Stats) => T): T {
  return withRegular(path, flags, 0o600, (file, stats) => {
    if (!isOwn(stats)) throw new NotOwnError(`${path} belongs to another user`);
    if (othersMayWrite(stats)) throw new NotOwnError(`${path} may be written by other users; chmod go-w it`);
    return work(file, stats);
  });
}

/** Codes of what is no regular file: a link, a folder, a FIFO that nobody reads, a socket. */
const NO_FILE: Record<string, string> = {
  ELOOP: "is a symbolic link; name the file itself",
  EISDIR: "is not a regular file",
  ENXIO: "is not a regular file",
};

function withRegular<T>(path: string, flags: number, mode: number, work: (file: number, stats: Stats) => T): T {
  let file: number;
  try {
    file = openSync(path, flags | SAFELY, mode);
  } catch (error) {
    const fault = NO_FILE[(error as NodeJS.ErrnoException).code ?? ""];
    throw fault === undefined ? error : new NotOwnError(`${path} ${fault}`, { cause: error });
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new NotOwnError(`${path} is not a regular file`);
    return work(file, stats);
  } finally {
    closeSync(file);
  }
}

/** Windows knows neither users by number nor modes. */
const isOwn = ({ uid }: Stats) => process.getuid === undefined || uid === process.getuid();

/** Root's are safe, and root takes those that it was given, as a container is its volumes. */
const isOwnFolder = (stats: Stats) => isOwn(stats) || stats.uid === 0 || process.getuid?.() === 0;

const othersMayPut = (stats: Stats, mayBeSticky: boolean) =>
  othersMayWrite(stats) && !(mayBeSticky && stats.mode & STICKY);

/** The group that is the user's own first one is theirs alone on most systems, whose umask leaves it the right to write. */
function othersMayWrite({ mode, gid }: Stats): boolean {
  if (process.getgid === undefined) return false;
  return Boolean(mode & OTHERS_MAY_WRITE) || (Boolean(mode & GROUP_MAY_WRITE) && gid !== process.getgid());
}
