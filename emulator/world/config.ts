import { z } from "zod";
import { DEFAULT_X402, type X402Config } from "../x402/config";
import { X402_PATCH } from "../x402/config-patch";
import { validate } from "./validate";

export type SlotType = "shared" | "private";
export type PerSlotType = Record<SlotType, number>;

/** How long each stage of a port's life lasts, in seconds. 0 passes the stage over. */
export interface LifeWindows {
  pending: number;
  /** Taken off the end of the lease. */
  expiringSoon: number;
  expired: number;
  grace: number;
}

export interface WorldConfig {
  /** ISO codes out of the emulator's atlas. */
  countries: string[];
  devicesPerCarrier: PerSlotType;
  slots: PerSlotType;
  trafficGB: PerSlotType;
  /** USD paid in and not yet spent. */
  balance: number;
  subscriptionDays: number;
  user: { email: string; password: string };
  life: LifeWindows;
  /** Longest lease that POST /ports accepts, in seconds. */
  maxLeaseSeconds: number;
  rotationCooldownSeconds: PerSlotType;
  /** What a port uses on a day of its lease, on average: the traffic grows as the clock passes. 0 means none. */
  trafficPerDayGB: PerSlotType;
  /** Rotations kept per port; older ones are counted but forgotten. */
  historyLimit: number;
  /** Added to every answer of the API, for benchmarks. */
  latencyMs: number;
  /** Per key; 0 is no limit. */
  requestsPerSecond: number;
  /** Proxies paid by a wallet. */
  x402: X402Config;
}

/** Any part of the config; parts of a nested object keep the others' defaults. */
export type ConfigPatch = {
  [K in keyof WorldConfig]?: WorldConfig[K] extends unknown[] ? WorldConfig[K] : Partial<WorldConfig[K]>;
};

/**
 * expiringSoon and grace are 0 because the vendor's page knows only active, suspended and expired;
 * that an expired port stays listed for a day and is then deleted is inferred.
 */
export const DEFAULT_CONFIG: WorldConfig = {
  countries: ["DE", "GB", "PL", "US", "FR", "NL"],
  devicesPerCarrier: { shared: 40, private: 20 },
  slots: { shared: 50, private: 20 },
  trafficGB: { shared: 100, private: 50 },
  balance: 1_000,
  subscriptionDays: 30,
  user: { email: "user@example.com", password: "emulator-password" },
  life: { pending: 0, expiringSoon: 0, expired: 86_400, grace: 0 },
  maxLeaseSeconds: 31_536_000,
  rotationCooldownSeconds: { shared: 300, private: 60 },
  trafficPerDayGB: { shared: 0.05, private: 0.05 },
  historyLimit: 100,
  latencyMs: 0,
  requestsPerSecond: 0,
  x402: DEFAULT_X402,
};

const YEARS_S = 315_360_000;
const count = (least: number, most: number) => z.int().min(least).max(most).optional();
const amount = (most: number) => z.number().min(0).max(most).optional();
const perSlotType = (each: z.ZodType) => z.strictObject({ shared: each, private: each }).optional();
const word = z.string().min(1).max(200).optional();
const window = amount(YEARS_S);

const PATCH = z.strictObject({
  countries: z.array(z.string().length(2)).min(1).max(50).optional(),
  devicesPerCarrier: perSlotType(count(0, 1_000_000)),
  slots: perSlotType(count(0, 1_000_000)),
  trafficGB: perSlotType(amount(1e6)),
  balance: amount(1e9),
  subscriptionDays: z.number().min(-36_500).max(36_500).optional(),
  user: z.strictObject({ email: word, password: word }).optional(),
  life: z.strictObject({ pending: window, expiringSoon: window, expired: window, grace: window }).optional(),
  maxLeaseSeconds: count(60, YEARS_S),
  rotationCooldownSeconds: perSlotType(amount(YEARS_S)),
  trafficPerDayGB: perSlotType(amount(1_000)),
  historyLimit: count(0, 10_000),
  latencyMs: amount(600_000),
  requestsPerSecond: amount(1e6),
  x402: X402_PATCH.optional(),
});

/** @throws one line that names the setting, where one is unknown or out of its range. */
export function mergeConfig(base: WorldConfig, patch: ConfigPatch = {}): WorldConfig {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(validate<ConfigPatch>(PATCH, patch, "the emulator has no setting"))) {
    if (value === undefined) continue;
    const isNested = typeof value === "object" && !Array.isArray(value);
    merged[name] = isNested ? { ...(merged[name] as object), ...defined(value) } : value;
  }
  return merged as unknown as WorldConfig;
}

const defined = (parts: object) => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
