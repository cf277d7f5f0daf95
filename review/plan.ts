import { natural } from "../text";
import { type AccountFacts, idsOf } from "./account";
import { type Breach } from "./breach";
import { type CostPlan, costPlan } from "./cost";
import { type Dependent, dependentsOf } from "./dependents";
import { type Known, part, valueOf } from "./known";
import { breachesOf } from "./limit-rules";
import { type LeaseChange, leaseChanges } from "./leases";
import { type Limits } from "./limits";
import { type PortChange, type PortFacts, portChanges, tellsRetiring } from "./ports";
import { type Preview } from "./preview";
import { type Renewal, renewalsDue } from "./renewals";
import { reviewedOf } from "./reviewed";
import { type SettingChange, settingChanges } from "./settings";
import { type SlotPlan, slotPlans } from "./slots";
import { type StockPlan, stockPlans } from "./stock";
import { type TrafficPlan, trafficPlans } from "./traffic";
import { type TrafficPurchaseChange, trafficPurchases } from "./traffic-purchases";

/** All that a run will do to ports, and what it means for the account. Holds no secret. */
export interface Plan {
  project: string;
  stack: string;
  /** Why the preview failed; its steps are then not all. */
  errors: string[];
  /** Why some ports are not in it, if so. */
  incomplete?: string;
  /** The vendor's time, epoch ms. */
  now: number;
  places: PlaceCount[];
  ports: PortChange[];
  settings: SettingChange[];
  /** What wallets pay for. */
  leases: LeaseChange[];
  /** What the run buys from the account's balance, once: traffic is in the cost of 30 days by its use. */
  purchases: TrafficPurchaseChange[];
  /** What the account has, in US dollars. */
  balance: Known<number>;
  /** Resources of others whose changes are not certain. */
  dependents: Dependent[];
  renewals: Renewal[];
  slots: SlotPlan[];
  stock: StockPlan[];
  traffic: TrafficPlan[];
  cost: CostPlan;
  breaches: Breach[];
}

/** Ports of one country and slot type. */
export interface PlaceCount {
  country: string;
  slotType: string;
  before: number;
  after: number;
}

export async function makePlan(preview: Preview, account: AccountFacts, limits: Limits = {}): Promise<Plan> {
  const countries = [account.countries.shared, account.countries.private].flatMap((known) => valueOf(known) ?? []);
  const live = tellsRetiring(preview) ? idsOf(valueOf(await account.livePorts())) : undefined;
  const changes = portChanges(preview, { countries, now: account.now, live });
  const slots = slotPlans(changes, account.summary);
  const ports = withoutGaps(changes, slots);
  const own = ports.filter((port) => port.account === undefined);
  const [before, after] = [existing(own, "before"), existing(own, "after")];
  const incomplete = preview.untold > 0 ? untoldText(preview.untold) : undefined;
  const types = new Set([...before, ...after].map(({ slotType }) => slotType));
  const traffic = types.size > 0 ? trafficPlans(types, account, await account.livePorts()) : [];
  const retiring = Object.fromEntries(slots.map((one) => [one.slotType, one.retiring]));
  const cost = costPlan(own, account, { incomplete, retiring });
  const leases = leaseChanges(preview, account.now);
  const purchases = await trafficPurchases(preview, account);
  const reviewed = { ...reviewedOf(preview, ports, { slots, traffic, cost }), leases, purchases };
  return {
    project: preview.project,
    stack: preview.stack,
    errors: preview.errors,
    ...(incomplete !== undefined && { incomplete }),
    now: account.now,
    places: placeCounts(ports),
    ports,
    settings: settingChanges(preview, ports),
    leases,
    purchases,
    balance: part(account.summary, ({ balance }) => balance, "the balance"),
    dependents: dependentsOf(preview),
    renewals: renewalsDue(ports, account.now),
    slots,
    stock: await stockPlans(ports, account),
    traffic,
    cost,
    breaches: [
      ...(await otherAccount(own, account, preview.stack)),
      ...uncheckable(incomplete, limits, preview.stack),
      ...breachesOf(limits, reviewed),
    ],
  };
}

/** A renewal that finds no slot releases its own port before it buys: no old port serves on. */
function withoutGaps(ports: readonly PortChange[], slots: readonly SlotPlan[]): PortChange[] {
  const gaps = new Set<string>(slots.filter((one) => one.renewsWithGap).map(({ slotType }) => slotType));
  return ports.map((port) => {
    const { retires: _, ...alone } = port;
    return port.account === undefined && gaps.has(port.before?.slotType ?? "") ? alone : port;
  });
}

const existing = (ports: readonly PortChange[], when: "before" | "after"): PortFacts[] =>
  ports.flatMap((port) => port[when] ?? []);

function placeCounts(ports: readonly PortChange[]): PlaceCount[] {
  const counts = new Map<string, PlaceCount>();
  for (const port of ports) {
    for (const when of ["before", "after"] as const) {
      const facts = port[when];
      if (!facts) continue;
      const { country, slotType } = facts;
      const key = `${country} ${slotType}`;
      const count = counts.get(key) ?? { country, slotType, before: 0, after: 0 };
      counts.set(key, { ...count, [when]: count[when] + 1 });
    }
  }
  return [...counts].sort(([a], [b]) => natural(a, b)).map(([, count]) => count);
}

const untoldText = (count: number): string =>
  `the preview leaves out ${count} ${count === 1 ? "resource that stays as it is" : "resources that stay as they are"}: make it with --show-sames`;

/**
 * With a key of another account a refresh would take all ports of a stack for gone, and a run would buy them again. One
 * port alone may well be gone.
 */
async function otherAccount(own: readonly PortChange[], account: AccountFacts, stack: string): Promise<Breach[]> {
  const running = own.flatMap(({ before, serves }) => (serves && before?.portId !== undefined ? [before.portId] : []));
  if (running.length < 2) return [];
  const there = idsOf(valueOf(await account.livePorts()));
  if (there === undefined || running.some((id) => there.has(id))) return [];
  const value = `none of its ${running.length} ports, whose leases run, is in the account of this key`;
  const advice = "See that proxies-sx:apiKey is of the right account: a run with a refresh would buy them anew.";
  return [{ limit: "account", resource: `stack ${stack}`, value, advice, unchecked: false }];
}

/** Ports that no source has may break any limit. */
function uncheckable(incomplete: string | undefined, limits: Limits, stack: string): Breach[] {
  const isLimited = Object.values(limits).some((limit) => limit !== undefined);
  if (incomplete === undefined || !isLimited) return [];
  const advice = "Run `pulumi preview --json --show-sames`, or let --stack run it.";
  return [{ limit: "all", resource: `stack ${stack}`, value: incomplete, advice, unchecked: true }];
}
