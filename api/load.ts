import { type Call } from "./call";
import { type ApiError } from "./errors";
import { type Settings } from "./options";
import { gapMs, type Pace, slowed, unpaced, withAccepted } from "./pace";
import { accepted, concernsAll, NO_PAUSE, type Pause, refused } from "./pause";
import { lowered, openWindow, raised, type Window } from "./window";

/** What the vendor bears, learned from its answers: how many tries at a time, how fast they begin, and its pauses. */
export class Load {
  private window: Window;
  private pace: Pace;
  private pause: Pause = NO_PAUSE;
  private nextAt = -Infinity;

  constructor(private readonly settings: Pick<Settings, "maxConcurrent" | "now" | "random">) {
    this.window = openWindow(settings.maxConcurrent, settings.now());
    this.pace = unpaced(settings.now());
  }

  /** Tries that may be in flight. */
  get limit(): number {
    return this.window.limit;
  }

  /** How long the vendor's pause still is, in ms. */
  pauseMs(): number {
    return Math.max(0, this.pause.until - this.settings.now());
  }

  /** How long until the next try may begin, in ms. */
  waitMs(): number {
    return Math.max(this.pauseMs(), this.nextAt - this.settings.now());
  }

  /** A try begins. Call what comes back with its end: without an error where it succeeded. */
  begin(call: Call): (error?: ApiError) => void {
    const now = this.settings.now();
    const sentIn = this.pause.number;
    this.nextAt = now + gapMs(this.pace, now, this.settings.random);
    return (error) => {
      if (error && concernsAll(call, error)) this.refused(sentIn, error);
      else if (!error || wasServed(error)) this.accepted(sentIn);
    };
  }

  private refused(sentIn: number, error: ApiError): void {
    const now = this.settings.now();
    const before = this.pause;
    this.pause = refused(before, sentIn, now, error.retryAfterSeconds, this.settings.random);
    if (this.pause.number === before.number) return;
    this.window = lowered(this.window, now);
    this.pace = slowed(this.pace, now, this.pause.until);
  }

  private accepted(sentIn: number): void {
    this.pace = withAccepted(this.pace);
    this.pause = accepted(this.pause, sentIn);
    if (sentIn === this.pause.number) this.window = raised(this.window, this.settings.now());
  }
}

/** A refusal for what the call asks, such as a 404, is an answer like any other. */
function wasServed({ status }: ApiError): boolean {
  return status !== undefined && status < 500 && status !== 429;
}
