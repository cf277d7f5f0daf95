import { readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { clean } from "../../text";
import { ToolError } from "../tool";

const MOST_BYTES = 1 << 20;
const PROGRAM = /\.[cm]?[jt]s$/;

/**
 * A program below a folder. An agent names the file, so nothing else is read: no link out of the folder, nothing that is
 * installed or hidden, no file that is no program.
 *
 * @throws ToolError
 */
export function readProgram(named: string, folder: string): { file: string; text: string } {
  const shown = clean(named, { max: 200 });
  const refuse = (why: string): never => {
    throw new ToolError(`${shown} ${why}.`);
  };
  let path = "";
  let root = "";
  try {
    root = realpathSync(folder);
    path = realpathSync(resolve(root, named));
  } catch {
    refuse("is not there: name a file below the folder that the server was started for");
  }
  const inside = relative(root, path);
  const parts = inside.split(sep);
  if (isAbsolute(inside) || parts[0] === "..") refuse("is outside the folder that the server was started for");
  if (parts.some((part) => part.startsWith(".") || part === "node_modules")) refuse("is hidden or installed");
  if (!PROGRAM.test(path)) refuse("is no TypeScript or JavaScript");
  const stats = statSync(path);
  if (!stats.isFile() || stats.size > MOST_BYTES) refuse(`is no file of at most ${MOST_BYTES >> 20} MB`);
  const text = readFileSync(join(root, inside), "utf8").replaceAll("\r\n", "\n");
  return { file: parts.join("/"), text: text.endsWith("\n") ? text : `${text}\n` };
}
