import { z } from "zod";
import { amount, count, informingId, listOf, orJust, quantity, text, word } from "./fields";
import { type Http } from "./http";
import { type Path, path } from "./path";
import { present, reader, record } from "./reading";
import { time } from "./time";
import { ApiError } from "./transport/errors";

/** How the balance comes about. Sums in `currency`, traffic in GB. */
export interface BalanceBreakdown {
  /** Sum of all payments. */
  totalPayments?: number;
  /** Sum that the vendor credited. */
  adminPaymentCredits?: number;
  /** Sum of all purchases. */
  totalPurchases?: number;
  /** Traffic used, in GB. */
  trafficUsedGB?: number;
  /** Traffic bought, in GB. */
  purchasedTrafficGB?: number;
  /** Traffic left, in GB. */
  availableTrafficGB?: number;
  /** Price of a GB. */
  pricePerGB?: number;
  /** Money that is left. */
  balance?: number;
  /** "USD" */
  currency?: string;
  /** The vendor's explanation in words. */
  formula?: string;
}

/** Prices in US dollars per GB with the discounts for volume. (MCP client only) */
export interface Pricing {
  /** US dollars per GB, by slot type. */
  basePrices?: {
    /** Of shared ports. */
    shared?: number;
    /** Of private ports. */
    private?: number;
  };
  /** Without `maxGB`: no upper end. */
  volumeDiscounts?: {
    /** GB from which it holds. */
    minGB?: number;
    /** GB up to which it holds. */
    maxGB?: number;
    /** Percent. */
    discountPercent?: number;
  }[];
  /** Slots that come with so much traffic bought. */
  slotTiers?: {
    /** Name of the tier. */
    name?: string;
    /** GB from which it holds. */
    minGB?: number;
    /** Slots for shared ports. */
    sharedSlots?: number;
    /** Slots for private ports. */
    privateSlots?: number;
  }[];
  /** Where the account stands among the tiers. */
  userTierInfo?: {
    /** Its tier. */
    currentTier?: string;
    /** The tier after it. */
    nextTier?: string;
    /** All traffic bought so far, in GB. */
    cumulativeGB?: number;
    /** GB that the next tier is away. */
    gbToNextTier?: number;
    /** Most slots for shared ports. */
    sharedSlotLimit?: number;
    /** Most slots for private ports. */
    privateSlotLimit?: number;
  };
}

/** The price of so much traffic, in US dollars. (MCP client only) */
export interface Price {
  /** US dollars per GB without a discount. */
  basePrice?: number;
  /** Discount for volume. */
  discountPercent?: number;
  /** US dollars per GB with the discount. */
  pricePerGB?: number;
  /** US dollars for all of it. */
  totalPrice?: number;
  /** GB */
  amount?: number;
  /** Whether it is for private ports. */
  isPrivate?: boolean;
}

/** What was bought from the balance. Sums in US dollars. (MCP client only) */
export interface BillingPurchase {
  id?: string;
  /** "traffic", "slots" */
  type?: string;
  /** "shared", "private" */
  category?: string;
  /** GB, or slots. */
  quantity?: number;
  pricePerUnit?: number;
  totalPrice?: number;
  /** "completed", … */
  paymentStatus?: string;
  /** Epoch ms. */
  createdAt?: number;
}

/** What things cost, where the money went, and what is bought from the balance. */
export interface BillingApi {
  /** Scope traffic:read. (vendor page; its scope there is not shown, contract.md has traffic:read) */
  balanceBreakdown(): Promise<BalanceBreakdown>;
  /** Scope billing:read. */
  pricing(): Promise<Pricing>;
  /** Price of `amount` GB; nothing where the vendor gives that of another order. Scope billing:read. */
  calculatePrice(amount: number, isPrivate: boolean): Promise<Price>;
  /**
   * Buys whole GB of traffic from the balance, 1 at least. Never repeated: on an error with `maybeDone` compare
   * `account.summary()` from before with one from after. Scope billing:write.
   */
  purchaseTraffic(amountGB: number, isPrivate: boolean): Promise<BillingPurchase>;
  /** Buys slots for ports from the balance; else as `purchaseTraffic`. (MCP client 1.0.1; later ones give slots by tier) */
  purchaseSlots(slots: number, isPrivate: boolean): Promise<BillingPurchase>;
}

