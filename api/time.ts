import { z } from "zod";

/** Numbers below are seconds (until the year 5138), from here on milliseconds (since March 1973). */
const SECONDS_BELOW = 1e11;
/** The year 2000: before it nothing here has a time. */
const FIRST = 946_684_800_000;
/** The end of the year 9999, which may stand for "never". */
const LAST = 253_402_300_799_999;
const LONGEST = 40;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Any form in which the API writes a time, as epoch milliseconds: milliseconds (`expiresAt` and `createdAt` of a
 * port), ISO 8601 (everything else on the vendor's page), and, to be safe, seconds and either number as text.
 * A text without a zone is UTC. Undefined for what is no time, or one before the year 2000; 0 stays 0.
 */
export function toEpochMs(value: unknown): number | undefined {
  if (typeof value === "string") return value.length <= LONGEST ? fromText(value.trim()) : undefined;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return undefined;
  return inRange(value < SECONDS_BELOW ? value * 1000 : value);
}

function fromText(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return toEpochMs(Number(text));
  const match = ISO.exec(text);
  if (!match) return undefined;
  const day = text.length === 10;
  return inRange(Date.parse(match[1] === undefined && !day ? `${text}Z` : text));
}

function inRange(ms: number): number | undefined {
  return ms === 0 || (ms >= FIRST && ms <= LAST) ? Math.round(ms) : undefined;
}

/**
 * Schema of a time field. Zero counts as absent: a client of the vendor's API expects it as "none", and read as 1970
 * it would make a port look expired.
 */
export const time = z
  .unknown()
  .transform((value, context) => {
    const ms = toEpochMs(value);
    if (ms !== undefined) return ms === 0 ? undefined : ms;
    context.issues.push({ code: "custom", message: "is not a time", input: undefined });
    return z.NEVER;
  })
  .nullish();
