import { type SlotType } from "../world/config";
import { type Account } from "../world/types";

/** USD. Shared figures are the vendor's page's, 8 per private GB its x402 price; the rest is inferred. */
export const PRICE = { slot: { shared: 10, private: 20 }, gigabyte: { shared: 4, private: 8 } };

const DISCOUNTS = [
  { minGB: 1, maxGB: 49, discountPercent: 0 },
  { minGB: 50, maxGB: 199, discountPercent: 5 },
  { minGB: 200, maxGB: null, discountPercent: 10 },
];

const SLOT_TIERS = [
  { name: "Starter", minGB: 0, sharedSlots: 5, privateSlots: 1 },
  { name: "Growth", minGB: 100, sharedSlots: 50, privateSlots: 20 },
  { name: "Scale", minGB: 1_000, sharedSlots: 500, privateSlots: 200 },
];

export const TARIFFS = [
  tariff("69414767d149cecffee56788", "PortsShared", "shared", "ports"),
  tariff("69414767d149cecffee56789", "PortsPrivate", "private", "ports"),
  tariff("69414788d149cecffee567a0", "TrafficShared", "shared", "traffic"),
  tariff("69414788d149cecffee567a1", "TrafficPrivate", "private", "traffic"),
];

function tariff(id: string, type: string, category: SlotType, resourceType: "ports" | "traffic") {
  const price = resourceType === "ports" ? PRICE.slot[category] : PRICE.gigabyte[category];
  const range = { min: 1, max: 10 };
  const title = category === "shared" ? "Shared" : "Private";
  return {
    _id: id,
    type,
    price,
    ...(resourceType === "ports" ? { portRange: range } : { trafficRange: range }),
    category,
    resourceType,
    pricePerUnit: price,
    unitType: resourceType === "ports" ? "slot" : "gb",
    billingPeriod: resourceType === "ports" ? "monthly" : "one-time",
    displayName: resourceType === "ports" ? `${title} Port Slots (1-10)` : `${title} Traffic (1-10 GB)`,
  };
}

export function priceTraffic(amount: number, slotType: SlotType) {
  const basePrice = PRICE.gigabyte[slotType];
  const discountPercent = DISCOUNTS.find((step) => amount <= (step.maxGB ?? Infinity))?.discountPercent ?? 0;
  const pricePerGB = round(basePrice * (1 - discountPercent / 100));
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
      gbToNextTier: nextTier ? nextTier.minGB - cumulativeGB : 0,
      sharedSlotLimit: account.slots.shared.total,
      privateSlotLimit: account.slots.private.total,
    },
  };
}

export const round = (amount: number) => Math.round(amount * 100) / 100;
