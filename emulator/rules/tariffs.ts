import { type SlotType } from "../world/config";
import { namedId } from "../world/random";
import { discounted, DISCOUNTS, PRICE } from "./pricing";

interface TariffRange {
  min: number;
  max: number;
  discountPercent: number;
}

/** As many as can be bought. The page shows 1 to 10 only; that a slot costs the same from there on is inferred. */
const MOST = 10_000;
const SLOT_RANGES: TariffRange[] = [
  { min: 1, max: 10, discountPercent: 0 },
  { min: 11, max: MOST, discountPercent: 0 },
];
const TRAFFIC_RANGES: TariffRange[] = [
  { min: 1, max: 10, discountPercent: 0 },
  { min: 11, max: 24, discountPercent: 0 },
  ...DISCOUNTS.slice(1).map(({ minGB, maxGB, discountPercent }) => ({
    min: minGB,
    max: maxGB ?? MOST,
    discountPercent,
  })),
];

export const TARIFF_TYPES = ["PortsShared", "PortsPrivate", "TrafficShared", "TrafficPrivate"] as const;

/** The ids of the vendor's page for its own two samples. */
const PAGE_IDS: Record<string, string> = {
  "PortsShared/1": "69414767d149cecffee56788",
  "TrafficShared/1": "69414788d149cecffee567a0",
};

const titleOf = (category: SlotType) => (category === "shared" ? "Shared" : "Private");

function slotTariff(category: SlotType, { min, max }: TariffRange) {
  const type = `Ports${titleOf(category)}`;
  const price = PRICE.slot[category];
  return {
    _id: tariffId(type, min),
    type,
    price,
    portRange: { min, max },
    category,
    resourceType: "ports",
    pricePerUnit: price,
    unitType: "slot",
    billingPeriod: "monthly",
    displayName: `${titleOf(category)} Port Slots (${min}-${max})`,
  };
}

function trafficTariff(category: SlotType, { min, max, discountPercent }: TariffRange) {
  const type = `Traffic${titleOf(category)}`;
  const price = discounted(PRICE.gigabyte[category], discountPercent);
  return {
    _id: tariffId(type, min),
    type,
    price,
    trafficRange: { min, max },
    category,
    resourceType: "traffic",
    pricePerUnit: price,
    unitType: "gb",
    billingPeriod: "one-time",
    displayName: `${titleOf(category)} Traffic (${min}-${max} GB)`,
  };
}

function tariffId(type: string, min: number): string {
  return PAGE_IDS[`${type}/${min}`] ?? namedId(0, `tariff/${type}/${min}`);
}

export const TARIFFS = [
  ...SLOT_RANGES.map((range) => slotTariff("shared", range)),
  ...SLOT_RANGES.map((range) => slotTariff("private", range)),
  ...TRAFFIC_RANGES.map((range) => trafficTariff("shared", range)),
  ...TRAFFIC_RANGES.map((range) => trafficTariff("private", range)),
];
