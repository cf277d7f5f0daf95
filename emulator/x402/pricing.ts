import { type Quirks } from "../answers/quirks";
import { type SlotType } from "../world/config";
import { type Call } from "../routes/route";
import { toMicro, toNumber, toText } from "./money";
import { type Order } from "./order";

const HOUR_S = 3_600;

type Priced = Pick<Order, "tier" | "seconds" | "gigabytes">;

export function perGB({ world: { config } }: Call, tier: SlotType): number {
  return tier === "shared" ? config.x402.sharedPerGB : config.x402.privatePerGB;
}

/** The page has a price by the hour; all later sources say that the time is free (M O). */
function perHour({ world: { config }, quirks }: Call, tier: SlotType): number {
  if (quirks.x402Price !== "hourly") return 0;
  return tier === "shared" ? config.x402.sharedPerHour : config.x402.privatePerHour;
}

/** Micro-USDC. */
export function priceOf(call: Call, { tier, seconds, gigabytes }: Priced): bigint {
  return toMicro(gigabytes * perGB(call, tier)) + toMicro((seconds / HOUR_S) * perHour(call, tier));
}

export function pricingAnswer(call: Call) {
  const tier = (name: SlotType) => ({ perGB: perGB(call, name), perHour: perHour(call, name) });
  return {
    shared: tier("shared"),
    ...(hasPrivate(call.quirks) && { private: tier("private") }),
    networks: networksOf(call),
    currency: "USDC",
  };
}

/** The page's cost and breakdown, and the client's names for the same. */
export function calculation(call: Call, order: Priced) {
  const micro = priceOf(call, order);
  const trafficCost = toNumber(toMicro(order.gigabytes * perGB(call, order.tier)));
  return {
    cost: toText(micro),
    currency: "USDC",
    tier: order.tier,
    trafficRatePerGB: perGB(call, order.tier),
    totalCost: toNumber(micro),
    breakdown: {
      trafficCost,
      durationCost: toNumber(micro - toMicro(trafficCost)),
      trafficGB: order.gigabytes,
      durationSeconds: order.seconds,
    },
  };
}

export const hasPrivate = (quirks: Quirks) => quirks.x402Price !== "sharedOnly";
export const networksOf = ({ world }: Call) => ["solana", world.x402.network.network];
