import type * as Curve from "@noble/curves/secp256k1";
import type * as Sha3 from "@noble/hashes/sha3";

/** Loaded with the first use: who pays by no wallet waits for neither. */
export const curve = () => (require("@noble/curves/secp256k1") as typeof Curve).secp256k1;
export const keccak = (bytes: Uint8Array | string): Uint8Array =>
  (require("@noble/hashes/sha3") as typeof Sha3).keccak_256(
    typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes,
  );

/** Checks a wallet's key. Undefined when it is fine, else one line with the rule that it breaks, never the key. */
export function checkWalletKey(key: unknown): string | undefined {
  if (key === undefined || key === null || key === "") return "the wallet key is missing";
  if (typeof key !== "string") return "the wallet key must be a string";
  if (/\s/.test(key)) return "the wallet key must not contain white space (also not at its ends)";
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(key)) return "the wallet key must be 64 hexadecimal digits, with or without 0x";
  if (!curve().utils.isValidPrivateKey(bytesOfKey(key))) return "the wallet key is no key of the curve secp256k1";
  return undefined;
}

/** @throws one line, never the key. */
export function walletKey(key: string): Uint8Array {
  const problem = checkWalletKey(key);
  if (problem) throw new Error(problem);
  return bytesOfKey(key);
}

/** The address whose key it is, in small letters. */
export function addressOfKey(key: string): string {
  const point = curve().getPublicKey(walletKey(key), false);
  return `0x${Buffer.from(keccak(point.subarray(1)).subarray(12)).toString("hex")}`;
}

const bytesOfKey = (key: string): Uint8Array => Buffer.from(key.replace(/^0x/, ""), "hex");
