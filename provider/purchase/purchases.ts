import { type Api, type Port, type PortOrder } from "../../api";
import { buyerKey } from "./owner-key";
import { ClaimedPorts } from "./claimed-ports";
import { KilledRuns } from "./killed-runs";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { type Journal, UnsafeJournalError } from "./journal";
import { type Purchase } from "./journal-lines";
import { LostAnswers } from "./lost-answers";
import { type BrokenOff, KilledElsewhere, type OrderOf, type SentBetween } from "./killed-elsewhere";
import { type PortReader } from "../run/port-reader";
import { SILENT, type Surroundings } from "../run/surroundings";
import { checkWanted } from "../run/wanted";
import { portsIn, type StackState } from "../run/stack-state";

/** The run and the machine around purchases. What is not given suits a process without an engine. */
interface Around extends Surroundings {
  now: () => number;
  stackState?: StackState;
}

const ALONE: Around = { ...SILENT, now: Date.now, runBegan: Date.now };

/**
 * Buys ports, each at most once: a create whose answer was lost is never repeated, and what killed runs bought is taken
 * up first. The journal carries what is known over a killed run.
 */
export class Purchases {
  readonly killedRuns: KilledRuns;
  private readonly killedElsewhere?: KilledElsewhere;
  private readonly lostAnswers: LostAnswers;
  private readonly claimed: ClaimedPorts;
  private readonly inFlight = new Set<Promise<unknown>>();
  private readonly around: Around;
  /** Ports that the engine was given in an answer. */
  private readonly given = new Set<string>();

  constructor(
    private readonly api: Api,
    ports: PortReader,
    private readonly journal: Journal,
    around: Partial<Around> = {},
  ) {
    this.around = { ...ALONE, ...around };
    const { sleep, shared, owed, isOwed, now, runBegan, stackState, notice } = this.around;
    const serverNow = (): number => api.serverNow() ?? now();
    this.claimed = new ClaimedPorts(journal, serverNow);
    const answers = (): Promise<unknown> => Promise.allSettled([...this.inFlight]);
    this.killedRuns = new KilledRuns(ports, journal, this.claimed, { sleep, now, answers });
    const rivals = (lost: Purchase[]): Purchase[] => this.killedRuns.rivals(lost);
    this.lostAnswers = new LostAnswers(ports, journal, this.claimed, { sleep, shared, owed, isOwed, rivals });
    const looks = { now, serverNow, runBegan, notice };
    this.killedElsewhere = stackState && new KilledElsewhere(stackState, ports, this.claimed, looks);
  }

  /** To be awaited before the engine begins an operation on a resource that may buy, so in its check or diff. */
  async prepare(buyer: Hidden): Promise<void> {
    await this.killedElsewhere?.prepare(buyer);
  }

  /**
   * What an earlier run bought for a resource and its state does not hold: by the journal, else by what the stack's
   * state says of operations that did not end. The journal has it from then on: should this run be killed as well, the
   * state no longer shows when the first one bought.
   *
   * @param orderOf what the inputs of such an operation ordered: the program may have changed since
   * @param instead the port that a renewal or a replacement takes the place of
   * @throws ProviderError that names the candidates where it is unclear.
   */
  async takeUp(
    buyer: Hidden,
    order: PortOrder | undefined,
    orderOf: OrderOf,
    instead?: string,
    isCreate = instead === undefined,
  ): Promise<Port | undefined> {
    const key = buyerKey(buyer);
    if (key === undefined) return undefined;
    await this.seeState(buyer, key, instead);
    const known = await this.killedRuns.find(key, instead);
    if (known || !order) return known;
    const port = await this.killedElsewhere?.find(buyer, order, orderOf, isCreate, instead);
    if (port) this.intend(order, key, { instead, id: port.id });
    return port;
  }

  /** When an update of a Port was under way that did not end, as its stack's state or its own outputs say. */
  async updateOf(id: string, { __stack, __brokeOff }: BrokenOff): Promise<SentBetween | undefined> {
    return __brokeOff ?? this.killedElsewhere?.updateOf(id, __stack);
  }

