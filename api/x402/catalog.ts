import { z } from "zod";
import { count, listOf, requiredName, text, word } from "../fields";
import { type Http } from "../http";
import { path } from "../path";
import { present, type Reader, reader } from "../reading";
import { time } from "../time";
import { exactQuantity, networkName, recordOf, requiredAddress, usdc, walletAddress } from "./fields";
import { type MicroUsdc } from "./money";
import { canonicalName } from "./networks";

export interface X402Health {
  /** Whether it sells to wallets. */
  enabled: boolean;
  /** "ok" */
  status?: string;
  /** Of the vendor's software. */
  version?: string;
}

/** Of one tier. Millionths of USDC. */
export interface X402Rate {
  perGB?: MicroUsdc;
  /** The vendor's page has a price by the hour; all later sources say that time is free. */
  perHour?: MicroUsdc;
}

export interface X402Pricing {
  /** Of shared ports. */
  shared?: X402Rate;
  /** Of private ports. */
  private?: X402Rate;
  /** "base", "solana" */
  networks?: string[];
  /** "USDC" */
  currency?: string;
}

export interface X402Info extends X402Pricing {
  /** Whom to pay on each network. */
  wallets?: Record<string, string>;
  /** Seconds and GB. */
  limits?: {
    /** Shortest lease, in seconds. */
    minDuration?: number;
    /** Longest lease, in seconds. */
    maxDuration?: number;
    /** Least traffic, in GB. */
    minTrafficGB?: number;
  };
}

/** A country in which a wallet can rent. */
export interface X402Country {
  /** ISO 3166-1 alpha-2 */
  code: string;
  /** English name. */
  name: string;
  /** Devices that are free now. */
  availableDevices?: number;
  /** "shared", "private" or "both" */
  tier?: string;
}

/** What to ask the price of. */
export interface X402Size {
  tier?: "shared" | "private";
  /** Seconds. */
  durationSeconds?: number;
  trafficGB?: number;
}

/** Millionths of USDC. */
export interface X402Price {
  total: MicroUsdc;
  tier?: string;
  perGB?: MicroUsdc;
  trafficCost?: MicroUsdc;
  durationCost?: MicroUsdc;
}

/** A wallet that somebody registered. */
export interface X402Agent {
  /** Its address. */
  wallet?: string;
  /** What it was registered as. */
  name?: string;
  /** Epoch ms. */
  registeredAt?: number;
}

/** What is sold, and for how much. */
export interface CatalogApi {
  health(): Promise<X402Health>;
  info(): Promise<X402Info>;
  /** Where a device is free now. */
  countries(tier?: "shared" | "private"): Promise<X402Country[]>;
  pricing(): Promise<X402Pricing>;
  /** What so much would cost. It binds nobody: the terms of an order do. */
  calculate(size: X402Size): Promise<X402Price>;
  agents(): Promise<X402Agent[]>;
}

export function catalogApi(http: Http): CatalogApi {
  return {
    health: async () => http.get("keyless", path`/x402/health`, readHealth),
    info: async () => http.get("keyless", path`/x402/info`, readInfo),
    countries: async (tier) => http.get("keyless", path`/x402/countries`, readCountries, { query: { tier } }),
    pricing: async () => http.get("keyless", path`/x402/pricing`, readPricing),
    calculate: async ({ tier, durationSeconds, trafficGB }) =>
      http.get("keyless", path`/x402/calculate`, readPrice, {
        query: { tier, duration: durationSeconds, traffic: trafficGB },
      }),
    agents: async () => http.get("keyless", path`/x402/agents`, readAgents),
  };
}

const readHealth: Reader<X402Health> = reader(z.object({ enabled: z.boolean(), status: word, version: text }), (seen) =>
  present<X402Health>(seen),
);

const rate = z.object({ perGB: usdc, perHour: usdc }).nullish();
/** By name, or things that have one. */
const network = z.preprocess((value) => {
  const { name, network: named } = (value ?? {}) as { name?: unknown; network?: unknown };
  return typeof value === "object" ? (named ?? name) : value;
}, networkName);
const networks = listOf(network).nullish();
const pricing = z.object({ shared: rate, private: rate, networks, currency: word });

function toPricing(seen: z.output<typeof pricing>): X402Pricing {
  return present<X402Pricing>({
    shared: seen.shared && present<X402Rate>(seen.shared),
    private: seen.private && present<X402Rate>(seen.private),
    networks: seen.networks?.map(canonicalName),
    currency: seen.currency,
  });
}

const readPricing: Reader<X402Pricing> = reader(pricing, toPricing);

const readInfo: Reader<X402Info> = reader(
  z.object({
    pricing: z.object({ shared: rate, private: rate }).nullish(),
    networks,
    currency: word,
    wallets: recordOf(requiredAddress).nullish(),
    limits: z.object({ minDuration: exactQuantity, maxDuration: exactQuantity, minTrafficGB: exactQuantity }).nullish(),
  }),
  ({ pricing: rates, networks, currency, wallets, limits }, context) => {
    const odd = Object.keys(wallets ?? {}).some((name) => !networkName.safeParse(name).success);
    if (odd) throw context.broken(["wallets"], "has a name that is none of a network");
    const named = Object.entries(wallets ?? {}).map(([name, address]) => [canonicalName(name), address]);
    return present<X402Info>({
      ...toPricing({ ...rates, networks, currency }),
      wallets: wallets && (Object.fromEntries(named) as Record<string, string>),
      limits: limits && present(limits),
    });
  },
);

const readCountries: Reader<X402Country[]> = reader(
  listOf(
    z.object({
      code: z.string().refine((value) => /^[A-Za-z]{2,3}$/.test(value), "is not a country code"),
      name: requiredName,
      availableDevices: count,
      tier: word,
    }),
  ),
  (wire) => wire.map((one) => present<X402Country>(one)),
);

/** The vendor page's names, and the MCP client's for the same. */
const readPrice: Reader<X402Price> = reader(
  z.object({
    cost: usdc,
    totalCost: usdc,
    tier: word,
    trafficRatePerGB: usdc,
    breakdown: z.object({ trafficCost: usdc, durationCost: usdc }).nullish().catch(undefined),
  }),
  ({ cost, totalCost, tier, trafficRatePerGB, breakdown }, context) => {
    const total = cost ?? totalCost ?? undefined;
    if (total === undefined) throw context.broken(["cost"], "is missing");
    if (totalCost !== undefined && totalCost !== null && totalCost !== total)
      throw context.broken(["totalCost"], "is not the same as cost");
    return present<X402Price>({ total, tier, perGB: trafficRatePerGB, ...breakdown });
  },
);

/** The vendor's page shows no schema: `{agents}` or bare. */
const readAgents: Reader<X402Agent[]> = reader(
  z.preprocess(
    (body) => (Array.isArray(body) ? { agents: body as unknown[] } : body),
    z.object({ agents: listOf(z.object({ walletAddress, wallet: walletAddress, name: text, registeredAt: time })) }),
  ),
  ({ agents }) =>
    agents.map(({ walletAddress, wallet, ...one }) => present<X402Agent>({ wallet: walletAddress ?? wallet, ...one })),
);
