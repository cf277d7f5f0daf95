import type * as api from "../../api";
import { parseDuration } from "../../domain/duration";
import { type SlotType } from "../../domain/slot-type";
import { inUsdc } from "./in-usdc";
import { withIsoTimes } from "../../domain/iso-time";
import { type KeylessLookup, type NoArgs, SLOT_TYPE } from "./lookup";

/** Prices of one tier, in USDC. */
export interface X402Rate {
  /** Of a GB. */
  perGB?: number;
  /** The vendor's page has one; all its later sources say that time is free. */
  perHour?: number;
}

/** What a wallet pays, by tier. */
export interface X402Pricing extends Omit<api.X402Pricing, "shared" | "private"> {
  /** Of shared ports. */
  shared?: X402Rate;
  /** Of private ports. */
  private?: X402Rate;
}

/** Prices, limits, and whom a wallet pays. */
export interface X402Info extends X402Pricing, Pick<api.X402Info, "wallets" | "limits"> {}

/** What an order would cost, in USDC. */
export interface X402Quote {
  /** All of it. */
  total: number;
  /** "shared", "private" */
  tier?: string;
  /** Of a GB. */
  perGB?: number;
  /** What the traffic costs. */
  trafficCost?: number;
  /** What the time costs. */
  durationCost?: number;
}

/** A wallet that somebody registered. */
export interface X402Agent extends Omit<api.X402Agent, "registeredAt"> {
  /** ISO 8601 in UTC. */
  registeredAt?: string;
}

/** Args of `getX402Countries`. */
export interface GetX402CountriesArgs {
  /** Only countries with a device of this tier. @default both */
  tier?: SlotType;
}

/** Args of `getX402Quote`. */
export interface GetX402QuoteArgs {
  /** @default the vendor's: "shared" */
  tier?: SlotType;
  /** Length of the lease: seconds, or "90m", "24h", "30d". @default the vendor's: an hour */
  duration?: number | string;
  /** GB, from 0.1. @default the vendor's: 1 */
  trafficGB?: number;
}

export const HEALTH: KeylessLookup<NoArgs, api.X402Health> = {
  name: "getX402Health",
  inputs: {},
  keyless: true,
  ask: ({ api }) => api.health(),
};

export const INFO: KeylessLookup<NoArgs, X402Info> = {
  name: "getX402Info",
  inputs: {},
  keyless: true,
  ask: (client) => client.once("info", async () => pricingOf(await client.api.info())),
};

export const PRICING: KeylessLookup<NoArgs, X402Pricing> = {
  name: "getX402Pricing",
  inputs: {},
  keyless: true,
  ask: (client) => client.once("pricing", async () => pricingOf(await client.api.pricing())),
};

export const COUNTRIES: KeylessLookup<GetX402CountriesArgs, api.X402Country[]> = {
  name: "getX402Countries",
  inputs: { tier: SLOT_TYPE },
  list: "countries",
  keyless: true,
  ask: (client, { tier }) => client.once(`countries ${tier}`, () => client.api.countries(tier)),
};

export const QUOTE: KeylessLookup<GetX402QuoteArgs, X402Quote> = {
  name: "getX402Quote",
  inputs: { tier: SLOT_TYPE, duration: { type: "duration" }, trafficGB: { type: "number" } },
  keyless: true,
  ask: async ({ api }, { tier, duration, trafficGB }) => {
    const price = await api.calculate({ tier, durationSeconds: parseDuration(duration), trafficGB });
    return inUsdc(price, "total", "perGB", "trafficCost", "durationCost");
  },
};

export const AGENTS: KeylessLookup<NoArgs, X402Agent[]> = {
  name: "getX402Agents",
  inputs: {},
  list: "agents",
  keyless: true,
  ask: async ({ api }) => (await api.agents()).map((agent) => withIsoTimes(agent, "registeredAt")),
};

function pricingOf<T extends api.X402Pricing>({ shared, private: own, ...rest }: T) {
  const rate = (of: api.X402Rate): X402Rate => inUsdc(of, "perGB", "perHour");
  return { ...rest, ...(shared && { shared: rate(shared) }), ...(own && { private: rate(own) }) };
}
