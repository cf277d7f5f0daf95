import { type Api, type Port } from "../../api";

/** How long one list answers reads, in ms: longer than a large refresh, shorter than a person's next change. */
const LIST_AGE = 60_000;

/** Pauses before a port that was only just bought is asked for again, in ms. */
const AGAIN = [500, 1_500, 4_000];

/** Ports in one page of a list. */
const PAGE = 100;

/** How long reads wait for others that want the same list, in ms. */
const GATHER = 20;

/**
 * Reads of ports, shared: one list serves all reads of a refresh, and an id that is missing from a list is confirmed
 * by its own GET before it counts as gone.
 */
export class PortReader {
  private list?: { at: number; ports: Promise<Map<string, Port>> };
  /** Ports whose whole answer came with a create or a write of this process: newer than any list. */
  private readonly fresh = new Map<string, Port>();
  /** Ports that this process wrote without a whole answer: a list from before is no use for them. */
  private readonly stale = new Set<string>();
  /** How many ports the last list held. */
  private size = 0;
  private gathering?: { ids: Set<string>; done: Promise<Map<string, Port>> };

  /** Ports that were only just bought: the vendor may take a moment to know them everywhere. */
  private readonly young = new Set<string>();

  constructor(
    private readonly api: Api,
    private readonly now: () => number = Date.now,
    private readonly sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** All live ports, from a list at most a minute old. */
  all(): Promise<Map<string, Port>> {
    if (!this.list || this.now() - this.list.at > LIST_AGE) {
      const ports = this.api.ports.list().then(byId);
      ports.then(
        ({ size }) => (this.size = size),
        () => (this.list = undefined),
      );
      this.list = { at: this.now(), ports };
    }
    return this.list.ports;
  }

  /** A list taken now, whatever is at hand. */
  again(): Promise<Map<string, Port>> {
    this.list = undefined;
    return this.all();
  }

  async find(id: string): Promise<Port | undefined> {
    const known = this.fresh.get(id);
    if (known) return known;
    const listed = this.stale.has(id) ? undefined : (await this.all()).get(id);
    return listed ?? (await this.ask(id));
  }

  /** One port by its own GET. A port that was only just bought is asked for again before it counts as missing. */
  async ask(id: string): Promise<Port | undefined> {
    let port = await this.api.ports.get(id);
    for (const pause of this.young.has(id) ? AGAIN : []) {
      if (port) break;
      await this.sleep(pause);
      port = await this.api.ports.get(id);
    }
    if (port && this.stale.delete(id)) this.fresh.set(id, port);
    return port;
  }

  /** A port whose create returned only a part of it. Several that wait are read by one list where that costs less. */
  async complete(id: string): Promise<Port | undefined> {
    this.gathering ??= this.gather();
    const { ids, done } = this.gathering;
    ids.add(id);
    return (await done).get(id) ?? (await this.ask(id));
  }

  private gather(): { ids: Set<string>; done: Promise<Map<string, Port>> } {
    const ids = new Set<string>();
    const done = new Promise((resolve) => setTimeout(resolve, GATHER)).then(() => {
      this.gathering = undefined;
      const pages = Math.ceil((this.size + ids.size) / PAGE);
      return ids.size > pages ? this.again() : new Map<string, Port>();
    });
    return { ids, done };
  }

  /** A port that is missing, but was made so lately that the vendor may not know it everywhere yet. */
  askYoung(id: string): Promise<Port | undefined> {
    this.young.add(id);
    return this.ask(id);
  }

  /** Takes the answer of a purchase. */
  bought(port: Port): void {
    this.young.add(port.id);
    this.wrote(port.id, port);
  }

  /** Takes the answer of a write: a whole port is kept, anything less makes the next read ask. */
  wrote(id: string, answer: Port | undefined): void {
    this.fresh.delete(id);
    if (answer && isWhole(answer)) {
      this.fresh.set(id, answer);
      this.stale.delete(id);
    } else this.stale.add(id);
  }

  /** Takes a change that a write made to a port which was read before it. */
  amend(port: Port, change: Partial<Port>): void {
    this.fresh.set(port.id, { ...(this.fresh.get(port.id) ?? port), ...change });
    this.stale.delete(port.id);
  }

  /** A deleted port is in no list of ours any more. */
  removed(id: string): void {
    this.fresh.delete(id);
    this.stale.add(id);
  }
}

/** A create may answer with eight fields of a port only (source: the vendor page's sample). */
export function isWhole(port: Port): boolean {
  return [
    port.status,
    port.slotType,
    port.createdAt,
    port.rotationToken ?? port.rotationLink,
    port.proxyPassword,
  ].every((field) => field !== undefined);
}

const byId = (ports: Port[]): Map<string, Port> => new Map(ports.map((port) => [port.id, port]));
