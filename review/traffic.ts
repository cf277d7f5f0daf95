import { SLOT_TYPES, type SlotType } from "../domain/slot-type";
import { accountRate, DAY_MS, isYoung, lastsDays, trafficRate, type TrafficRate } from "../domain/traffic-rate";
import { type AccountUsage, type UsageOfType } from "../api";
import { type AccountFacts, type LivePort } from "./account";
import { all, both, flat, isKnown, type Known, part } from "./known";
import { type PortFacts } from "./ports";

/** Traffic of one slot type, of the whole account. */
export interface TrafficPlan {
  slotType: SlotType;
  leftGB: Known<number>;
  /** What the account's ports use a day: see `trafficRate`. */
  perDayGB: Known<number>;
  /** When it ends at that rate, epoch ms; undefined where nothing is used. */
  endsAt: Known<number | undefined>;
}

/** By the account's live ports, of all stacks: what others used before is none of their rate. */
export function trafficPlans(
  types: ReadonlySet<string>,
  account: AccountFacts,
  ports: Known<readonly LivePort[]>,
): TrafficPlan[] {
  const { usage, now } = account;
  return SLOT_TYPES.filter((slotType) => types.has(slotType)).map((slotType) => {
    const leftGB = trafficLeft(slotType, account);
    const report = both(
      part(usage, (one) => withTotal(one.traffic[slotType]), `the use of ${slotType} traffic`),
      daysOf(usage),
      (used, days) => ({ ...used, days }),
    );
    const perDayGB = flat(both(report, ports, (told, live) => rateOf(live, told, { slotType, now })));
    const endsAt = flat(
      both(leftGB, report, (left, { totalUsedGB }): Known<number | undefined> => {
        const days = lastsDays(left, totalUsedGB, perDayGB);
        if (days === undefined) return { value: undefined };
        return isKnown(days) ? { value: now + days.value * DAY_MS } : days;
      }),
    );
    return { slotType, leftGB, perDayGB, endsAt };
  });
}

export const trafficLeft = (slotType: SlotType, { summary }: AccountFacts): Known<number> =>
  part(summary, (one) => one[slotType]?.traffic?.available, `the ${slotType} traffic that is left`);

const withTotal = (use: UsageOfType | undefined): (UsageOfType & { totalUsedGB: number }) | undefined =>
  use?.totalUsedGB === undefined ? undefined : { ...use, totalUsedGB: use.totalUsedGB };

/** A port that the report does not name has used nothing. */
function rateOf(
  live: readonly LivePort[],
  { totalUsedGB, byPort = [], days }: UsageOfType & { totalUsedGB: number; days: number },
  { slotType, now }: { slotType: SlotType; now: number },
): Known<number> {
  if (totalUsedGB === 0) return { value: 0 };
  const used = new Map(byPort.map(({ portId, usedGB = 0 }) => [portId, usedGB]));
  const ports = live
    .filter((port) => port.slotType === slotType)
    .map(({ id, createdAt }) => ({ createdAt, usedGB: used.get(id) ?? 0 }));
  return accountRate(ports, { slotType, now, days, usedGB: totalUsedGB });
}

/** Days that a report of use covers: "30d". */
function daysOf(usage: Known<AccountUsage>): Known<number> {
  return part(
    usage,
    ({ period = "30d" }) => (/^[1-9]\d*d$/.test(period) ? Number(period.slice(0, -1)) : undefined),
    "the time that its report of use covers",
  );
}

/** By what each port used since it was made: a renewal has a new `portId`, which the report of 30 days knows for less. */
export function useOf(ports: readonly PortFacts[], slotType: SlotType, { usage, now }: AccountFacts): TrafficRate {
  const byPort = part(
    usage,
    ({ traffic }) => traffic[slotType]?.byPort ?? (ports.length === 0 ? [] : undefined),
    `the traffic of each ${slotType} port`,
  );
  const each = ports.map((port) =>
    part(
      byPort,
      (told) => {
        // A port that was just bought may not be in the report yet.
        const usedGB =
          told.find(({ portId }) => portId === port.portId)?.usedGB ?? (isYoung(port, now) ? 0 : undefined);
        return usedGB === undefined ? undefined : { createdAt: port.createdAt, usedGB };
      },
      `the traffic of each ${slotType} port`,
    ),
  );
  const isUsed = each.some((use) => isKnown(use) && use.value.usedGB > 0);
  // Ports that use nothing need no days.
  const days = isUsed ? daysOf(usage) : { value: 1 };
  const rate = both(
    both(byPort, all(each), (_, uses) => uses),
    days,
    (uses, reported) => trafficRate(uses, { slotType, now, days: reported }),
  );
  return isKnown(rate) ? rate.value : { perDay: rate, leastPerDay: rate };
}
