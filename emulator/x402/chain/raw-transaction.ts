import { bigintOf, concat, type Hex, keccak, toHex } from "./bytes";
import { decode, encode, type Item } from "./rlp";
import { joined, recover } from "./signature";

/** A signed transaction as eth_sendRawTransaction takes it. */
export interface RawTransaction {
  hash: Hex;
  type: 0 | 1 | 2;
  chainId: number;
  from: Hex;
  nonce: number;
  to: Hex;
  /** Wei. */
  value: bigint;
  data: Hex;
  gas: bigint;
  /** Wei a unit of gas, at most. */
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

const LONGEST = 32_768;

/** Legacy with EIP-155, EIP-2930 and EIP-1559. @throws one line on anything else. */
export function readRawTransaction(bytes: Uint8Array): RawTransaction {
  if (bytes.length > LONGEST) throw new Error("oversized data");
  const first = bytes[0] ?? 0;
  if (first >= 0xc0) return legacy(bytes);
  if (first === 1 || first === 2) return typed(bytes, first);
  throw new Error("transaction type not supported");
}

function legacy(bytes: Uint8Array): RawTransaction {
  const items = fields(bytes, 9);
  const v = Number(bigintOf(items[6] as Uint8Array));
  if (v < 35) throw new Error("only replay-protected (EIP-155) transactions allowed over RPC");
  const chainId = Math.floor((v - 35) / 2);
  const unsigned = encode([...items.slice(0, 6), minimal(chainId), new Uint8Array(), new Uint8Array()]);
  const [nonce, price, gas, to, value, data] = items as Uint8Array[];
  const signature = joined(items[7] as Uint8Array, items[8] as Uint8Array, (v - 35) % 2);
  return whole(bytes, unsigned, signature, 0, chainId, { nonce, price, tip: price, gas, to, value, data });
}

function typed(bytes: Uint8Array, type: 1 | 2): RawTransaction {
  const items = fields(bytes.subarray(1), type === 2 ? 12 : 11);
  const [parity, r, s] = items.slice(-3) as Uint8Array[];
  const unsigned = concat(Uint8Array.of(type), encode(items.slice(0, -3)));
  const [chainId, nonce, ...rest] = items as Uint8Array[];
  const [tip, price, gas, to, value, data] = type === 2 ? rest : [rest[0], ...rest];
  const signature = joined(r as Uint8Array, s as Uint8Array, Number(bigintOf(parity as Uint8Array)) & 1);
  const id = Number(bigintOf(chainId as Uint8Array));
  return whole(bytes, unsigned, signature, type, id, { nonce, price, tip, gas, to, value, data });
}

/** All of them bytes, but for an access list. */
function fields(bytes: Uint8Array, count: number): Item[] {
  const items = decode(bytes);
  if (items instanceof Uint8Array || items.length !== count) throw new Error("rlp: wrong number of fields");
  const isAccessList = (at: number) => count > 9 && at === count - 4;
  if (items.some((item, at) => item instanceof Uint8Array === isAccessList(at))) throw new Error("rlp: wrong field");
  return items;
}

type Parts = Record<"nonce" | "price" | "tip" | "gas" | "to" | "value" | "data", Uint8Array | undefined>;

function whole(
  bytes: Uint8Array,
  unsigned: Uint8Array,
  signature: Uint8Array,
  type: RawTransaction["type"],
  chainId: number,
  parts: Parts,
): RawTransaction {
  const from = recover(keccak(unsigned), signature);
  if (from === undefined) throw new Error("invalid sender");
  const number = (part: Uint8Array | undefined) => bigintOf(part ?? new Uint8Array());
  if (parts.to?.length !== 20) throw new Error("this ledger runs no contract but its token's");
  return {
    hash: toHex(keccak(bytes)),
    type,
    chainId,
    from,
    nonce: Number(number(parts.nonce)),
    to: toHex(parts.to),
    value: number(parts.value),
    data: toHex(parts.data ?? new Uint8Array()),
    gas: number(parts.gas),
    maxFeePerGas: number(parts.price),
    maxPriorityFeePerGas: number(parts.tip),
  };
}

/** The shortest bytes of a number; none for 0. */
function minimal(value: bigint | number): Uint8Array {
  const digits = value.toString(16);
  return BigInt(value) === 0n
    ? new Uint8Array()
    : Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
}
