import { describeSpan, formatDuration } from "../duration";
import { describePlace, type SettledFleet } from "./args";
import { type FleetPlace, placeKey, type PlannedMember, shares } from "./plan";
import { renewsAt } from "./renewals";
import { type KnownMember } from "./members";

/** What a fleet is about to do. */
export interface FleetChange {
  fleet: SettledFleet;
  before: readonly KnownMember[];
  planned: readonly PlannedMember[];
  /** Numbers of the members whose renewal waits for another run. */
  waiting: ReadonlySet<number>;
  /** Epoch ms. */
  now: number;
  /** Ids of the account's live ports, where they are known. */
  live?: ReadonlySet<string>;
}

/** What the vendor has left, as far as it is known. */
export interface Supplies {
  /** Free slots of the fleet's type. */
  slots?: number;
  /** What the program's other fleets of the account need of them: see {@link slotBalance}. @default 0 */
  promised?: number;
  /** GB of the fleet's slot type. */
  trafficGB?: number;
  /** Free devices of a place. */
  stockOf?: (place: FleetPlace) => number | undefined;
}

/** Less traffic than this is worth a warning, in GB. */
const LOW_TRAFFIC_GB = 1;

/**
 * Slots that purchases need. A member that is renewed needs none: it takes one that is free, or frees its own first. One
 * that holds none needs one, if it is renewed.
 */
function slotsNeeded({ fleet, before, planned }: FleetChange): number {
  const known = new Map(before.map((member) => [member.number, member]));
  return planned.filter(({ number }) => {
    const member = known.get(number);
    if (!member || (member.slotType ?? "shared") !== fleet.slotType) return true;
    return member.slots?.own === 0 && renewsAt(member, fleet) === 0;
  }).length;
}

/**
 * Slots that ports from before a renewal still hold. A purchase that lacks one releases them. The state may name one
 * that is gone: released early, for the purchase of another resource.
 */
const slotsRetiring = ({ fleet, before, live }: FleetChange): number =>
  before
    .filter(({ slotType = "shared" }) => slotType === fleet.slotType)
    .flatMap(({ slots }) => slots?.retiring ?? [])
    .filter((id) => live?.has(id) !== false).length;

/** Slots that the fleet takes of those that are free; negative for what it leaves to others. */
export const slotBalance = (change: FleetChange): number => slotsNeeded(change) - slotsRetiring(change);

/** What will fail or end in spite of this run, a line each. */
export function shortages(change: FleetChange, supplies: Supplies): string[] {
  return [
    ...slotLines(change, supplies),
    ...stockLines(change, supplies),
    ...trafficLines(change, supplies),
    ...leaseLines(change),
  ];
}

function slotLines(change: FleetChange, { slots, promised = 0 }: Supplies): string[] {
  if (slots === undefined) return [];
  const needed = slotsNeeded(change);
  const free = Math.max(0, slots - promised + slotsRetiring(change));
  if (needed <= free) return [];
  return [`slots: needs ${needed} ${change.fleet.slotType}, ${free} free: ${purchases(needed - free)} will fail.`];
}

function stockLines({ planned, before }: FleetChange, { stockOf }: Supplies): string[] {
  if (!stockOf) return [];
  const fresh = planned.filter(({ isNew }) => isNew);
  const lines: string[] = [];
  for (const group of groups(fresh, ({ place }) => placeKey(place))) {
    const [{ place }] = group as [PlannedMember];
    const free = stockOf(place);
    if (free === undefined || group.length <= free) continue;
    const kind = group.every(({ number }) => before.some((old) => old.number === number)) ? moves : purchases;
    lines.push(
      `stock: ${describePlace(place)} needs ${devices(group.length)}, ${free} free: ${kind(group.length - free)} will fail.`,
    );
  }
  const moved = fresh.filter(({ insteadOf }) => insteadOf);
  for (const group of groups(moved, ({ place, insteadOf }) => `${placeKey(insteadOf!)} ${placeKey(place)}`)) {
    const [{ place, insteadOf }] = group as [PlannedMember];
    lines.push(
      `stock: ${describePlace(insteadOf!)} has no more: ${members(group.length)} ${group.length === 1 ? "goes" : "go"} to ${describePlace(place)}.`,
    );
  }
  return lines;
}

function trafficLines({ fleet, planned }: FleetChange, { trafficGB }: Supplies): string[] {
  if (trafficGB === undefined || trafficGB >= LOW_TRAFFIC_GB || planned.length === 0) return [];
  return [`traffic: ${Math.floor(trafficGB * 100) / 100} GB left for ${fleet.slotType} ports.`];
}

/** Leases that are not due in this run and end before the next. */
function leaseLines({ fleet, before, planned, now }: FleetChange): string[] {
  const { runEverySeconds, expiresInSeconds } = fleet.lease;
  const next = now + runEverySeconds * 1_000;
  const kept = before.filter(({ number, serves }) => serves && planned.some((one) => one.number === number));
  const ending = kept.filter(
    ({ renewAt, expiresAt }) => Date.parse(renewAt ?? "") > now && Date.parse(expiresAt ?? "") <= next,
  );
  const bought = planned.length - kept.length;
  const short = ending.length + (expiresInSeconds <= runEverySeconds ? bought : 0);
  if (short === 0) return [];
  const every = formatDuration(runEverySeconds);
  return [
    `leases: ${short} ${short === 1 ? "ends" : "end"} before the next run, in ${every}. ` +
      "Run `pulumi up` more often and set lease.runEvery, or make lease.renewBefore longer than that.",
  ];
}

/** What a person may wonder about, but nobody has to act on. */
export function remarks({ fleet, before, planned, waiting, now }: FleetChange): string[] {
  const lines: string[] = [];
  const due = before.filter((member) => renewsAt(member, fleet) <= now);
  const later = due.filter(({ number }) => waiting.has(number));
  if (later.length > 0) {
    const ends = later.flatMap(({ expiresAt = "" }) => Date.parse(expiresAt) || []);
    const first =
      ends.length > 0 ? `: their first lease ends in ${describeSpan((Math.min(...ends) - now) / 1_000)}` : "";
    lines.push(
      `${members(due.length)} due for renewal: ${due.length - later.length} in this run ` +
        `(lease.maxRenewalsPerUpdate), ${later.length} in later ones${first}.`,
    );
  }
  const targets = shares(fleet.size, fleet.locations);
  const counts = fleet.locations.map(
    (location) => planned.filter(({ place }) => placeKey(place) === placeKey(location)).length,
  );
  const tooMany = counts.reduce((sum, count, index) => sum + Math.max(0, count - targets[index]! - 1), 0);
  if (tooMany > 0 && !fleet.rebalance) {
    const list = (numbers: readonly number[]): string =>
      fleet.locations.map((location, index) => `${numbers[index]} ${describePlace(location)}`).join(", ");
    lines.push(
      `The weights ask for ${list(targets)}; there are ${list(counts)}. Members keep their place: \`rebalance: true\` moves them.`,
    );
  }
  return lines;
}

function groups<T>(all: readonly T[], by: (one: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(by(one), [...(found.get(by(one)) ?? []), one]);
  return [...found.values()];
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
const members = (n: number): string => count(n, "member");
const devices = (n: number): string => count(n, "device");
const purchases = (n: number): string => count(n, "purchase");
const moves = (n: number): string => count(n, "move");
