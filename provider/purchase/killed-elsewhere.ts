import { PORT_TYPE } from "../../domain/kinds";
import { type Port, type PortOrder } from "../../api";
import { ProviderError } from "../errors";
import { type Hidden } from "../../domain/hidden-inputs";
import { LATE, settle } from "./match-orders";
import { type PendingOperation, type StackState, type StateResource } from "../run/stack-state";

/** What this look needs of the run around it. */
export interface Around {
  now(): number;
  serverNow(): number | undefined;
  /** When the run began, epoch ms by this machine's clock. */
  runBegan(): number;
  /**
   * Ports that serve, and that no purchase which is known here claims. A purchase for the buyer that counts as done
   * with claims none: the engine may have failed to save the state.
   */
  free(buyer: Hidden): Promise<Port[]>;
  /** A port is given out: it is not free any more. */
  take(id: string): void;
}

/**
 * What a run bought that was killed on another machine, whose journal is not here. The stack's state names the
 * operations that were begun and not ended. A port that was made at that time, is all that was ordered and belongs to
 * nobody is what such an operation bought, if there are no more of them than operations.
 */
export class PendingPurchases {
  private readonly prepared = new Set<string>();
  private readonly done = new Set<string>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly stackState: StackState,
    private readonly around: Around,
  ) {}

  /**
   * To be awaited before the engine begins an operation on a resource that may buy, so in its check or diff: the state
   * names this run's own operations too, and drops earlier updates.
   */
  async prepare({ urn, owner }: Hidden): Promise<void> {
    if (urn === undefined) return;
    await this.stackState.pendingOperations(urn, owner);
    this.prepared.add(urn);
  }

  /**
   * One look at a time.
   *
   * @throws ProviderError that names the candidates where it is unclear.
   */
  find({ urn, owner }: Hidden, order: PortOrder): Promise<Port | undefined> {
    if (urn === undefined || !this.prepared.has(urn)) return Promise.resolve(undefined);
    const found = this.queue.then(() => this.look(urn, owner, order));
    this.queue = found.catch(() => undefined);
    return found;
  }

  private async look(urn: string, owner: string | undefined, order: PortOrder): Promise<Port | undefined> {
    const resources = (await this.stackState.resources(urn, owner)) ?? [];
    const open = interrupted((await this.stackState.pendingOperations(urn, owner)) ?? [], resources).filter(
      ({ resource }) => !this.done.has(resource.urn),
    );
    const mine = open.find(({ resource }) => resource.urn === urn);
    if (!mine) return undefined;
    const began = this.around.runBegan();
    const saved = await this.stackState.savedBefore(began, urn, owner);
    const held = new Set(resources.flatMap(portsOf));
    const free = (await this.around.free({ urn, owner })).filter(({ id }) => !held.has(id));
    // The order was under way when the state was saved last, or was sent soon after: what others of the account bought
    // since is none of it. Ports tell the vendor's time.
    const ahead = (this.around.serverNow() ?? this.around.now()) - this.around.now();
    const sent = {
      at: saved === undefined ? 0 : saved + ahead - LATE,
      until: Math.min(began, (saved ?? Infinity) + LATE) + ahead,
    };
    const alike = open.filter(({ resource }) => ordered(resource) === ordered(mine.resource));
    const orders = alike.map((operation) => ({ operation, order, ...sent }));
    const one = orders[alike.indexOf(mine)] as (typeof orders)[number];
    const { found, unclear } = settle(orders, free);
    const doubt = unclear.get(one);
    if (doubt !== undefined) {
      const clear = mine.type === "creating" ? " So does `pulumi refresh --clear-pending-creates`." : "";
      throw new ProviderError(
        `a run that did not end well, on another machine, may have bought a port for this resource, and ${doubt}${clear}`,
      );
    }
    const port = found.get(one);
    if (!port) return undefined;
    this.done.add(urn);
    this.around.take(port.id);
    return port;
  }
}

const isPort = ({ type }: StateResource): boolean => type === PORT_TYPE;

/** Operations that may have bought: a "creating" stays in the state, also when a later run has made the resource. */
function interrupted(pending: readonly PendingOperation[], resources: readonly StateResource[]): PendingOperation[] {
  const held = new Set(resources.filter((one) => !one.delete).map(({ urn }) => urn));
  return pending.filter(
    ({ type, resource }) => isPort(resource) && type === (held.has(resource.urn) ? "updating" : "creating"),
  );
}

/** Ports of the vendor's that a resource of the state holds. */
function portsOf(resource: StateResource): unknown[] {
  if (!isPort(resource)) return [];
  const { portId, retiring } = resource.outputs ?? {};
  const old = Array.isArray(retiring) ? (retiring as { portId?: unknown }[]) : [];
  return [resource.id, portId, ...old.map((one) => one.portId)];
}

/** What the program said of a port: operations that were for the same are interchangeable. */
const ordered = ({ inputs = {} }: StateResource): string =>
  JSON.stringify(
    Object.entries(inputs)
      .filter(([name]) => !name.startsWith("__"))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
