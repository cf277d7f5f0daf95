import { type Api, isApiError, type Port, type PortOrder } from "../../api";
import { buyerKey } from "./owner-key";
import { ProviderError } from "../errors";
import { EarlierPurchases } from "./killed-runs";
import { type Hidden } from "../../domain/hidden-inputs";
import { type Journal, type Purchase, UnsafeJournalError } from "./journal";
import { matchUp, settle, together } from "./match-orders";
import { type BrokenOff, PendingPurchases, type SentBetween } from "./killed-elsewhere";
import { type PortReader } from "../run/port-reader";
import { type StackState } from "../run/stack-state";

/** Pauses before each look at the list after a lost answer, in ms: a purchase may show up late. */
const LOOKS = [0, 2_000, 5_000];

/** The run and the machine around purchases. Each has a default that suits a process without an engine. */
interface Around {
  sleep: (ms: number) => Promise<void>;
  now: () => number;
  /** Whether the engine that asks is still there: it may be killed while a create waits. */
  isWanted: () => Promise<boolean>;
  /** When the run began, epoch ms. */
  runBegan: () => number;
  stackState?: StackState;
}

const ALONE: Around = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: Date.now,
  isWanted: async () => true,
  runBegan: Date.now,
};

/** Orders whose answer was lost, each with what ends the wait for it. */
type Lost = Map<Purchase, (outcome: Port | Error) => void>;

/**
 * Buys ports, each at most once. A create whose answer was lost is never repeated: the list of live ports from before
 * the first create of this process is compared with one from after. Ports that are new, fit the order and belong to no
 * other create are ours, if there are no more than lost answers. The journal carries this over a killed run.
 */
export class Purchases {
  private before?: Promise<Map<string, Port>>;
  readonly earlier: EarlierPurchases;
  private readonly flying = new Set<Promise<unknown>>();
  private running = 0;
  private lost: Lost = new Map();
  /** Shut from the first lost answer to its recovery: the port of a create in between would be taken for the lost one. */
  private gate?: { opened: Promise<void>; open(): void };

  private readonly pending?: PendingPurchases;
  private readonly around: Around;
  /** Ports that the engine was given in an answer. */
  private readonly given = new Set<string>();

  constructor(
    private readonly api: Api,
    private readonly ports: PortReader,
    private readonly journal: Journal,
    around: Partial<Around> = {},
  ) {
    this.around = { ...ALONE, ...around };
    const { sleep, now, runBegan, stackState } = this.around;
    const answers = (): Promise<unknown> => Promise.allSettled([...this.flying]);
    const serverNow = (): number | undefined => api.serverNow();
    const earlier = new EarlierPurchases(ports, journal, { sleep, now, answers, serverNow });
    this.earlier = earlier;
    const free = async (buyer: Hidden): Promise<Port[]> => earlier.free(await ports.all(), buyerKey(buyer));
    const take = (id: string): void => earlier.take(id);
    this.pending = stackState && new PendingPurchases(stackState, { now, serverNow, runBegan, free, take });
  }

  /** To be awaited before the engine begins an operation on a resource that may buy, so in its check or diff. */
  async prepare(buyer: Hidden): Promise<void> {
    await this.pending?.prepare(buyer);
  }

  /**
   * What an earlier run bought for a resource and its state does not hold: by the journal, else by what the stack's
   * state says of operations that did not end.
   *
   * @throws ProviderError that names the candidates where it is unclear.
   */
  async takeUp(buyer: Hidden, order: PortOrder | undefined): Promise<Port | undefined> {
    const key = buyerKey(buyer);
    const known = key === undefined ? undefined : await this.earlier.find(key);
    return known ?? (order && this.pending?.find(buyer, order));
  }

  /** When an update of a Port was under way that did not end, as its stack's state or its own outputs tell. */
  async updateOf(id: string, { __stack, __brokeOff }: BrokenOff): Promise<SentBetween | undefined> {
    return __brokeOff ?? this.pending?.updateOf(id, __stack);
  }

  /** Ports that killed renewals bought in the place of one, and no state was seen to hold. */
  boughtInstead(portId: string): Promise<string[]> {
    return told([], async () => this.earlier.boughtInstead(portId));
  }

  /** Whether the journal knows a port that an earlier run bought for a resource and its state does not hold. */
  async hasEarlier(buyer: Hidden): Promise<boolean> {
    const key = buyerKey(buyer);
    return key !== undefined && told(false, () => this.earlier.has(key));
  }

  /** Whether this process bought or took up a port: the engine's state may hold it from now on. */
  wasHandedOut(portId: string): boolean {
    return this.earlier.wasHandedOut(portId);
  }

  /** The engine was given an answer that names this port. */
  gaveEngine(portId: string): void {
    this.given.add(portId);
  }

  /** The engine has ended this run in order, so its state holds what it was given. */
  endedWell(): void {
    for (const id of this.given) {
      this.journal.held(id);
      this.journal.renewed(id);
    }
  }

  /**
   * A renewal is about to release a port, and buys after it.
   *
   * @throws UnsafeJournalError, since nothing could be bought
   */
  releasing(portId: string): void {
    this.journal.releasing(portId);
  }

  /** What was about to be released surely was not. */
  notReleased(portId: string): void {
    this.journal.renewed(portId);
  }

