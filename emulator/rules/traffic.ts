import { Random } from "../world/random";
import { type Port } from "../world/types";
import { type World } from "../world/world";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The longest period that GET /account/usage knows is 90 days. */
const KEPT_DAYS = 91;
/** Of a longer absence the days before are taken as average ones. */
const MOST_DAYS = 400;
/** Weekends are quieter; a week has seven average days. */
const WEEKEND = 0.6;
const WORKDAY = (7 - 2 * WEEKEND) / 5;

/** Lets ports use traffic up to the last full hour. How much follows from seed, port and day alone. */
export function growTraffic(world: World): void {
  const now = Math.floor(world.clock.now() / HOUR_MS) * HOUR_MS;
  if (now === world.trafficUntil) return;
  world.trafficUntil = now;
  for (const port of world.allPorts()) grow(world, port, Math.min(now, port.expiresAt));
}

/** Sets what a port has used so far, of no day: each period has it. From here on the port uses no more. */
export function useTraffic(port: Port, totalGB: number): void {
  port.traffic = { ...port.traffic, byDay: {}, undatedGB: totalGB, perDayGB: 0 };
  port.usedGB = totalGB;
}

/** What a port used today and on the days before, so many in total. */
export function usedWithin(world: World, port: Port, days: number): number {
  const first = dayOf(world.clock.now() - (days - 1) * DAY_MS);
  return gigabytes(
    Object.entries(port.traffic.byDay).reduce(
      (sum, [day, gb]) => (day < first ? sum : sum + gb),
      port.traffic.undatedGB,
    ),
  );
}

/** To the megabyte. */
export const gigabytes = (gb: number) => Math.round(gb * 1_000) / 1_000;

function grow(world: World, port: Port, until: number): void {
  const { traffic } = port;
  const from = traffic.until;
  if (until <= from) return;
  traffic.until = until;
  const rate = traffic.perDayGB ?? world.config.trafficPerDayGB[port.slotType];
  if (rate === 0 || port.suspended) return;
  const detailed = Math.max(from, until - MOST_DAYS * DAY_MS);
  port.usedGB += (rate * (detailed - from)) / DAY_MS;
  for (let start = detailed; start < until;) {
    const day = Math.floor(start / DAY_MS);
    const end = Math.min(until, (day + 1) * DAY_MS);
    const gb = (rate * swing(world.seed, port.number, day) * (end - start)) / DAY_MS;
    const name = dayOf(start);
    traffic.byDay[name] = (traffic.byDay[name] ?? 0) + gb;
    port.usedGB += gb;
    start = end;
  }
  const oldest = dayOf(world.clock.now() - KEPT_DAYS * DAY_MS);
  for (const day of Object.keys(traffic.byDay)) if (day < oldest) delete traffic.byDay[day];
  world.touch();
}

/** One on average: some ports are busier than others, some days too. */
function swing(seed: number, port: number, day: number): number {
  const dice = (salt: number) => new Random((seed * 31 + port * 7_919 + salt * 104_729) | 0).next();
  const weekday = (day + 4) % 7; // 1970 began on a Thursday
  return (0.4 + 1.2 * dice(-1)) * (0.5 + dice(day)) * (weekday === 0 || weekday === 6 ? WEEKEND : WORKDAY);
}

/** "2026-01-15" */
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
