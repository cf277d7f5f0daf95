import { isApiError, type Port } from "../../api";
import { ProviderError } from "../errors";
import { type PortReader } from "../run/port-reader";
import { type Surroundings } from "../run/surroundings";
import { type ClaimedPorts } from "./claimed-ports";
import { type Journal } from "./journal";
import { type Purchase } from "./journal-lines";
import { PAUSE } from "./killed-runs";
import { withoutStop } from "../../text";
import { couldShare, matchUp, settle, together } from "./match-orders";
import { type SentBetween } from "./killed-elsewhere";

/** Pauses before each read of the list after a lost answer, in ms: a purchase may show up late. */
const LOOKS = [0, 2_000, 5_000];

/**
 * How long after its run has stopped looking an order may be carried out, for a machine without the journal, in ms: what
 * another stack buys meanwhile looks the same there.
 */
const SOON = 60_000;

const NONE = "no new port that fits the order has shown up.";
const RIVAL = "another run on this machine has lost one at the same time, to an order that the same port could fit.";
const NEXT =
  "The next run looks again before it buys; of a replacement, on this machine only. If the resource leaves the program " +
  "first, `npx proxies-sx orphans` finds what was bought.";

/** It is not known what an order bought, if anything. Another machine can look for it by when it was sent. */
export class LostOrderError extends ProviderError {
  constructor(
    message: string,
    readonly sent: SentBetween,
  ) {
    super(message);
  }
}

/** Orders whose answer was lost, each with what ends the wait for it. */
type Lost = Map<Purchase, (outcome: Port | string) => void>;

/** What this look needs of the run around it. */
interface Around extends Pick<Surroundings, "sleep" | "shared" | "owed" | "isOwed"> {
  /** Orders that other processes have under way and that one of these could be taken for. */
  rivals(lost: Purchase[]): Purchase[];
}

/**
 * Orders of this process whose answer was lost. They are never repeated: the list of live ports from before its first
 * order is compared with one from after. Ports that are new, fit the order and belong to no other order are ours, if
 * there are no more than lost answers.
 */
export class LostAnswers {
  private before?: Promise<Map<string, Port>>;
  private running = 0;
  private lost: Lost = new Map();
  /** Whether one of them goes on in a run that was interrupted. */
  private isOwed = false;
  /** Shut from the first lost answer to its recovery: the port of an order in between would be taken for the lost one. */
  private gate?: { opened: Promise<void>; open(): void };

  constructor(
    private readonly ports: PortReader,
    private readonly journal: Journal,
    private readonly claimed: ClaimedPorts,
    private readonly around: Around,
  ) {}

  /**
   * Writes an order down, sends it, and finds out what it bought where its answer is lost.
   *
   * @throws ApiError where surely nothing was bought, ProviderError that names the candidates where it is unclear.
   */
  async settled(intend: () => Purchase, order: (purchase: Purchase) => Promise<Port>): Promise<Port> {
    await this.listBefore();
    while (this.gate) await this.gate.opened;
    const purchase = intend();
    // Counted from here on, with no pause after the gate: a recovery must not start beside an order that it cannot see.
    this.running += 1;
    try {
      return await order(purchase);
    } catch (error) {
      if (isApiError(error) && error.maybeDone) return await this.recover(purchase, error);
      this.journal.close(purchase);
      throw error;
    } finally {
      this.running -= 1;
      void this.recoverWhenQuiet();
    }
  }

  private async listBefore(): Promise<void> {
    const list = (this.before ??= this.ports.all().then((ports) => {
      this.journal.listed([...ports.keys()]);
      return ports;
    }));
    await list.catch((error: unknown) => {
      if (this.before === list) this.before = undefined;
      throw error;
    });
  }

  /** Waits until every order under way has its answer or has lost it, then looks once for all that lost it. */
  private recover(purchase: Purchase, cause: Error): Promise<Port> {
    this.gate ??= newGate();
    this.isOwed ||= this.around.isOwed();
    return new Promise((resolve, reject) => {
      this.lost.set(purchase, (outcome) =>
        typeof outcome === "string" ? reject(explain(outcome, purchase, cause)) : resolve(outcome),
      );
      void this.recoverWhenQuiet();
    });
  }

  private async recoverWhenQuiet(): Promise<void> {
    if (this.lost.size === 0 || this.running > this.lost.size) return;
    const { lost, isOwed, around } = this;
    this.lost = new Map();
    this.isOwed = false;
    await around.shared(() => (isOwed ? around.owed(() => this.look(lost)) : this.look(lost)));
    this.gate?.open();
    this.gate = undefined;
  }

  private async look(lost: Lost): Promise<void> {
    const orders = [...lost.keys()];
    try {
      for (const purchase of orders) this.journal.looking(purchase);
      let free: Port[] = [];
      for (const pause of LOOKS) {
        await this.around.sleep(pause);
        free = await this.newPorts(orders);
        if (matchUp(orders, free).size === orders.length) break;
      }
      const rivals = this.around.rivals(orders);
      for (let rest = orders; rest.length > 0;) {
        const group = together(rest[0] as Purchase, rest);
        const isContested = rivals.some((other) => group.some((one) => couldShare(one.order, other.order)));
        const { found, unclear } = isContested ? contested(group) : settle(group, free);
        for (const purchase of group) this.end(purchase, found.get(purchase) ?? unclear.get(purchase), lost);
        rest = rest.filter((one) => !group.includes(one));
      }
    } catch (error) {
      const why = withoutStop((error as Error).message);
      for (const purchase of orders) this.fail(purchase, `${why}. ${NEXT}`, lost);
    }
  }

  /**
   * Ports that nobody is known to have, and that were not there before. Orders of other processes get their answers first,
   * those that come up meanwhile too. One that looks as this one does is not waited for: it would wait for this one.
   */
  private async newPorts(orders: Purchase[]): Promise<Port[]> {
    const before = await this.before;
    const isOrdering = (): boolean => this.around.rivals(orders).some(({ looking }) => !looking);
    let listed: ReadonlyMap<string, Port>;
    do {
      while (isOrdering()) await this.around.sleep(PAUSE);
      listed = await this.ports.again();
    } while (isOrdering());
    return this.claimed.free(listed).filter(({ id }) => !before?.has(id));
  }

  /** Ends the wait for a lost order: with its port, or with what to report where none is certain. */
  private end(purchase: Purchase, outcome: Port | string | undefined, lost: Lost): void {
    if (typeof outcome === "object") {
      this.journal.bought(purchase, outcome.id);
      lost.get(purchase)?.(this.claimed.handOut(outcome));
    } else {
      this.fail(purchase, outcome ?? `${NONE} ${NEXT}`, lost);
    }
  }

  private fail(purchase: Purchase, why: string, lost: Lost): void {
    this.journal.lost(purchase);
    lost.get(purchase)?.(why);
  }
}

function explain(why: string, { at, local }: Purchase, cause: Error): Error {
  const text = `the answer to the purchase was lost (${cause.message}), and ${why}`;
  return new LostOrderError(text, { at, until: at + (Date.now() - local) + SOON });
}

/** Two processes that took one port each by the same list could take the same. */
const contested = (group: Purchase[]): ReturnType<typeof settle<Purchase>> => ({
  found: new Map(),
  unclear: new Map(group.map((one) => [one, `${RIVAL} ${NEXT}`])),
});

function newGate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
