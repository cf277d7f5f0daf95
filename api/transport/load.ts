import { type Call } from "./call";
import { isApiError } from "./errors";
import { type ResolvedOptions } from "./options";
import { concernsAll } from "./refusals";

/** What is lowered grows back by steps of a second, and a rate is measured over one at least: fast answers prove little. */
const SECOND_MS = 1_000;
/** Attempts a second to assume after the first refusal of all, where too few were asked for before it to know more. */
const FIRST_PER_SECOND = 8;
/** Most that is added to what a vendor asks for, time and again: a long storm must not use up the attempts of a call. */
export const LONGEST_ADDED_MS = 5_000;

/** Milliseconds before the next attempt: what the vendor asks for and a little, else exponential with full jitter. */
export function backoffMs(nth: number, retryAfterSeconds: number | undefined, random: () => number): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000 + random() * 500;
  return random() * Math.min(20_000, 500 * 2 ** (nth - 1));
}

/**
 * What the vendor bears, learned from its answers. A refusal begins a pause of all calls, halves how many may be in
 * flight, and bounds how many begin a second: one call at a time is still hundreds a second at a fast vendor.
 */
export class Load {
  /** Attempts that may be in flight. */
  limit: number;
  private limitChangedAt: number;
  /** Attempts that may begin a second, as the pause ends. */
  private perSecond = Infinity;
  private isMeasured = false;
  private accepted = 0;
  private refusedAt: number;
  private nextAt = -Infinity;
  private pausedUntil: number;
  private pauses = 0;
  private pausesInARow = 0;

  constructor(private readonly options: Pick<ResolvedOptions, "maxConcurrent" | "now" | "random">) {
    this.limit = Math.max(1, Math.floor(options.maxConcurrent));
    this.limitChangedAt = this.refusedAt = this.pausedUntil = options.now();
  }

  /** How long the pause still is, in ms. */
  get pauseMs(): number {
    return Math.max(0, this.pausedUntil - this.options.now());
  }

  /** How long until the next attempt may begin, in ms. */
  get waitMs(): number {
    return Math.max(this.pauseMs, this.nextAt - this.options.now());
  }

  /** An attempt begins. Call what comes back with its end: without a failure where it succeeded. */
  begin(call: Call): (failure?: unknown) => void {
    const { now, random } = this.options;
    const sentAfter = this.pauses;
    this.nextAt = now() + (1000 / this.rate(now())) * (0.5 + random());
    return (failure) => {
      const isOld = sentAfter < this.pauses; // what was sent before a pause says nothing of the time after it
      if (!isApiError(failure)) return failure ? undefined : this.onAccepted(isOld);
      const { status = 0, retryAfterSeconds } = failure;
      if (concernsAll(call, failure)) this.onRefused(retryAfterSeconds, isOld);
      else if (status > 0 && status < 500 && status !== 429) this.onAccepted(isOld); // a 404 is an answer like any other
    };
  }

  private onRefused(retryAfterSeconds: number | undefined, isOld: boolean): void {
    const { now, random } = this.options;
    if (!isOld) this.slowDown(now());
    else if (retryAfterSeconds === undefined) return;
    const asked = backoffMs(this.pausesInARow, retryAfterSeconds, random);
    const longest =
      retryAfterSeconds === undefined ? 0 : Math.min(LONGEST_ADDED_MS, 500 * 2 ** (this.pausesInARow - 1));
    this.pausedUntil = Math.max(this.pausedUntil, now() + Math.max(asked, random() * longest));
  }

  private slowDown(now: number): void {
    // less than was accepted, so that what has piled up can drain
    const measured = (0.9 * this.accepted * 1000) / Math.max(SECOND_MS, now - this.refusedAt);
    if (this.perSecond === Infinity && measured < FIRST_PER_SECOND) {
      this.perSecond = FIRST_PER_SECOND;
    } else if (this.accepted > 0) {
      this.perSecond = Math.max(0.5, Math.min(measured, 0.9 * this.rate(now)));
      this.isMeasured = true;
    } // else the vendor was still closed to all, which says nothing of the rate
    this.limit = Math.max(1, Math.floor(this.limit / 2));
    this.limitChangedAt = this.refusedAt = now;
    this.accepted = 0;
    this.pauses++;
    this.pausesInARow++;
  }

  private onAccepted(isOld: boolean): void {
    this.accepted++;
    if (isOld) return;
    this.pausesInARow = 0;
    const now = this.options.now();
    if (now - this.limitChangedAt < SECOND_MS || this.limit + 1 > this.options.maxConcurrent) return;
    this.limit++;
    this.limitChangedAt = now;
  }

  /** A guess doubles every two seconds; a measure grows by a share, gentle on a slow vendor, and along a curve. */
  private rate(now: number): number {
    const seconds = Math.max(0, now - this.pausedUntil) / 1000;
    if (!this.isMeasured) return this.perSecond * 2 ** (seconds / 2);
    return this.perSecond * (1 + 0.03 * seconds) + 0.01 * seconds ** 2;
  }
}
