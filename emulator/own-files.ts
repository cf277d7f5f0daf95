import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";

const MOST_BYTES = 1 << 30;
const GROUP_MAY_WRITE = 0o020;
const OTHERS_MAY_WRITE = 0o002;
/** In such a folder only its owner renames or deletes a file: /tmp. */
const STICKY = 0o1000;

/**
 * The text of a file of the user's own, undefined where there is none. A link, a FIFO, a device and a file that
 * another user owns or may write to are refused; a FIFO is not waited for.
 */
export function readOwnFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Error(code === "ELOOP" ? `${path} is a symbolic link; name the file itself` : message, { cause: error });
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
    if (!isOwn(stats)) throw new Error(`${path} belongs to another user`);
    if (othersMayWrite(stats)) throw new Error(`${path} may be written by other users; chmod go-w it`);
    if (stats.size > MOST_BYTES) throw new Error(`${path} has more than 1 GiB`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** @throws where another user could put a file of theirs in the place of one in this folder. */
export function requireSafeFolder(folder: string): void {
  let at: string;
  try {
    at = realpathSync(folder);
  } catch (cause) {
    throw new Error(`there is no folder ${folder}`, { cause });
  }
  for (let above = at; ; above = dirname(above)) {
    const stats = statSync(above);
    if (!stats.isDirectory()) throw new Error(`${above} is not a folder`);
    const isShared = othersMayWrite(stats) && !(stats.mode & STICKY);
    if (isShared || !(isOwn(stats) || stats.uid === 0 || process.getuid?.() === 0))
      throw new Error(`${above} may be written by other users; keep the file in a folder of your own`);
    if (above === dirname(above)) return;
  }
}

/** Windows knows neither users by number nor modes. */
const isOwn = ({ uid }: Stats) => process.getuid === undefined || uid === process.getuid();

/** The group that is the user's own first one is theirs alone on most systems, whose umask leaves it the right to write. */
function othersMayWrite({ mode, gid }: Stats): boolean {
  if (process.getgid === undefined) return false;
  return Boolean(mode & OTHERS_MAY_WRITE) || (Boolean(mode & GROUP_MAY_WRITE) && gid !== process.getgid());
}
