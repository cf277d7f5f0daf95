import { type Port } from "../../api";
import { ProviderError } from "../errors";
import { type ClaimedPorts } from "./claimed-ports";
import { isRunning } from "../../files/running";
import { type Journal } from "./journal";
import { type Purchase } from "./journal-lines";
import { couldShare, fits, LATE, settle, together } from "./match-orders";
import { InTurn } from "../run/in-turn";
import { type PortReader } from "../run/port-reader";
import { type Surroundings } from "../run/surroundings";

/** Pause between looks at a purchase that another process has under way, or that may still show up, in ms. */
export const PAUSE = 2_000;
/** How old a purchase is, by this machine's clock, from which on it shows up or never will, in ms. */
const SETTLED = 15_000;

const CONTESTED = "contested";

/** What this look needs of the run around it. */
interface Around extends Pick<Surroundings, "sleep"> {
  now(): number;
  /** Resolves once the orders that this process has under way have their answers. */
  answers(): Promise<unknown>;
}

/**
 * What earlier, killed runs bought for a resource, by the journal. A purchase with a known port is taken up again. One
 * without may have been carried out or not: ports that were made at that time, fit the order and belong to nobody are
 * compared with all such purchases. Ports of one order are interchangeable, so as many as there are can be taken up.
 */
export class KilledRuns {
  private readonly looks = new InTurn();
  /** Resources that processes which are gone have something open for, and ports that they were to replace. */
  private keys?: Set<string | undefined>;

  constructor(
    private readonly ports: PortReader,
    private readonly journal: Journal,
    private readonly claimed: ClaimedPorts,
    private readonly around: Around,
  ) {}

  /**
   * The port that an earlier run bought for this resource and the state does not hold. One read at a time.
   *
   * @param instead the port that the resource has: by it, what was bought in its place is known under another name too
   */
  find(key: string, instead?: string): Promise<Port | undefined> {
    if (!this.mayHave(key, instead)) return Promise.resolve(undefined);
    return this.looks.do(() => this.look(key, instead));
  }

  /**
   * The port that an earlier run surely bought for this resource, that the state does not hold, and that serves: to be
   * taken up by `find`. An order without an answer is looked for, and not waited for.
   *
   * @throws ProviderError that names the candidates where it is unclear.
   */
  async bought(key: string, instead?: string): Promise<Port | undefined> {
    if (!this.mayHave(key, instead)) return undefined;
    for (const purchase of this.madeFor(key, instead).filter((one) => !this.isUnderWay(one))) {
      const found = purchase.id ?? (await this.match(purchase));
      if (found === CONTESTED) continue;
      const id = typeof found === "string" ? found : found?.id;
      if (id === undefined && !this.mayShowUp(purchase)) this.journal.close(purchase);
      if (id === undefined || this.claimed.isKnown(id)) continue;
      const port = await this.ports.find(id);
      if (port && this.claimed.serves(port)) return port;
    }
    return undefined;
  }

  /**
   * Ports that renewals of other processes bought in the place of one, and that no state was seen to hold. And those that
   * an order of such a renewal may have bought that was never answered: what fits is ours for a resource that lives on,
   * and no reason to release it.
   */
  async boughtInstead(portId: string): Promise<{ surely: string[]; maybe: string[] }> {
    const mine = this.foreign().filter(({ instead }) => instead === portId);
    const surely = mine.flatMap(({ id }) => (id === undefined || this.claimed.isKnown(id) ? [] : [id]));
    const open = mine.filter(({ id }) => id === undefined);
    const free = open.length > 0 ? this.claimed.free(await this.ports.again()) : [];
    return { surely, maybe: free.filter((port) => open.some((one) => fits(port, one))).map(({ id }) => id) };
  }

  /** Orders that other processes of this machine have under way and that one of these could be taken for. */
  rivals(lost: Purchase[]): Purchase[] {
    const couldBe = ({ order }: Purchase): boolean => lost.some((one) => couldShare(one.order, order));
    return this.foreign().filter((purchase) => couldBe(purchase) && this.isUnderWay(purchase));
  }

  /**
   * Whether other processes may have something open for a resource. One that outlives its CLI may still write, so what
   * is known is kept only where there is none.
   */
  mayHave(key: string, instead?: string): boolean {
    const has = (keys: Set<string | undefined>): boolean =>
      keys.has(key) || (instead !== undefined && keys.has(instead));
    if (this.keys) return has(this.keys);
    const foreign = this.foreign();
    const keys = new Set(foreign.flatMap((purchase) => [purchase.key, purchase.instead]));
    if (!foreign.some((purchase) => this.isUnderWay(purchase))) this.keys = keys;
    return has(keys);
  }

  private async look(key: string, instead: string | undefined): Promise<Port | undefined> {
    for (;;) {
      const known = await this.known(this.madeFor(key, instead));
      if (known) return known;
      const lost = this.madeFor(key, instead).find(({ id }) => id === undefined);
      if (!lost) return undefined;
      const port = this.rivals([lost]).length > 0 ? CONTESTED : await this.match(lost);
      if (typeof port === "object") return this.claimed.handOut(port);
      if (port === CONTESTED || this.mayShowUp(lost)) await this.around.sleep(PAUSE);
      else this.journal.close(lost);
    }
  }

  private madeFor(key: string, instead: string | undefined): Purchase[] {
    const isInstead = (one: Purchase): boolean => instead !== undefined && one.instead === instead;
    return this.foreign().filter((one) => one.key === key || isInstead(one));
  }

  private foreign(): Purchase[] {
    return this.journal.read().filter(({ run }) => run !== this.journal.run);
  }

  /** The newest known port of these purchases that still serves. */
  private async known(mine: Purchase[]): Promise<Port | undefined> {
    for (const purchase of [...mine].reverse()) {
      if (purchase.id === undefined || this.claimed.isKnown(purchase.id)) continue;
      const port = await this.ports.find(purchase.id);
      if (port && this.claimed.serves(port)) return this.claimed.handOut(port);
      this.journal.close(purchase);
    }
    return undefined;
  }

  /**
   * The port of an order without an answer. From then on the journal knows it. Not certain while another process has an
   * order under way for which it may have been bought.
   */
  private async match(lost: Purchase): Promise<Port | typeof CONTESTED | undefined> {
    const listed = await this.ports.again();
    // Orders of this process and of others can be in the list before their answers are here.
    await this.around.answers();
    if (this.rivals([lost]).length > 0) return CONTESTED;
    const free = this.claimed.free(listed);
    const open = this.foreign();
    const unanswered = open.filter(({ id }) => id === undefined);
    const one = unanswered.find(({ nonce }) => nonce === lost.nonce);
    if (!one) return undefined;
    const { found, unclear } = settle(together(one, unanswered), free);
    const doubt = unclear.get(one);
    if (doubt !== undefined) {
      throw new ProviderError(`a run that was killed may have bought a port for this resource, and ${doubt}`);
    }
    const port = found.get(one);
    if (!port) return undefined;
    this.journal.bought(one, port.id);
    return port;
  }

  private mayShowUp({ local }: Purchase): boolean {
    return Math.abs(this.around.now() - local) < SETTLED;
  }

  /** A provider can outlive the CLI that was killed, and finish its purchase. */
  private isUnderWay({ pid, local, id, lost }: Purchase): boolean {
    return (
      id === undefined && !lost && Math.abs(this.around.now() - local) < LATE && pid !== process.pid && isRunning(pid)
    );
  }
}
