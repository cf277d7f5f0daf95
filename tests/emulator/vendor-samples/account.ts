import { type ConfigPatch } from "../../../emulator";
import { type World } from "../harness";
import { type Asked, rotated, type Sample } from "./sample";
import { flag, iso, like, list, number, objectId, oneOf, text, whole } from "./shape";

const slots = { total: whole, used: whole, available: whole };
const trafficGB = { total: number, used: number, available: number };

/** As the account of the samples: shared slots, no private ones. */
const SMALL: ConfigPatch = { slots: { shared: 5, private: 0 }, trafficGB: { shared: 10, private: 0 } };

/** With little traffic left. */
const using =
  (path: string) =>
  async (here: World): Promise<Asked> => {
    here.control.editPort(await rotated(here), { usedTraffic: 9.5 });
    return { path };
  };

export const ACCOUNT: readonly Sample[] = [
  {
    endpoint: "GET /account",
    scope: "account:read",
    config: SMALL,
    make: using("/account"),
    answer: {
      user: { _id: objectId, email: like(/^[^@]+@[^@]+$/), role: oneOf("customer"), isActive: flag },
      wallet: { totalDeposited: number, totalSpent: number, availableBalance: number, currency: oneOf("USD") },
      subscription: {
        shared: {
          active: oneOf(true),
          slots,
          traffic: { purchasedGB: number, usedGB: number, availableGB: number },
          expiresAt: iso,
          daysRemaining: whole,
        },
        private: { active: oneOf(false), slots },
      },
      status: {
        hasActiveSubscription: flag,
        hasAvailableSlots: flag,
        hasAvailableTraffic: flag,
        lowBalance: flag,
        lowTraffic: flag,
        nearingExpiration: flag, // in the page's list of fields, not in its sample
      },
    },
  },
  {
    endpoint: "GET /account/summary",
    scope: "account:read",
    config: SMALL,
    make: using("/account/summary"),
    answer: {
      balance: number,
      currency: oneOf("USD"),
      shared: { slots, trafficGB, expiresAt: iso, daysRemaining: whole },
      private: { slots, trafficGB },
      alerts: list({ type: oneOf("low_traffic"), message: text, severity: oneOf("info") }),
    },
  },
  {
    endpoint: "GET /account/usage",
    scope: "traffic:read",
    config: SMALL,
    make: using("/account/usage?period=30d"),
    answer: {
      period: oneOf("30d"),
      generatedAt: iso,
      traffic: {
        shared: {
          totalUsedGB: number,
          portCount: whole,
          byPort: list({ portId: objectId, portName: like(/^Proxy #\d+$/), usedGB: number }),
        },
        combined: { totalUsedGB: number, portCount: whole },
      },
    },
  },
  {
    endpoint: "GET /traffic/balance-breakdown",
    scope: "traffic:read",
    make: using("/traffic/balance-breakdown"),
    answer: {
      totalPayments: number,
      adminPaymentCredits: number,
      totalPurchases: number,
      trafficUsedGB: number,
      purchasedTrafficGB: number,
      availableTrafficGB: number,
      pricePerGB: number,
      balance: number,
      currency: oneOf("USD"),
      formula: oneOf("balance = (totalPayments + adminCredits) - totalPurchases"),
    },
    besides: { M: "trafficUsedMB" },
  },
];
