import { isDeepStrictEqual } from "node:util";
import { isKind } from "../../domain/kinds";
import { type Port, type PortOrder } from "../../api";
import { ProviderError } from "../errors";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { type ClaimedPorts } from "./claimed-ports";
import { fitsBefore, LATE, settle, together } from "./match-orders";
import { buyerKey } from "./owner-key";
import { InTurn } from "../run/in-turn";
import { type PortReader } from "../run/port-reader";
import { portsIn, type SavedBy, type StackFacts, type StackState, type StateResource } from "../run/stack-state";
import { type Surroundings } from "../run/surroundings";

/** What this look needs of the run around it. */
interface Around extends Pick<Surroundings, "runBegan" | "notice"> {
  now(): number;
  serverNow(): number;
}

/** When an order of an operation that did not end was sent, if any was: the vendor's time, epoch ms. */
export interface SentBetween {
  at: number;
  until: number;
}

/** What a state keeps of a Port for the runs after one that is killed. */
export interface BrokenOff {
  /** The full name of the stack: the engine passes it to no read. */
  __stack?: string;
  /** An order was lost, or a refresh found an update that did not end, and the engine informed no later run of it. */
  __brokeOff?: SentBetween;
}

/** Ports that a warning names. */
const SHOWN = 3;
/** By which clocks that are set by the net, and whole seconds, may differ, ms. */
const SECONDS = 2_000;

/** What the inputs of an operation ordered; undefined where that is not known. */
export type OrderOf = (inputs: object) => Promise<PortOrder | undefined>;

/** An operation that may have bought, and did not end. */
interface Interrupted {
  resource: StateResource;
  type: "creating" | "updating";
  /** It was to replace the resource that the state holds. */
  isReplacement?: boolean;
  /** Or a later run has made the resource: nothing that only a replacement changes shows which, and no mark. */
  isUnsure?: boolean;
  /** What a refresh or a lost order left; else the state has the time. */
  mark?: SentBetween;
}

interface Ordered extends SentBetween {
  order: PortOrder;
}

/**
 * What a run bought that was killed on another machine, whose journal is not here. The stack's state names the
 * operations that were begun and not ended. A port that was made at that time, is all that was ordered and belongs to
 * nobody is what such an operation bought, if there are no more of them than operations. Of an update the first run
 * after it is the last that the engine reports: where that is a refresh, it leaves a mark in the outputs, `__brokeOff`. So
 * does an update that lost an order.
 */
export class KilledElsewhere {
  private readonly prepared = new Set<string>();
  private readonly done = new Set<string>();
  /** Ports that a warning named. */
  private readonly shown = new Set<string>();
  private readonly interrupted = new WeakMap<StackFacts, Interrupted[]>();
  /** What each operation ordered. */
  private readonly orders = new Map<StateResource, Promise<PortOrder | undefined>>();
  private readonly looks = new InTurn();

  constructor(
    private readonly stackState: StackState,
    private readonly ports: PortReader,
    private readonly claimed: ClaimedPorts,
    private readonly around: Around,
  ) {}

  /**
   * To be awaited before the engine begins an operation on a resource that may buy, so in its check or diff: the state
   * names this run's own operations too, and drops earlier updates.
   */
  async prepare(buyer: Hidden): Promise<void> {
    if (buyer.urn === undefined) return;
    await this.stackState.of(stackOf(buyer));
    this.prepared.add(buyer.urn);
  }

  /** When an update of a Port was under way that did not end, by its stack's state. */
  async updateOf(id: string, stack: string | undefined): Promise<SentBetween | undefined> {
    const state = await this.stackState.of(stack, true);
    const mine = state?.resources.find((one) => one.id === id && isPort(one) && !one.delete);
    if (!state || !mine) return undefined;
    const update = this.interruptedIn(state).find((one) => one.type === "updating" && isOn(one, mine));
    return update && this.sent(update, state);
  }

  /**
   * One read at a time.
   *
   * @param isCreate whether a create asks: then what the create of a replacement bought that did not end counts too
   * @param instead the port that is replaced: by it, the resource is known under its name of before too
   * @throws ProviderError that names the candidates where it is unclear.
   */
  find(
    buyer: Hidden,
    order: PortOrder,
    orderOf: OrderOf,
    isCreate: boolean,
    instead?: string,
  ): Promise<Port | undefined> {
    const { urn } = buyer;
    if (urn === undefined || !this.prepared.has(urn)) return Promise.resolve(undefined);
    return this.looks.do(() => this.look(urn, buyer, order, orderOf, isCreate, instead));
  }

