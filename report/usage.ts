import { type AccountUsage, type Api } from "../api";
import { type UsageFacts, type UsagePeriod } from "../dashboard/fleet";

const PERIODS = [
  ["7d", 7],
  ["30d", 30],
  ["90d", 90],
] as const;

/** Three calls, whatever the number of ports. */
export async function usageFacts(api: Api): Promise<UsageFacts> {
  const sums = await Promise.all(PERIODS.map(([period]) => api.account.usage(period)));
  const periods = sums.map((usage, at) => periodOf(usage, sums[at - 1], PERIODS[at - 1]?.[1] ?? 0, at));
  return { periods, weekGB: byPort(sums[0]) };
}

/** The days of a sum that the shorter one before it has not. */
function periodOf(usage: AccountUsage, shorter: AccountUsage | undefined, from: number, at: number): UsagePeriod {
  const used = (one: AccountUsage | undefined, type: "shared" | "private") => one?.traffic[type]?.totalUsedGB ?? 0;
  const more = (type: "shared" | "private") => Math.max(0, used(usage, type) - used(shorter, type));
  return { from, to: PERIODS[at]?.[1] ?? 0, sharedGB: more("shared"), privateGB: more("private") };
}

/** An object with no names but the ports': an id may be "__proto__". */
function byPort(usage: AccountUsage | undefined): Record<string, number> {
  const rows = [usage?.traffic.shared, usage?.traffic.private].flatMap((type) => type?.byPort ?? []);
  return Object.fromEntries(
    rows.flatMap(({ portId, usedGB = 0 }) => (portId !== undefined && usedGB > 0 ? [[portId, usedGB]] : [])),
  );
}
