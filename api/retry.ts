import { waitMs } from "./backoff";
import { type Call, type Send, type Try } from "./call";
import { type ApiError, isApiError } from "./errors";
import { gaveUp, notSent } from "./giving-up";
import { type Limiter, NoTurn } from "./limit";
import { type Settings } from "./options";
import { concernsAll } from "./pause";
import { Tally } from "./tally";

const TRANSIENT = new Set(["network", "timeout", "server_error"]);

/** Tries at most. A refused one costs the vendor little and us nothing, so there the deadline mostly decides. */
const MOST_TRIES = { refused: 30, troubled: 5 };

/** May the call be sent again after this error? What acts once is repeated only if it certainly was not done. */
export function mayRetry(call: Pick<Call, "effect">, error: Pick<ApiError, "code" | "sent">): boolean {
  if (error.code === "rate_limited") return true; // refused before any work was done
  if (!TRANSIENT.has(error.code)) return false; // the same request would get the same answer
  return call.effect !== "once" || error.sent === "no"; // a lost "create" may have bought a port
}

/** Was it tried often enough? Counted apart: a storm of refusals must not use up what is there for trouble. */
export function isEnough({ refused, troubled }: Pick<Tally, "refused" | "troubled">): boolean {
  return refused >= MOST_TRIES.refused || troubled >= MOST_TRIES.troubled;
}

/** Repeats what may be repeated until the call's deadline; a wait that would pass it is not begun. */
export function withRetry(send: Try, limiter: Limiter, settings: Settings): Send {
  const { now, deadlineMs } = settings;
  let toldUntil = -Infinity; // end of a pause too long for all calls, of which one has told
  return async (call) => {
    const turn = limiter.arrive(call);
    const tally = new Tally();
    let begunAt: number | undefined;
    let until = now() + settings.queueMs; // the deadline counts from the first try
    let last: ApiError | undefined;
    const attempt = () => {
      if (begunAt === undefined) until = (begunAt = now()) + deadlineMs;
      return send(call, Math.min(settings.timeoutMs, until - now()));
    };
    const giveUp = (error: ApiError, toWaitMs = 0) => {
      const efforts = { last: error, tally, tookMs: now() - (begunAt ?? now()), leftMs: until - now() };
      const isForAll = toWaitMs >= deadlineMs && concernsAll(call, error) && !error.maybeDone;
      const repeated = isForAll && now() < toldUntil;
      if (isForAll && !repeated) toldUntil = now() + toWaitMs;
      return gaveUp(efforts, deadlineMs, toWaitMs).but({ repeated });
    };

    for (;;) {
      try {
        return await turn.take(until, attempt);
      } catch (failure) {
        if (failure instanceof NoTurn) throw last ? giveUp(last, failure.pauseMs) : notSent(call, failure, settings);
        if (!isApiError(failure)) throw failure;
        // an earlier try may have done what this one was refused
        const maybeDone = failure.maybeDone || last?.maybeDone === true;
        const tries = tally.tries + (failure.sent === "no" ? 0 : 1);
        if (!mayRetry(call, failure)) throw failure.but({ tries, maybeDone });
        tally.add(failure);
        last = failure.but({ maybeDone });
      }
      if (isEnough(tally)) throw giveUp(last);
      if (concernsAll(call, last)) continue; // its wait is the pause of all
      const nth = last.status === 429 ? tally.refused : tally.troubled;
      const wait = waitMs(nth, last.retryAfterSeconds, settings.random);
      if (wait >= until - now()) throw giveUp(last, wait);
      if (call.hasCooldown) await settings.sleep(wait);
      else await turn.rest(wait);
    }
  };
}