  private async look(
    urn: string,
    buyer: Hidden,
    order: PortOrder,
    orderOf: OrderOf,
    isCreate: boolean,
    instead: string | undefined,
  ): Promise<Port | undefined> {
    const stack = stackOf(buyer);
    const state = await this.stackState.of(stack);
    if (!state || stack === undefined) return undefined;
    const all = this.interruptedIn(state).filter(({ resource }) => !this.done.has(resource.urn));
    // The engine keeps a "creating" for ever, also when a later run has made the resource, or deleted it again.
    const savedBy = all.some(({ type }) => type === "creating") ? await this.stackState.savedBy(stack) : undefined;
    const isOpen = ({ isReplacement, isUnsure }: Interrupted): boolean =>
      !isReplacement || (savedBy !== undefined && !(isUnsure && savedBy === "a whole run"));
    const open = all.filter(isOpen);
    const isOfType = ({ inputs }: StateResource): boolean =>
      (inputs?.slotType === "private") === (order.isPrivate ?? false);
    const holder = ({ outputs, ...one }: StateResource): boolean => !one.delete && outputs?.portId === instead;
    const before = instead === undefined ? undefined : state.resources.filter(isPort).find(holder);
    const isMine = (one: Interrupted): boolean =>
      one.resource.urn === urn || (before !== undefined && isOn(one, before));
    const mine = open.find((one) => isMine(one) && (!one.isReplacement || (isCreate && isOfType(one.resource))));
    if (!mine) return undefined;
    const held = new Set(portsIn(state));
    const listed = await this.ports.all();
    const unheld = (ports: Port[]): Port[] => ports.filter(({ id }) => !held.has(id));
    const free = unheld(this.claimed.free(listed, buyerKey(buyer)));
    // Orders of another account bought none of this one's ports.
    const rivals = open.filter(
      (one) => one !== mine && !one.isUnsure && one.resource.account === mine.resource.account,
    );
    const orders = await Promise.all(rivals.map((one) => this.orderedBy(one, orderOf)));
    const others = rivals.flatMap((one, index): Ordered[] => {
      const what = orders[index];
      return what ? [{ order: what, ...this.sent(one, state) }] : [];
    });
    const then = (await this.orderedBy(mine, orderOf)) ?? order;
    const sent = this.sent(mine, state);
    const bought = (what: PortOrder): Port | undefined => boughtBy(mine.type, { order: what, ...sent }, others, free);
    const port = bought(then) ?? bought(order);
    if (port) {
      if (mine.type === "creating" && (mine.isUnsure || !this.isOurs(port, savedBy))) throw mayBeOthers(port);
      this.done.add(mine.resource.urn);
      return this.claimed.handOut(port);
    }
    if (mine.isUnsure) return undefined;
    const older = free.filter((one) => fitsBefore(one, then, sent.at));
    const disowned = unheld(this.claimed.disowned(listed)).filter((one) => fitsBefore(one, then, sent.until));
    this.warnOf([...older, ...disowned], urn);
    return undefined;
  }

  /**
   * Whether a create may have bought a port that did not end. A run of all resources that went well has dealt with what
   * was open before it. After one, only what another run bought is the one's that it left open.
   */
  private isOurs({ createdAt = 0 }: Port, savedBy: SavedBy): boolean {
    if (savedBy === "a whole run") return false;
    if (typeof savedBy !== "object") return true;
    const ahead = this.around.serverNow() - this.around.now();
    const [from, to] = [savedBy.began - SECONDS, savedBy.ended + SECONDS].map((at) => at + ahead) as [number, number];
    return createdAt >= from && createdAt <= to;
  }

  /**
   * The state has the time of its last run only: what one before it bought, killed as well, is known by nothing but its
   * age. It may be another stack's, so it is neither taken nor waited for. What the user disowned may have been said of
   * another stack.
   */
  private warnOf(ports: Port[], urn: string): void {
    const ids = ports.map(({ id }) => id).filter((id) => !this.shown.has(id));
    for (const id of ids) this.shown.add(id);
    if (ids.length === 0) return;
    const named = ids.slice(0, SHOWN).join(", ");
    const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
    this.around.notice(
      `a run that did not end well, on another machine, may have bought one of the older or disowned ports ` +
        `${named}${more}, which this stack's state does not hold. Another is bought. ` +
        "`npx proxies-sx orphans` lists ports without an owner.",
      urn,
    );
  }

