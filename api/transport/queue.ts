import { type Call } from "./call";
import { type Alarm, realAlarm } from "./clock";
import { ApiError, factsOf, inSeconds, interrupted } from "./errors";
import { Load } from "./load";
import { type ResolvedOptions } from "./options";

/** Calls that wait at most: an up of that many resources would take hours anyway. */
const MOST_WAITING = 10_000;

/** An attempt to be made; `until` is when it has waited long enough. */
interface Entry {
  call: Call;
  isFirst: boolean;
  isOwed: boolean;
  until: number;
}
interface Waiting extends Entry {
  admit(): void;
  reject(error: Error): void;
}

/** First come, first served, repeats before new calls: as many at a time and as fast as the vendor bears. */
export class Queue {
  private readonly waiting: Waiting[] = [];
  private inFlight = 0;
  private resting = 0;
  private waking?: AbortController;

  /** `refusalOf` says why a call need not be sent at all. */
  constructor(
    private readonly options: ResolvedOptions,
    private readonly refusalOf: (call: Call) => ApiError | undefined,
    private readonly alarm: Alarm = realAlarm,
    readonly load = new Load(options),
  ) {
    options.signal?.addEventListener("abort", () => this.admit());
  }

  /** Does `work` when its turn comes. Rejects with an ApiError if that is not, or cannot be, before `until`. */
  async run<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
    const end = await this.admission(entry);
    try {
      const result = await work();
      end();
      return result;
    } catch (failure) {
      end(failure);
      throw failure;
    } finally {
      this.inFlight--;
      this.admit();
    }
  }

  /** Sleeps before a call's next attempt; no new call begins in its place. */
  async rest(ms: number, signal?: AbortSignal): Promise<void> {
    this.resting++;
    await this.options.sleep(ms, signal);
    this.resting--;
    this.admit();
  }

  private admission(entry: Entry): Promise<(failure?: unknown) => void> {
    return new Promise((resolve, reject) => {
      const isFull = entry.isFirst && this.waiting.length >= MOST_WAITING;
      if (isFull) return reject(this.notSent(entry.call, MOST_WAITING, "it was not queued"));
      const callOff = this.alarm(entry.until - this.options.now(), () => {
        const at = this.waiting.indexOf(one);
        this.waiting.splice(at, 1);
        reject(this.notSent(entry.call, at));
        this.admit();
      });
      const one: Waiting = {
        ...entry,
        admit: () => (callOff(), this.inFlight++, resolve(this.load.begin(entry.call))),
        reject: (error) => (callOff(), reject(error)),
      };
      this.waiting.splice(this.waiting.findLastIndex((other) => entry.isFirst || !other.isFirst) + 1, 0, one);
      this.admit();
    });
  }

  /** Lets in whoever's turn it is, or wakes up when it will be. */
  private admit(): void {
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      const error = this.hopeless(first);
      const isFull = this.inFlight + (first.isFirst ? this.resting : 0) >= this.load.limit;
      if (!error && (isFull || this.load.waitMs > 0)) {
        if (this.options.signal?.aborted && this.dropped()) continue;
        return isFull ? undefined : void this.wakeIn(this.load.waitMs);
      }
      this.waiting.shift();
      if (error) first.reject(error);
      else first.admit();
    }
    this.waking?.abort(); // nobody waits any more, and a timer would keep the process alive
  }

  /** Ends the waits that a run which was interrupted does not owe. Whether there were any. */
  private dropped(): boolean {
    const all = this.waiting.splice(0);
    for (const one of all)
      if (one.isOwed) this.waiting.push(one);
      else one.reject(interrupted(one.call, "the run was interrupted before its turn came"));
    return this.waiting.length < all.length;
  }

  private async wakeIn(ms: number): Promise<void> {
    if (this.waking) return;
    this.waking = new AbortController();
    await this.options.sleep(ms, this.waking.signal);
    this.waking = undefined;
    this.admit();
  }

  /** Nobody waits for an answer that is known, or for a pause that is longer than a call may take. */
  private hopeless({ call, until }: Entry): ApiError | undefined {
    const { pauseMs } = this.load;
    const left = until - this.options.now();
    if (left <= 0) return this.notSent(call, 0);
    const known = this.refusalOf(call);
    if (known || pauseMs === 0 || pauseMs < Math.min(this.options.deadlineMs, left)) return known;
    const seconds = Math.ceil(pauseMs / 1000);
    return new ApiError({
      ...factsOf(call, "no"),
      code: "rate_limited",
      reason: `the vendor asked an earlier call to wait, and ${inSeconds(seconds * 1000)} of that are left`,
      hint: `Calls may take ${inSeconds(this.options.deadlineMs)}. Try again when the pause is over`,
      retryAfterSeconds: seconds,
      repeated: true,
    });
  }

  private notSent(call: Call, before: number, why = `its turn did not come within ${inSeconds(this.options.queueMs)}`) {
    const ahead = this.inFlight + before;
    const calls = `${ahead} ${ahead === 1 ? "call was" : "calls were"} ahead of it`;
    const reason = `${why}: ${calls}${this.load.pauseMs > 0 ? " and the vendor had asked for a pause" : ""}`;
    return new ApiError({ ...factsOf(call, "no"), code: "timeout", reason, hint: "Nothing was sent" });
  }
}
