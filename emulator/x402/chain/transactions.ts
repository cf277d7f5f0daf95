import { type Hex } from "./bytes";
import { type Effect } from "./token-calls";

/** One transaction as the ledger keeps it, in JSON's own types. */
export interface Transaction {
  hash: Hex;
  /** A wallet's own, the vendor's that settles an authorization, or money from nowhere. */
  by: "wallet" | "server" | "control";
  type: 0 | 1 | 2;
  from: Hex;
  to: Hex;
  nonce: number;
  data: Hex;
  /** Wei, decimal. */
  value: string;
  gas: string;
  maxFeePerGas: string;
  maxPriorityFeePerGas: string;
  /** null while it waits. */
  block: number | null;
  status: "waiting" | "success" | "reverted";
  /** Why it was reverted. */
  reason?: string;
  /** What it did to the token; the value is in micro-USDC, decimal. */
  effect?: Omit<Effect, "value"> & { value: string };
  /** It is mined when the clock is here: epoch milliseconds; null waits for control. */
  dueAt?: number | null;
}

/** Balances, used authorizations and counts that follow from mined transactions; any block can be asked for. */
export class Accounts {
  private readonly balances = new Map<Hex, { block: number; after: bigint }[]>();
  private readonly used = new Map<string, Transaction>();
  private readonly sent = new Map<Hex, number[]>();

  apply(transaction: Transaction): void {
    const { block, effect, from } = transaction;
    if (block === null) return;
    if (transaction.by !== "control") this.listOf(this.sent, from).push(block);
    if (!effect) return;
    const value = BigInt(effect.value);
    if (BigInt(effect.from) !== 0n) this.add(effect.from, block, -value);
    this.add(effect.to, block, value);
    if (effect.nonce !== undefined) this.used.set(keyOf(effect.from, effect.nonce), transaction);
  }

  /** Micro-USDC. */
  balanceOf(address: Hex, block = Infinity): bigint {
    return this.balances.get(address.toLowerCase())?.findLast((entry) => entry.block <= block)?.after ?? 0n;
  }

  /** The transaction that used an authorization. */
  userOf(payer: Hex, nonce: Hex, block = Infinity): Transaction | undefined {
    const transaction = this.used.get(keyOf(payer, nonce));
    return transaction && (transaction.block ?? Infinity) <= block ? transaction : undefined;
  }

  countOf(address: Hex, block = Infinity): number {
    const blocks = this.sent.get(address.toLowerCase()) ?? [];
    return block === Infinity ? blocks.length : blocks.filter((each) => each <= block).length;
  }

  all(): { address: Hex; balance: bigint }[] {
    return [...this.balances].map(([address, entries]) => ({ address, balance: entries.at(-1)?.after ?? 0n }));
  }

  private add(address: Hex, block: number, by: bigint): void {
    const entries = this.listOf(this.balances, address);
    entries.push({ block, after: (entries.at(-1)?.after ?? 0n) + by });
  }

  private listOf<T>(map: Map<Hex, T[]>, address: Hex): T[] {
    const list = map.get(address) ?? [];
    map.set(address, list);
    return list;
  }
}

const keyOf = (payer: Hex, nonce: Hex) => `${payer}/${nonce}`.toLowerCase();
