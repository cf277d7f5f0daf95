import { SLOT_TYPES, type SlotType } from "../domain/slot-type";
import { isOver } from "../domain/lease";
import { accountRate, DAY_MS, lastsDays, type TrafficRate } from "../domain/traffic-rate";
import { natural } from "../text/natural-order";
import { type AccountFacts, type FleetSnapshot, had, type Outcomes, type PortFacts, weekOf, whyNot } from "./fleet";

/** What the views show of a snapshot, reckoned in one place. */
export interface Figures {
  live: number;
  /** Ports that serve no more although the vendor still lists them. */
  over: number;
  /** Old ports of renewals, among the live ones. They hold slots; no figure of leases counts them. */
  retiring: number;
  /** Ports whose renewal window has opened. */
  due: number;
  /** Ports whose lease ends within 7 days. */
  endingSoon: number;
  nextEnd?: number;
  nextRenewal?: number;
  health: HealthCount;
  /** Most ports first. */
  places: Place[];
  slotTypes: { slotType: string; live: number; retiring: number; used?: number; total?: number }[];
  traffic: TrafficFigures;
  rotations: RotationFigures;
  /** Undefined where no state was given, or the ports are not known. */
  orphans?: number;
}

export interface HealthCount {
  healthy: number;
  degraded: number;
  offline: number;
  unknown: number;
}

export interface Place {
  country: string;
  name: string;
  ports: number;
  due: number;
  health: HealthCount;
  carriers: { carrier: string; ports: number }[];
}

export interface TrafficFigures {
  boughtGB?: number;
  usedGB?: number;
  leftGB?: number;
  /** What the ports that there are now use, by the last 7 days: see `trafficRate`. */
  perDayGB?: number;
  /** Why that is not known. */
  perDayUnknown?: string;
  /** How long each slot type's lasts at its own rate, soonest first: none can use what is left of the other. */
  lasts: TrafficLasts[];
  /** What may be used a day until the subscription ends. */
  budgetPerDayGB?: number;
}

export interface TrafficLasts {
  slotType: "shared" | "private";
  leftGB: number;
  days: number;
}

export interface RotationFigures extends Outcomes {
  /** Of all live ports, as their settings count them. */
  count: number;
  automatic: number;
  /** 0 to 1; undefined where no rotation is known. */
  successRate?: number;
}

const SOON_MS = 7 * DAY_MS;

export function figuresOf(fleet: FleetSnapshot): Figures {
  const ports = had(fleet.ports) ?? [];
  const now = fleet.takenAt;
  const lasting = ports.filter((port) => !isRetiring(port));
  const running = lasting.filter((port) => !isOver(port, now));
  const ends = running.flatMap(({ expiresAt }) => expiresAt ?? []);
  const renewals = running.flatMap(({ renewAt }) => (renewAt !== undefined && renewAt > now ? renewAt : []));
  return {
    live: ports.length,
    over: lasting.length - running.length,
    retiring: ports.length - lasting.length,
    due: running.filter((port) => isDue(port, now)).length,
    endingSoon: ends.filter((end) => end - now <= SOON_MS).length,
    nextEnd: least(ends),
    nextRenewal: least(renewals),
    health: healthCount(ports),
    places: placesOf(ports, now),
    slotTypes: slotTypes(ports, had(fleet.account)),
    traffic: traffic(fleet),
    rotations: rotations(fleet, ports),
    orphans: had(fleet.managed)?.orphans.length,
  };
}

/** An old port of a renewal, which a later run releases. */
export const isRetiring = ({ releaseAt }: PortFacts): boolean => releaseAt !== undefined;

/** What people call a port: the resource that manages it, else its name, else its id. */
export const nameOf = ({ heldBy, name, id }: PortFacts): string => heldBy ?? name ?? id;

export const byName = (a: PortFacts, b: PortFacts): number => natural(nameOf(a), nameOf(b)) || natural(a.id, b.id);

/** Ends that nobody distinguishes: a run that buys many ports takes minutes. */
const TOGETHER_MS = 10 * 60_000;

