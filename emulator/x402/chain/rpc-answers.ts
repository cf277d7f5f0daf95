import { addressWord, fromHex, type Hex, keccak, quantity, toHex, wordOf } from "./bytes";
import { type Ledger } from "./ledger";
import { type Transaction } from "./transactions";

const GAS_LIMIT = 60_000_000;
const GAS_USED = 90_000;
export const BASE_FEE = 50_000_000n;
export const TIP = 1_000_000n;

const ZERO_HASH = toHex(wordOf(0));
const NO_BLOOM = `0x${"0".repeat(512)}`;
const TRANSFER = toHex(keccak("Transfer(address,address,uint256)"));
const AUTHORIZATION_USED = toHex(keccak("AuthorizationUsed(address,bytes32)"));

export function blockAnswer(ledger: Ledger, number: number, whole: boolean): Record<string, unknown> {
  const inside = ledger.inBlock(number);
  return {
    number: quantity(number),
    hash: ledger.hashOf(number),
    parentHash: ledger.hashOf(number - 1),
    timestamp: quantity(Math.floor(ledger.timeOf(number) / 1_000)),
    nonce: "0x0000000000000000",
    sha3Uncles: ZERO_HASH,
    logsBloom: NO_BLOOM,
    transactionsRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    mixHash: ZERO_HASH,
    miner: `0x${"0".repeat(40)}`,
    difficulty: "0x0",
    totalDifficulty: "0x0",
    extraData: "0x",
    size: quantity(1_000),
    gasLimit: quantity(GAS_LIMIT),
    gasUsed: quantity(GAS_USED * inside.length),
    baseFeePerGas: quantity(BASE_FEE),
    transactions: inside.map((each) => (whole ? transactionAnswer(ledger, each) : each.hash)),
    uncles: [],
  };
}

/** @param shown The last block that the node knows: what comes later still waits. */
export function transactionAnswer(ledger: Ledger, transaction: Transaction, shown = Infinity): Record<string, unknown> {
  const { hash, type, from, to, nonce, data, value, gas, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  return {
    hash,
    type: quantity(type),
    chainId: quantity(ledger.token.chainId),
    from,
    to,
    nonce: quantity(nonce),
    input: data,
    value: quantity(BigInt(value)),
    gas: quantity(BigInt(gas)),
    gasPrice: quantity(BigInt(maxFeePerGas)),
    ...(type === 2 && {
      maxFeePerGas: quantity(BigInt(maxFeePerGas)),
      maxPriorityFeePerGas: quantity(BigInt(maxPriorityFeePerGas)),
    }),
    ...(type > 0 && { accessList: [], yParity: "0x0" }),
    v: "0x0",
    r: "0x0",
    s: "0x0",
    ...placeOf(ledger, transaction, shown),
  };
}

export function receiptAnswer(ledger: Ledger, transaction: Transaction): Record<string, unknown> {
  const place = placeOf(ledger, transaction, Infinity);
  return {
    transactionHash: transaction.hash,
    ...place,
    from: transaction.from,
    to: transaction.to,
    contractAddress: null,
    status: transaction.status === "success" ? "0x1" : "0x0",
    type: quantity(transaction.type),
    gasUsed: quantity(GAS_USED),
    cumulativeGasUsed: quantity(GAS_USED * (Number(place.transactionIndex) + 1)),
    effectiveGasPrice: quantity(BASE_FEE + TIP),
    logsBloom: NO_BLOOM,
    logs: logsOf(ledger, transaction),
  };
}

export interface Log {
  address: Hex;
  topics: Hex[];
  data: Hex;
  blockNumber: Hex | null;
  blockHash: Hex | null;
  transactionHash: Hex;
  transactionIndex: Hex | null;
  logIndex: Hex;
  removed: false;
}

/**
 * In USDC's order: the authorization is used, then the money moves.
 * @param wanted Only such topics.
 */
export function logsOf(
  ledger: Ledger,
  transaction: Transaction,
  wanted: (topics: readonly Hex[]) => boolean = () => true,
): Log[] {
  const { effect, block } = transaction;
  if (!effect || block === null) return [];
  const party = (address: Hex) => toHex(addressWord(address));
  const { from, to, nonce, value } = effect;
  const events = [
    ...(nonce === undefined ? [] : [{ topics: [AUTHORIZATION_USED, party(from), nonce], data: "0x" }]),
    { topics: [TRANSFER, party(from), party(to)], data: toHex(wordOf(BigInt(value))) },
  ].map((event, at) => ({ ...event, at }));
  const found = events.filter(({ topics }) => wanted(topics));
  if (found.length === 0) return [];
  const place = placeOf(ledger, transaction, Infinity);
  const before = 2 * ledger.inBlock(block).indexOf(transaction);
  return found.map(({ at, ...event }) => ({
    address: ledger.token.address,
    ...event,
    ...place,
    transactionHash: transaction.hash,
    logIndex: quantity(before + at),
    removed: false,
  }));
}

/** "Error(string)", as a contract reverts. */
export function revertData(reason: string): Hex {
  if (reason === "") return "0x";
  const text = Buffer.from(reason, "utf8");
  const padding = Buffer.alloc((32 - (text.length % 32)) % 32);
  const selector = keccak("Error(string)").subarray(0, 4);
  return toHex(Buffer.concat([selector, wordOf(32), wordOf(text.length), text, padding]));
}

/** The contract's code is of no use, but it is there. */
export const codeOf = (ledger: Ledger, address: Hex): Hex =>
  address.toLowerCase() === ledger.token.address ? toHex(fromHex("0x60806040")) : "0x";

function placeOf(ledger: Ledger, transaction: Transaction, shown: number) {
  const { block } = transaction;
  if (block === null || block > shown) return { blockNumber: null, blockHash: null, transactionIndex: null };
  return {
    blockNumber: quantity(block),
    blockHash: ledger.hashOf(block),
    transactionIndex: quantity(ledger.inBlock(block).indexOf(transaction)),
  };
}
