import { z } from "zod";
import { type Http } from "./http";
import { path } from "./path";
import { present, reader } from "./reading";

/** How the balance comes about. Sums in `currency`, traffic in GB. */
export interface BalanceBreakdown {
  totalPayments?: number;
  adminPaymentCredits?: number;
  totalPurchases?: number;
  trafficUsedGB?: number;
  purchasedTrafficGB?: number;
  availableTrafficGB?: number;
  pricePerGB?: number;
  balance?: number;
  /** "USD" */
  currency?: string;
  /** The vendor's explanation in words. */
  formula?: string;
}

/** Prices in US dollars per GB with the discounts for volume. (MCP client only) */
export interface Pricing {
  basePrices?: { shared?: number; private?: number };
  /** Without `maxGB`: no upper end. */
  volumeDiscounts?: { minGB?: number; maxGB?: number; discountPercent?: number }[];
  /** Slots that come with so much traffic bought. */
  slotTiers?: { name?: string; minGB?: number; sharedSlots?: number; privateSlots?: number }[];
  userTierInfo?: {
    currentTier?: string;
    nextTier?: string;
    cumulativeGB?: number;
    gbToNextTier?: number;
    sharedSlotLimit?: number;
    privateSlotLimit?: number;
  };
}

/** The price of so much traffic, in US dollars. (MCP client only) */
export interface Price {
  basePrice?: number;
  discountPercent?: number;
  pricePerGB?: number;
  totalPrice?: number;
  /** GB */
  amount?: number;
  isPrivate?: boolean;
}

/** What things cost and where the money went; reads only. */
export interface BillingApi {
  /** Scope traffic:read. (vendor page; its scope there is not shown, contract.md has traffic:read) */
  balanceBreakdown(): Promise<BalanceBreakdown>;
  /** Scope billing:read. */
  pricing(): Promise<Pricing>;
  /** Price of `amount` GB. Scope billing:read. */
  calculatePrice(amount: number, isPrivate: boolean): Promise<Price>;
}

export function billingApi(http: Http): BillingApi {
  return {
    balanceBreakdown: async () => http.get("traffic:read", path`/traffic/balance-breakdown`, readBreakdown),
    pricing: async () => http.get("billing:read", path`/billing/pricing`, readPricing),
    calculatePrice: async (amount, isPrivate) =>
      http.get("billing:read", path`/billing/calculate-price`, readPrice, { query: { amount, isPrivate } }),
  };
}

const text = z.string().nullish();
const number = z.number().nullish();

const readBreakdown = reader(
  z.object({
    totalPayments: number,
    adminPaymentCredits: number,
    totalPurchases: number,
    trafficUsedGB: number,
    purchasedTrafficGB: number,
    availableTrafficGB: number,
    pricePerGB: number,
    balance: number,
    currency: text,
    formula: text,
  }),
  (wire) => present<BalanceBreakdown>(wire),
);

/** A tier is a name, or an object that has one. */
const tier = z.union([z.string(), z.object({ name: text })]).nullish();
const nameOf = (wire: z.output<typeof tier>) => (typeof wire === "string" ? wire : wire?.name);

const readPricing = reader(
  z.object({
    basePrices: z.object({ shared: number, private: number }).nullish(),
    volumeDiscounts: z.array(z.object({ minGB: number, maxGB: number, discountPercent: number })).nullish(),
    slotTiers: z.array(z.object({ name: text, minGB: number, sharedSlots: number, privateSlots: number })).nullish(),
    userTierInfo: z
      .object({
        currentTier: tier,
        nextTier: tier,
        cumulativeGB: number,
        gbToNextTier: number,
        sharedSlotLimit: number,
        privateSlotLimit: number,
      })
      .nullish(),
  }),
  ({ basePrices, volumeDiscounts, slotTiers, userTierInfo: info }) =>
    present<Pricing>({
      basePrices: basePrices && present(basePrices),
      volumeDiscounts: volumeDiscounts?.map((discount) => present(discount)),
      slotTiers: slotTiers?.map((step) => present(step)),
      userTierInfo:
        info && present({ ...info, currentTier: nameOf(info.currentTier), nextTier: nameOf(info.nextTier) }),
    }),
);

const readPrice = reader(
  z.object({
    basePrice: number,
    discountPercent: number,
    pricePerGB: number,
    totalPrice: number,
    amount: number,
    isPrivate: z.boolean().nullish(),
  }),
  (wire) => present<Price>(wire),
);