/** Running leases, the next to end first. Those that end together are in the order of their names. */
export function nextToEnd(ports: PortFacts[], now: number): PortFacts[] {
  const ending = ports
    .flatMap((port) => (port.expiresAt === undefined || isOver(port, now) ? [] : { port, end: port.expiresAt }))
    .sort((a, b) => a.end - b.end);
  const groups: PortFacts[][] = [];
  let first = -Infinity;
  for (const { port, end } of ending) {
    const isTogether = end - first <= Math.min(TOGETHER_MS, (end - now) / 100);
    if (isTogether) groups.at(-1)?.push(port);
    else groups.push([port]);
    if (!isTogether) first = end;
  }
  return groups.flatMap((group) => group.sort(byName));
}

/** Old ports of renewals, those that are released first in front. */
export const nextToGo = (ports: PortFacts[]): PortFacts[] =>
  ports.filter(isRetiring).sort((a, b) => (a.releaseAt ?? 0) - (b.releaseAt ?? 0) || byName(a, b));

export const isDue = (port: PortFacts, now: number): boolean =>
  !isRetiring(port) && !isOver(port, now) && port.renewAt !== undefined && port.renewAt <= now;

/** "healthy", "degraded", "offline", or "unknown" for anything else. */
export function healthOf({ health }: PortFacts): keyof HealthCount {
  return health === "healthy" || health === "degraded" || health === "offline" ? health : "unknown";
}

function healthCount(ports: PortFacts[]): HealthCount {
  const count: HealthCount = { healthy: 0, degraded: 0, offline: 0, unknown: 0 };
  for (const port of ports) count[healthOf(port)]++;
  return count;
}

function placesOf(ports: PortFacts[], now: number): Place[] {
  const byCountry = grouped(ports, ({ country }) => country ?? "?");
  return mostFirst(
    [...byCountry].map(([country, here]) => ({
      country,
      name: here.find(({ countryName }) => countryName)?.countryName ?? country,
      ports: here.length,
      due: here.filter((port) => isDue(port, now)).length,
      health: healthCount(here),
      carriers: mostFirst(
        [...grouped(here, ({ carrier }) => carrier ?? "?")].map(([carrier, of]) => ({ carrier, ports: of.length })),
        ({ carrier }) => carrier,
      ),
    })),
    ({ name }) => name,
  );
}

function slotTypes(ports: PortFacts[], account: AccountFacts | undefined): Figures["slotTypes"] {
  const live = grouped(ports, ({ slotType }) => slotType ?? "?");
  const names = new Set([...(account ? SLOT_TYPES : []), ...live.keys()]);
  return [...names].map((slotType) => {
    const slots = slotType === "shared" || slotType === "private" ? account?.[slotType]?.slots : undefined;
    const here = live.get(slotType) ?? [];
    return {
      slotType,
      live: here.length,
      retiring: here.filter(isRetiring).length,
      used: slots?.used,
      total: slots?.total,
    };
  });
}

function traffic(fleet: FleetSnapshot): TrafficFigures {
  const account = had(fleet.account);
  const both = [account?.shared, account?.private].flatMap((one) => one ?? []);
  const sum = (name: "total" | "used" | "available") => {
    const known = both.flatMap(({ trafficGB }) => trafficGB?.[name] ?? []);
    return known.length > 0 ? rounded(known.reduce((a, b) => a + b, 0)) : undefined;
  };
  const rates = SLOT_TYPES.map((slotType) => [slotType, rateOf(slotType, fleet)] as const);
  const perDay = rates.reduce((all, [, rate]) => plus(all, rate), { value: 0 } as Rate);
  const left = sum("available");
  const end = least(
    both.flatMap(({ expiresAt }) => (expiresAt !== undefined && expiresAt > fleet.takenAt ? expiresAt : [])),
  );
  return {
    boughtGB: sum("total"),
    usedGB: sum("used"),
    leftGB: left,
    ...("value" in perDay ? { perDayGB: perDay.value } : { perDayUnknown: perDay.unknown }),
    lasts: trafficLasts(fleet, rates),
    budgetPerDayGB:
      left === undefined || end === undefined ? undefined : left / Math.max(1, (end - fleet.takenAt) / DAY_MS),
  };
}

type Rate = TrafficRate["perDay"];

