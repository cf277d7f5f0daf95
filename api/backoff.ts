const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** Spreads processes that were told to wait equally long. */
const SPREAD_MS = 500;

/** Most that is added to what a vendor asks for, time and again, in a storm. */
export const LONGEST_ADDED_MS = 5_000;

/** Milliseconds before the next try: what the vendor asks for, else exponential backoff with full jitter. */
export function waitMs(tries: number, retryAfterSeconds: number | undefined, random: () => number): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000 + random() * SPREAD_MS;
  return random() * Math.min(LONGEST_WAIT_MS, ceilingMs(tries));
}

const ceilingMs = (tries: number): number => FIRST_WAIT_MS * 2 ** (tries - 1);

/**
 * Milliseconds of the nth pause in a row: what the vendor asks for, and more and more where it asks for little each
 * time, so that a long storm does not use up the tries that a call has.
 */
export function pauseMs(nth: number, retryAfterSeconds: number | undefined, random: () => number): number {
  const asked = waitMs(nth, retryAfterSeconds, random);
  if (retryAfterSeconds === undefined) return asked;
  return Math.max(asked, random() * Math.min(LONGEST_ADDED_MS, ceilingMs(nth)));
}
