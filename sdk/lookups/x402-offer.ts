import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import {
  AGENTS,
  COUNTRIES,
  HEALTH,
  INFO,
  PRICING,
  QUOTE,
  type GetX402CountriesArgs,
  type GetX402QuoteArgs,
  type X402Agent,
  type X402Info,
  type X402Pricing,
  type X402Quote,
  type X402Rate,
} from "../../provider/lookups/x402-offer";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export {
  type GetX402CountriesArgs,
  type GetX402QuoteArgs,
  type X402Agent,
  type X402Info,
  type X402Pricing,
  type X402Quote,
  type X402Rate,
};

/**
 * Whether the vendor sells to wallets now. No key.
 *
 * @example
 * const health = proxies.getX402HealthOutput();
 * export const sellsToWallets = health.enabled;
 */
export function getX402Health(options?: LookupOptions): Promise<api.X402Health> {
  return promiseOf(HEALTH, {}, options);
}

/** {@link getX402Health} as an Output. */
export function getX402HealthOutput(options?: LookupOptions): pulumi.Output<api.X402Health> {
  return outputOf(HEALTH, {}, options);
}

/**
 * What the vendor sells to wallets: prices in USDC, networks, the address to pay on each, and limits in seconds and GB.
 * Asked once a run. No key.
 *
 * @example
 * const offer = proxies.getX402InfoOutput();
 * export const limits = offer.limits;
 */
export function getX402Info(options?: LookupOptions): Promise<X402Info> {
  return promiseOf(INFO, {}, options);
}

/** {@link getX402Info} as an Output. */
export function getX402InfoOutput(options?: LookupOptions): pulumi.Output<X402Info> {
  return outputOf(INFO, {}, options);
}

/**
 * The prices for wallets by tier, in USDC. Asked once a run. No key.
 *
 * @example
 * const prices = proxies.getX402PricingOutput();
 * export const sharedRate = prices.shared;
 */
export function getX402Pricing(options?: LookupOptions): Promise<X402Pricing> {
  return promiseOf(PRICING, {}, options);
}

/** {@link getX402Pricing} as an Output. */
export function getX402PricingOutput(options?: LookupOptions): pulumi.Output<X402Pricing> {
  return outputOf(PRICING, {}, options);
}

/**
 * Countries in which a wallet can rent a proxy, with the devices that are free there. Asked once a run. No key.
 *
 * @example
 * export const walletCountries = proxies.getX402CountriesOutput({ tier: "private" });
 */
export function getX402Countries(args: GetX402CountriesArgs = {}, options?: LookupOptions): Promise<api.X402Country[]> {
  return promiseOf(COUNTRIES, args, options);
}

/** {@link getX402Countries} as an Output, of args that may be Outputs. */
export function getX402CountriesOutput(
  args: OutputArgs<GetX402CountriesArgs> = {},
  options?: LookupOptions,
): pulumi.Output<api.X402Country[]> {
  return outputOf(COUNTRIES, args, options);
}

/**
 * What an order would cost a wallet, in USDC. It is an estimate: the vendor names the price that counts when a proxy is
 * ordered. No key.
 *
 * @example
 * const quote = proxies.getX402QuoteOutput({ duration: "1d", trafficGB: 0.5 });
 * export const total = quote.total;
 */
export function getX402Quote(args: GetX402QuoteArgs = {}, options?: LookupOptions): Promise<X402Quote> {
  return promiseOf(QUOTE, args, options);
}

/** {@link getX402Quote} as an Output, of args that may be Outputs. */
export function getX402QuoteOutput(
  args: OutputArgs<GetX402QuoteArgs> = {},
  options?: LookupOptions,
): pulumi.Output<X402Quote> {
  return outputOf(QUOTE, args, options);
}

/**
 * Wallets that were registered with the vendor. No key.
 *
 * @example
 * export const agents = proxies.getX402AgentsOutput();
 */
export function getX402Agents(options?: LookupOptions): Promise<X402Agent[]> {
  return promiseOf(AGENTS, {}, options);
}

/** {@link getX402Agents} as an Output. */
export function getX402AgentsOutput(options?: LookupOptions): pulumi.Output<X402Agent[]> {
  return outputOf(AGENTS, {}, options);
}
