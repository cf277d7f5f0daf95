import { type Call } from "./call";
import { type ApiError, isApiError } from "./errors";
import { Line, type Waiting } from "./line";
import { Load } from "./load";
import { type Settings } from "./options";

/** Calls that wait at most: an up of that many resources would take hours anyway. */
const MOST_WAITING = 10_000;

/** Rings after so many ms unless it is called off by what it returns. */
export type Alarm = (ms: number, ring: () => void) => () => void;

const realAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, Math.min(ms, 2 ** 31 - 1));
  return () => clearTimeout(timer);
};

/** A try was not made: it waited too long, for a pause longer than calls may take, or there are too many before it. */
export class NoTurn extends Error {
  constructor(
    readonly why: "late" | "paused" | "full",
    /** Calls in flight and before it in the line. */
    readonly ahead: number,
    readonly pauseMs: number,
  ) {
    super(why);
  }
}

/** One call's place in the order of arrival. */
export interface Turn {
  /** Makes one try when its turn comes. Rejects with NoTurn if that is not, or surely will not be, before `until`. */
  take<T>(until: number, work: () => Promise<T>): Promise<T>;
  /** Sleeps before the next try; no new call begins in its place. */
  rest(ms: number): Promise<void>;
}

/** Lets the calls of one client begin in the order in which they came, as many and as fast as the vendor bears. */
export class Limiter {
  private readonly line = new Line();
  private readonly load: Load;
  private flying = 0;
  private resting = 0;
  private tickets = 0;
  private waking?: AbortController;

  /** `barred` tells why a call need not be sent at all. */
  constructor(
    private readonly settings: Pick<Settings, "maxConcurrent" | "deadlineMs" | "now" | "sleep" | "random">,
    private readonly barred: (call: Call) => ApiError | undefined,
    private readonly alarm: Alarm = realAlarm,
  ) {
    this.load = new Load(settings);
  }

  /** Tries that may be in flight now. */
  get limit(): number {
    return this.load.limit;
  }

  arrive(call: Call): Turn {
    const ticket = this.tickets++;
    let begun = false;
    return {
      take: async (until, work) => {
        const end = await this.enter({ call, ticket, begun, until });
        begun = true;
        try {
          const result = await work();
          end();
          return result;
        } catch (failure) {
          if (isApiError(failure)) end(failure);
          this.line.sweep((one) => this.hopeless(one));
          throw failure;
        } finally {
          this.flying--;
          this.admit();
        }
      },
      rest: async (ms) => {
        this.resting++;
        await this.settings.sleep(ms);
        this.resting--;
        this.admit();
      },
    };
  }

  private enter(place: Pick<Waiting, "call" | "ticket" | "begun" | "until">): Promise<(error?: ApiError) => void> {
    return new Promise((resolve, reject) => {
      let callOff = (): void => undefined;
      const one: Waiting = {
        ...place,
        admit: () => (callOff(), resolve(this.load.begin(one.call))),
        reject: (error) => (callOff(), reject(error)),
      };
      const full = !one.begun && this.line.length >= MOST_WAITING;
      const refused = this.hopeless(one) ?? (full ? this.noTurn("full", this.line.length) : undefined);
      if (refused) return reject(refused);
      this.line.join(one);
      this.admit();
      if (this.line.ahead(one) >= 0)
        callOff = this.alarm(one.until - this.settings.now(), () => {
          this.tooLate(one);
          this.admit();
        });
    });
  }

  /** Lets in whoever's turn it is, or wakes up when it will be. */
  private admit(): void {
    for (let first = this.line.first; first; first = this.line.first) {
      if (this.settings.now() >= first.until) {
        this.tooLate(first);
        continue;
      }
      if (this.flying + (first.begun ? 0 : this.resting) >= this.load.limit) return;
      const wait = this.load.waitMs();
      if (wait > 0) return void this.wakeIn(wait);
      this.line.leave(first);
      this.flying++;
      first.admit();
    }
    this.waking?.abort(); // nobody waits any more, and a timer would keep the process alive
  }

  private async wakeIn(ms: number): Promise<void> {
    if (this.waking) return;
    this.waking = new AbortController();
    await this.settings.sleep(ms, this.waking.signal);
    this.waking = undefined;
    this.admit();
  }

  private tooLate(one: Waiting): void {
    const error = this.noTurn("late", this.line.ahead(one));
    this.line.leave(one);
    one.reject(error);
  }

  /** Nobody waits for a pause that is longer than a call may take. */
  private hopeless(one: Waiting): Error | undefined {
    const barred = this.barred(one.call);
    if (barred) return barred;
    const pause = this.load.pauseMs();
    const patience = Math.min(this.settings.deadlineMs, one.until - this.settings.now());
    return pause > 0 && pause >= patience ? this.noTurn("paused", 0) : undefined;
  }

  private noTurn(why: NoTurn["why"], ahead: number): NoTurn {
    return new NoTurn(why, this.flying + ahead, this.load.pauseMs());
  }
}
