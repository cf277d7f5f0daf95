import { z } from "zod";
import { type SignedAuthorization } from "./authorization";
import { type MicroUsdc } from "./money";
import { type Network } from "./networks";
import { settlingCall, signedTransaction } from "./raw-transaction";
import { ChainError, type RpcOptions } from "./node";
import { createRpc, type Rpc } from "./rpc";
import { addressOfKey, keccak } from "./wallet";

export interface Block {
  number: number;
  /** Epoch seconds. */
  time: number;
}

/** The transaction by which an authorization was used. */
export interface Use {
  hash: string;
  block: number;
}

/** A transaction that was mined. */
export interface ChainReceipt {
  hash: string;
  block: number;
  /** It did what it was made for, and was not reverted. */
  success: boolean;
  /** USDC that it moved, and authorizations that it used, addresses in small letters. */
  transfers: { from: string; to: string; amount: MicroUsdc }[];
  uses: { payer: string; nonce: string }[];
}

/** What the chain holds. All methods reject with a ChainError, and with nothing else; none but `settle` needs a key. */
export interface Chain {
  network: Network;
  latest(): Promise<Block>;
  /** The last block that no reorganisation takes back. */
  finalized(): Promise<Block>;
  /** Epoch seconds. @param number of a block */
  timeOf(number: number): Promise<number>;
  balanceOf(address: string): Promise<MicroUsdc>;
  /** Whether the payer's authorization of this nonce was used. @param at @default the latest block */
  authorizationState(payer: string, nonce: string, at?: number): Promise<boolean>;
  /**
   * By which transaction it was used. Nodes often look through some thousand blocks at once: then the last days alone
   * are looked through, and undefined may mean that it was used earlier.
   * @param since Epoch seconds: it was not used before.
   */
  useOf(payer: string, nonce: string, since?: number): Promise<Use | undefined>;
  receipt(hash: string): Promise<ChainReceipt | undefined>;
  /** What a payer sent to anybody since then. @param since Epoch seconds */
  sentSince(payer: string, since: number): Promise<MicroUsdc>;
  /** Blocks from this one on to the latest, itself included; 0 where it is not there. */
  confirmations(block: number): Promise<number>;
  /** ETH that a wallet has for gas, in wei. */
  gasMoneyOf(address: string): Promise<bigint>;
  /**
   * Settles a signed payment by a transaction of the wallet's own, which costs gas. The chain settles it once, whoever
   * submits it. Gives the transaction's hash; whether it is mined is to be looked for.
   */
  settle(key: string, signed: SignedAuthorization): Promise<string>;
  close(): void;
}

const hex = z.string().regex(/^0x[0-9a-f]*$/i);
const number = hex.refine((value) => value.length > 2 && value.length <= 15).transform(Number);
const wei = hex.refine((value) => value.length > 2 && value.length <= 66).transform(BigInt);
const word = hex.refine((value) => value.length === 66).transform((value) => value.toLowerCase());
const block = z
  .object({ number, timestamp: number })
  .transform((seen) => ({ number: seen.number, time: seen.timestamp }));
const log = z.object({
  address: hex,
  topics: z.array(word).max(4),
  data: hex,
  transactionHash: word,
  blockNumber: number,
});
type Log = z.output<typeof log>;

interface Mined {
  transactionHash: string;
  blockNumber: number;
  status: number;
  logs: Log[];
}
const MOST_LOGS = 10_000;

const signed = (text: string) => `0x${Buffer.from(keccak(text)).toString("hex")}`;
const selector = (text: string) => signed(text).slice(0, 10);
const padded = (value: string) => value.slice(2).toLowerCase().padStart(64, "0");
const topicOf = (address: string) => `0x${padded(address)}`;
const addressIn = (topic = "") => `0x${topic.slice(26)}`;
const quantity = (value: number) => `0x${value.toString(16)}`;

