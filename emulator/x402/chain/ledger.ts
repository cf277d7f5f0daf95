import { type Authorization, type Token } from "./authorization";
import { Blocks, type BlocksState } from "./blocks";
import { type Hex, keccak, toHex } from "./bytes";
import { type RawTransaction } from "./raw-transaction";
import { change, type Effect, Revert, settlementData } from "./token-calls";
import { Accounts, type Transaction } from "./transactions";

export interface LedgerState {
  blocks: BlocksState;
  transactions: Transaction[];
  /** Wei by address, decimal. Gas is asked for and never taken. */
  gasMoney: Record<Hex, string>;
  /** "manual": nothing is mined until control says so. */
  mining: "auto" | "manual";
  /** Transactions ever made by server or control. */
  made: number;
}

export interface LedgerOptions {
  token: Token;
  seed: number;
  blockSeconds: number;
  finalityBlocks: number;
  /** The world's time in epoch milliseconds. */
  now: () => number;
  onChange: () => void;
}

const MOST_TRANSACTIONS = 50_000;
const NOBODY: Hex = `0x${"0".repeat(40)}`;
/** Who settles for the vendor. */
export const FACILITATOR: Hex = toHex(keccak("the emulator's facilitator")).slice(0, 42);

/** A chain of one token: nothing is mined but by a transaction, the clock or control. */
export class Ledger {
  private readonly blocks: Blocks;
  private accounts = new Accounts();
  private readonly byHash = new Map<Hex, Transaction>();
  private readonly byBlock = new Map<number, Transaction[]>();
  private readonly queue = new Set<Transaction>();
  private readonly state: LedgerState;

  constructor(
    private readonly options: LedgerOptions,
    saved?: LedgerState,
  ) {
    const { seed, blockSeconds, now } = options;
    this.blocks = new Blocks(seed, blockSeconds * 1_000, now, saved?.blocks);
    this.state = saved ?? { blocks: this.blocks.state, transactions: [], gasMoney: {}, mining: "auto", made: 0 };
    this.index();
  }

  get token(): Token {
    return this.options.token;
  }

  get mining(): "auto" | "manual" {
    return this.state.mining;
  }

  set mining(mode: "auto" | "manual") {
    this.state.mining = mode;
    this.options.onChange();
  }

  save(): LedgerState {
    return { ...this.state, blocks: this.blocks.state };
  }

  head(): number {
    return this.blocks.head();
  }

  /** The last block that no reorganisation replaces. */
  finalized(): number {
    return Math.max(Blocks.GENESIS, this.head() - this.options.finalityBlocks);
  }

  safe(): number {
    return Math.max(Blocks.GENESIS, this.head() - Math.ceil(this.options.finalityBlocks / 2));
  }

  timeOf(block: number): number {
    return this.blocks.timeOf(block);
  }

  hashOf(block: number): Hex {
    return this.blocks.hashOf(
      block,
      this.inBlock(block).map(({ hash }) => hash),
    );
  }

  /** In the order in which they were mined. */
  inBlock(block: number): Transaction[] {
    return this.byBlock.get(block) ?? [];
  }

  transactions(): readonly Transaction[] {
    return this.state.transactions;
  }

  transaction(hash: Hex): Transaction | undefined {
    return this.byHash.get(hash.toLowerCase());
  }

  balanceOf(address: Hex, block?: number): bigint {
    return this.accounts.balanceOf(address, block);
  }

  balances(): { address: Hex; balance: bigint }[] {
    return this.accounts.all();
  }

  /** The transaction that used an authorization. */
  userOf(payer: Hex, nonce: Hex, block?: number): Transaction | undefined {
    return this.accounts.userOf(payer, nonce, block);
  }

  countOf(address: Hex, block?: number): number {
    return this.accounts.countOf(address, block);
  }

  waiting(): Transaction[] {
    return [...this.queue];
  }

  /** Wei. */
  gasMoneyOf(address: Hex): bigint {
    return BigInt(this.state.gasMoney[address.toLowerCase()] ?? 0);
  }

  /** Money from nowhere. @param value micro-USDC. @param wei for gas. */
  give(address: Hex, value: bigint, wei: bigint): Transaction {
    const to = address.toLowerCase();
    this.state.gasMoney[to] = String(this.gasMoneyOf(to) + wei);
    return this.mineNow(this.make("control", NOBODY, "0x"), () => ({ from: NOBODY, to, value }));
  }

  /** Somebody's transfer that needs no key. @throws Revert where the balance is too small. */
  move(from: Hex, to: Hex, value: bigint): Transaction {
    if (this.balanceOf(from) < value) throw new Revert("ERC20: transfer amount exceeds balance");
    const effect = { from: from.toLowerCase(), to: to.toLowerCase(), value };
    return this.mineNow(this.make("control", from.toLowerCase(), "0x"), () => effect);
  }

  /** A wallet's signed transaction. @throws in a node's words. */
  send(raw: RawTransaction): Hex {
    if (raw.chainId !== this.token.chainId) throw new Error("invalid chain id for signer");
    if (this.byHash.has(raw.hash)) throw new Error("already known");
    const next = this.pendingCountOf(raw.from);
    if (raw.nonce < next) throw new Error(`nonce too low: next nonce ${next}, tx nonce ${raw.nonce}`);
    if (raw.nonce > next) throw new Error(`nonce too high: next nonce ${next}, tx nonce ${raw.nonce}`);
    if (this.gasMoneyOf(raw.from) < raw.gas * raw.maxFeePerGas + raw.value)
      throw new Error("insufficient funds for gas * price + value");
    const { hash, type, from, to, nonce, data } = raw;
    const [value, gas] = [String(raw.value), String(raw.gas)];
    const [maxFeePerGas, maxPriorityFeePerGas] = [String(raw.maxFeePerGas), String(raw.maxPriorityFeePerGas)];
    const plain = { hash, type, from, to, nonce, data, value, gas, maxFeePerGas, maxPriorityFeePerGas };
    this.enter({ ...plain, by: "wallet", block: null, status: "waiting" });
    return hash;
  }

