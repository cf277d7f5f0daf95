import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AccountFacts, noAccount } from "../../review/account";
import { type Limits } from "../../review/limits";
import { makePlan, type Plan } from "../../review/plan";
import { parsePreview, type Preview } from "../../review/preview";

export const recording = (name: string): string => join(__dirname, "recorded", `${name}.json`);

export const recordedText = (name: string): string => readFileSync(recording(name), "utf8");

/** A preview of the real engine: see record.ts. */
export const recorded = (name: string): Preview => parsePreview(recordedText(name), name);

/** An account of which everything is known; the vendor's time is that of the recordings. */
export function account(more: Partial<AccountFacts> = {}): AccountFacts {
  const country = (id: string, code: string, name: string, freeDeviceCount: number) => ({
    id,
    code,
    name,
    freeDeviceCount,
  });
  const countries = [
    country("1", "DE", "Germany", 5),
    country("2", "GB", "United Kingdom", 0),
    country("3", "PL", "Poland", 9),
  ];
  const of = (slots: [number, number], traffic: number) => ({
    slots: { total: slots[0], used: slots[1], available: slots[0] - slots[1] },
    traffic: { available: traffic },
  });
  const tariff = (category: string, resourceType: string, pricePerUnit: number, billingPeriod: string) => ({
    category,
    resourceType,
    pricePerUnit,
    billingPeriod,
    portRange: { min: 1, max: 10 },
  });
  return {
    now: Date.parse("2026-03-01T01:00:00Z"),
    summary: { value: { shared: of([8, 7], 60), private: of([2, 2], 10), alerts: [] } },
    usage: {
      value: { period: "30d", traffic: { shared: { totalUsedGB: 45, byPort: [] }, private: { totalUsedGB: 0 } } },
    },
    tariffs: {
      value: [
        tariff("shared", "ports", 10, "monthly"),
        tariff("private", "ports", 20, "monthly"),
        tariff("private", "traffic", 8, "one-time"),
      ],
    },
    breakdown: { value: { pricePerGB: 4, currency: "USD" } },
    countries: { shared: { value: countries }, private: { value: countries } },
    carriers: async () => ({ value: [{ id: "c", name: "Vodafone UK", brand: "Vodafone", freeDeviceCount: 0 }] }),
    trafficPrice: async (amountGB, slotType) => ({ value: amountGB * (slotType === "shared" ? 4 : 8) }),
    livePorts: async () => ({ unknown: "not asked" }),
    ...more,
  };
}

export const planOf = (name: string, limits?: Limits, facts = account()): Promise<Plan> =>
  makePlan(recorded(name), facts, limits);

export const without = (): AccountFacts => noAccount("PROXIES_API_KEY is not set");

/** What the run does to each port that it touches: `{ a: "move", b: "replace: slot type" }`. */
export const deeds = ({ ports }: Plan): Record<string, string> =>
  Object.fromEntries(ports.map(({ name, does, why }) => [name, [does, ...why].join(": ")]));
