/** "shared", or "private": a device of one's own. */
export type SlotType = "shared" | "private";
export const SLOT_TYPES = ["shared", "private"] as const satisfies readonly SlotType[];

export const isSlotType = (word: unknown): word is SlotType => SLOT_TYPES.some((one) => one === word);

/** A word that no source knows says neither shared nor private. */
export const knownSlotType = (word: string | undefined): SlotType | undefined => (isSlotType(word) ? word : undefined);

/**
 * Slots that are free, by what is known of them. After a change to a smaller tariff more may be used than there are:
 * then it is less than 0.
 */
export function slotsLeft({ total, used, available }: { total?: number; used?: number; available?: number } = {}):
  number | undefined {
  if (total === undefined || used === undefined) return available;
  return Math.min(available ?? Infinity, total - used);
}

/** What a port has where its program says nothing. */
export const slotTypeOf = ({ slotType }: { slotType?: SlotType }): SlotType => slotType ?? "shared";
