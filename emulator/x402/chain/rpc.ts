import { fromHex, type Hex, isAddress, isBytes, isHash, quantity, toHex, wordOf } from "./bytes";
import { type Ledger } from "./ledger";
import { readRawTransaction } from "./raw-transaction";
import {
  BASE_FEE,
  blockAnswer,
  codeOf,
  type Log,
  logsOf,
  receiptAnswer,
  revertData,
  TIP,
  transactionAnswer,
} from "./rpc-answers";
import { Revert, view } from "./token-calls";

/** How the node is disturbed. */
export interface NodeState {
  /** Every call is answered with 503. */
  down: boolean;
  /** Methods that are answered with an error, and not carried out. */
  failing: string[];
  /** The node knows nothing of so many of the last blocks. */
  behindBlocks: number;
  /** Most blocks that eth_getLogs looks through at once, as public nodes have it; 0 is no bound. */
  logRange: number;
}

export const HEALTHY: NodeState = { down: false, failing: [], behindBlocks: 0, logRange: 0 };

/** An answer of JSON-RPC that is an error. */
class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: Hex,
  ) {
    super(message);
  }
}

const INVALID = -32_602;
const REFUSED = -32_000;
const REVERTED = 3;
const MOST_IN_BATCH = 100;

type Params = readonly unknown[];
type Method = (node: Node, params: Params) => unknown;

/** One call, or a list of calls. */
export function answerRpc(ledger: Ledger, state: NodeState, body: unknown): unknown {
  const node = new Node(ledger, state);
  if (!Array.isArray(body)) return answerOne(node, body);
  if (body.length === 0 || body.length > MOST_IN_BATCH)
    return failure(null, -32_600, `a batch has 1 to ${MOST_IN_BATCH} calls`);
  return body.map((each) => answerOne(node, each));
}

function answerOne(node: Node, given: unknown): unknown {
  const call = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const id = typeof call["id"] === "string" || typeof call["id"] === "number" ? call["id"] : null;
  const { method, params = [] } = call;
  if (typeof method !== "string" || !Array.isArray(params)) return failure(id, -32_600, "invalid request");
  const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!run) return failure(id, -32_601, "the method does not exist / is not available");
  if (node.state.failing.includes(method)) return failure(id, REFUSED, "the emulator is set to fail");
  try {
    return { jsonrpc: "2.0", id, result: run(node, params as Params) };
  } catch (error) {
    if (error instanceof Revert) {
      const text = error.message === "" ? "execution reverted" : `execution reverted: ${error.message}`;
      return failure(id, REVERTED, text, revertData(error.message));
    }
    if (error instanceof RpcError) return failure(id, error.code, error.message, error.data);
    return failure(id, REFUSED, (error as Error).message);
  }
}

function failure(id: string | number | null, code: number, message: string, data?: Hex) {
  return { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } };
}

/** A ledger as one node sees it, which may be behind. */
class Node {
  constructor(
    readonly ledger: Ledger,
    readonly state: NodeState,
  ) {}

  head(): number {
    return this.ledger.head() - this.state.behindBlocks;
  }

  /** undefined for a block that is not there yet. */
  block(tag: unknown): number | undefined {
    if (tag === undefined || tag === "latest" || tag === "pending") return this.head();
    if (tag === "finalized") return Math.min(this.head(), this.ledger.finalized());
    if (tag === "safe") return Math.min(this.head(), this.ledger.safe());
    if (tag === "earliest") return 0;
    if (typeof tag !== "string" || !/^0x[0-9a-f]{1,12}$/i.test(tag))
      throw new RpcError(INVALID, "invalid block number");
    return Number(tag) <= this.head() ? Number(tag) : undefined;
  }

  requireBlock(tag: unknown): number {
    const number = this.block(tag);
    if (number === undefined) throw new RpcError(REFUSED, "header not found");
    return number;
  }

  mined(hash: unknown) {
    const found = this.ledger.transaction(hashIn(hash));
    return found && found.block !== null && found.block <= this.head() ? found : undefined;
  }
}

