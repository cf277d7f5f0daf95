import "./footprint";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { readOwnBytes, replaceFile } from "../../../files/own-files";

/** Of the code of the plugin, by the build, which puts that into a comment at the end of this file. */
declare const PLUGIN_DIGEST: string;

/** As Node makes a function of a file. What would begin or end the comment has a NUL in it there. */
function codeOfPlugin(): string {
  const file = readFileSync(__filename, "latin1");
  const code = file.slice(file.lastIndexOf("\n/*") + 3, file.lastIndexOf("*/"));
  return `(function (exports, require, module, __filename, __dirname) {${code.replaceAll("\0", "")}})`;
}

/**
 * The file that the engine starts. To compile the plugin takes V8 most of the start, so what an earlier process compiled
 * is kept beside this file, for each version of Node. Where it cannot be kept or read, all is compiled again.
 */
const place = `${__filename}.${PLUGIN_DIGEST}-${process.version}-${process.arch}`;
const BYTES = 32;

const digest = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();

/** V8 does not notice itself where data is damaged. */
function compiledBefore(): Buffer | undefined {
  try {
    const kept = readOwnBytes(place, 1 << 26);
    if (!kept) return undefined;
    const data = kept.subarray(BYTES);
    return digest(data).equals(kept.subarray(0, BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function keep(): void {
  try {
    const data = script.createCachedData();
    replaceFile(place, Buffer.concat([digest(data), data]));
  } catch {
    return; // nobody may write here: the next start takes as long
  }
}

const cachedData = compiledBefore();
const script = new Script(codeOfPlugin(), { filename: __filename, cachedData });
// At the end all is compiled that a run needs.
if (!cachedData || script.cachedDataRejected) process.once("exit", keep);
(script.runInThisContext() as (...scope: unknown[]) => void)(exports, require, module, __filename, __dirname);
