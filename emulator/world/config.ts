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
  /** Rotations kept per port; older ones are counted but forgotten. */
  historyLimit: number;
  /** Added to every answer of the API, for benchmarks. */
  latencyMs: number;
  /** Per key; 0 is no limit. */
  requestsPerSecond: number;
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
  historyLimit: 100,
  latencyMs: 0,
  requestsPerSecond: 0,
};

export function mergeConfig(base: WorldConfig, patch: ConfigPatch = {}): WorldConfig {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    if (!(name in base)) throw new Error(`the emulator has no setting "${name}"`);
    if (value === undefined) continue;
    const isNested = typeof value === "object" && !Array.isArray(value);
    merged[name] = isNested ? { ...(merged[name] as object), ...value } : value;
  }
  return merged as unknown as WorldConfig;
}