const plus = (a: Rate, b: Rate): Rate => ("value" in a ? ("value" in b ? { value: a.value + b.value } : b) : a);

/** A port that the report of a week does not name has used nothing. */
function rateOf(slotType: SlotType, fleet: FleetSnapshot): Rate {
  const [usage, ports] = [had(fleet.usage), had(fleet.ports)];
  const week = usage?.periods[0];
  if (!week) return { unknown: whyNot(fleet.usage) ?? "the use of traffic is not known" };
  const usedGB = week[`${slotType}GB`];
  if (usedGB === 0) return { value: 0 };
  if (!ports) return { unknown: whyNot(fleet.ports) ?? "the ports are not known" };
  const each = ports
    .filter((port) => port.slotType === slotType)
    .map(({ id, createdAt }) => ({ createdAt, usedGB: weekOf(usage, id) ?? 0 }));
  return accountRate(each, { slotType, now: fleet.takenAt, days: week.to - week.from, usedGB });
}

/** Without a type of which nothing is used: that one does not end. */
function trafficLasts(fleet: FleetSnapshot, rates: readonly (readonly [SlotType, Rate])[]): TrafficLasts[] {
  const [account, week] = [had(fleet.account), had(fleet.usage)?.periods[0]];
  return rates
    .flatMap(([slotType, rate]) => {
      const leftGB = account?.[slotType]?.trafficGB?.available;
      if (leftGB === undefined || !week) return [];
      const days = lastsDays(leftGB, week[`${slotType}GB`], rate);
      return days && "value" in days ? { slotType, leftGB, days: days.value } : [];
    })
    .sort((a, b) => a.days - b.days);
}

function rotations(fleet: FleetSnapshot, ports: PortFacts[]): RotationFigures {
  const days = had(fleet.rotations)?.byDay ?? [];
  const succeeded = days.reduce((sum, day) => sum + day.succeeded, 0);
  const failed = days.reduce((sum, day) => sum + day.failed, 0);
  return {
    count: ports.reduce((sum, { rotation }) => sum + (rotation?.count ?? 0), 0),
    automatic: ports.filter(({ rotation }) => rotation?.enabled).length,
    succeeded,
    failed,
    successRate: succeeded + failed > 0 ? succeeded / (succeeded + failed) : undefined,
  };
}

/** Renewal windows that open and leases that end, by stretches of time from now on. */
export interface LeaseStretch {
  from: number;
  to: number;
  renewals: number;
  ends: number;
}

const STRETCHES = 30;

/**
 * Without old ports of renewals, whose end nobody waits for.
 *
 * Stretches of 1 or 10 minutes, 1 or 6 hours, a day or a week, in which all of the leases end: the shortest of which 31
 * are enough, else as many of four weeks as it takes.
 */
export function leaseStretches(all: PortFacts[], now: number): LeaseStretch[] {
  const ports = all.filter((port) => !isRetiring(port));
  const ends = ports.flatMap(({ expiresAt }) => (expiresAt !== undefined && expiresAt > now ? expiresAt - now : []));
  if (ends.length === 0) return [];
  const last = ends.reduce((a, b) => Math.max(a, b));
  const size =
    [60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000, DAY_MS, 7 * DAY_MS].find((ms) => ms * STRETCHES >= last) ??
    28 * DAY_MS;
  const stretches = Array.from({ length: Math.ceil((last + 1) / size) }, (_, at) => ({
    from: now + at * size,
    to: now + (at + 1) * size,
    renewals: 0,
    ends: 0,
  }));
  const at = (time: number | undefined) =>
    time === undefined ? undefined : stretches[Math.floor((time - now) / size)];
  for (const { renewAt, expiresAt } of ports) {
    const [opens, ending] = [at(renewAt), at(expiresAt)];
    if (opens) opens.renewals++;
    if (ending) ending.ends++;
  }
  return stretches;
}

function grouped<T>(all: T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const name = nameOf(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

const mostFirst = <T extends { ports: number }>(all: T[], nameOf: (one: T) => string): T[] =>
  all.sort((a, b) => b.ports - a.ports || natural(nameOf(a), nameOf(b)));

const least = (numbers: number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b));

const rounded = (gb: number): number => Math.round(gb * 1e6) / 1e6;
