import { LONGEST_ADDED_MS } from "./backoff";
import { type Call } from "./call";
import { ApiError, factsOf } from "./errors";
import { type NoTurn } from "./limit";
import { type Settings } from "./options";
import { inSeconds, type Tally } from "./tally";

/** A call that was tried and is not tried again: its last error, and what it went through. */
export interface Efforts {
  last: ApiError;
  tally: Tally;
  tookMs: number;
  leftMs: number;
}

/** The last error with what was counted. `toWaitMs` is the wait that does not fit into what is left. */
export function gaveUp({ last, tally, tookMs, leftMs }: Efforts, deadlineMs: number, toWaitMs = 0): ApiError {
  const efforts = tally.tries > 1 ? `Gave up after ${inSeconds(tookMs)}: ${tally.toString()}` : undefined;
  const own = last.retryAfterSeconds;
  // Another call may have been asked to wait longer since, and that holds for all. A little more is our own caution.
  const isOwn = own !== undefined && toWaitMs <= own * 1000 + LONGEST_ADDED_MS;
  const asked = own === undefined || isOwn ? own : Math.floor(toWaitMs / 1000);
  const wait =
    asked === undefined
      ? `The next try would be in ${inSeconds(toWaitMs)}`
      : `The vendor asks to wait ${inSeconds(asked * 1000)}`;
  const left = inSeconds(Math.max(0, Math.floor(leftMs / 1000) * 1000));
  const hint =
    toWaitMs > 0 && toWaitMs >= leftMs
      ? { hint: `${wait}, this call has ${left} left of the ${inSeconds(deadlineMs)} that calls may take` }
      : {};
  return last.but({ tries: 1, retryAfterSeconds: asked, efforts, ...hint });
}

/** The error of a call that was not sent at all. */
export function notSent(call: Call, { why, ahead, pauseMs }: NoTurn, settings: Settings): ApiError {
  const facts = factsOf(call, "no");
  if (why === "paused") {
    const retryAfterSeconds = Math.ceil(pauseMs / 1000);
    return new ApiError({
      ...facts,
      code: "rate_limited",
      reason: `the vendor asked an earlier call to wait, and ${inSeconds(retryAfterSeconds * 1000)} of that are left`,
      hint: `Calls may take ${inSeconds(settings.deadlineMs)}. Try again when the pause is over`,
      retryAfterSeconds,
      repeated: true,
    });
  }
  const calls = ahead === 1 ? "1 call was" : `${ahead} calls were`;
  const waited = why === "full" ? "it was not queued" : `its turn did not come within ${inSeconds(settings.queueMs)}`;
  return new ApiError({
    ...facts,
    code: "timeout",
    reason: `${waited}: ${calls} ahead of it${pauseMs > 0 ? " and the vendor had asked for a pause" : ""}`,
    hint: "Nothing was sent",
  });
}
