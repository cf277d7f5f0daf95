import { SLOT_TYPES, slotsLeft, type SlotType } from "../domain/slot-type";
import { type AccountSummary } from "../api";
import { type Known, part, valueOf } from "./known";
import { type PortChange } from "./ports";

/** Slots of one type, of the stack's own account. */
export interface SlotPlan {
  slotType: SlotType;
  total: Known<number>;
  used: Known<number>;
  free: Known<number>;
  /** How many the run's purchases need. Those of live ports that are renewed do not count: see `renewals`. */
  needed: number;
  /** Renewals of ports that serve: each has one more slot for as long as the old port serves on, if there is one. */
  renewals: number;
  /** Old ports of renewals that hold a slot, before and after the run. A run after it releases those. */
  retiring: { before: number; after: number };
  /** Old ports that have to go before their time, since their slots are needed. */
  releasedEarly: number;
  /** How many purchases find no slot, free or of an old port. */
  lacking: Known<number>;
  /** Whether renewals find none either: each releases its own port before it buys. */
  renewsWithGap: boolean;
  /** Whether not even that gives a slot, as the account uses more than it has: then a renewal keeps its port and fails. */
  renewsNone: boolean;
  /** How many more, or fewer, are in use after the run. */
  change: number;
  freeAfter: Known<number>;
}

export function slotPlans(ports: readonly PortChange[], summary: Known<AccountSummary>): SlotPlan[] {
  const own = ports.filter(({ account }) => account === undefined);
  return SLOT_TYPES.flatMap((slotType) => {
    const slots = part(summary, (one) => one[slotType]?.slots ?? (one[slotType] && {}), `${slotType} slots`);
    const [total, used, free] = (["total", "used", "available"] as const).map((name) =>
      part(slots, (one) => one[name], `the ${name} ${slotType} slots`),
    ) as [Known<number>, Known<number>, Known<number>];
    const isUsed = own.some(({ before, after }) => before?.slotType === slotType || after?.slotType === slotType);
    const isThere = "value" in total && total.value > 0;
    if (!isUsed && !isThere) return [];
    const left = part(free, (available) => slotsLeft({ total: valueOf(total), used: valueOf(used), available }), "");
    const count = countsOf(own, slotType, valueOf(left));
    const change = sum(own.map((port) => changeOf(port, slotType))) + count.retiring.after - count.retiring.before;
    const freeAfter = part(free, (one) => one - change, "");
    const lacks = (one: number): number => Math.max(0, count.needed - one - count.retiring.before);
    const lacking = part(left, (one) => Math.min(count.needed, lacks(one)), "");
    return [{ slotType, total, used, free, ...count, lacking, change, freeAfter }];
  });
}

type Counts = Pick<SlotPlan, "needed" | "renewals" | "retiring" | "releasedEarly" | "renewsWithGap" | "renewsNone">;

/**
 * A purchase that finds no free slot releases old ports of renewals, of whatever resource. Ports that the program no
 * longer has are released last, and help nobody.
 */
function countsOf(own: readonly PortChange[], slotType: SlotType, free: number | undefined): Counts {
  const needed = own.filter((port) => needsSlot(port, slotType)).length;
  const renewals = own.filter(({ does, serves, after }) => does === "renew" && serves && after?.slotType === slotType);
  const ofType = own.filter(({ does, before }) => does !== "leave" && before?.slotType === slotType);
  const before = sum(ofType.map(({ retiring }) => retiring.length));
  const wanted = sum(
    ofType.map(({ retiring, releases, retires }) => retiring.length - releases.length + (retires ? 1 : 0)),
  );
  const room = free === undefined ? Infinity : Math.max(0, free + before - needed);
  const after = Math.min(wanted, room);
  return {
    needed,
    renewals: renewals.length,
    retiring: { before, after },
    releasedEarly: wanted - after,
    renewsWithGap: renewals.length > 0 && room === 0,
    renewsNone: renewals.length > 0 && free !== undefined && free + before < 0,
  };
}

/** Whether a purchase needs a slot: a renewal has that of its own port, if that is still there. */
function needsSlot({ does, after, isLive }: PortChange, slotType: SlotType): boolean {
  if (after?.slotType !== slotType) return false;
  return does === "buy" || does === "replace" || (does === "renew" && !isLive);
}

/** Without old ports of renewals. */
function changeOf({ does, before, after, isLive }: PortChange, slotType: SlotType): number {
  if (does === "adopt" || does === "leave") return 0;
  const held = isLive && before?.slotType === slotType ? 1 : 0;
  const isBought = does === "buy" || does === "replace" || does === "renew";
  return (after?.slotType === slotType ? (isBought ? 1 : held) : 0) - held;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
