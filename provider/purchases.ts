import { type Api, isApiError, type Port, type PortOrder } from "../api";
import { ProviderError } from "./errors";
import { type PortReader } from "./port-reader";

/** Pauses before each look at the list after a lost answer, in ms: a purchase may show up late. */
const LOOKS = [0, 2_000, 5_000];

/** What makes two orders interchangeable: any port of the one would do for the other. */
const sameOrder = (order: PortOrder): string =>
  JSON.stringify([
    order.countryId,
    order.carrierId,
    order.cityId,
    order.regionId,
    order.isPrivate ?? false,
    order.expiresInSeconds,
  ]);

interface Lost {
  order: PortOrder;
  settle(outcome: Port | Error): void;
}

/**
 * Buys ports, each at most once. A create whose answer was lost is never repeated: the list of live ports from before
 * the first create of this process is compared with one from after. Ports that are new, fit the order and belong to no
 * other create are ours, if there are exactly as many as lost answers.
 */
export class Purchases {
  private before?: Promise<Map<string, Port>>;
  private readonly ours = new Set<string>();
  private running = 0;
  private lost: Lost[] = [];
  /** Shut from the first lost answer to its recovery: the port of a create in between would be taken for the lost one. */
  private gate?: { opened: Promise<void>; open(): void };

  constructor(
    private readonly api: Api,
    private readonly ports: PortReader,
    private readonly sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** @throws ApiError where surely nothing was bought, ProviderError that names the candidates where it is unclear. */
  async buy(order: PortOrder): Promise<Port> {
    this.before ??= this.ports.all();
    await this.before;
    while (this.gate) await this.gate.opened;
    this.running += 1;
    try {
      const port = await this.api.ports.create(order);
      this.ours.add(port.id);
      return port;
    } catch (error) {
      if (!isApiError(error) || !error.maybeDone) throw error;
      return await this.recover(order, error);
    } finally {
      this.running -= 1;
      void this.recoverWhenQuiet();
    }
  }

  /** Waits until every create under way has its answer or has lost it, then looks once for all that lost it. */
  private recover(order: PortOrder, cause: Error): Promise<Port> {
    this.gate ??= newGate();
    return new Promise((resolve, reject) => {
      this.lost.push({
        order,
        settle: (outcome) => (outcome instanceof Error ? reject(explain(outcome, cause)) : resolve(outcome)),
      });
      void this.recoverWhenQuiet();
    });
  }

  private async recoverWhenQuiet(): Promise<void> {
    if (this.lost.length === 0 || this.running > this.lost.length) return;
    const lost = this.lost;
    this.lost = [];
    await this.look(lost);
    this.gate?.open();
    this.gate = undefined;
  }

  private async look(lost: Lost[]): Promise<void> {
    try {
      const groups = groupByOrder(lost);
      let found = new Map<string, Port[]>();
      for (const pause of LOOKS) {
        await this.sleep(pause);
        found = await this.candidates(groups);
        if ([...groups].every(([key, group]) => (found.get(key)?.length ?? 0) >= group.length)) break;
      }
      for (const [key, group] of groups) this.assign(group, found.get(key) ?? []);
    } catch (error) {
      for (const one of lost) one.settle(error as Error);
    }
  }

  private async candidates(groups: Map<string, Lost[]>): Promise<Map<string, Port[]>> {
    const before = (await this.before) ?? new Map<string, Port>();
    const fresh = [...(await this.ports.again()).values()].filter(
      (port) => !before.has(port.id) && !this.ours.has(port.id),
    );
    return new Map(
      [...groups].map(([key, group]) => [key, fresh.filter((port) => fits(port, (group[0] as Lost).order))]),
    );
  }

  private assign(group: Lost[], candidates: Port[]): void {
    if (candidates.length === group.length) {
      for (const [index, one] of group.entries()) {
        const port = candidates[index] as Port;
        this.ours.add(port.id);
        one.settle(port);
      }
      return;
    }
    const error = new ProviderError(
      candidates.length === 0
        ? "no new port that fits the order has shown up; see `proxies-sx orphans` or the vendor's dashboard before the next run."
        : `${candidates.length} new ports fit ${group.length === 1 ? "one lost answer" : `${group.length} lost answers`}: ${candidates.map((port) => port.id).join(", ")}. ` +
            'If one is yours, adopt it with the resource option { import: "<id>" }; it was not bought again.',
    );
    for (const one of group) one.settle(error);
  }
}

/** Whether a port may be what an order bought. A fact that the answer does not tell speaks neither for nor against. */
function fits(port: Port, order: PortOrder): boolean {
  const slotType = order.isPrivate ? "private" : "shared";
  const differs = (told: string | undefined, wanted: string | undefined): boolean =>
    told !== undefined && wanted !== undefined && told !== wanted;
  return !(
    differs(port.slotType, slotType) ||
    differs(port.country?.id, order.countryId) ||
    differs(port.carrier?.id, order.carrierId) ||
    differs(port.city?.id, order.cityId) ||
    differs(port.region?.id, order.regionId)
  );
}

function explain(outcome: Error, cause: Error): Error {
  return new ProviderError(`the answer to the purchase was lost (${cause.message}), and ${outcome.message}`);
}

function newGate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function groupByOrder(lost: Lost[]): Map<string, Lost[]> {
  const groups = new Map<string, Lost[]>();
  for (const one of lost) groups.set(sameOrder(one.order), [...(groups.get(sameOrder(one.order)) ?? []), one]);
  return groups;
}
