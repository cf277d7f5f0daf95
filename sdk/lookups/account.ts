import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import {
  ACCOUNT,
  BALANCE,
  SUMMARY,
  USAGE,
  type AccountInfo,
  type AccountSummary,
  type AccountUsage,
  type GetAccountUsageArgs,
  type Subscription,
} from "../../provider/lookups/account";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export { type AccountInfo, type AccountSummary, type AccountUsage, type GetAccountUsageArgs, type Subscription };

/**
 * The account that the key belongs to: user, wallet, slots, traffic. Scope account:read.
 *
 * @example
 * const account = proxies.getAccountOutput();
 * export const money = account.wallet;
 */
export function getAccount(options?: LookupOptions): Promise<AccountInfo> {
  return promiseOf(ACCOUNT, {}, options);
}

/** {@link getAccount} as an Output. */
export function getAccountOutput(options?: LookupOptions): pulumi.Output<AccountInfo> {
  return outputOf(ACCOUNT, {}, options);
}

/**
 * The account in short: balance, slots, traffic, alerts. Scope account:read.
 *
 * @example
 * const summary = proxies.getAccountSummaryOutput();
 * export const balance = summary.balance;
 * export const alerts = summary.alerts;
 */
export function getAccountSummary(options?: LookupOptions): Promise<AccountSummary> {
  return promiseOf(SUMMARY, {}, options);
}

/** {@link getAccountSummary} as an Output. */
export function getAccountSummaryOutput(options?: LookupOptions): pulumi.Output<AccountSummary> {
  return outputOf(SUMMARY, {}, options);
}

/**
 * Traffic used in the last days, by slot type and by port, in GB. Scope traffic:read.
 *
 * @example
 * const usage = proxies.getAccountUsageOutput({ period: "7d" });
 * export const traffic = usage.traffic;
 */
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

/**
 * How the balance comes about: payments, purchases, traffic. Sums in `currency`, traffic in GB. Scope traffic:read.
 *
 * @example
 * const breakdown = proxies.getBalanceBreakdownOutput();
 * export const totalPayments = breakdown.totalPayments;
 */
export function getBalanceBreakdown(options?: LookupOptions): Promise<api.BalanceBreakdown> {
  return promiseOf(BALANCE, {}, options);
}

/** {@link getBalanceBreakdown} as an Output. */
export function getBalanceBreakdownOutput(options?: LookupOptions): pulumi.Output<api.BalanceBreakdown> {
  return outputOf(BALANCE, {}, options);
}
