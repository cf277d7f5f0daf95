import { type SignedAuthorization } from "./authorization";
import { type Network } from "./networks";
import { curve, keccak, walletKey } from "./wallet";

/** What a transaction costs, and its place among those of its sender. In wei. */
export interface Gas {
  count: number;
  limit: bigint;
  maxFee: bigint;
  tip: bigint;
}

type Item = Uint8Array | Item[];

const SETTLE = "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";

/** The call of USDC's contract that settles a signed payment, whoever makes it: 0x and hex digits. */
export function settlingCall({ authorization, signature }: SignedAuthorization): string {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130, 132)];
  const words = [from, to, value, validAfter, validBefore, nonce, `0x${v}`, `0x${r}`, `0x${s}`];
  const data = words.map((word) => BigInt(word).toString(16).padStart(64, "0")).join("");
  return `0x${Buffer.from(keccak(SETTLE)).subarray(0, 4).toString("hex")}${data}`;
}

/** A signed transaction of type 2 (EIP-1559) to USDC's contract: 0x and hex digits. It moves no ETH but the fee. */
export function signedTransaction(key: string, { chainId, usdc }: Network, data: string, gas: Gas): string {
  const fields: Item[] = [
    ...[BigInt(chainId), BigInt(gas.count), gas.tip, gas.maxFee, gas.limit].map(bytesOf),
    ...[hexBytes(usdc), new Uint8Array(), hexBytes(data), []],
  ];
  const signature = curve().sign(keccak(typed(fields)), walletKey(key));
  const { r, s, recovery } = signature;
  return `0x${Buffer.from(typed([...fields, ...[BigInt(recovery), r, s].map(bytesOf)])).toString("hex")}`;
}

const typed = (fields: Item[]): Uint8Array => Buffer.concat([Buffer.from([2]), rlp(fields)]);
const hexBytes = (hex: string): Uint8Array => Buffer.from(hex.slice(2), "hex");

/** Without leading zeros: 0 is nothing. */
function bytesOf(value: bigint): Uint8Array {
  const hex = value === 0n ? "" : value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
}

/** Ethereum's encoding of lists of bytes. */
function rlp(item: Item): Uint8Array {
  if (Array.isArray(item)) return withLength(0xc0, Buffer.concat(item.map(rlp)));
  return item.length === 1 && (item[0] ?? 0) < 0x80 ? item : withLength(0x80, item);
}

function withLength(from: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length <= 55) return Buffer.concat([Buffer.from([from + bytes.length]), bytes]);
  const length = bytesOf(BigInt(bytes.length));
  return Buffer.concat([Buffer.from([from + 55 + length.length]), length, bytes]);
}
