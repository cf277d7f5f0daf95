import { type CostPlan } from "../../review/cost";
import { type LeaseChange } from "../../review/leases";
import { type Plan } from "../../review/plan";
import { type PortChange } from "../../review/ports";
import { type SlotPlan } from "../../review/slots";
import { type TrafficPurchaseChange } from "../../review/traffic-purchases";

/** Plans made by hand, for what a person reads of them. */
export const NOW = Date.parse("2026-03-01T00:00:00Z");
export const HOUR = 3_600_000;
export const WHY = { unknown: "the key lacks account:read" };
const NONE = { known: 0, unknown: 0, parts: 0 };
export const NO_COST: CostPlan = {
  ...{ currency: "USD", slots: [], traffic: [], before: NONE, after: NONE, change: NONE, known: { value: 0 } },
};

export const planWith = (more: Partial<Plan>): Plan => ({
  ...{ project: "shop", stack: "dev", errors: [], now: NOW, places: [], ports: [], settings: [], leases: [] },
  ...{ purchases: [], balance: WHY, dependents: [], renewals: [], slots: [], stock: [], traffic: [], cost: NO_COST },
  ...{ breaches: [] },
  ...more,
});

export const DE = { country: "DE", slotType: "shared", protect: false };
export const port = (does: PortChange["does"], more: Partial<PortChange> = {}): PortChange => ({
  ...{ urn: `urn:${does}`, name: does, does, why: [], inputs: [], isLive: true, serves: true },
  ...{ retiring: [], releases: [], after: DE },
  ...more,
});
export const lease = (does: LeaseChange["does"], more: Partial<LeaseChange> = {}): LeaseChange => ({
  ...{ urn: "urn:l", name: "l", country: "US", does, mostNow: { value: "4.50" }, paidLately: "1.00" },
  ...more,
});
export const bought = (more: Partial<TrafficPurchaseChange> = {}): TrafficPurchaseChange => ({
  ...{ urn: "urn:t", name: "t", slotType: "shared", does: "buy", amountGB: { value: 50 } },
  ...{ price: { value: 160 }, mostNow: { value: 160 } },
  ...more,
});
export const slotPlan = (more: Partial<SlotPlan> = {}): SlotPlan => ({
  ...{ slotType: "shared", total: { value: 8 }, used: { value: 5 }, free: { value: 3 }, needed: 2, renewals: 1 },
  ...{ retiring: { before: 1, after: 0 }, freeAfter: { value: 2 }, lacking: { value: 0 }, change: 1 },
  ...{ renewsWithGap: false, renewsNone: false, releasedEarly: 0 },
  ...more,
});