  /** Whether a renewal that did not end released a port, or was about to. */
  wasReleasing(portId: string): boolean {
    return this.journal.wasReleasing(portId);
  }

  /** The engine's state tells that a renewal released this port. */
  stateTellsRelease(portId: string): void {
    this.journal.renewed(portId);
  }

  /** The engine deletes this port: nothing is to be found out about it any more. */
  letGo(portId: string): void {
    this.earlier.held(portId);
    this.journal.renewed(portId);
  }

  /**
   * @param instead the port that a renewal replaces
   * @throws ApiError where surely nothing was bought, ProviderError that names the candidates where it is unclear.
   */
  async buy(order: PortOrder, key: string, instead?: string): Promise<Port> {
    await this.listBefore();
    while (this.gate) await this.gate.opened;
    const purchase = this.journal.intend(key, order, this.api.serverNow() ?? Date.now(), instead);
    // Counted from here on, with no pause after the gate: a recovery must not start beside an order that it cannot see.
    this.running += 1;
    try {
      await this.checkWanted("bought");
      return await this.order(purchase);
    } catch (error) {
      if (isApiError(error) && error.maybeDone) return await this.recover(purchase, error);
      this.journal.close(purchase);
      throw error;
    } finally {
      this.running -= 1;
      void this.recoverWhenQuiet();
    }
  }

  /** @throws ProviderError where the engine is gone: it would not learn what became of a port */
  async checkWanted(what: "bought" | "released"): Promise<void> {
    if (await this.around.isWanted()) return;
    throw new ProviderError(`the run that asked for this port has ended; nothing was ${what}.`);
  }

  /** Sends an order. The vendor advises a key against repeats for another endpoint only, so nothing relies on it here. */
  private async order(purchase: Purchase): Promise<Port> {
    const sent = this.api.ports.create({ ...purchase.order, idempotencyKey: purchase.nonce }).then((port) => {
      this.give(purchase, port);
      return port;
    });
    this.flying.add(sent);
    return sent.finally(() => this.flying.delete(sent));
  }

  private async listBefore(): Promise<void> {
    const list = (this.before ??= this.ports.all());
    await list.catch((error: unknown) => {
      if (this.before === list) this.before = undefined;
      throw error;
    });
  }

  /** Whether no order is under way: then this process can end without a loss. */
  isQuiet(): boolean {
    return this.flying.size === 0;
  }

  private give(purchase: Purchase, port: Port): void {
    this.earlier.take(port.id);
    this.journal.bought(purchase, port.id);
  }

  /** Waits until every create under way has its answer or has lost it, then looks once for all that lost it. */
  private recover(purchase: Purchase, cause: Error): Promise<Port> {
    this.gate ??= newGate();
    return new Promise((resolve, reject) => {
      this.lost.set(purchase, (outcome) =>
        outcome instanceof Error ? reject(explain(outcome, cause)) : resolve(outcome),
      );
      void this.recoverWhenQuiet();
    });
  }

  private async recoverWhenQuiet(): Promise<void> {
    if (this.lost.size === 0 || this.running > this.lost.size) return;
    const lost = this.lost;
    this.lost = new Map();
    await this.look(lost);
    this.gate?.open();
    this.gate = undefined;
  }

  private async look(lost: Lost): Promise<void> {
    const orders = [...lost.keys()];
    try {
      let free: Port[] = [];
      for (const pause of LOOKS) {
        await this.around.sleep(pause);
        await this.earlier.othersAnswered(orders);
        free = await this.newPorts();
        if (matchUp(orders, free).size === orders.length) break;
      }
      for (let rest = orders; rest.length > 0;) {
        const group = together(rest[0] as Purchase, rest);
        const { found, unclear } = settle(group, free);
        for (const purchase of group) this.end(purchase, found.get(purchase) ?? unclear.get(purchase), lost);
        rest = rest.filter((one) => !group.includes(one));
      }
    } catch (error) {
      for (const purchase of orders) this.fail(purchase, error as Error, lost);
    }
  }

  /** Ports that nobody is known to have, and that were not there before. */
  private async newPorts(): Promise<Port[]> {
    const before = (await this.before) ?? new Map<string, Port>();
    const claimed = new Set(this.journal.read().map(({ id }) => id));
    return [...(await this.ports.again()).values()].filter(
      (port) => !before.has(port.id) && !claimed.has(port.id) && !this.earlier.isTaken(port.id),
    );
  }

  /** Ends the wait for a lost order: with its port, or with what to tell where none is certain. */
  private end(purchase: Purchase, outcome: Port | string | undefined, lost: Lost): void {
    if (typeof outcome === "object") {
      this.give(purchase, outcome);
      lost.get(purchase)?.(outcome);
    } else {
      const none = "no new port that fits the order has shown up. The next run looks again before it buys.";
      this.fail(purchase, new ProviderError(outcome ?? none), lost);
    }
  }

  private fail(purchase: Purchase, error: Error, lost: Lost): void {
    this.journal.lost(purchase);
    lost.get(purchase)?.(error);
  }
}

/** What the journal tells. One that is not safe warns, and tells no more: what is no purchase goes on. */
async function told<T>(nothing: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UnsafeJournalError) return nothing;
    throw error;
  }
}

function explain(outcome: Error, cause: Error): Error {
  return new ProviderError(`the answer to the purchase was lost (${cause.message}), and ${outcome.message}`);
}

function newGate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
