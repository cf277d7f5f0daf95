import { AuthFailureCache } from "../../api/transport/auth-failures";
import { type Answer, type Attempt, type Call } from "../../api/transport/call";
import { serverClock } from "../../api/transport/clock";
import { type ApiError, isApiError } from "../../api/transport/errors";
import { withErrors } from "../../api/transport/failures";
import { type ApiOptions, resolveOptions } from "../../api/transport/options";
import { Queue } from "../../api/transport/queue";
import { withRetry } from "../../api/transport/retry";
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
  readonly sent: { at: number; path: string; inFlight: number; limit: number; status: number }[] = [];
  /** Sends at a time when the vendor had asked all to wait. */
  readonly early: string[] = [];
  private readonly tries = new Map<string, { tries: number; firstAt: number }>();
  private readonly queue: Queue;
  private readonly send: (call: Call) => Promise<Answer>;
  private inFlight = 0;
  private pause = { askedAt: -1, until: -1 };

  constructor(
    private readonly vendor: (call: Call, now: number) => Weather,
    options: Partial<ApiOptions> = {},
  ) {
    const { now, sleep, alarm } = this.time;
    const resolved = resolveOptions({ apiKey: "psx_storm_key", now, sleep, random: () => 0.5, ...options });
    const authFailures = new AuthFailureCache();
    const attempt = authFailures.remembering(withErrors(this.wire, resolved.apiKey, "api.test", serverClock(now)));
    this.queue = new Queue(resolved, (call) => authFailures.find(call), alarm);
    this.send = withRetry(attempt, this.queue, resolved);
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

  private readonly wire: Attempt = async (call, timeoutMs) => {
    const at = this.time.now();
    if (at < this.pause.until && at > this.pause.askedAt) this.early.push(`${call.path} at ${at}`);
    const { status, retryAfter, latencyMs = 1, message = "", cut } = this.vendor(call, at);
    this.sent.push({ at, path: call.path, inFlight: ++this.inFlight, limit: this.queue.load.limit, status });
    const { tries, firstAt } = this.tries.get(call.path) ?? { tries: 0, firstAt: at };
    this.tries.set(call.path, { tries: tries + 1, firstAt });
    try {
      await this.time.sleep(Math.min(latencyMs, timeoutMs));
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what axios throws is looked at by its fields
      if (latencyMs >= timeoutMs) throw { code: "ERR_CANCELED" };
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      if (cut) throw { code: "ECONNRESET" };
    } finally {
      this.inFlight--;
    }
    if (status === 429 && /^\d+$/.test(retryAfter ?? "")) this.hold(Number(retryAfter) * 1000);
    const headers = { "retry-after": retryAfter, date: new Date(this.time.now()).toUTCString() };
    return { status, headers, text: JSON.stringify({ message }) };
  };

  private hold(ms: number): void {
    const now = this.time.now();
    this.pause = { askedAt: now, until: Math.max(this.pause.until, now + ms) };
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
