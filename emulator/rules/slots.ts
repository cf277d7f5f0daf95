import { type SlotType } from "../world/config";
import { type Account } from "../world/types";
import { forbidden } from "./problem";

export interface SlotCount {
  total: number;
  used: number;
  available: number;
}

export function slotsOf(account: Account, slotType: SlotType): SlotCount {
  const { total, used } = account.slots[slotType];
  return { total, used, available: Math.max(0, total - used) };
}

/** "requires purchased port slots" (vendor's page); the status 403 is inferred. */
export function requireSlot(account: Account, slotType: SlotType): void {
  const { total, used, available } = slotsOf(account, slotType);
  if (available === 0) throw forbidden(`No available ${slotType} port slots: ${used} of ${total} are in use`);
}
