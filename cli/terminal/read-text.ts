import { createReadStream } from "node:fs";
import { type Readable } from "node:stream";

/** As much as Pulumi's CLI may write. A device or a slip of a command has no end, and memory has. */
const MOST_MIB = 256;

/** All of a file. @throws Error whose `code` says why it cannot be read */
export const textOfFile = (file: string): Promise<string> => textOf(createReadStream(file));

/** All of a stream. @throws Error whose `code` says why it cannot be read */
export async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_MIB << 20) {
      const code = `it is larger than ${MOST_MIB} MiB`;
      throw Object.assign(new Error(`standard input cannot be read: ${code}`), { code });
    }
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
