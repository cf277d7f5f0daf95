import { type Core } from "../core";
import { passTime } from "../rules/passing";
import { quoted, validate } from "../world/validate";
import { type World } from "../world/world";
import { checksum, type Hex } from "./chain/bytes";
import { FACILITATOR, type Ledger } from "./chain/ledger";
import { HEALTHY, type NodeState } from "./chain/rpc";
import { type Transaction } from "./chain/transactions";
import { type X402Fault } from "./faults";
import { parseUsdc, toText } from "./money";
import { type Gift, type Move, type NodeEdit, type Reorganisation } from "./control-calls";
import { BLOCKS, GIFT, MINING, MOVE, NODE, REORGANISATION, USED } from "./requests";
import { type SessionStatus, setUsed, statusOf, usedBy } from "./sessions";
import { type Payment, type Session } from "./state";

export interface LedgerView {
  network: string;
  chainId: number;
  asset: Hex;
  payTo: Hex;
  facilitator: Hex;
  mining: "auto" | "manual";
  head: number;
  safe: number;
  finalized: number;
  /** USDC and ETH as "1.50". */
  balances: { address: Hex; usdc: string; eth: string }[];
  /** Mined ones and those that wait, in the order in which they came. */
  transactions: Transaction[];
}

/** What the server took, with the payer in capitals of EIP-55 and the amount as "4.00". */
export interface Receipt extends Omit<Payment, "amount" | "at"> {
  amountUSDC: string;
  at: string;
  delivered: boolean;
  /** The chain has it still. */
  mined: boolean;
}

export type SessionView = Session & { status: SessionStatus; usedGB: number };

const WEI = 10n ** 18n;

/** The operations of /_emulator/x402/, in process and typed. */
export class X402Control {
  constructor(private readonly core: Core) {}

  /** USDC, and ETH for gas, from nowhere. */
  faucet(given: Gift | string): Transaction {
    const gift = typeof given === "string" ? { address: given } : given;
    const { address, usdc = 100, eth = 1 } = validate<Gift>(GIFT, gift, "a gift has no field");
    const wei = BigInt(Math.round(eth * 1e6)) * 10n ** 12n;
    return structuredClone(this.ledger.give(address.toLowerCase(), parseUsdc(usdc), wei));
  }

  /** A transfer that needs no key. */
  transfer(given: Move): Transaction {
    const { from, to, usdc } = validate<Move>(MOVE, given, "a transfer has no field");
    return structuredClone(this.ledger.move(from, to, parseUsdc(usdc)));
  }

  /** USDC as "1.50". */
  balance(address: string): string {
    return toText(this.ledger.balanceOf(address));
  }

  ledgerView(): LedgerView {
    const { ledger, world } = this;
    const { network, chainId, address } = world.x402.network;
    return {
      network,
      chainId,
      asset: checksum(address),
      payTo: world.config.x402.payTo,
      facilitator: FACILITATOR,
      mining: ledger.mining,
      head: ledger.head(),
      safe: ledger.safe(),
      finalized: ledger.finalized(),
      balances: ledger.balances().map((each) => ({
        address: checksum(each.address),
        usdc: toText(each.balance),
        eth: String(Number((ledger.gasMoneyOf(each.address) * 1_000_000n) / WEI) / 1e6),
      })),
      transactions: structuredClone([...ledger.transactions()]),
    };
  }

  /** Every payment that the server took, delivered or not. */
  receipts(): Receipt[] {
    const { ledger } = this;
    return [...this.world.x402.payments.values()].map(({ amount, at, payer, ...rest }) => ({
      ...rest,
      payer: checksum(payer),
      amountUSDC: toText(amount),
      at: new Date(at).toISOString(),
      delivered: rest.sessionId !== undefined,
      mined: ledger.transaction(rest.txHash)?.status === "success",
    }));
  }

  /** Secrets included. */
  sessions(): SessionView[] {
    this.settle();
    const { world } = this;
    return [...world.x402.sessions.values()].map((session) => ({
      ...structuredClone(session),
      status: statusOf(world, session),
      usedGB: usedBy(world, session),
    }));
  }

  /** What a session has used in total. It uses no more by itself. */
  setUsed(id: string, usedGB: number): void {
    validate(USED, { usedGB }, "a session has no field");
    this.settle();
    const session = this.world.x402.session(id);
    if (!session) throw new Error(`the emulator has no session ${quoted(id)}`);
    setUsed(this.world, session, usedGB);
  }

  /** "manual": what is sent waits until `mine`. */
  setMining(mining: "auto" | "manual"): void {
    this.ledger.mining = validate<{ mining: "auto" | "manual" }>(MINING, { mining }, "").mining;
  }

  /** Makes so many blocks; what waits is mined into the first. @returns the last one's number. */
  mine(blocks = 1): number {
    validate(BLOCKS, { blocks }, "");
    return this.ledger.mine(blocks);
  }

  /** Replaces the last blocks. @returns the transactions that were in them. */
  reorganise(given: Reorganisation = {}): Transaction[] {
    const { blocks = 1, transactions } = validate<Reorganisation>(
      REORGANISATION,
      given,
      "a reorganisation has no field",
    );
    return structuredClone(this.ledger.reorganise(blocks, transactions));
  }

  node(): NodeState {
    return { ...this.world.x402.node };
  }

  /** How the node behind /rpc is disturbed; without fields it is healthy again. */
  setNode(given: NodeEdit = {}): NodeState {
    const edit = validate<NodeEdit>(NODE, given, "a node has no field");
    const base = Object.keys(edit).length === 0 ? HEALTHY : this.world.x402.node;
    this.world.x402.node = { ...base, ...edit };
    return this.node();
  }

  addFault(rule: X402Fault): void {
    this.world.x402.faults.add(rule);
  }

  /** All of them, or none where one is refused. */
  addFaults(rules: X402Fault[]): void {
    this.world.x402.faults.add(...rules);
  }

  faults(): (X402Fault & { struck: number })[] {
    return this.world.x402.faults.list();
  }

  clearFaults(): void {
    this.world.x402.faults.clear();
  }

  private get world(): World {
    return this.core.world;
  }

  private get ledger(): Ledger {
    this.settle();
    return this.world.x402.ledger;
  }

  private settle(): void {
    passTime(this.world);
  }
}
