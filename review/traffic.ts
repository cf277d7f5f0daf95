import { SLOT_TYPES, type SlotType } from "../domain/slot-type";
import { type AccountUsage } from "../api";
import { type AccountFacts } from "./account";
import { all, both, isKnown, type Known, part } from "./known";
import { type PortFacts } from "./ports";
import { sum } from "./slots";

/** Traffic of one slot type, of the whole account. */
export interface TrafficPlan {
  slotType: SlotType;
  leftGB: Known<number>;
  /** Used a day, over the time that the vendor reports. */
  perDayGB: Known<number>;
  /** When it ends at that rate, epoch ms; undefined where nothing is used. */
  endsAt: Known<number | undefined>;
}

const DAY_MS = 86_400_000;

export function trafficPlans(types: ReadonlySet<string>, { summary, usage, now }: AccountFacts): TrafficPlan[] {
  return SLOT_TYPES.filter((slotType) => types.has(slotType)).map((slotType) => {
    const leftGB = part(summary, (one) => one[slotType]?.traffic?.available, `the ${slotType} traffic that is left`);
    const perDayGB = both(
      part(usage, (one) => one.traffic[slotType]?.totalUsedGB, `the use of ${slotType} traffic`),
      daysOf(usage),
      (used, days) => used / days,
    );
    const endsAt = both(leftGB, perDayGB, (left, rate) => (rate > 0 ? now + (left / rate) * DAY_MS : undefined));
    return { slotType, leftGB, perDayGB, endsAt };
  });
}

/** Days that a report of use covers: "30d". */
function daysOf(usage: Known<AccountUsage>): Known<number> {
  return part(
    usage,
    ({ period = "30d" }) => (/^[1-9]\d*d$/.test(period) ? Number(period.slice(0, -1)) : undefined),
    "the time that its report of use covers",
  );
}

/** A shorter time is too short for a rate. */
const LEAST_DAYS = 1;

/** How ports of one slot type use traffic. */
export interface PortsUse {
  /** GB a day. */
  perDay: Known<number>;
  /** The same as far as it is known: a port that is younger than a day counts as if it had a whole one behind it. */
  leastPerDay: Known<number>;
}

/** By what each port used since it was made: a renewal has a new `portId`, which the report of 30 days knows for less. */
export function useOf(ports: readonly PortFacts[], slotType: SlotType, { usage, now }: AccountFacts): PortsUse {
  const byPort = part(
    usage,
    ({ traffic }) => traffic[slotType]?.byPort ?? (ports.length === 0 ? [] : undefined),
    `the traffic of each ${slotType} port`,
  );
  const reported = daysOf(usage);
  const isYoung = ({ createdAt = -Infinity }: PortFacts): boolean => now - createdAt < LEAST_DAYS * DAY_MS;
  const each = ports.map((port) => {
    const used = part(
      byPort,
      // A port that was just bought may not be in the report yet.
      (told) => told.find(({ portId }) => portId === port.portId)?.usedGB ?? (isYoung(port) ? 0 : undefined),
      `the traffic of each ${slotType} port`,
    );
    if (isKnown(used) && used.value === 0) return used;
    if (port.createdAt === undefined) return { unknown: `how long a ${slotType} port has been used is not known` };
    const days = Math.max((now - port.createdAt) / DAY_MS, LEAST_DAYS);
    return both(used, reported, (gb, most) => gb / Math.min(most, days));
  });
  const young = ports.filter(isYoung).length;
  const least = both(byPort, all(each), (_, rates) => sum(rates));
  return { perDay: isKnown(least) && young > 0 ? { unknown: youngText(young, slotType) } : least, leastPerDay: least };
}

const youngText = (count: number, slotType: SlotType): string =>
  `${count} ${slotType} ${count === 1 ? "port is" : "ports are"} younger than a day, which is too short for a rate`;
