/** What a port used within the days that a report of use covers. */
export interface PortUse {
  /** When the port was made, epoch ms. */
  createdAt?: number;
  usedGB: number;
}

/** GB a day of ports of one slot type. */
export interface TrafficRate {
  perDay: { value: number } | { unknown: string };
  /** The same as far as it is known: a port that is younger than a day counts as if it had a whole one behind it. */
  leastPerDay: { value: number } | { unknown: string };
}

export const DAY_MS = 86_400_000;

/** A shorter time is too short for a rate. */
const LEAST_DAYS = 1;

export const isYoung = ({ createdAt = -Infinity }: { createdAt?: number }, now: number): boolean =>
  now - createdAt < LEAST_DAYS * DAY_MS;

/**
 * The one rule of how fast traffic is used: each port by the days within the report in which it was there. The few that
 * are younger than a day use what the others do, or more; where they are most, nothing is known.
 */
export function trafficRate(
  ports: readonly PortUse[],
  { slotType, now, days: reported }: { slotType: string; now: number; days: number },
): TrafficRate {
  const rates = { older: [] as number[], young: [] as number[] };
  for (const { createdAt, usedGB } of ports) {
    if (usedGB > 0 && createdAt === undefined) {
      const unknown = `how long a ${slotType} port has been used is not known`;
      return { perDay: { unknown }, leastPerDay: { unknown } };
    }
    const days = Math.max((now - (createdAt ?? 0)) / DAY_MS, LEAST_DAYS);
    rates[isYoung({ createdAt }, now) ? "young" : "older"].push(usedGB / Math.min(reported, days));
  }
  const { older, young } = rates;
  const leastPerDay = { value: sum(older) + sum(young) };
  if (young.length === 0) return { perDay: leastPerDay, leastPerDay };
  if (young.length > older.length) return { perDay: { unknown: youngText(young.length, slotType) }, leastPerDay };
  const mean = sum(older) / older.length;
  return { perDay: { value: sum(older) + sum(young.map((rate) => Math.max(rate, mean))) }, leastPerDay };
}

/** The use of an account's live ports, of which the report names those that used some. */
export function accountRate(
  ports: readonly PortUse[],
  { usedGB, ...rule }: { slotType: string; now: number; days: number; usedGB: number },
): TrafficRate["perDay"] {
  if (usedGB > 0 && ports.length > 0 && ports.every((port) => port.usedGB === 0)) {
    return { unknown: `${rule.slotType} traffic was used by ports that are gone` };
  }
  return trafficRate(ports, rule).perDay;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const youngText = (count: number, slotType: string): string =>
  `${count} ${slotType} ${count === 1 ? "port is" : "ports are"} younger than a day`;

/**
 * How many days traffic lasts; undefined where none is used.
 *
 * @param usedGB within the days of the report: what is used up has ended, whatever the rate is
 */
export function lastsDays(
  leftGB: number,
  usedGB: number,
  rate: TrafficRate["perDay"],
): TrafficRate["perDay"] | undefined {
  if (leftGB <= 0 && usedGB > 0) return { value: 0 };
  if (!("value" in rate)) return rate;
  return rate.value > 0 ? { value: leftGB / rate.value } : undefined;
}
