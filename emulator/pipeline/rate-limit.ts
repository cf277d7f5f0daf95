import { setTimeout as sleep } from "node:timers/promises";
import { type MiddlewareHandler } from "hono";
import { type Core } from "../core";
import { Problem } from "../rules/problem";
import { keep } from "../world/keeping";
import { type Env } from "./env";

const MOST_CALLERS = 1_000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Per key, in real time: it measures load, not the world. A second's worth may come at once. */
export function limitRate(core: Core): MiddlewareHandler<Env> {
  const buckets = new Map<string, Bucket>();
  return async (context, next) => {
    const { requestsPerSecond: rate, latencyMs } = core.world.config;
    if (latencyMs > 0)
      await sleep(latencyMs, undefined, { ref: false, signal: core.closing.signal }).catch(() => undefined);
    if (rate <= 0) return next();
    const caller = context.req.header("x-api-key") ?? context.req.header("authorization") ?? "";
    const now = performance.now();
    const bucket = buckets.get(caller) ?? { tokens: rate, filledAt: now };
    bucket.tokens = Math.min(rate, bucket.tokens + ((now - bucket.filledAt) / 1_000) * rate);
    bucket.filledAt = now;
    keep(buckets, caller, bucket, MOST_CALLERS);
    if (bucket.tokens < 1) throw new Problem(429, "Too many requests", Math.ceil((1 - bucket.tokens) / rate));
    bucket.tokens--;
    return next();
  };
}
