import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";
import { formatDuration } from "../../../domain/duration";
import { ProviderError } from "../../errors";

/** Calls `ring` after a time in ms, unless what it gives is called before. */
export type Alarm = (ms: number, ring: () => void) => () => void;

const clock: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

/** What holds for the work that one call began. */
interface Own {
  /** Aborted as its time is over. */
  late?: AbortSignal;
  /** It completes what was begun, so it goes on in a run that was interrupted. */
  isOwed?: boolean;
}

/** The calls of the engine that are under way. Each may end before its work does: by its timeout, or as the run is cancelled. */
export class Calls {
  private readonly own = new AsyncLocalStorage<Own>();
  private readonly run = new AbortController();

  constructor(private readonly alarm: Alarm = clock) {
    setMaxListeners(0, this.run.signal); // one for each that waits
  }

  /**
   * Does the work of one call. Past its time the engine hears so, and the work begins no other wait; an order that was
   * sent goes on, and the journal has it. What the work itself makes of that comes first: it may have a state to keep.
   *
   * @param seconds of the resource's `customTimeouts`; 0 for none
   */
  async within<T>(seconds: number, work: () => Promise<T>): Promise<T> {
    const late = new AbortController();
    const answer = this.own.run({ late: late.signal }, work);
    if (seconds <= 0) return answer;
    let done = (): void => undefined;
    const timeout = new Promise<never>((_, reject) => {
      done = this.alarm(seconds * 1_000, () => {
        const error = new ProviderError(
          `not done within ${formatDuration(seconds)}, the resource's customTimeouts. What was bought until then is ` +
            "taken up by the next run on this machine; on another, `npx proxies-sx orphans` finds it.",
        );
        late.abort(error);
        setImmediate(reject, error); // once all that hears of it has
      });
    });
    answer.catch(() => undefined); // nobody hears of it past its time
    return Promise.race([answer, timeout]).finally(() => done());
  }

  /** Does what several calls wait for: it is part of none, so its pauses end with the run alone, if at all. */
  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.own.run({ isOwed: this.isOwed() }, work);
  }

  /**
   * Does what completes what was begun: neither its pauses nor what it is about to do end with the run. Past the time of
   * its call it is no longer waited for, whatever it waits for itself.
   */
  owed<T>(work: () => Promise<T>): Promise<T> {
    const own = this.own.getStore();
    const answer = this.own.run({ ...own, isOwed: true }, work);
    const { late } = own ?? {};
    if (!late) return answer;
    answer.catch(() => undefined); // nobody hears of it past its time
    return new Promise((resolve, reject) => {
      const end = (): void => reject(late.reason as Error);
      late.addEventListener("abort", end);
      if (late.aborted) end();
      void answer.then(resolve, reject).finally(() => late.removeEventListener("abort", end));
    });
  }

  /** Whether this is asked in such work. */
  isOwed(): boolean {
    return this.own.getStore()?.isOwed ?? false;
  }

  /** Aborted as the user interrupts the run. */
  get interrupted(): AbortSignal {
    return this.run.signal;
  }

  /** Whether what the call that this is asked in is about to do is still wanted. */
  isWanted(): boolean {
    return this.isHeard() && (this.isOwed() || !this.run.signal.aborted);
  }

  /** Whether the call that this is asked in has not ended by its timeout: past it the engine hears no answer. */
  isHeard(): boolean {
    return !this.own.getStore()?.late?.aborted;
  }

  /** A pause of the call that it is asked in: it ends with an error where the call has ended, or the run is cancelled and nothing is owed. */
  sleep(ms: number): Promise<void> {
    const signals = [this.own.getStore()?.late, this.isOwed() ? undefined : this.run.signal].filter(
      (signal) => signal !== undefined,
    );
    return new Promise((resolve, reject) => {
      const end = ({ reason }: AbortSignal): void => {
        finish();
        reject(reason as Error);
      };
      const off = this.alarm(ms, () => {
        finish();
        resolve();
      });
      const listeners = signals.map((signal) => ({ signal, listener: () => end(signal) }));
      const finish = (): void => {
        off();
        for (const { signal, listener } of listeners) signal.removeEventListener("abort", listener);
      };
      for (const { signal, listener } of listeners) signal.addEventListener("abort", listener);
      const over = signals.find(({ aborted }) => aborted);
      if (over) end(over);
    });
  }

  /** The user has interrupted the run: nothing waits any more. Calls to the vendor that are under way get their answer. */
  cancel(): void {
    this.run.abort(new ProviderError("the run was interrupted while this waited; the next run goes on."));
  }
}
