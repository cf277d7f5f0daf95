import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { parseDuration } from "../../domain/duration";
import { runError } from "../engine/run-error";
import { inUsdc } from "./in-usdc";
import { withIsoTimes } from "../../domain/iso-time";
import { type KeylessLookup, type LookupOptions, type NoArgs, type OutputArgs, outputOf, promiseOf } from "./lookup";
import { type SlotType } from "./reference";

/** Prices of one tier, in USDC. */
export interface X402Rate {
  perGB?: number;
  /** The vendor's page has one; all its later sources say that time is free. */
  perHour?: number;
}

/** What a wallet pays, by tier. */
export interface X402Pricing extends Omit<api.X402Pricing, "shared" | "private"> {
  shared?: X402Rate;
  private?: X402Rate;
}

/** Prices, limits, and whom a wallet pays. */
export interface X402Info extends X402Pricing, Pick<api.X402Info, "wallets" | "limits"> {}

/** What an order would cost, in USDC. */
export interface X402Quote {
  total: number;
  /** "shared", "private" */
  tier?: string;
  perGB?: number;
  trafficCost?: number;
  durationCost?: number;
}

/** A wallet that somebody registered. */
export interface X402Agent extends Omit<api.X402Agent, "registeredAt"> {
  /** ISO 8601 in UTC. */
  registeredAt?: string;
}

/** Args of {@link getX402Countries}. */
export interface GetX402CountriesArgs {
  /** Only countries with a device of this tier. @default both */
  tier?: SlotType;
}

/** Args of {@link getX402Quote}. */
export interface GetX402QuoteArgs {
  /** @default the vendor's: "shared" */
  tier?: SlotType;
  /** Length of the lease: seconds, or "90m", "24h", "30d". @default the vendor's: an hour */
  duration?: number | string;
  /** GB, from 0.1. @default the vendor's: 1 */
  trafficGB?: number;
}

const HEALTH: KeylessLookup<NoArgs, api.X402Health> = {
  name: "getX402Health",
  inputs: [],
  keyless: true,
  ask: ({ api }) => api.health(),
};

const INFO: KeylessLookup<NoArgs, X402Info> = {
  name: "getX402Info",
  inputs: [],
  keyless: true,
  ask: (client) => client.once("info", async () => pricingOf(await client.api.info())),
};

const PRICING: KeylessLookup<NoArgs, X402Pricing> = {
  name: "getX402Pricing",
  inputs: [],
  keyless: true,
  ask: (client) => client.once("pricing", async () => pricingOf(await client.api.pricing())),
};

const COUNTRIES: KeylessLookup<GetX402CountriesArgs, api.X402Country[]> = {
  name: "getX402Countries",
  inputs: ["tier"],
  keyless: true,
  ask: async (client, { tier }) => {
    checkTier("getX402Countries", tier);
    return client.once(`countries ${tier}`, () => client.api.countries(tier));
  },
};

const QUOTE: KeylessLookup<GetX402QuoteArgs, X402Quote> = {
  name: "getX402Quote",
  inputs: ["tier", "duration", "trafficGB"],
  keyless: true,
  ask: async ({ api }, { tier, duration, trafficGB }) => {
    checkTier("getX402Quote", tier);
    const durationSeconds = duration === undefined ? undefined : parseDuration(duration);
    if (duration !== undefined && durationSeconds === undefined)
      throw runError('getX402Quote: duration: is not a length of time. Give seconds or "90m", "24h", "30d".');
    if (trafficGB !== undefined && !(typeof trafficGB === "number" && trafficGB > 0))
      throw runError("getX402Quote: trafficGB: is not a number of GB above 0.");
    const price = await api.calculate({ tier, durationSeconds, trafficGB });
    return inUsdc(price, "total", "perGB", "trafficCost", "durationCost");
  },
};

const AGENTS: KeylessLookup<NoArgs, X402Agent[]> = {
  name: "getX402Agents",
  inputs: [],
  keyless: true,
  ask: async ({ api }) => (await api.agents()).map((agent) => withIsoTimes(agent, "registeredAt")),
};

function pricingOf<T extends api.X402Pricing>({ shared, private: own, ...rest }: T) {
  const rate = (of: api.X402Rate): X402Rate => inUsdc(of, "perGB", "perHour");
  return { ...rest, ...(shared && { shared: rate(shared) }), ...(own && { private: rate(own) }) };
}

function checkTier(name: string, tier: unknown): void {
  if (tier === undefined || tier === "shared" || tier === "private") return;
  throw runError(`${name}: tier: is unknown. Give one of: shared, private.`);
}

/** Whether the vendor sells to wallets now. No key. */
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
 */
export function getX402Info(options?: LookupOptions): Promise<X402Info> {
  return promiseOf(INFO, {}, options);
}

/** {@link getX402Info} as an Output. */
export function getX402InfoOutput(options?: LookupOptions): pulumi.Output<X402Info> {
  return outputOf(INFO, {}, options);
}

/** The prices for wallets by tier, in USDC. Asked once a run. No key. */
export function getX402Pricing(options?: LookupOptions): Promise<X402Pricing> {
  return promiseOf(PRICING, {}, options);
}

/** {@link getX402Pricing} as an Output. */
export function getX402PricingOutput(options?: LookupOptions): pulumi.Output<X402Pricing> {
  return outputOf(PRICING, {}, options);
}

/** Countries in which a wallet can rent a proxy, with the devices that are free there. Asked once a run. No key. */
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
 * const { total } = await proxies.getX402Quote({ duration: "1d", trafficGB: 0.5 });
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

/** Wallets that were registered with the vendor. No key. */
export function getX402Agents(options?: LookupOptions): Promise<X402Agent[]> {
  return promiseOf(AGENTS, {}, options);
}

/** {@link getX402Agents} as an Output. */
export function getX402AgentsOutput(options?: LookupOptions): pulumi.Output<X402Agent[]> {
  return outputOf(AGENTS, {}, options);
}
