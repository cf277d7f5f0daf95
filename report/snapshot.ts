import { isGone } from "../domain/lease";
import { type AccountSummary, type Api, type Port, type Subscription } from "../api";
import { present } from "../api/reading";
import { messageOf, Redactor } from "../text";
import {
  type AccountFacts,
  type FleetSnapshot,
  had,
  type ManagedFacts,
  type Part,
  type SubscriptionFacts,
  type WalletLease,
} from "../dashboard/fleet";
import { type Holder, portFacts } from "./port-facts";
import { rotationFacts } from "./rotations";
import { usageFacts } from "./usage";

export interface SnapshotOptions {
  /** Host that is asked, as the views name it. */
  source: string;
  /** The key, so that no word of the vendor can repeat it. */
  apiKey: string;
  /** Compares the live ports with states; called after they are listed. */
  managed?: (listed: Port[]) => Promise<Managed>;
  /** What `managed` throws fails the look, instead of leaving its part out. @default false */
  needsStates?: boolean;
  /** Ports whose history of rotations is asked for, one call each: those that rotated last. @default 100 */
  histories?: number;
  /** Reported after each history. */
  onProgress?: (done: number, of: number) => void;
  /** Parts that change slowly or cost many calls are taken from here, while younger than `keepMs`. */
  earlier?: FleetSnapshot;
  /** @default 60_000 */
  keepMs?: number;
}

export interface Managed {
  facts: ManagedFacts;
  /** By id of the port. */
  holders: Map<string, Holder>;
  /** Those of the states that a wallet pays for. */
  leases?: WalletLease[];
}

/**
 * Looks at the account: one list of ports, one summary, three sums of traffic, and the histories. A call that is
 * refused or fails leaves its part out.
 *
 * @throws what the list failed with, where nothing could be read at all; with `needsStates`, what `managed` throws.
 */
export async function takeSnapshot(api: Api, options: SnapshotOptions): Promise<FleetSnapshot> {
  const now = () => api.serverNow() ?? Date.now();
  const redactor = new Redactor([options.apiKey]);
  const part = async <T>(ask: () => Promise<T>): Promise<Part<T>> =>
    ask().then(
      (value) => ({ takenAt: now(), value }),
      (error: unknown) => ({ leftOut: redactor.line(messageOf(error)) }),
    );
  const kept = <T>(earlier: Part<T> | undefined, ask: () => Promise<T>): Promise<Part<T>> | Part<T> =>
    isYoung(earlier, now(), options.keepMs ?? 60_000) ? earlier : part(ask);

  const listing = api.ports.list().then((ports) => ports.filter(({ status }) => !isGone(status)));
  const [listed, account, usage] = await Promise.all([
    part(() => listing),
    part(async () => accountFacts(await api.account.summary(), redactor)),
    kept(options.earlier?.usage, () => usageFacts(api)),
  ]);
  if (!had(listed) && !had(account) && !had(usage)) await listing;
  const live = had(listed);
  const compare = async (states: NonNullable<SnapshotOptions["managed"]>): Promise<Part<Managed>> => {
    if (!live) return { leftOut: "the ports could not be listed" };
    return options.needsStates ? { takenAt: now(), value: await states(live) } : part(() => states(live));
  };
  const managed = options.managed && (await compare(options.managed));
  const holders = had(managed)?.holders;
  const rotations = live
    ? await kept(options.earlier?.rotations, () =>
        rotationFacts(api, live, { most: options.histories ?? 100, now: now(), onProgress: options.onProgress }),
      )
    : { leftOut: "the ports could not be listed" };
  return plain(
    {
      takenAt: now(),
      source: options.source,
      ports:
        "value" in listed
          ? {
              ...listed,
              value: listed.value.map((port) => portFacts(port, options.apiKey, holders?.get(port.id))),
            }
          : listed,
      account,
      usage,
      rotations,
      ...(managed && { managed: "value" in managed ? { ...managed, value: managed.value.facts } : managed }),
      ...(managed &&
        "value" in managed &&
        managed.value.leases?.length && { wallet: { ...managed, value: managed.value.leases } }),
    },
    redactor,
  );
}

/** The vendor's clock is known to the second, and an emulator's can be set back: a part of the future is old too. */
function isYoung<T>(part: Part<T> | undefined, now: number, keepMs: number): part is Part<T> {
  return part !== undefined && "value" in part && Math.abs(now - part.takenAt) < keepMs;
}

function accountFacts(
  { balance, currency, shared, alerts, ...rest }: AccountSummary,
  redactor: Redactor,
): AccountFacts {
  return present<AccountFacts>({
    balance,
    currency: currency && redactor.line(currency),
    shared: shared && subscription(shared),
    private: rest.private && subscription(rest.private),
    alerts: alerts.slice(0, 20).map(({ message }) => redactor.line(message)),
  });
}

function subscription({ slots, traffic, expiresAt }: Subscription): SubscriptionFacts {
  return present<SubscriptionFacts>({
    slots: slots && { total: slots.total, used: slots.used },
    trafficGB: traffic,
    expiresAt,
  });
}

/** JSON and back, so that a snapshot taken now and one that was read are alike. No name in a state repeats the key. */
const plain = (snapshot: FleetSnapshot, redactor: Redactor): FleetSnapshot =>
  JSON.parse(JSON.stringify(snapshot), (_, one: unknown) =>
    typeof one === "string" ? redactor.cut(one) : one,
  ) as FleetSnapshot;
