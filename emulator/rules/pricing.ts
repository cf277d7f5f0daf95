import { type SlotType } from "../world/config";
import { type Account } from "../world/types";

/** USD. Shared figures are the vendor's page's, 8 per private GB its x402 price; the rest is inferred. */
export const PRICE = { slot: { shared: 10, private: 20 }, gigabyte: { shared: 4, private: 8 } };

/** From so many GB on; the percentages are what the vendor's client prints (M). */
export const DISCOUNTS = [
  { minGB: 1, maxGB: 24, discountPercent: 0 },
  { minGB: 25, maxGB: 49, discountPercent: 10 },
  { minGB: 50, maxGB: 99, discountPercent: 20 },
  { minGB: 100, maxGB: 249, discountPercent: 30 },
  { minGB: 250, maxGB: null, discountPercent: 40 },
];

/** Names and slots are the client's (M); from how many GB on is inferred. */
const SLOT_TIERS = [
  { name: "Starter", minGB: 0, sharedSlots: 5, privateSlots: 1 },
  { name: "Bronze", minGB: 25, sharedSlots: 10, privateSlots: 2 },
  { name: "Silver", minGB: 50, sharedSlots: 20, privateSlots: 4 },
  { name: "Gold", minGB: 100, sharedSlots: 35, privateSlots: 7 },
  { name: "Platinum", minGB: 250, sharedSlots: 50, privateSlots: 10 },
  { name: "Enterprise", minGB: 500, sharedSlots: 80, privateSlots: 15 },
];

export function priceTraffic(amount: number, slotType: SlotType) {
  const basePrice = PRICE.gigabyte[slotType];
  const discountPercent = DISCOUNTS.findLast((step) => amount >= step.minGB)?.discountPercent ?? 0;
  const pricePerGB = discounted(basePrice, discountPercent);
  return {
    basePrice,
    discountPercent,
    pricePerGB,
    totalPrice: round(pricePerGB * amount),
    amount,
    isPrivate: slotType === "private",
  };
}

export function pricingOf(account: Account) {
  const cumulativeGB = account.purchasedGB.shared + account.purchasedGB.private;
  const nextTier = SLOT_TIERS.find((tier) => tier.minGB > cumulativeGB) ?? null;
  return {
    basePrices: PRICE.gigabyte,
    volumeDiscounts: DISCOUNTS,
    slotTiers: SLOT_TIERS,
    userTierInfo: {
      currentTier: SLOT_TIERS.filter((tier) => tier.minGB <= cumulativeGB).at(-1),
      nextTier,
      cumulativeGB,
      gbToNextTier: nextTier ? round(nextTier.minGB - cumulativeGB) : 0,
      sharedSlotLimit: account.slots.shared.total,
      privateSlotLimit: account.slots.private.total,
    },
  };
}

export function discounted(price: number, percent: number): number {
  return round(price * (1 - percent / 100));
}

export function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