  /**
   * The user names the port of a resource: what its open orders may have bought is not to take that one's place. It
   * stays nobody's, and `proxies-sx orphans` lists it.
   */
  adopted(buyer: Hidden): Promise<void> {
    const key = buyerKey(buyer);
    return told(undefined, async () => {
      for (const purchase of this.journal.read()) if (purchase.key === key) this.journal.close(purchase);
    });
  }

  /** Ports that killed renewals surely or maybe bought in the place of one, and no state was seen to hold. */
  boughtInstead(portId: string): ReturnType<KilledRuns["boughtInstead"]> {
    return told({ surely: [], maybe: [] }, () => this.killedRuns.boughtInstead(portId));
  }

  /**
   * The port that an earlier run bought for a resource, or instead of its port, and its state does not hold, as the
   * journal knows it.
   *
   * @throws ProviderError that names the candidates where it is unclear.
   */
  async boughtEarlier(buyer: Hidden, instead?: string): Promise<Port | undefined> {
    const key = buyerKey(buyer);
    if (key === undefined) return undefined;
    return told(undefined, async () => {
      await this.seeState(buyer, key, instead);
      return this.killedRuns.bought(key, instead);
    });
  }

  /** What the state holds is no outcome of a lost order, also where this process has not compared it yet. */
  private async seeState(buyer: Hidden, key: string, instead: string | undefined): Promise<void> {
    if (!this.killedRuns.mayHave(key, instead)) return;
    const state = await this.around.stackState?.of(stackOf(buyer), true);
    for (const id of state ? portsIn(state) : []) this.claimed.held(id);
  }

  /** Whether this process bought or took up a port: the engine's state may hold it from now on. */
  wasHandedOut(portId: string): boolean {
    return this.claimed.wasHandedOut(portId);
  }

  /** The program imports this port: it is no outcome of a lost order. */
  imports(portId: string): void {
    this.claimed.imported(portId);
  }

  /** The engine's state holds this port: its purchase is done with. */
  stateHolds(portId: string): void {
    this.claimed.held(portId);
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

  /** The engine's state holds that a renewal released this port. */
  stateTellsRelease(portId: string): void {
    this.journal.renewed(portId);
  }

  /** The engine deletes this port: nothing is to be found out about it any more. */
  letGo(portId: string): void {
    this.claimed.held(portId);
    this.journal.renewed(portId);
  }

  /**
   * @param instead the port that a renewal replaces
   * @throws ApiError where surely nothing was bought, ProviderError that names the candidates where it is unclear.
   */
  buy(order: PortOrder, key: string, instead?: string): Promise<Port> {
    return this.lostAnswers.settled(
      () => this.intend(order, key, { instead }),
      async (purchase) => {
        await checkWanted(this.around, "bought");
        return this.order(purchase);
      },
    );
  }

  private intend(order: PortOrder, key: string, more: Pick<Purchase, "instead" | "id">): Purchase {
    return this.journal.intend(key, order, this.api.serverNow() ?? Date.now(), more);
  }

  /** Sends an order. The vendor advises a key against repeats for another endpoint only, so nothing relies on it here. */
  private async order(purchase: Purchase): Promise<Port> {
    const order = { ...purchase.order, idempotencyKey: purchase.nonce };
    const sent = this.api.ports.create(order).then((port) => {
      this.journal.bought(purchase, port.id);
      return this.claimed.handOut(port);
    });
    this.inFlight.add(sent);
    return sent.finally(() => this.inFlight.delete(sent));
  }

  /** Whether no order is under way: then this process can end without a loss. */
  isQuiet(): boolean {
    return this.inFlight.size === 0;
  }
}

/** What the journal shows. One that is not safe warns, and shows no more: what is no purchase goes on. */
async function told<T>(nothing: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UnsafeJournalError) return nothing;
    throw error;
  }
}
