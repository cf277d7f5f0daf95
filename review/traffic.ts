import { type AccountUsage } from "../api";
import { type AccountFacts, SLOT_TYPES, type SlotType } from "./account";
import { both, isKnown, type Known, part } from "./known";

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

/** GB that ports used a day, by id. One that the report does not name is not known. */
export function usePerDay(ids: readonly string[], slotType: SlotType, usage: Known<AccountUsage>): Known<number> {
  const used = part(
    usage,
    ({ traffic }) => {
      const byPort = traffic[slotType]?.byPort ?? [];
      const each = ids.map((id) => byPort.find(({ portId }) => portId === id)?.usedGB);
      return each.some((one) => one === undefined) ? undefined : each.reduce<number>((all, one) => all + (one ?? 0), 0);
    },
    `the traffic of each ${slotType} port`,
  );
  const days = daysOf(usage);
  return isKnown(used) && used.value === 0 ? used : both(used, days, (gb, count) => gb / count);
}
