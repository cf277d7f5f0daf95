import type * as Curve from "@noble/curves/secp256k1";
import { concat, type Hex, keccak, toHex } from "./bytes";

const LENGTH = 65;
/** Loaded with the first signature: it takes longer than the rest of the emulator, which every command of the CLI loads. */
const curve = () => (require("@noble/curves/secp256k1") as typeof Curve).secp256k1;

/** The address whose key signed: r, s and v of 27 or 28. Undefined for what the token's contract refuses, such as a high s. */
export function recover(digest: Uint8Array, signature: Uint8Array): Hex | undefined {
  const v = signature[LENGTH - 1];
  if (signature.length !== LENGTH || (v !== 27 && v !== 28)) return undefined;
  try {
    const found = curve()
      .Signature.fromCompact(signature.subarray(0, LENGTH - 1))
      .addRecoveryBit(v - 27);
    if (found.hasHighS()) return undefined;
    return addressOf(found.recoverPublicKey(digest).toRawBytes(false));
  } catch {
    return undefined;
  }
}

/** r, s and v in one, v of 27 or 28. */
export const joined = (r: Uint8Array, s: Uint8Array, parity: number): Uint8Array =>
  concat(padded(r), padded(s), Uint8Array.of(27 + parity));

/** @param publicKey uncompressed: 65 bytes that begin with 4. */
const addressOf = (publicKey: Uint8Array): Hex => toHex(keccak(publicKey.subarray(1)).subarray(12));

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 32) throw new Error("a part of the signature has more than 32 bytes");
  return concat(new Uint8Array(32 - bytes.length), bytes);
}
