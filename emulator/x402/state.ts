import { type SlotType, type WorldConfig } from "../world/config";
import { keep } from "../world/keeping";
import { type Hex } from "./chain/bytes";
import { Ledger, type LedgerState } from "./chain/ledger";
import { HEALTHY, type NodeState } from "./chain/rpc";
import { X402Faults } from "./faults";
import { type Network, type NetworkName, NETWORKS } from "./networks";

/** What was bought with a wallet. Its port is one of the emulator's, of an account of its own. */
export interface Session {
  id: string;
  token: string;
  /** The payer's address, in small letters. */
  wallet: Hex;
  tier: SlotType;
  place: { countryId: string; carrierId?: string; cityId?: string };
  allocatedGB: number;
  portId: string;
  /** Used by ports that were replaced. */
  retiredGB: number;
  replaced: number;
  createdAt: number;
  expiresAt: number;
  /** USDC, decimal. */
  amountUSDC: string;
  /** The transaction that bought it. */
  txHash: Hex;
}

/** A payment that the server took, whether or not it has delivered. */
export interface Payment {
  txHash: Hex;
  proof: "authorization" | "hash" | "watch";
  payer: Hex;
  /** Of the authorization. */
  nonce?: Hex;
  /** Micro-USDC, decimal. */
  amount: string;
  at: number;
  purpose: "proxy" | "topup" | "extend";
  /** What exactly was bought: one payment buys one thing. */
  key: string;
  /** Absent while it is paid and not delivered. */
  sessionId?: string;
}

export interface Offer {
  id: string;
  key: string;
  /** Micro-USDC, decimal. */
  amount: string;
  payTo: Hex;
  createdAt: number;
  expiresAt: number;
  /** The payment that answered it. */
  txHash?: Hex;
}

export interface Agent {
  walletAddress: string;
  name: string;
  registeredAt: number;
}

export interface X402State {
  network: NetworkName;
  ledger: LedgerState;
  sessions: Session[];
  payments: Payment[];
  offers: Offer[];
  agents: Agent[];
}

const MOST_SESSIONS = 10_000;
const MOST_OFFERS = 2_000;
const MOST_AGENTS = 1_000;

interface Owner {
  seed: number;
  config: WorldConfig;
  clock: { now(): number };
  touch(): void;
}

export class X402 {
  ledger: Ledger;
  readonly sessions = new Map<string, Session>();
  readonly payments = new Map<Hex, Payment>();
  readonly offers = new Map<string, Offer>();
  readonly agents = new Map<string, Agent>();
  readonly faults = new X402Faults();
  node: NodeState = { ...HEALTHY };
  /** Sessions were held to their traffic when ports had been counted up to here. */
  limitedUntil = 0;

  constructor(private readonly owner: Owner) {
    this.ledger = this.open();
  }

  get network(): Network {
    return NETWORKS[this.owner.config.x402.network];
  }

  session(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  sessionByToken(token: string): Session | undefined {
    return [...this.sessions.values()].find((session) => session.token === token);
  }

  addSession(session: Session): void {
    if (this.sessions.size >= MOST_SESSIONS) throw new Error(`the emulator has ${MOST_SESSIONS} sessions at most`);
    this.sessions.set(session.id, session);
  }

  addOffer(offer: Offer): void {
    keep(this.offers, offer.id, offer, MOST_OFFERS);
  }

  addAgent(agent: Agent): void {
    keep(this.agents, agent.walletAddress.toLowerCase(), agent, MOST_AGENTS);
  }

  paymentOf(payer: Hex, nonce: Hex): Payment | undefined {
    return [...this.payments.values()].find((each) => each.payer === payer && each.nonce === nonce);
  }

  save(): X402State {
    return {
      network: this.network.network,
      ledger: this.ledger.save(),
      sessions: [...this.sessions.values()],
      payments: [...this.payments.values()],
      offers: [...this.offers.values()],
      agents: [...this.agents.values()],
    };
  }

  /** @throws where the config asks for another network than the saved chain's. */
  load(saved: X402State): void {
    if (saved.network !== this.network.network)
      throw new Error(`its chain is ${saved.network}, and x402.network asks for ${this.network.network}`);
    this.ledger = this.open(saved.ledger);
    for (const session of saved.sessions) this.sessions.set(session.id, session);
    for (const payment of saved.payments) this.payments.set(payment.txHash, payment);
    for (const offer of saved.offers) this.offers.set(offer.id, offer);
    for (const agent of saved.agents) this.addAgent(agent);
  }

  private open(saved?: LedgerState): Ledger {
    const { seed, config, clock } = this.owner;
    const { blockSeconds, finalityBlocks } = config.x402;
    const onChange = () => this.owner.touch();
    const now = () => clock.now();
    return new Ledger({ token: this.network, seed, blockSeconds, finalityBlocks, now, onChange }, saved);
  }
}
