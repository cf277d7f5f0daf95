import { type Answer, type Call, type Try } from "../../api/call";
import { serverClock } from "../../api/clock";
import { type ApiError, isApiError } from "../../api/errors";
import { withErrors } from "../../api/failures";
import { Latch, withLatch } from "../../api/latch";
import { Limiter } from "../../api/limit";
import { type ApiOptions, settle } from "../../api/options";
import { withRetry } from "../../api/retry";
import { VirtualTime } from "./virtual-time";

/** What the vendor of a storm does with one try. */
export interface Weather {
  status: number;
  retryAfter?: string;
  latencyMs?: number;
  message?: string;
  /** The connection is cut. */
  cut?: boolean;
}

/** One call's life. Times in virtual ms; `firstAt` is missing for a call that was never sent. */
export interface Life {
  path: string;
  arrivedAt: number;
  firstAt?: number;
  endedAt: number;
  tries: number;
  error?: ApiError;
}

/** The client's transport over a vendor of one function, in virtual time. */
export class Storm {
  readonly time = new VirtualTime();
  readonly sent: { at: number; path: string; flying: number; limit: number; status: number }[] = [];
  /** Sends at a time when the vendor had asked all to wait. */
  readonly early: string[] = [];
  private readonly tries = new Map<string, { tries: number; firstAt: number }>();
  private readonly limiter: Limiter;
  private readonly send: (call: Call) => Promise<Answer>;
  private flying = 0;
  private heard = { at: -1, until: -1 };

  constructor(
    private readonly vendor: (call: Call, now: number) => Weather,
    options: Partial<ApiOptions> = {},
  ) {
    const { now, sleep, alarm } = this.time;
    const settings = settle({ apiKey: "psx_storm_key", now, sleep, random: () => 0.5, ...options });
    const latch = new Latch();
    const tried = withLatch(withErrors(this.wire, settings.apiKey, "api.test", serverClock(now)), latch);
    this.limiter = new Limiter(settings, (call) => latch.check(call), alarm);
    this.send = withRetry(tried, this.limiter, settings);
  }

  /** Makes all calls, each when its time comes, and waits for their ends. */
  async weather(calls: (Partial<Call> & { atMs?: number })[]): Promise<Life[]> {
    const lives = calls.map(async ({ atMs = 0, ...call }, index) => {
      if (atMs > 0) await this.time.sleep(atMs);
      return this.live({ method: "GET", effect: "none", route: "/ports", path: `/${index}`, ...call });
    });
    return this.time.until(Promise.all(lives));
  }

  private async live(call: Call): Promise<Life> {
    const arrivedAt = this.time.now();
    const error = await this.send(call).then(
      () => undefined,
      (failure: unknown) => {
        if (isApiError(failure)) return failure;
        throw failure;
      },
    );
    const { tries, firstAt } = this.tries.get(call.path) ?? { tries: 0, firstAt: undefined };
    const life: Life = { path: call.path, arrivedAt, endedAt: this.time.now(), tries };
    if (firstAt !== undefined) life.firstAt = firstAt;
    if (error) life.error = error;
    return life;
  }

  private readonly wire: Try = async (call, timeoutMs) => {
    const at = this.time.now();
    if (at < this.heard.until && at > this.heard.at) this.early.push(`${call.path} at ${at}`);
    const { status, retryAfter, latencyMs = 1, message = "", cut } = this.vendor(call, at);
    this.sent.push({ at, path: call.path, flying: ++this.flying, limit: this.limiter.limit, status });
    const { tries, firstAt } = this.tries.get(call.path) ?? { tries: 0, firstAt: at };
    this.tries.set(call.path, { tries: tries + 1, firstAt });
    try {
      await this.time.sleep(Math.min(latencyMs, timeoutMs));
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what axios throws is looked at by its fields
      if (latencyMs >= timeoutMs) throw { code: "ERR_CANCELED" };
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      if (cut) throw { code: "ECONNRESET" };
    } finally {
      this.flying--;
    }
    if (status === 429 && /^\d+$/.test(retryAfter ?? "")) this.hold(Number(retryAfter) * 1000);
    const headers = { "retry-after": retryAfter, date: new Date(this.time.now()).toUTCString() };
    return { status, headers, text: JSON.stringify({ message }) };
  };

  private hold(ms: number): void {
    const now = this.time.now();
    this.heard = { at: now, until: Math.max(this.heard.until, now + ms) };
  }
}

/** So many requests a second, a second's worth at once; beyond it 429. */
export function bucket(
  perSecond: number,
  latencyMs: number,
  retryAfter?: string,
): (call: Call, now: number) => Weather {
  let tokens = perSecond;
  let filledAt = 0;
  return (_, now) => {
    tokens = Math.min(perSecond, tokens + ((now - filledAt) * perSecond) / 1000);
    filledAt = now;
    if (tokens < 1) return { status: 429, latencyMs, ...(retryAfter !== undefined && { retryAfter }) };
    tokens--;
    return { status: 200, latencyMs };
  };
}