const USED = "AuthorizationUsed(address,bytes32)";
const TRANSFER = "Transfer(address,address,uint256)";

const eventsOf = (event: string, logs: readonly Log[], { usdc }: Network): Log[] =>
  logs.filter(({ address, topics }) => address.toLowerCase() === usdc && topics[0] === signed(event));

/** The token's events are whole; what other contracts write beside them has any shape. */
const logsFor = (network: Network) =>
  z
    .array(log)
    .max(MOST_LOGS)
    .refine((logs) => [TRANSFER, USED].flatMap((event) => eventsOf(event, logs, network)).every(hasTwoTopics))
    .refine((logs) => eventsOf(TRANSFER, logs, network).every(({ data }) => word.safeParse(data).success));
const hasTwoTopics = ({ topics }: Log) => topics.length === 3;

/** A network's chain, by a node of it. @throws ApiError "invalid_input", where the URL is none to use. */
export function createChain(network: Network, url: string, options: RpcOptions = {}): Chain {
  const rpc = createRpc(url, options);
  let checked: Promise<void> | undefined;
  /** A node of another chain would say that nothing was paid. */
  const onChain = (): Promise<void> =>
    (checked ??= requireChain(rpc, network).catch((error: unknown) => {
      checked = undefined;
      throw error;
    }));
  const ask: Rpc["ask"] = async (...call) => {
    await onChain();
    return rpc.ask(...call);
  };
  const logs = logsFor(network);
  const receipt = z.object({ transactionHash: word, blockNumber: number, status: number, logs }).nullable();
  const blockAt = (tag: string) => ask("eth_getBlockByNumber", [tag, false], block);
  /** That block and no other: who looks for an earlier one would ask without end. */
  const blockOf = (at: number) =>
    ask(
      "eth_getBlockByNumber",
      [quantity(at), false],
      block.refine(({ number }) => number === at),
    );
  const view = (data: string, at: string) => ask("eth_call", [{ to: network.usdc, data }, at], word);
  const logsOf = (topics: (string | null)[], from: number, to: number) =>
    ask("eth_getLogs", [{ address: network.usdc, topics, fromBlock: quantity(from), toBlock: quantity(to) }], logs);
  const latest = () => blockAt("latest");
  const blockBefore = async (time: number, head: Block) => blockBeforeIn(time, head, blockOf);

  return {
    network,
    latest,
    finalized: () => blockAt("finalized"),
    timeOf: async (number) => (await blockOf(number)).time,
    balanceOf: async (address) => BigInt(await view(selector("balanceOf(address)") + padded(address), "latest")),
    authorizationState: async (payer, nonce, at) => {
      const data = selector("authorizationState(address,bytes32)") + padded(payer) + padded(nonce);
      return BigInt(await view(data, at === undefined ? "latest" : quantity(at))) !== 0n;
    },
    async useOf(payer, nonce, since) {
      const head = await latest();
      const from = since === undefined ? 0 : await blockBefore(since - SLACK_SECONDS, head);
      const topics = [signed(USED), topicOf(payer), nonce.toLowerCase()];
      const look = (first: number, last: number) => logsOf(topics, first, last);
      const { found } = await newestFirst(from, head.number, look, (some) => some.length > 0);
      const use = found.flat().at(-1);
      return use && { hash: use.transactionHash, block: use.blockNumber };
    },
    async receipt(hash) {
      const found = await ask("eth_getTransactionReceipt", [hash], receipt);
      return found ? toReceipt(found, network) : undefined;
    },
    async sentSince(payer, since) {
      const head = await latest();
      const from = await blockBefore(since, head);
      const topics = [signed(TRANSFER), topicOf(payer)];
      const look = (first: number, last: number) => logsOf(topics, first, last);
      const { found, complete } = await newestFirst(from, head.number, look);
      if (!complete)
        throw new ChainError(`the node ${rpc.host} shows too few blocks at once to add payments up`, "refused");
      return eventsOf(TRANSFER, found.flat(), network).reduce((sum, { data }) => sum + BigInt(data), 0n);
    },
    async confirmations(at) {
      return Math.max(0, (await latest()).number - at + 1);
    },
    gasMoneyOf: async (address) => BigInt(await ask("eth_getBalance", [address, "latest"], wei)),
    async settle(key, signed) {
      const [from, data] = [addressOfKey(key), settlingCall(signed)];
      const [count, price, limit] = await Promise.all([
        ask("eth_getTransactionCount", [from, "pending"], number),
        ask("eth_gasPrice", [], wei),
        ask("eth_estimateGas", [{ from, to: network.usdc, data }], wei),
      ]);
      // Twice the price of now pays for some full blocks; what is not needed is not taken.
      const gas = { count, limit: (limit * 5n) / 4n, maxFee: price * 2n, tip: price < TIP ? price : TIP };
      return ask("eth_sendRawTransaction", [signedTransaction(key, network, data, gas)], word);
    },
    close: () => rpc.close(),
  };
}

