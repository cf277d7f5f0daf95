import { z } from "zod";
import { parseUsdc } from "../api";
import { parseDuration } from "../domain/duration";

const names = z.array(z.string().trim().min(1)).min(1);
const duration = z.union([z.string(), z.number()]).refine((value) => (parseDuration(value) ?? 0) > 0, {
  message: 'is no length of time. Give seconds or "90m", "24h", "30d"',
});

const usdc = z
  .number()
  .min(0)
  .refine((value) => parseUsdc(value) !== undefined, { message: "is no amount of USDC. It has six decimals at most" });

const schema = z.strictObject({
  countries: names.optional(),
  carriers: names.optional(),
  maxPorts: z.int().min(0).optional(),
  maxMonthlyCost: z.number().min(0).optional(),
  maxSpendPerRun: z.number().min(0).optional(),
  maxUsdcPerRun: usdc.optional(),
  maxUsdcPerMonth: usdc.optional(),
  maxLease: duration.optional(),
  minFreeSlots: z.int().min(0).optional(),
  minTrafficGB: z.number().min(0).optional(),
  requireFingerprint: z.boolean().optional(),
  requireRotation: z.boolean().optional(),
  noPasswordInCode: z.boolean().optional(),
  protectStacks: names.optional(),
});

/** What a team allows, checked by `proxies-sx plan` and by the policy pack. What is left out is not limited. */
export interface Limits {
  /** Countries in which ports may be: ISO codes or English names. */
  countries?: string[];
  /** Carriers that ports may have, by brand. A port that names none may get any, so it breaks this. */
  carriers?: string[];
  /** Most ports of the stack. */
  maxPorts?: number;
  /** Most that the stack's slots and traffic cost in 30 days, in the account's currency. */
  maxMonthlyCost?: number;
  /** Most US dollars that one run spends of the account's balance: the vendor's price of each purchase, else its maxPrice. */
  maxSpendPerRun?: number;
  /** Most USDC that wallets pay in one run, by the maxPrice of each lease that it pays for. */
  maxUsdcPerRun?: number;
  /** Most USDC in 30 days: what the receipts of the stack's leases tell of those before, and this run's most. */
  maxUsdcPerMonth?: number;
  /** Longest lease: seconds, or "24h", "30d". */
  maxLease?: number | string;
  /** Fewest slots of each type in use that must stay free. */
  minFreeSlots?: number;
  /** Least traffic that must be left, in GB, of each slot type in use. */
  minTrafficGB?: number;
  /** Each port presents a fingerprint of an operating system. */
  requireFingerprint?: boolean;
  /** Each port rotates automatically. */
  requireRotation?: boolean;
  /** Passwords come from a resource or from the stack's secret settings. */
  noPasswordInCode?: boolean;
  /** Stacks whose ports are protected: names, with "*" for any letters. */
  protectStacks?: string[];
}

/** One line for each fault. */
export class LimitsError extends Error {}

/** @throws LimitsError that names each property and its rule. */
export function readLimits(value: unknown, source: string): Limits {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new LimitsError(read.error.issues.map((issue) => `${source}: ${faultOf(issue)}`).join("\n"));
}

export function parseLimits(text: string, source: string): Limits {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LimitsError(`${source}: is not JSON. Mend it, and run again.`); // the parser's message quotes it
  }
  return readLimits(value, source);
}

function faultOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  if (issue.code === "unrecognized_keys") {
    return `${issue.keys.join(", ")}: no such limit. The limits are ${Object.keys(schema.shape).join(", ")}.`;
  }
  return `${where}${issue.message}. Change it, or leave it out.`;
}
