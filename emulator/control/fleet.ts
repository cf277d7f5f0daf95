import {
  type FleetSnapshot,
  type PortFacts,
  type RotationFacts,
  type SubscriptionFacts,
  type UsagePeriod,
} from "../../dashboard/fleet";
import { type Core } from "../core";
import { isOver, stageOf, statusOf } from "../rules/life";
import { balanceOf, trafficOf } from "../rules/balance";
import { currentPorts } from "../rules/looking";
import { slotsOf } from "../rules/slots";
import { gigabytes, usedWithin } from "../rules/traffic";
import { isUsable } from "../rules/using";
import { type SlotType } from "../world/config";
import { type Account, type Port } from "../world/types";
import { type World } from "../world/world";

const DAY_MS = 86_400_000;
const DAYS = 30;
const CALLS = 60;

/** The world as the emulator's page shows it: straight from its own data, without a secret. */
export function fleetOf({ world, requests, url }: Core, account: Account): FleetSnapshot {
  const takenAt = world.clock.now();
  const ports = currentPorts(world, account).filter((port) => port.overrides["status"] !== "deleted");
  const part = <T>(value: T) => ({ takenAt, value });
  return {
    takenAt,
    source: `the emulator on ${new URL(url).host}`,
    ports: part(ports.map((port) => portFacts(world, port))),
    account: part({
      balance: balanceOf(account),
      currency: "USD",
      shared: subscription(world, account, "shared"),
      private: subscription(world, account, "private"),
      alerts: [],
    }),
    usage: part({ periods: periods(world, ports), weekGB: weekOf(world, ports) }),
    rotations: part(rotations(ports, takenAt)),
    calls: requests
      .last(CALLS)
      .map(({ time, method, path, status }) => ({ at: Date.parse(time), method, path, status })),
  };
}

/** What control laid over an answer shows here too, as a customer would see it. */
function portFacts(world: World, port: Port): PortFacts {
  const now = world.clock.now();
  const { country, carrier } = world.placeOf(port);
  const { enabled, intervalSeconds, count, lastRotatedAt } = port.rotation;
  const health = port.overrides["healthStatus"];
  return {
    id: port.id,
    name: `Proxy #${port.number}`,
    country: country.code,
    countryName: country.name,
    carrier: carrier.brand,
    slotType: port.slotType,
    status: statusOf(port, world.config.life, now),
    health: typeof health === "string" ? health : isUsable(world, port) ? "healthy" : "offline",
    createdAt: port.createdAt,
    expiresAt: port.expiresAt,
    ...(!isOver(stageOf(port, world.config.life, now)) && { renewAt: renewal(port), renewAssumed: true }),
    usedGB: gigabytes(port.usedGB),
    rotation: { enabled, intervalSeconds, count, ...(lastRotatedAt !== null && { lastRotatedAt }) },
  };
}

/** The emulator knows no program: this is the default of `renewBefore`. */
const renewal = ({ createdAt, expiresAt }: Port): number =>
  expiresAt - Math.min((expiresAt - createdAt) / 10, 3 * DAY_MS);

function subscription(world: World, account: Account, slotType: SlotType): SubscriptionFacts {
  const { total, used } = slotsOf(account, slotType);
  return {
    slots: { total, used },
    trafficGB: trafficOf(world, account, slotType),
    expiresAt: account.subscriptionEndsAt,
  };
}

/** Newest first, one after the other, as the API's own sums of 7, 30 and 90 days let a report show them. */
function periods(world: World, ports: Port[]): UsagePeriod[] {
  const within = (slotType: SlotType, days: number) =>
    ports.filter((port) => port.slotType === slotType).reduce((sum, port) => sum + usedWithin(world, port, days), 0);
  return [0, 7, 30, 90].flatMap((to, at, all) => {
    const from = all[at - 1];
    if (from === undefined) return [];
    // What control set is of no day, so the last 7 days have it, as the API's own sum of them does.
    const earlier = (slotType: SlotType) => (from === 0 ? 0 : within(slotType, from));
    const used = (slotType: SlotType) => gigabytes(within(slotType, to) - earlier(slotType));
    return { from, to, sharedGB: used("shared"), privateGB: used("private") };
  });
}

function weekOf(world: World, ports: Port[]): Record<string, number> {
  return Object.fromEntries(
    ports.map((port) => [port.id, usedWithin(world, port, 7)] as const).filter(([, gb]) => gb > 0),
  );
}

function rotations(ports: Port[], now: number): RotationFacts {
  const days = Array.from({ length: DAYS }, (_, at) => day(now - (DAYS - 1 - at) * DAY_MS));
  const byDay = new Map(days.map((name) => [name, { day: name, succeeded: 0, failed: 0 }]));
  const byTrigger: RotationFacts["byTrigger"] = {};
  const failing: RotationFacts["failing"] = [];
  const lengths: number[] = [];
  for (const { id, rotation } of ports) {
    const own = { id, succeeded: 0, failed: 0 };
    for (const { at, success, trigger, durationMs } of rotation.history) {
      const counted = byDay.get(day(at));
      if (!counted) continue;
      const outcome = success ? "succeeded" : "failed";
      counted[outcome]++;
      own[outcome]++;
      (byTrigger[trigger] ??= { succeeded: 0, failed: 0 })[outcome]++;
      if (success) lengths.push(durationMs);
    }
    if (own.failed > 0) failing.push(own);
  }
  const median = lengths.sort((a, b) => a - b)[lengths.length >> 1];
  return {
    ports: ports.length,
    of: ports.length,
    failedPorts: 0,
    byDay: [...byDay.values()],
    byTrigger,
    ...(median !== undefined && { medianMs: median }),
    failing: failing.sort((a, b) => b.failed - a.failed).slice(0, 20),
  };
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
