import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, type LookupOptions, type NoArgs, type OutputArgs, outputOf, promiseOf } from "./lookup";

/** What an account has of one slot type. */
export interface Subscription extends Omit<api.Subscription, "expiresAt"> {
  /** End of the subscription, not of a port; ISO 8601 in UTC. */
  expiresAt?: string;
}

/** An account in full. Sums are in `wallet.currency`, traffic in GB. */
export interface AccountInfo extends Omit<api.Account, "subscription"> {
  subscription?: { shared?: Subscription; private?: Subscription };
}

/** An account in short. The balance is in `currency`, traffic in GB. */
export interface AccountSummary extends Omit<api.AccountSummary, "shared" | "private"> {
  shared?: Subscription;
  private?: Subscription;
}

/** Traffic used over a period, by slot type, in GB. */
export interface AccountUsage extends Omit<api.AccountUsage, "generatedAt"> {
  /** ISO 8601 in UTC. */
  generatedAt?: string;
}

/** Args of {@link getAccountUsage}. */
export interface GetAccountUsageArgs {
  /** Length of the period, up to now. @default "30d" */
  period?: "7d" | "30d" | "90d";
}

const ACCOUNT: Lookup<NoArgs, AccountInfo> = {
  name: "getAccount",
  inputs: [],
  ask: async ({ api }) => {
    const { subscription, ...account } = await api.account.get();
    return subscription ? { ...account, subscription: subscriptions(subscription) } : account;
  },
};

const SUMMARY: Lookup<NoArgs, AccountSummary> = {
  name: "getAccountSummary",
  inputs: [],
  ask: async ({ api }) => {
    const { shared, private: own, ...summary } = await api.account.summary();
    return { ...summary, ...subscriptions({ shared, private: own }) };
  },
};

const USAGE: Lookup<GetAccountUsageArgs, AccountUsage> = {
  name: "getAccountUsage",
  inputs: ["period"],
  ask: async ({ api }, { period }) => withIsoTimes(await api.account.usage(period), "generatedAt"),
};

const BALANCE: Lookup<NoArgs, api.BalanceBreakdown> = {
  name: "getBalanceBreakdown",
  inputs: [],
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

/** The account that the key belongs to: user, wallet, slots, traffic. Scope account:read. */
export function getAccount(options?: LookupOptions): Promise<AccountInfo> {
  return promiseOf(ACCOUNT, {}, options);
}

/** {@link getAccount} as an Output. */
export function getAccountOutput(options?: LookupOptions): pulumi.Output<AccountInfo> {
  return outputOf(ACCOUNT, {}, options);
}

/** The account in short: balance, slots, traffic, alerts. Scope account:read. */
export function getAccountSummary(options?: LookupOptions): Promise<AccountSummary> {
  return promiseOf(SUMMARY, {}, options);
}

/** {@link getAccountSummary} as an Output. */
export function getAccountSummaryOutput(options?: LookupOptions): pulumi.Output<AccountSummary> {
  return outputOf(SUMMARY, {}, options);
}

/** Traffic used in the last days, by slot type and by port, in GB. Scope traffic:read. */
export function getAccountUsage(args: GetAccountUsageArgs = {}, options?: LookupOptions): Promise<AccountUsage> {
  return promiseOf(USAGE, args, options);
}

/** {@link getAccountUsage} as an Output, of args that may be Outputs. */
export function getAccountUsageOutput(
  args: OutputArgs<GetAccountUsageArgs> = {},
  options?: LookupOptions,
): pulumi.Output<AccountUsage> {
  return outputOf(USAGE, args, options);
}

/** How the balance comes about: payments, purchases, traffic. Sums in `currency`, traffic in GB. Scope traffic:read. */
export function getBalanceBreakdown(options?: LookupOptions): Promise<api.BalanceBreakdown> {
  return promiseOf(BALANCE, {}, options);
}

/** {@link getBalanceBreakdown} as an Output. */
export function getBalanceBreakdownOutput(options?: LookupOptions): pulumi.Output<api.BalanceBreakdown> {
  return outputOf(BALANCE, {}, options);
}
