const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** Spreads processes that were told to wait equally long. */
const SPREAD_MS = 500;

/** Milliseconds before the next try: what the vendor asks for, else exponential backoff with full jitter. */
export function waitMs(tries: number, retryAfterSeconds: number | undefined, random: () => number): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000 + random() * SPREAD_MS;
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
}
