import { type FleetSnapshot } from "../../dashboard/fleet";
import { portAnswer, type WirePort } from "../answers/port";
import { defaultQuirks, mergeQuirks, type Quirks } from "../answers/quirks";
import { type Core } from "../core";
import { round } from "../rules/pricing";
import { currentPorts, requirePort } from "../rules/looking";
import { buyPort } from "../rules/buying";
import { endPort } from "../rules/ending";
import { addReply } from "../rules/replying";
import { passTime } from "../rules/passing";
import { Clock, parseDuration } from "../world/clock";
import { quoted, validate } from "../world/validate";
import { type ConfigPatch, mergeConfig } from "../world/config";
import { MAIN_ACCOUNT, openAccount, seedWorld } from "../world/seed";
import { X402Control } from "../x402/control";
import { OF_THE_LEDGER } from "../x402/config";
import {
  type Account,
  type CryptoOrder,
  type Port,
  type Purchase,
  SCOPES,
  type Scope,
  type Ticket,
} from "../world/types";
import { type World } from "../world/world";
import { editPort, type PortEdit } from "./edit-port";
import { type FaultRule } from "./faults";
import { fleetOf } from "./fleet";
import { redactBody, redactText } from "./redaction";
import { KEY, LEASE_SECONDS, ORDER, SEED } from "./requests";
import { type LoggedRequest } from "./request-log";
import { findCarrier, findCountry } from "./places";
import { snapshot, type Snapshot } from "../world/snapshot";

export interface OtherOrder {
  /** ISO code. @default "DE" */
  country?: string;
  /** Brand; any by default. */
  carrier?: string;
  slotType?: "shared" | "private";
  /** Seconds, or "30d". @default "30d" */
  expiresIn?: number | string;
  osFingerprint?: string;
  /** Name of the account. @default "main" */
  account?: string;
}

const MOST_KEYS = 10_000;

/** The operations of /_emulator/, in process and typed. */
export class Control {
  /** Wallets, their chain and what goes wrong with payments. */
  readonly x402: X402Control;

  constructor(private readonly core: Core) {
    this.x402 = new X402Control(core);
  }

  readonly clock = {
    now: (): Date => new Date(this.world.clock.now()),
    /** A number is milliseconds. */
    advance: (by: number | string): Date => this.moved(this.world.clock.advance(by)),
    set: (instant: Date | string | number): Date => this.moved(this.world.clock.set(instant)),
  };

  readonly keys = {
    /** A new key; an account of a new name is opened, with slots and money of its own. */
    addKey: (scopes: readonly Scope[] = SCOPES, account = MAIN_ACCOUNT): string => this.addKey(scopes, account),
    revokeKey: (key: string): void => {
      this.world.keys.delete(key);
      this.world.touch();
    },
  };

  /** Everything, as JSON. Secrets only when asked for. */
  state(options: { secrets?: boolean } = {}): Snapshot {
    this.settle();
    for (const account of this.world.accounts.values()) currentPorts(this.world, account);
    const whole = snapshot(this.world);
    return options.secrets ? whole : (redactBody(whole) as Snapshot);
  }

  /** A new world as at the start, by the real time again; faults, quirks and the log go too. */
  reset(config?: ConfigPatch & { seed?: number }): void {
    const { seed = this.world.seed, ...patch } = config ?? {};
    validate(SEED, { seed }, "");
    const next = mergeConfig(this.core.startConfig, patch);
    const clock = this.world.clock;
    const before = this.world.revision;
    const start = new Clock(clock.base);
    this.core.world = seedWorld(seed, next, start);
    this.core.world.revision += before + 1;
    this.core.quirks = defaultQuirks();
    this.clearFaults();
    this.clearRequests();
  }

  /** Changes the config of the running world; slots, money and traffic reach the main account. */
  configure(patch: ConfigPatch): void {
    this.settle();
    const { world } = this;
    if (patch.countries || patch.devicesPerCarrier) throw new Error("countries and devices are laid at reset");
    const fixed = OF_THE_LEDGER.find((name) => patch.x402?.[name] !== undefined);
    if (fixed) throw new Error(`x402.${fixed} is laid at reset`);
    world.config = mergeConfig(world.config, patch);
    const account = this.account(MAIN_ACCOUNT);
    for (const slotType of ["shared", "private"] as const) {
      account.slots[slotType].total = patch.slots?.[slotType] ?? account.slots[slotType].total;
      account.purchasedGB[slotType] = patch.trafficGB?.[slotType] ?? account.purchasedGB[slotType];
    }
    if (patch.balance !== undefined) account.deposited = patch.balance + account.spent;
    world.soonestEnd = 0;
    world.touch();
  }

  /** Live ports of every account, or of one, secrets included. */
  ports(account?: string): WirePort[] {
    this.settle();
    const accounts = account === undefined ? [...this.world.accounts.values()] : [this.account(account)];
    return accounts.flatMap((each) => currentPorts(this.world, each).map((port) => this.view(port)));
  }