  /** Looked up once for each operation: all of them are compared with each that is looked for. */
  private orderedBy({ resource }: Interrupted, orderOf: OrderOf): Promise<PortOrder | undefined> {
    const order = this.orders.get(resource) ?? orderOf(resource.inputs ?? {});
    this.orders.set(resource, order);
    order.catch(() => this.orders.delete(resource));
    return order;
  }

  /**
   * The order was under way when the state was saved last, or was sent soon after: what others of the account bought
   * since is none of it. Ports have the vendor's time.
   */
  private sent({ mark }: Interrupted, state: StackFacts): SentBetween {
    const began = this.around.runBegan();
    const ahead = this.around.serverNow() - this.around.now();
    // This run's own orders may be in the list before their answers are here.
    if (mark) return { at: mark.at, until: Math.min(mark.until, began + ahead) };
    const saved = state.savedBefore(began);
    return {
      at: saved === undefined ? 0 : saved + ahead - LATE,
      until: Math.min(began, (saved ?? Infinity) + LATE) + ahead,
    };
  }

  private interruptedIn(state: StackFacts): Interrupted[] {
    const known = this.interrupted.get(state);
    if (known) return known;
    const ports = state.resources.filter((one) => isPort(one) && !one.delete);
    const held = new Map(ports.map((one) => [one.urn, one]));
    const marked = [...held.values()].flatMap((resource): Interrupted[] => {
      const mark = resource.outputs?.__brokeOff as SentBetween | undefined;
      return mark ? [{ type: "updating", resource, mark }] : [];
    });
    const isMarked = new Set(marked.map(({ resource }) => resource.urn));
    const pending = state.pending.flatMap(({ type, resource }): Interrupted[] => {
      const now = held.get(resource.urn);
      if (!isPort(resource) || isMarked.has(resource.urn)) return [];
      if (type === "updating") return [{ type, resource }];
      if (type !== "creating") return [];
      if (!now) return [{ type, resource }];
      const isOther = (resource.inputs?.slotType === "private") !== (now.outputs?.slotType === "private");
      const isAsked = !isDeepStrictEqual(resource.replacementTrigger, now.replacementTrigger);
      const isSure = isOther || isAsked || now.taint || now.pendingReplacement;
      return [{ type, resource, isReplacement: true, isUnsure: !isSure }];
    });
    const all = [...marked, ...pending];
    this.interrupted.set(state, all);
    return all;
  }
}

/**
 * What an operation bought, by what it ordered. Others that could have bought the same port count too: ports of such
 * orders are interchangeable.
 *
 * @throws ProviderError that names the candidates where it is unclear.
 */
function boughtBy(type: Interrupted["type"], one: Ordered, others: Ordered[], free: Port[]): Port | undefined {
  const { found, unclear } = settle(together(one, [one, ...others]), free);
  const doubt = unclear.get(one);
  if (doubt === undefined) return found.get(one);
  const clear = type === "creating" ? " So does `pulumi refresh --clear-pending-creates`." : "";
  throw new ProviderError(
    `a run that did not end well, on another machine, may have bought a port for this resource, and ${doubt}${clear}`,
  );
}

/** Of a create that the state still names: a later run made the resource, or the program had none then. */
function mayBeOthers({ id }: Port): ProviderError {
  return new ProviderError(
    `a run that did not end well may have bought port ${id} for this resource. Other runs of the stack may have ended ` +
      "since, so the port may be somebody else's. If it is yours, adopt it with the resource option " +
      `{ import: "${id}" }, in a run that makes or replaces the resource. If it is not, \`pulumi refresh --clear-pending-creates\` lets the next run buy, and so does ` +
      `\`npx proxies-sx disown ${id}\`.`,
  );
}

/** Whether an operation was on a resource of the state, to which it may have been about to give another name. */
const isOn = ({ resource: { urn, aliases } }: Interrupted, held: StateResource): boolean =>
  urn === held.urn || (aliases?.includes(held.urn) ?? false);

const isPort = ({ type }: StateResource): boolean => isKind("Port", type);