export function billingApi(http: Http): BillingApi {
  const purchase = async (at: Path, amount: number): Promise<BillingPurchase> => {
    if (!Number.isInteger(amount) || amount < 1) {
      const reason = "the amount must be a whole number from 1";
      throw new ApiError({ code: "invalid_input", reason, method: "POST", route: at.route });
    }
    return http.post("billing:write", at, readPurchase, { body: { amount }, isPayment: true });
  };
  return {
    balanceBreakdown: async () => http.get("traffic:read", path`/traffic/balance-breakdown`, readBreakdown),
    pricing: async () => http.get("billing:read", path`/billing/pricing`, readPricing),
    calculatePrice: async (amount, isPrivate) => {
      const price = await http.get("billing:read", path`/billing/calculate-price`, readPrice, {
        query: { amount, isPrivate },
      });
      const isFor = (price.amount ?? amount) === amount && (price.isPrivate ?? isPrivate) === isPrivate;
      return isFor ? price : {};
    },
    purchaseTraffic: (amountGB, isPrivate) =>
      purchase(isPrivate ? path`/billing/purchase-traffic-private` : path`/billing/purchase-traffic`, amountGB),
    purchaseSlots: (slots, isPrivate) =>
      purchase(isPrivate ? path`/billing/purchase-ports-private` : path`/billing/purchase-ports`, slots),
  };
}

const readBreakdown = record<BalanceBreakdown>({
  totalPayments: amount,
  adminPaymentCredits: amount,
  totalPurchases: amount,
  trafficUsedGB: quantity,
  purchasedTrafficGB: quantity,
  availableTrafficGB: amount,
  pricePerGB: quantity,
  balance: amount,
  currency: word,
  formula: text,
});

/** A tier is a name, or an object that has one. */
const tier = orJust("name", z.object({ name: text }).nullish());

const readPricing = reader(
  z.object({
    basePrices: z.object({ shared: quantity, private: quantity }).nullish(),
    volumeDiscounts: listOf(z.object({ minGB: quantity, maxGB: quantity, discountPercent: quantity })).nullish(),
    slotTiers: listOf(z.object({ name: text, minGB: quantity, sharedSlots: count, privateSlots: count })).nullish(),
    userTierInfo: z
      .object({
        currentTier: tier,
        nextTier: tier,
        cumulativeGB: quantity,
        gbToNextTier: quantity,
        sharedSlotLimit: count,
        privateSlotLimit: count,
      })
      .nullish(),
  }),
  ({ basePrices, volumeDiscounts, slotTiers, userTierInfo: info }) =>
    present<Pricing>({
      basePrices: basePrices && present(basePrices),
      volumeDiscounts: volumeDiscounts?.map((discount) => present(discount)),
      slotTiers: slotTiers?.map((step) => present(step)),
      userTierInfo: info && present({ ...info, currentTier: info.currentTier?.name, nextTier: info.nextTier?.name }),
    }),
);

const purchaseFields = z.object({
  _id: informingId,
  type: word,
  category: word,
  quantity,
  pricePerUnit: quantity,
  totalPrice: quantity,
  paymentStatus: word,
  createdAt: time,
});

/** The purchase itself, or what holds it. */
const readPurchase = reader(
  z.union([z.object({ purchase: purchaseFields }), purchaseFields.transform((purchase) => ({ purchase }))]),
  ({ purchase: { _id, ...rest } }) => present<BillingPurchase>({ ...rest, id: _id }),
);

const readPrice = record<Price>({
  basePrice: quantity,
  discountPercent: quantity,
  pricePerGB: quantity,
  totalPrice: quantity,
  amount: quantity,
  isPrivate: z.boolean().nullish(),
});
