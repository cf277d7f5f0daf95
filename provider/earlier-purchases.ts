import { type Api, type Port } from "../api";
import { ProviderError } from "./errors";
import { isRunning, type Journal, type Purchase } from "./journal";
import { fits, LATE, sameOrder, unclear } from "./order-match";
import { isGone } from "./port-lease";
import { type PortReader } from "./port-reader";

/** Pause between looks at a purchase that another process has under way, or that may still show up, in ms. */
const PAUSE = 2_000;
/** How old a purchase is, by this machine's clock, from which on it shows up or never will, in ms. */
const SETTLED = 15_000;

/**
 * What earlier, killed runs bought for a resource, by the journal. A purchase with a known port is taken up again. One
 * without may have been carried out or not: ports that were made at that time, fit the order and belong to nobody are
 * compared with all such purchases. Ports of one order are interchangeable, so as many as there are can be taken up.
 */
export class EarlierPurchases {
  /** Ports that the engine's state was seen to hold, or that this process gave out. */
  private readonly taken = new Set<string>();
  private queue: Promise<unknown> = Promise.resolve();
  /** Resources that other processes have something open for. None comes later: the engine locks a stack for a run. */
  private keys?: Set<string>;

  constructor(
    private readonly api: Api,
    private readonly ports: PortReader,
    private readonly journal: Journal,
    private readonly sleep: (ms: number) => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  /** A call of the engine shows that its state holds this port. */
  held(id: string): void {
    this.taken.add(id);
    this.journal.held(id);
  }

  take(id: string): void {
    this.taken.add(id);
  }

  isTaken(id: string): boolean {
    return this.taken.has(id) || this.journal.isSettled(id);
  }

  /** The port that an earlier run bought for this resource and the state does not hold. One look at a time. */
  find(key: string): Promise<Port | undefined> {
    this.keys ??= new Set(this.foreign().map((purchase) => purchase.key));
    if (!this.keys.has(key)) return Promise.resolve(undefined);
    const found = this.queue.then(() => this.look(key));
    this.queue = found.catch(() => undefined);
    return found;
  }

  private async look(key: string): Promise<Port | undefined> {
    for (;;) {
      const open = this.foreign();
      const mine = open.filter((purchase) => purchase.key === key);
      if (mine.length === 0) return undefined;
      const known = await this.known(mine);
      if (known) return known;
      const lost = mine.find(({ id }) => id === undefined);
      if (!lost) return undefined;
      const rivals = open.filter(
        ({ id, order: theirs }) => id === undefined && sameOrder(theirs) === sameOrder(lost.order),
      );
      if (rivals.some((rival) => isUnderWay(rival, this.now()))) {
        await this.sleep(PAUSE);
        continue;
      }
      const port = await this.match(lost, rivals, open);
      if (port) return port;
      if (this.now() - lost.local < SETTLED) {
        await this.sleep(PAUSE);
        continue;
      }
      this.journal.close(lost);
    }
  }

  private foreign(): Purchase[] {
    return this.journal.read().filter(({ run }) => run !== this.journal.run);
  }

  /** The newest known port of these purchases that is still there. */
  private async known(mine: Purchase[]): Promise<Port | undefined> {
    for (const purchase of [...mine].reverse()) {
      if (purchase.id === undefined || this.taken.has(purchase.id)) continue;
      const port = await this.api.ports.get(purchase.id);
      if (port && !isGone(port.status)) return this.give(port);
      this.journal.close(purchase);
    }
    return undefined;
  }

  private async match(lost: Purchase, rivals: Purchase[], open: Purchase[]): Promise<Port | undefined> {
    const claimed = new Set(open.map(({ id }) => id));
    const candidates = [...(await this.ports.again()).values()].filter(
      (port) =>
        !isGone(port.status) &&
        !claimed.has(port.id) &&
        !this.isTaken(port.id) &&
        rivals.some(({ order, at }) => fits(port, order, at)),
    );
    if (candidates.length > rivals.length) {
      throw new ProviderError(
        `a run that was killed may have bought a port for this resource, and ${unclear(candidates, rivals.length)}`,
      );
    }
    const port = candidates.find((one) => fits(one, lost.order, lost.at));
    if (!port) return undefined;
    this.journal.bought(lost, port.id);
    return this.give(port);
  }

  private give(port: Port): Port {
    this.taken.add(port.id);
    return port;
  }
}

/** A provider can outlive the CLI that was killed, and finish its purchase. */
const isUnderWay = ({ pid, local }: Purchase, now: number): boolean =>
  now - local < LATE && pid !== process.pid && isRunning(pid);
