import { type Attempt, type Call, type Send } from "./call";
import { type ApiError, inSeconds, interrupted, isApiError } from "./errors";
import { backoffMs, LONGEST_ADDED_MS } from "./load";
import { type ResolvedOptions } from "./options";
import { type Queue } from "./queue";
import { concernsAll } from "./refusals";

const TRANSIENT = new Set(["network", "timeout", "server_error"]);

/** May the call be sent again after this error? What acts once is repeated only if it certainly was not done. */
export function mayRetry(call: Pick<Call, "effect">, error: Pick<ApiError, "code" | "sent">): boolean {
  if (call.effect === "once" && error.sent === "maybe") return false; // a lost "create" may have bought a port
  if (error.code === "rate_limited") return true; // refused before any work was done
  if (!TRANSIENT.has(error.code)) return false; // the same request would get the same answer
  return call.effect !== "once" || error.sent === "no";
}

/** Repeats what may be repeated until the call's deadline; a wait that would pass it is not begun. */
export function withRetry(send: Attempt, queue: Queue, options: ResolvedOptions): Send {
  const { now, deadlineMs } = options;
  let reportedUntil = -Infinity; // end of a pause too long for all calls, which one of them has reported
  return async (call) => {
    const isOwed = options.isOwed();
    const signal = isOwed ? undefined : options.signal;
    const failures: ApiError[] = [];
    let startedAt: number | undefined;
    let until = now() + options.queueMs; // the deadline counts from the first attempt
    let last: ApiError | undefined;
    const giveUp = (error: ApiError, waitMs = 0) => {
      const isForAll = waitMs >= deadlineMs && concernsAll(call, error) && !error.maybeDone;
      const repeated = isForAll && now() < reportedUntil;
      if (isForAll && !repeated) reportedUntil = now() + waitMs;
      const efforts =
        failures.length > 1 ? `Gave up after ${inSeconds(now() - startedAt!)}: ${summary(failures)}` : undefined;
      const next = signal?.aborted
        ? { hint: "It is not sent again, since the run was interrupted" }
        : waitFacts(error, waitMs, until - now(), deadlineMs);
      return error.but({ tries: 1, efforts, repeated, ...next });
    };

    for (;;) {
      if (last && signal?.aborted) throw giveUp(last);
      let sent = false;
      const attempt = async () => {
        if (call.effect !== "none" && options.isHeard && !(await options.isHeard()))
          throw interrupted(call, "nobody waits for its answer any more");
        sent = true;
        if (startedAt === undefined) until = (startedAt = now()) + deadlineMs;
        return send(call, Math.min(options.timeoutMs, until - now()));
      };
      try {
        return await queue.run({ call, isFirst: startedAt === undefined, isOwed, until }, attempt);
      } catch (failure) {
        if (!isApiError(failure)) throw failure;
        const maybeDone = failure.maybeDone || last?.maybeDone === true; // an earlier attempt may have done it
        if (last && failure.code === "interrupted") throw giveUp(last);
        const tries = failures.length + (failure.sent === "no" ? 0 : 1);
        if (!mayRetry(call, failure)) throw failure.but({ tries, maybeDone });
        if (!sent) throw last ? giveUp(last, queue.load.pauseMs) : failure;
        failures.push((last = failure.but({ maybeDone })));
      }
      const refused = failures.filter(({ status }) => status === 429).length;
      const troubled = failures.length - refused;
      // counted apart: a storm of refusals, which cost little, must not use up what is there for trouble
      if (refused >= 30 || troubled >= 5) throw giveUp(last);
      if (concernsAll(call, last)) continue; // its wait is the pause of all
      const wait = backoffMs(last.status === 429 ? refused : troubled, last.retryAfterSeconds, options.random);
      if (wait >= until - now()) throw giveUp(last, wait);
      await (call.hasCooldown ? options.sleep(wait, signal) : queue.rest(wait, signal));
    }
  };
}

/** "23 tries, 22 × 429, 1 × 503", the most frequent first. */
function summary(failures: ApiError[]): string {
  const counts = new Map<unknown, number>();
  for (const { status, code } of failures) counts.set(status ?? code, (counts.get(status ?? code) ?? 0) + 1);
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} × ${String(kind)}`);
  return [`${failures.length} tries`, ...parts].join(", ");
}

/** What the wait before the next attempt adds to the error; a hint where it does not fit into what is left. */
function waitFacts({ retryAfterSeconds: own }: ApiError, waitMs: number, leftMs: number, deadlineMs: number) {
  // Another call may have been asked to wait longer since, and that holds for all. A little more is our own caution.
  const asked = own === undefined || waitMs <= own * 1000 + LONGEST_ADDED_MS ? own : Math.floor(waitMs / 1000);
  if (waitMs === 0 || waitMs < leftMs) return { retryAfterSeconds: asked };
  const ours = `The next try would be in ${inSeconds(waitMs)}`;
  const wait = asked === undefined ? ours : `The vendor asks to wait ${inSeconds(asked * 1000)}`;
  const left = inSeconds(Math.max(0, Math.floor(leftMs / 1000) * 1000));
  const hint = `${wait}, this call has ${left} left of the ${inSeconds(deadlineMs)} that calls may take`;
  return { retryAfterSeconds: asked, hint };
}
