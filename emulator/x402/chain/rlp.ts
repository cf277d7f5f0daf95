import { concat } from "./bytes";

/** What RLP carries: bytes, or a list of such. */
export type Item = Uint8Array | Item[];

const MOST_LEVELS = 8;
const SHORT = 55;
const TEXT = 0x80;
const LIST = 0xc0;

export function encode(item: Item): Uint8Array {
  if (item instanceof Uint8Array)
    return item.length === 1 && (item[0] ?? 0) < TEXT ? item : concat(head(item.length, TEXT), item);
  const inner = concat(...item.map(encode));
  return concat(head(inner.length, LIST), inner);
}

function head(length: number, base: number): Uint8Array {
  if (length <= SHORT) return Uint8Array.of(base + length);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return concat(Uint8Array.of(base + SHORT + bytes.length), bytes);
}

/** @throws where the bytes are not one whole item in its shortest form. */
export function decode(bytes: Uint8Array): Item {
  const { item, end } = read(bytes, 0, 0);
  if (end !== bytes.length) throw new Error("rlp: bytes after the end");
  return item;
}

function read(bytes: Uint8Array, at: number, level: number): { item: Item; end: number } {
  const first = bytes[at];
  if (first === undefined) throw new Error("rlp: too short");
  if (level > MOST_LEVELS) throw new Error("rlp: too many levels");
  if (first < TEXT) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= LIST;
  const { start, length } = span(bytes, at, first - (isList ? LIST : TEXT));
  const end = start + length;
  if (end > bytes.length) throw new Error("rlp: too short");
  if (!isList) {
    if (length === 1 && (bytes[start] ?? 0) < TEXT) throw new Error("rlp: not the shortest form");
    return { item: bytes.subarray(start, end), end };
  }
  const items: Item[] = [];
  for (let next = start; next < end;) {
    const inner = read(bytes.subarray(0, end), next, level + 1);
    items.push(inner.item);
    next = inner.end;
  }
  return { item: items, end };
}

function span(bytes: Uint8Array, at: number, code: number): { start: number; length: number } {
  if (code <= SHORT) return { start: at + 1, length: code };
  const start = at + 1 + (code - SHORT);
  const digits = bytes.subarray(at + 1, start);
  if (start > bytes.length || digits.length > 4) throw new Error("rlp: too short");
  const length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  if (length <= SHORT || digits[0] === 0) throw new Error("rlp: not the shortest form");
  return { start, length };
}
