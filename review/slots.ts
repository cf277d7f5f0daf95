import { type AccountSummary } from "../api";
import { SLOT_TYPES, type SlotType } from "./account";
import { type Known, part } from "./known";
import { type PortChange } from "./ports";

/** Slots of one type, of the stack's own account. */
export interface SlotPlan {
  slotType: SlotType;
  total: Known<number>;
  used: Known<number>;
  free: Known<number>;
  /** How many must be free for the run: a renewal takes one that is free, or frees its own first. */
  needed: number;
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
    const needed = own.filter((port) => takesSlot(port, slotType)).length;
    const change = sum(own.map((port) => changeOf(port, slotType)));
    const isUsed = own.some(({ before, after }) => before?.slotType === slotType || after?.slotType === slotType);
    const freeAfter = part(free, (one) => one - change, "");
    const isThere = "value" in total && total.value > 0;
    return isUsed || isThere ? [{ slotType, total, used, free, needed, change, freeAfter }] : [];
  });
}

/** Whether a purchase needs a slot that nothing of the same port frees. Released ports go last: they are no help. */
function takesSlot({ does, before, after, isLive }: PortChange, slotType: SlotType): boolean {
  if (after?.slotType !== slotType) return false;
  if (does === "buy") return true;
  return does === "replace" && (before?.slotType !== slotType || !isLive);
}

function changeOf({ does, before, after, isLive }: PortChange, slotType: SlotType): number {
  if (does === "adopt" || does === "leave") return 0;
  const held = isLive && before?.slotType === slotType ? 1 : 0;
  return (after?.slotType === slotType ? (does === "keep" ? held : 1) : 0) - held;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
