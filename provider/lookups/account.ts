import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, type NoArgs } from "./lookup";

/** What an account has of one slot type. */
export interface Subscription extends Omit<api.Subscription, "expiresAt"> {
  /** End of the subscription, not of a port; ISO 8601 in UTC. */
  expiresAt?: string;
}

/** An account in full. Sums are in `wallet.currency`, traffic in GB. */
export interface AccountInfo extends Omit<api.Account, "subscription"> {
  /** What it has, by slot type. */
  subscription?: {
    /** For shared ports. */
    shared?: Subscription;
    /** For private ports. */
    private?: Subscription;
  };
}

/** An account in short. The balance is in `currency`, traffic in GB. */
export interface AccountSummary extends Omit<api.AccountSummary, "shared" | "private"> {
  /** What it has for shared ports. */
  shared?: Subscription;
  /** What it has for private ports. */
  private?: Subscription;
}

/** Traffic used over a period, by slot type, in GB. */
export interface AccountUsage extends Omit<api.AccountUsage, "generatedAt"> {
  /** ISO 8601 in UTC. */
  generatedAt?: string;
}

/** Args of `getAccountUsage`. */
export interface GetAccountUsageArgs {
  /** Length of the period, up to now: "7d", "30d" or "90d". @default "30d" */
  period?: "7d" | "30d" | "90d";
}

export const ACCOUNT: Lookup<NoArgs, AccountInfo> = {
  name: "getAccount",
  inputs: {},
  ask: async ({ api }) => {
    const { subscription, ...account } = await api.account.get();
    return subscription ? { ...account, subscription: subscriptions(subscription) } : account;
  },
};

export const SUMMARY: Lookup<NoArgs, AccountSummary> = {
  name: "getAccountSummary",
  inputs: {},
  ask: async ({ api }) => {
    const { shared, private: own, ...summary } = await api.account.summary();
    return { ...summary, ...subscriptions({ shared, private: own }) };
  },
};

export const USAGE: Lookup<GetAccountUsageArgs, AccountUsage> = {
  name: "getAccountUsage",
  inputs: { period: { type: "string", oneOf: ["7d", "30d", "90d"] } },
  ask: async ({ api }, { period }) => withIsoTimes(await api.account.usage(period), "generatedAt"),
};

export const BALANCE: Lookup<NoArgs, api.BalanceBreakdown> = {
  name: "getBalanceBreakdown",
  inputs: {},
  ask: ({ api }) => api.billing.balanceBreakdown(),
};

function subscriptions({ shared, private: own }: { shared?: api.Subscription; private?: api.Subscription }): {
  shared?: Subscription;
  private?: Subscription;
} {
  return {
    ...(shared && { shared: withIsoTimes(shared, "expiresAt") }),
    ...(own && { private: withIsoTimes(own, "expiresAt") }),
  };
}