  pendingCountOf(address: Hex): number {
    return this.countOf(address) + this.waiting().filter(({ from }) => from === address.toLowerCase()).length;
  }

  /** The facilitator's transaction. @param delayMs it waits so long, by the clock, before it is mined. */
  settle(authorization: Authorization, signature: Uint8Array, delayMs = 0): Transaction {
    const data = settlementData(authorization, signature);
    const dueAt = delayMs > 0 ? { dueAt: this.options.now() + delayMs } : {};
    return this.enter({ ...this.make("server", FACILITATOR, data), ...dueAt });
  }

  /** What a call would do at a block, by default at the next one. @throws Revert */
  tryOut(sender: Hex, data: Hex, block = this.head()): Effect {
    return this.execute(sender, data, block);
  }

  /** Mines what the clock has made due. */
  catchUp(): void {
    const now = this.options.now();
    for (const each of this.waiting()) if (typeof each.dueAt === "number" && each.dueAt <= now) this.mineOne(each);
  }

  /** Mines what waits, into the first of so many blocks. */
  mine(blocks = 1): number {
    const first = this.blocks.add();
    for (const each of this.waiting()) this.include(each, first);
    if (blocks > 1) this.blocks.add(blocks - 1);
    this.options.onChange();
    return this.head();
  }

  /**
   * Replaces the last blocks by others. Their transactions are gone, or mined again in the last of the new blocks, where
   * they still can be.
   * @throws where a finalized block would be replaced.
   */
  reorganise(count: number, fate: "dropped" | "again" = "dropped"): Transaction[] {
    const most = this.head() - this.finalized();
    if (count > most) throw new Error(`the last ${most} blocks can be replaced; those before are final`);
    const from = this.blocks.replace(count);
    const moved = this.state.transactions.filter(({ block }) => block !== null && block >= from);
    this.state.transactions = this.state.transactions.filter((each) => !moved.includes(each));
    this.index();
    if (fate === "again")
      for (const each of moved) {
        const { effect, reason: _, ...rest } = each;
        const again: Transaction = { ...rest, block: null, status: "waiting" };
        const given = each.by === "control" && effect ? { ...effect, value: BigInt(effect.value) } : undefined;
        this.keep(again);
        this.include(again, this.head(), given && (() => given));
      }
    this.options.onChange();
    return moved;
  }

  private make(by: "server" | "control", from: Hex, data: Hex): Transaction {
    const hash = toHex(keccak(`${this.options.seed}/${by}/${this.state.made++}`));
    const nonce = by === "server" ? this.pendingCountOf(from) : 0;
    const cost = { value: "0", gas: "200000", maxFeePerGas: "100000000", maxPriorityFeePerGas: "1000000" };
    return { hash, by, type: 2, from, to: this.token.address, nonce, data, ...cost, block: null, status: "waiting" };
  }

  private enter(transaction: Transaction): Transaction {
    this.keep(transaction);
    if (this.mining === "auto" && transaction.dueAt === undefined) this.mineOne(transaction);
    this.options.onChange();
    return transaction;
  }

  private mineNow(transaction: Transaction, run: () => Effect): Transaction {
    this.keep(transaction);
    this.include(transaction, this.blocks.add(), run);
    this.options.onChange();
    return transaction;
  }

  private mineOne(transaction: Transaction): void {
    this.include(transaction, this.blocks.add());
    this.options.onChange();
  }

  private keep(transaction: Transaction): void {
    if (this.state.transactions.length >= MOST_TRANSACTIONS)
      throw new Error(`the ledger holds ${MOST_TRANSACTIONS} transactions at most; reset the emulator`);
    this.state.transactions.push(transaction);
    this.byHash.set(transaction.hash, transaction);
    this.queue.add(transaction);
  }

  private include(transaction: Transaction, block: number, run?: () => Effect): void {
    const { from, to, data } = transaction;
    try {
      const effect = run?.() ?? (to === this.token.address ? this.execute(from, data, block) : undefined);
      if (effect) transaction.effect = { ...effect, value: String(effect.value) };
      transaction.status = "success";
    } catch (error) {
      if (!(error instanceof Revert)) throw error;
      transaction.status = "reverted";
      transaction.reason = error.message;
    }
    transaction.block = block;
    delete transaction.dueAt;
    this.enlist(transaction, block);
  }

  private enlist(transaction: Transaction, block: number): void {
    this.queue.delete(transaction);
    this.byBlock.set(block, [...this.inBlock(block), transaction]);
    this.accounts.apply(transaction);
  }

  private execute(sender: Hex, data: Hex, block: number): Effect {
    const state = {
      balanceOf: (address: Hex) => this.balanceOf(address, block),
      isUsed: (payer: Hex, nonce: Hex) => this.userOf(payer, nonce, block) !== undefined,
    };
    return change(this.token, state, sender, data, this.timeOf(block) / 1_000);
  }

  /** In the order of the blocks, since one that waited is mined after others that came later. */
  private index(): void {
    this.accounts = new Accounts();
    for (const all of [this.byHash, this.byBlock, this.queue]) all.clear();
    for (const each of this.state.transactions) this.byHash.set(each.hash, each);
    for (const each of this.state.transactions) if (each.block === null) this.queue.add(each);
    const mined = this.state.transactions.filter(({ block }) => block !== null);
    mined.sort((a, b) => (a.block ?? 0) - (b.block ?? 0));
    for (const each of mined) this.enlist(each, each.block ?? 0);
  }
}
