import { z } from "zod";
import { SCOPES } from "../world/types";

/** What control calls take. Each is checked whole before any of it counts. */

const word = z.string().min(1).max(200);
const wait = z.number().min(0).max(600_000);
const often = z.int().min(0);

export const CLOCK = z.union(
  [
    z.strictObject({ advance: z.union([z.number(), z.string()]) }),
    z.strictObject({ set: z.union([z.number(), z.string()]) }),
  ],
  { error: 'send {"advance": seconds or "2d"} or {"set": ISO time}' },
);

export const ORDER = z.strictObject({
  country: word.optional(),
  carrier: word.optional(),
  slotType: z.enum(["shared", "private"]).optional(),
  expiresIn: z.union([z.number(), z.string()]).optional(),
  osFingerprint: z.string().max(200).optional(),
  account: word.optional(),
});

/** Of a lease that somebody else buys, in seconds. */
export const LEASE_SECONDS = z.number("expiresIn: seconds, or 30d").min(1).max(315_360_000);

export const KEY = z.strictObject({ scopes: z.array(z.enum(SCOPES)).optional(), account: word.optional() });

export const SEED = z.object({ seed: z.int() });

export const CRYPTO_EDIT = z.strictObject({
  status: z.enum(["new", "pending", "confirming", "paid", "invalid", "expired", "canceled"]),
});

export const TICKET_ANSWER = z.strictObject({ message: z.string().min(1).max(5_000) });

const header = z
  .record(word, z.string().max(8_000))
  .refine((headers) => canBeSent(headers), { error: "is no header that can be sent" });

export const FAULT = z.strictObject({
  method: word.optional(),
  path: z.string().max(1_000).optional(),
  paid: z.boolean().optional(),
  times: often.optional(),
  after: often.optional(),
  latencyMs: wait.optional(),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: header.optional(),
  retryAfter: z.number().min(0).max(1e9).optional(),
  commit: z.boolean().optional(),
  cut: z.enum(["before", "after"], { error: '"before" or "after"' }).optional(),
  truncate: z.boolean().optional(),
  hang: z.union([z.boolean(), z.enum(["before", "after"])]).optional(),
});

const PORT_NUMBER = z.int().min(1).max(65_535);
const login = z.string().max(1_000);

/** Fields that change what the world holds. All others are laid over the port's answer. */
export const EDIT = z.looseObject({
  country: word.optional(),
  carrier: word.optional(),
  proxyLogin: login.optional(),
  proxyPassword: login.optional(),
  osFingerprint: z.string().max(200).optional(),
  rotationSettings: z
    .strictObject({
      enabled: z.boolean(),
      intervalSeconds: z
        .int()
        .min(1)
        .max(86_400 * 365),
      matchCarrier: z.boolean(),
      matchCity: z.boolean(),
      excludedDeviceIds: z.array(word).max(1_000),
    })
    .partial()
    .optional(),
  suspended: z.boolean().optional(),
  status: z.string().max(1_000).nullish(),
  expiresAt: z.union([z.number(), z.string(), z.date()]).optional(),
  usedTraffic: z.number().min(0).max(1e6).optional(),
  trafficPerDayGB: z.number().min(0).max(1_000).nullish(),
  serverIp: word.optional(),
  publicIp: word.optional(),
  httpPort: PORT_NUMBER.optional(),
  socksPort: PORT_NUMBER.optional(),
});

function canBeSent(headers: Record<string, string>): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}
