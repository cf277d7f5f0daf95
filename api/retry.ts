import { type Call, type Send, type Try } from "./call";
import { type ApiError, isApiError } from "./errors";
import { type Settings } from "./options";

const TRANSIENT = new Set(["network", "timeout", "server_error"]);

/** Tries at most. A refused one costs the vendor little and us nothing, so there the deadline mostly decides. */
const MOST_TRIES = { refused: 30, troubled: 5 };
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** Spreads calls that were told to wait equally long. */
const SPREAD_MS = 500;

/** May the call be sent again after this error? What acts once is repeated only if it certainly was not done. */
export function mayRetry(call: Pick<Call, "effect">, error: Pick<ApiError, "code" | "sent">): boolean {
  if (error.code === "rate_limited") return true; // refused before any work was done
  if (!TRANSIENT.has(error.code)) return false; // the same request would get the same answer
  return call.effect !== "once" || error.sent === "no"; // a lost "create" may have bought a port
}

/** Milliseconds before the next try: what the vendor asks for, else exponential backoff with full jitter. */
export function waitMs(tries: number, retryAfterSeconds: number | undefined, random: () => number): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000 + random() * SPREAD_MS;
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
}

/** Repeats what may be repeated until the call's deadline; a wait that would pass it is not begun. */
export function withRetry(
  send: Try,
  settings: Pick<Settings, "timeoutMs" | "deadlineMs" | "now" | "sleep" | "random">,
): Send {
  return async (call) => {
    const deadline = settings.now() + settings.deadlineMs;
    let maybeDone = false;
    for (let tries = 1; ; tries++) {
      try {
        return await send(call, Math.min(settings.timeoutMs, deadline - settings.now()));
      } catch (failure) {
        if (!isApiError(failure)) throw failure;
        maybeDone ||= failure.maybeDone; // an earlier try may have done what the last one was refused
        const error = failure.but({ tries, maybeDone });
        if (!mayRetry(call, error)) throw error;
        if (tries >= (error.code === "rate_limited" ? MOST_TRIES.refused : MOST_TRIES.troubled)) throw error;
        const wait = waitMs(tries, error.retryAfterSeconds, settings.random);
        const left = deadline - settings.now();
        if (wait >= left) throw tooLong(error, left);
        await settings.sleep(wait);
      }
    }
  };
}

function tooLong(error: ApiError, leftMs: number): ApiError {
  if (error.retryAfterSeconds === undefined) return error;
  const left = Math.max(0, Math.floor(leftMs / 1000));
  return error.but({ hint: `The vendor asks to wait ${error.retryAfterSeconds} s, this call has ${left} s left` });
}