  port(id: string): WirePort | undefined {
    this.settle();
    const port = this.world.port(id);
    return port && this.view(port);
  }

  /** What the page at "/" shows of an account. No secret is in it. */
  fleet(account = MAIN_ACCOUNT): FleetSnapshot {
    this.settle();
    return fleetOf(this.core, this.account(account));
  }

  editPort(id: string, edit: PortEdit): WirePort {
    const port = this.requirePort(id);
    editPort(this.world, port, edit);
    return this.view(port);
  }

  /** Behind the customer's back. */
  removePort(id: string): void {
    endPort(this.world, this.requirePort(id), "control");
  }

  /** Someone else buys; slots and stock count as ever. */
  buyPort(given: OtherOrder = {}): WirePort {
    const order = validate<OtherOrder>(ORDER, given, "an order has no field");
    this.settle();
    const country = findCountry(this.world, order.country ?? "DE");
    const { expiresIn = "30d", slotType = "shared", osFingerprint } = order;
    const leaseSeconds = validate<number>(
      LEASE_SECONDS,
      typeof expiresIn === "number" ? expiresIn : parseDuration(expiresIn) / 1_000,
      "a lease has no",
    );
    const port = buyPort(
      this.world,
      {
        countryId: country.id,
        ...(order.carrier && { carrierId: findCarrier(country, order.carrier).id }),
        slotType,
        leaseSeconds,
        ...(osFingerprint !== undefined && { osFingerprint }),
      },
      { account: this.account(order.account ?? MAIN_ACCOUNT), by: "control" },
    );
    return this.view(port);
  }

  /** Says how far a crypto order is. A payment that was not there before is credited to its account. */
  setOrder(id: string, status: CryptoOrder["status"]): CryptoOrder {
    const order = this.world.orders.get(id);
    if (!order) throw new Error(`the emulator has no order ${quoted(id)}`);
    if (status === "paid" && order.paidAt === undefined) {
      order.paidAt = this.world.clock.now();
      const account = this.world.account(order.accountId);
      account.deposited = round(account.deposited + order.amount);
    }
    order.status = status;
    this.world.touch();
    return structuredClone(order);
  }

  /** The vendor's support answers a ticket. */
  answerTicket(id: string, message: string): Ticket {
    const ticket = this.world.tickets.get(id);
    if (!ticket) throw new Error(`the emulator has no ticket ${quoted(id)}`);
    addReply(this.world, ticket, message, true);
    return structuredClone(ticket);
  }

  requests(): LoggedRequest[] {
    return this.core.requests.list();
  }

  clearRequests(): void {
    this.core.requests.clear();
  }

  /** Every port ever bought, and how it ended. */
  purchases(): Purchase[] {
    this.settle();
    return this.world.purchases.map((purchase) => ({
      ...structuredClone(purchase),
      ...(purchase.idempotencyKey !== undefined && { idempotencyKey: redactText(purchase.idempotencyKey) }),
    }));
  }

  addFault(rule: FaultRule): void {
    this.core.faults.add(rule);
  }

  /** All of them, or none where one is refused. */
  addFaults(rules: FaultRule[]): void {
    this.core.faults.add(...rules);
  }

  faults(): (FaultRule & { struck: number })[] {
    return this.core.faults.list();
  }

  clearFaults(): void {
    this.core.faults.clear();
    this.core.world.x402.faults.clear();
  }

  quirks(): Quirks {
    return { ...this.core.quirks };
  }

  setQuirks(changes: Partial<Quirks>): void {
    this.core.quirks = mergeQuirks(this.core.quirks, changes);
  }

  private get world(): World {
    return this.core.world;
  }

  private moved(now: number): Date {
    this.world.touch();
    return new Date(now);
  }

  private settle(): void {
    passTime(this.world);
  }

  /** Quirks change what the API says, never what control sees. */
  private view(port: Port): WirePort {
    return structuredClone(portAnswer(this.world, port, defaultQuirks(), this.core.url)) as WirePort;
  }

  private requirePort(id: string): Port {
    this.settle();
    const port = this.world.port(id);
    if (!port) throw new Error(`the emulator has no port ${quoted(id)}`);
    return requirePort(this.world, this.world.account(port.accountId), id);
  }

  private account(name: string): Account {
    const account = [...this.world.accounts.values()].find((each) => each.name === name);
    if (!account) throw new Error(`the emulator has no account ${quoted(name)}`);
    return account;
  }

  private addKey(scopes: readonly Scope[], name: string): string {
    const { world } = this;
    validate(KEY, { scopes, account: name }, "a key has no field");
    if (world.keys.size >= MOST_KEYS) throw new Error(`there are ${MOST_KEYS} keys at most; delete some`);
    const known = [...world.accounts.values()].find((each) => each.name === name);
    const account = known ?? openAccount(world, name);
    const key = `psx_emulator_${world.random.hex(24)}`;
    world.keys.set(key, { key, name: `${name}-${world.keys.size}`, accountId: account.id, scopes: [...scopes] });
    world.touch();
    return key;
  }
}