const METHODS: Record<string, Method> = {
  web3_clientVersion: () => "proxies-sx-emulator",
  net_version: ({ ledger }) => String(ledger.token.chainId),
  eth_chainId: ({ ledger }) => quantity(ledger.token.chainId),
  eth_syncing: () => false,
  eth_accounts: () => [],
  eth_blockNumber: (node) => quantity(node.head()),
  eth_gasPrice: () => quantity(BASE_FEE + TIP),
  eth_maxPriorityFeePerGas: () => quantity(TIP),
  eth_feeHistory: feeHistory,
  eth_getBalance: ({ ledger }, [address]) => quantity(ledger.gasMoneyOf(addressIn(address))),
  eth_getCode: ({ ledger }, [address]) => codeOf(ledger, addressIn(address)),
  eth_getTransactionCount: (node, [address, tag]) =>
    quantity(
      tag === "pending"
        ? node.ledger.pendingCountOf(addressIn(address))
        : node.ledger.countOf(addressIn(address), node.requireBlock(tag)),
    ),
  eth_getBlockByNumber: (node, [tag, whole]) => {
    const number = node.block(tag);
    return number === undefined ? null : blockAnswer(node.ledger, number, whole === true);
  },
  eth_getTransactionByHash: (node, [hash]) => {
    const found = node.ledger.transaction(hashIn(hash));
    return found ? transactionAnswer(node.ledger, found, node.head()) : null;
  },
  eth_getTransactionReceipt: (node, [hash]) => {
    const found = node.mined(hash);
    return found ? receiptAnswer(node.ledger, found) : null;
  },
  eth_call: call,
  eth_estimateGas: (node, params) => {
    call(node, params);
    return quantity(100_000);
  },
  eth_getLogs: logs,
  eth_sendRawTransaction: ({ ledger }, [raw]) => {
    if (!isBytes(raw)) throw new RpcError(INVALID, "invalid raw transaction");
    return ledger.send(readRawTransaction(fromHex(raw)));
  },
};

/** A question to the token is answered, a change is tried out, and any other address has no code. */
function call(node: Node, [given, tag]: Params): Hex {
  const { to, from, data, input } = (given ?? {}) as Record<string, unknown>;
  const block = node.requireBlock(tag);
  const bytes = input ?? data ?? "0x";
  if (!isBytes(bytes)) throw new RpcError(INVALID, "invalid data");
  if (addressIn(to) !== node.ledger.token.address) return "0x";
  const { ledger } = node;
  const state = {
    balanceOf: (address: Hex) => ledger.balanceOf(address, block),
    isUsed: (payer: Hex, nonce: Hex) => ledger.userOf(payer, nonce, block) !== undefined,
  };
  const told = view(ledger.token, state, bytes);
  if (told) return toHex(told);
  const { nonce } = ledger.tryOut(from === undefined ? `0x${"0".repeat(40)}` : addressIn(from), bytes, block);
  return nonce === undefined ? toHex(wordOf(1)) : "0x";
}

function logs(node: Node, [given]: Params): Log[] {
  const { address, topics = [], fromBlock, toBlock, blockHash } = (given ?? {}) as Record<string, unknown>;
  if (!Array.isArray(topics) || topics.length > 4) throw new RpcError(INVALID, "invalid topics");
  const { ledger, state } = node;
  const [first, last] = [node.block(fromBlock) ?? Infinity, node.block(toBlock) ?? node.head()];
  const { logRange } = state;
  if (blockHash === undefined && logRange > 0 && last - first >= logRange)
    throw new RpcError(REFUSED, `query exceeds max block range ${logRange}`);
  const isWanted = (block: number) =>
    blockHash === undefined ? block >= first && block <= last : ledger.hashOf(block) === blockHash;
  if (address !== undefined && !fits(address, ledger.token.address)) return [];
  const hasTopics = (found: readonly Hex[]) =>
    topics.every((topic, at) => topic === null || (found[at] !== undefined && fits(topic, found[at])));
  return ledger
    .transactions()
    .filter(({ block, effect }) => effect && block !== null && block <= node.head() && isWanted(block))
    .flatMap((each) => logsOf(ledger, each, hasTopics))
    .sort((a, b) => Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex));
}

/** One value, or one of several. */
function fits(wanted: unknown, value: Hex): boolean {
  return [wanted].flat().some((each) => typeof each === "string" && each.toLowerCase() === value.toLowerCase());
}

function feeHistory(node: Node, [count, newest, percentiles]: Params): unknown {
  const blocks = Math.min(1_024, Math.max(1, Number(count) || 1));
  const shares = Array.isArray(percentiles) ? percentiles : undefined;
  return {
    oldestBlock: quantity(Math.max(0, node.requireBlock(newest) - blocks + 1)),
    baseFeePerGas: Array.from({ length: blocks + 1 }, () => quantity(BASE_FEE)),
    gasUsedRatio: Array.from({ length: blocks }, () => 0.1),
    ...(shares && { reward: Array.from({ length: blocks }, () => shares.map(() => quantity(TIP))) }),
  };
}

function addressIn(value: unknown): Hex {
  if (!isAddress(value)) throw new RpcError(INVALID, "invalid address");
  return value.toLowerCase();
}

function hashIn(value: unknown): Hex {
  if (!isHash(value)) throw new RpcError(INVALID, "invalid hash");
  return value.toLowerCase();
}
