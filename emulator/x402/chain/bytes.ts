import { keccak_256 } from "@noble/hashes/sha3";

/** Bytes as "0x…", two digits each. Addresses are kept in small letters. */
export type Hex = string;

const WORD = 32;

export const keccak = (bytes: Uint8Array | string): Uint8Array =>
  keccak_256(typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes);
export const toHex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString("hex")}`;
export const concat = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

export const isAddress = (text: unknown): text is Hex => typeof text === "string" && /^0x[0-9a-f]{40}$/i.test(text);
export const isHash = (text: unknown): text is Hex => typeof text === "string" && /^0x[0-9a-f]{64}$/i.test(text);
export const isBytes = (text: unknown): text is Hex => typeof text === "string" && /^0x([0-9a-f]{2})*$/i.test(text);

export function fromHex(text: Hex): Uint8Array {
  if (!isBytes(text)) throw new Error("not hexadecimal");
  return Buffer.from(text.slice(2), "hex");
}

/** A number without leading zeros, as JSON-RPC writes it. */
export const quantity = (value: bigint | number): Hex => `0x${value.toString(16)}`;

/** A number as the 32 bytes of an ABI word. */
export const wordOf = (value: bigint | number): Uint8Array =>
  Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(2 * WORD, "0"),
    "hex",
  );
export const addressWord = (address: Hex): Uint8Array => concat(new Uint8Array(WORD - 20), fromHex(address));
/** A text as an ABI result: offset, length, padded bytes. */
export function textResult(text: string): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  return concat(wordOf(WORD), wordOf(bytes.length), bytes, new Uint8Array((WORD - (bytes.length % WORD)) % WORD));
}

export const bigintOf = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(toHex(bytes)));

/** With the capitals of EIP-55. */
export function checksum(address: Hex): Hex {
  const plain = address.slice(2).toLowerCase();
  const hash = toHex(keccak(plain)).slice(2);
  return `0x${[...plain].map((digit, at) => (parseInt(hash[at] ?? "0", 16) > 7 ? digit.toUpperCase() : digit)).join("")}`;
}