/** Blocks may share a second, and what looked at the chain before may have asked a node that was behind. */
const SLACK_SECONDS = 600;

/** 0.001 gwei: Base needs little. */
const TIP = 1_000_000n;

async function requireChain(rpc: Rpc, { name, chainId }: Network): Promise<void> {
  const told = await rpc.ask("eth_chainId", [], number);
  if (told === chainId) return;
  throw new ChainError(`the node ${rpc.host} is of chain ${told}, and ${name} is chain ${chainId}`, "wrong_chain");
}

function toReceipt(found: Mined, network: Network): ChainReceipt {
  const payer = ({ topics }: Log) => addressIn(topics[1]);
  return {
    hash: found.transactionHash,
    block: found.blockNumber,
    success: found.status === 1,
    transfers: eventsOf(TRANSFER, found.logs, network).map((one) => ({
      from: payer(one),
      to: addressIn(one.topics[2]),
      amount: BigInt(one.data),
    })),
    uses: eventsOf(USED, found.logs, network).map((one) => ({ payer: payer(one), nonce: one.topics[2] ?? "0x" })),
  };
}

/** Of Base, which has one every two seconds; on a chain with fewer, the block that is found is earlier than need be. */
const BLOCK_SECONDS = 2;

/** The number of a block that is not after this time. */
async function blockBeforeIn(time: number, head: Block, blockAt: (number: number) => Promise<Block>): Promise<number> {
  let at = head;
  while (at.time > time && at.number > 0) {
    at = await blockAt(Math.max(0, at.number - Math.ceil((at.time - time) / BLOCK_SECONDS)));
  }
  return at.number;
}

/** Blocks at once, where a node refuses all; how many such reads one search has. */
const WINDOWS = [9_999, 1_999, 499];
const MOST_LOOKS = 100;

interface Search<T> {
  /** The oldest first. */
  found: T[];
  /** It ended at its beginning, or with enough. */
  complete: boolean;
}

/** All at once, or window by window from the newest on, until it is enough. */
async function newestFirst<T>(
  from: number,
  to: number,
  look: (from: number, to: number) => Promise<T>,
  isEnough: (found: T) => boolean = () => false,
): Promise<Search<T>> {
  const isRefused = (error: unknown) => error instanceof ChainError && error.code === "refused";
  const found: T[] = [];
  let [size, last] = [Infinity, to];
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    if (last < from) return { found, complete: true };
    const first = Math.max(from, last - size + 1);
    try {
      const some = await look(first, last);
      found.unshift(some);
      if (isEnough(some)) return { found, complete: true };
      last = first - 1;
    } catch (error) {
      const smaller = WINDOWS.find((one) => one < Math.min(size, last - first + 1));
      if (!isRefused(error) || smaller === undefined) throw error;
      size = smaller;
    }
  }
  return { found, complete: last < from };
}
