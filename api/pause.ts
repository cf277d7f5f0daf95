import { pauseMs } from "./backoff";
import { type Call } from "./call";
import { type ApiError } from "./errors";

/** A time in which nothing is sent, since the vendor refused a call for the load of all. */
export interface Pause {
  readonly until: number;
  /** Counts the pauses: what was in flight when one began belongs to it, whatever is answered later. */
  readonly number: number;
  /** Pauses since the last success. */
  readonly streak: number;
}

export const NO_PAUSE: Pause = { until: -Infinity, number: 0, streak: 0 };

/** Does this refusal concern all calls? A 429 of a port's cooldown does not, a 503 does if it tells when to come back. */
export function concernsAll(call: Pick<Call, "hasCooldown">, error: Pick<ApiError, "status" | "retryAfterSeconds">) {
  if (error.status === 429) return !call.hasCooldown;
  return error.status === 503 && error.retryAfterSeconds !== undefined;
}

/** After a refusal of a try that was sent when `sentIn` pauses had been. Never shorter than before. */
export function refused(
  pause: Pause,
  sentIn: number,
  now: number,
  retryAfterSeconds: number | undefined,
  random: () => number,
): Pause {
  const sameFlight = sentIn < pause.number;
  if (sameFlight && retryAfterSeconds === undefined) return pause;
  const streak = sameFlight ? pause.streak : pause.streak + 1;
  const until = Math.max(pause.until, now + pauseMs(streak, retryAfterSeconds, random));
  return { until, streak, number: sameFlight ? pause.number : pause.number + 1 };
}

/** A success of the flight before says nothing of now. */
export function accepted(pause: Pause, sentIn: number): Pause {
  return sentIn < pause.number || pause.streak === 0 ? pause : { ...pause, streak: 0 };
}
