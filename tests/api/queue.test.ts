import fc from "fast-check";
import { resolveOptions } from "../../api/transport/options";
import { Queue } from "../../api/transport/queue";
import { bucket, type Life, Storm, type Weather } from "./storm";
import { runsOf } from "../cases";

const DEADLINE = 120_000;
const QUEUE = 900_000;

/** Whatever a vendor can do. */
const weather: fc.Arbitrary<Weather> = fc.record(
  {
    status: fc.constantFrom(200, 200, 200, 404, 429, 429, 500, 502, 503),
    retryAfter: fc.constantFrom("0", "1", "7", "60", "86400", "Wed, 17 Dec 1975 10:00:00 GMT", "soon"),
    latencyMs: fc.constantFrom(0, 1, 200, 5000, 40_000),
    cut: fc.constantFrom(false, false, true),
  },
  { requiredKeys: ["status"] },
);
const effects = fc.array(fc.constantFrom("none", "repeatable", "once"), { minLength: 1, maxLength: 40 });

/** A vendor that goes through the list again and again. */
const repeating = (list: Weather[]) => {
  let at = 0;
  return () => list[at++ % list.length]!;
};

async function survive(list: Weather[], calls: ("none" | "repeatable" | "once")[], maxConcurrent: number) {
  const storm = new Storm(repeating(list), { maxConcurrent });
  const lives = await storm.weather(calls.map((effect) => ({ effect, method: effect === "none" ? "GET" : "POST" })));
  return { storm, lives };
}

const endsInTime = ({ arrivedAt, firstAt, endedAt }: Life) =>
  firstAt === undefined ? endedAt <= arrivedAt + QUEUE : firstAt <= arrivedAt + QUEUE && endedAt <= firstAt + DEADLINE;

describe("whatever the vendor answers", () => {
  test("no try beyond the limit of its moment, the limit in [1, most], each call ends in time, in its order, and none is sent into a pause", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(weather, { minLength: 1, maxLength: 12 }),
        effects,
        fc.integer({ min: 1, max: 16 }),
        async (list, calls, most) => {
          const { storm, lives } = await survive(list, calls, most);
          expect(storm.sent.filter(({ inFlight, limit }) => inFlight > limit)).toEqual([]);
          expect(storm.sent.filter(({ limit }) => limit < 1 || limit > most)).toEqual([]);
          expect(lives.filter((life) => !endsInTime(life))).toEqual([]);
          expect(storm.early).toEqual([]);
          const first = [...new Set(storm.sent.map(({ path }) => Number(path.slice(1))))];
          expect(first).toEqual([...first].sort((a, b) => a - b)); // whoever came first is sent first
          expect(storm.time.pending).toBe(0); // no timer outlives the calls
        },
      ),
      { numRuns: runsOf(150) },
    );
  });

  test("what spends money is sent again only after a 429", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(weather, { minLength: 1, maxLength: 12 }), effects, async (list, calls) => {
        const { storm } = await survive(
          list.map((one) => ({ ...one, cut: false })),
          calls.map(() => "once"),
          8,
        );
        for (const path of new Set(storm.sent.map((one) => one.path))) {
          const statuses = storm.sent.filter((one) => one.path === path).map(({ status }) => status);
          expect(statuses.slice(0, -1).filter((status) => status !== 429)).toEqual([]);
        }
      }),
      { numRuns: runsOf(100) },
    );
  });

  test("a vendor of any rate and latency is not stampeded", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 60 }),
        fc.constantFrom(1, 20, 300, 2000),
        fc.constantFrom("1", undefined),
        fc.integer({ min: 1, max: 150 }),
        async (rate, latencyMs, retryAfter, count) => {
          const storm = new Storm(bucket(rate, latencyMs, retryAfter));
          const lives = await storm.weather(Array.from({ length: count }, () => ({})));
          expect(lives.filter(({ error }) => error)).toEqual([]);
          const refusals = storm.sent.length - count;
          expect(refusals).toBeLessThanOrEqual(16 + count / 10); // the first wave, then one in ten
        },
      ),
      { numRuns: runsOf(60) },
    );
  });
});

const many = (count: number) => Array.from({ length: count }, () => ({}));

describe("the shared pause", () => {
  test("one call's Retry-After holds back all others, then they ramp up", async () => {
    let refused = false;
    const storm = new Storm((call) => {
      if (refused || call.path !== "/3") return { status: 200, latencyMs: 10 };
      refused = true;
      return { status: 429, retryAfter: "30", latencyMs: 5 };
    });
    await storm.weather(many(40));
    const times = storm.sent.map(({ at }) => at);
    expect(times.slice(0, 16)).toEqual(Array(16).fill(0));
    expect(storm.sent[16]).toMatchObject({ at: 30_255, path: "/3", inFlight: 1 }); // 5 ms, 30 s and half of the jitter
    const gaps = times.slice(17).map((at, index) => at - times[16 + index]!);
    expect(Math.min(...gaps)).toBeGreaterThan(50); // 8 a second, which doubles in two
    expect(storm.sent.length).toBe(41);
  });

  test("a wave of refusals is one reason to slow down, not sixteen", async () => {
    const storm = new Storm((_, now) => ({ status: now < 1000 ? 429 : 200, retryAfter: "1" }));
    await storm.weather(many(16));
    expect(storm.sent[16]!.limit).toBe(8);
    expect(storm.sent.length).toBe(32);
  });

  test("a cooldown holds back nobody else", async () => {
    const storm = new Storm(({ hasCooldown }) =>
      hasCooldown ? { status: 429, retryAfter: "60" } : { status: 200, latencyMs: 10 },
    );
    const [rotation, ...others] = await storm.weather([{ hasCooldown: true }, ...many(100)]);
    expect(Math.max(...others.map(({ endedAt }) => endedAt))).toBeLessThan(100);
    expect(rotation!.tries).toBe(2);
  });

  test("a pause of a day is waited for by nobody: one call reports it, the others are not sent", async () => {
    const storm = new Storm(() => ({ status: 429, retryAfter: "86400", message: "Too many requests" }), {
      maxConcurrent: 1,
    });
    const [first, second, later] = await storm.weather([{}, {}, { atMs: 3_600_000 }]);
    expect(first!.error!.message).toBe(
      "GET /v1/ports: Too many requests (429 rate_limited). The vendor asks to wait 86400 s (24 h), this call has 119 s left of the 120 s that calls may take",
    );
    expect(first!.error).toMatchObject({ repeated: false, retryAfterSeconds: 86_400 });
    expect(second!.error!.message).toBe(
      "GET /v1/ports: the vendor asked an earlier call to wait, and 86401 s (24 h) of that are left (rate_limited, not sent). Calls may take 120 s. Try again when the pause is over",
    );
    expect(later!.error).toMatchObject({ repeated: true, sent: "no", code: "rate_limited", maybeDone: false });
    expect([storm.sent.length, second!.endedAt]).toEqual([1, 1]);
  });

  test("a pause of a day that meets sixteen calls on their way is reported in full by one of them", async () => {
    const storm = new Storm(() => ({ status: 429, retryAfter: "86400", latencyMs: 5 }));
    const lives = await storm.weather(many(16));
    expect(lives.filter(({ error }) => error?.code !== "rate_limited")).toEqual([]);
    expect(lives.filter(({ error }) => error?.repeated === false).length).toBe(1);
    expect(storm.sent.length).toBe(16);
  });

  test("a call that lost its answer reports its own trouble in full: what it asked for may be done", async () => {
    const storm = new Storm(({ path }, now) =>
      path === "/0" && now === 0 ? { status: 503 } : { status: 429, retryAfter: "86400", latencyMs: 5 },
    );
    const [maybe, other] = await storm.weather([{ effect: "repeatable" }, {}]);
    expect(maybe!.error).toMatchObject({ maybeDone: true, repeated: false });
    expect(other!.error).toMatchObject({ maybeDone: false, repeated: false });
  });

  test("a call that gives up reports the longest wait that the vendor asked of any call, not its own earlier one", async () => {
    const storm = new Storm(({ path }) => ({ status: 429, retryAfter: path === "/0" ? "2" : "86400", latencyMs: 5 }));
    const [short, long] = await storm.weather(many(2));
    expect([short!.error, long!.error].map((error) => error?.retryAfterSeconds)).toEqual([86_400, 86_400]);
    const told = [short!.error, long!.error].filter((error) => error?.repeated === false);
    expect(told.map((error) => error?.message)).toEqual([
      expect.stringContaining("The vendor asks to wait 86400 s (24 h), this call has"),
    ]);
  });

  test("after the pause of a day calls are sent again", async () => {
    const storm = new Storm((_, now) => ({ status: now < 1 ? 429 : 200, retryAfter: "86400" }));
    const [, later] = await storm.weather([{}, { atMs: 86_402_000 }]);
    expect(later!.error).toBeUndefined();
  });
});

describe("storms", () => {
  test("a vendor that refuses everything: the deadline ends it, with what was counted", async () => {
    const storm = new Storm(() => ({ status: 429, retryAfter: "5" }));
    const [life] = await storm.weather([{}]);
    expect(life!.error!.message).toBe(
      "GET /v1/ports: the vendor gave no reason (429 rate_limited). Gave up after 115 s: 23 tries, 23 × 429. The vendor asks to wait 5 s, this call has 4 s left of the 120 s that calls may take",
    );
  });

  test("calls that give up for waits of seconds report them in full, each as the vendor asked", async () => {
    const storm = new Storm(() => ({ status: 429, retryAfter: "1" }), { random: () => 0.99 });
    const lives = await storm.weather(many(2));
    for (const { error } of lives) {
      expect(error).toMatchObject({ repeated: false, retryAfterSeconds: 1 });
      expect(error!.message).toContain("The vendor asks to wait 1 s, this call has ");
    }
    // What is added to the vendor's wait is our own caution.
    expect(storm.sent.length).toBeLessThan(60);
  });

  test("what was counted, by kind", async () => {
    let at = 0;
    const storm = new Storm(() => ({ status: ++at === 1 ? 503 : 429, retryAfter: "6" }));
    const [life] = await storm.weather([{ effect: "repeatable" }]);
    expect(life!.error!.message).toContain("Gave up after 118 s: 20 tries, 19 × 429, 1 × 503. ");
    expect(life!.error!.maybeDone).toBe(true); // the 503 may have done it
  });

  test("a burst of 503 for three seconds at 5 s latency hurts nobody", async () => {
    const storm = new Storm((_, now) => ({ status: now < 3000 ? 503 : 200, latencyMs: 5000 }));
    const lives = await storm.weather(many(100));
    expect(lives.filter(({ error }) => error)).toEqual([]);
    expect(storm.sent.length).toBe(116);
  });

  test("while the vendor is down, calls that have not begun do not use up their tries", async () => {
    const storm = new Storm((_, now) => ({ status: now < 8000 ? 502 : 200 }));
    const lives = await storm.weather(many(200));
    expect(lives.filter(({ error }) => error).length).toBeLessThanOrEqual(48); // of 16 at a time, not all 200
    expect(storm.sent.filter(({ at }) => at < 8000).length).toBeLessThanOrEqual(16 * 5 * 3);
  });

  test("200 calls at 20 a second: how many refusals", async () => {
    const storm = new Storm(bucket(20, 5, "1"));
    const lives = await storm.weather(many(200));
    expect(lives.filter(({ error }) => error)).toEqual([]);
    expect(storm.sent.length - 200).toBeLessThanOrEqual(20);
    expect(Math.max(...lives.map(({ endedAt }) => endedAt))).toBeLessThan(12_000); // 9 s if it were known
  });
});

describe("the queue", () => {
  test("waiting is bounded, and the error says how many were ahead", async () => {
    const storm = new Storm(() => ({ status: 200, latencyMs: 29_000 }), { maxConcurrent: 1, queueMs: 60_000 });
    const lives = await storm.weather([...many(4), { effect: "once", method: "POST" }]);
    expect(lives.map(({ endedAt }) => endedAt)).toEqual([29_000, 58_000, 87_000, 60_000, 60_000]);
    expect(lives[3]!.error!.message).toBe(
      "GET /v1/ports: its turn did not come within 60 s: 1 call was ahead of it (timeout). Nothing was sent",
    );
    expect(lives[4]!.error).toMatchObject({ code: "timeout", sent: "no", maybeDone: false, repeated: false });
  });

  test("it does not grow without end", async () => {
    const storm = new Storm(() => ({ status: 401 }), { maxConcurrent: 1 }); // so that the queue ends at once
    const lives = await storm.weather(many(10_003));
    expect(lives.filter(({ error }) => error?.code === "timeout").length).toBe(2); // one in flight, 10,000 in the queue
    expect(lives[10_002]!.error!.message).toBe(
      "GET /v1/ports: it was not queued: 10001 calls were ahead of it (timeout). Nothing was sent",
    );
  });

  test("a call that is refused comes back before those that never began", async () => {
    let at = 0;
    const storm = new Storm(() => ({ status: ++at === 1 ? 429 : 200 }), { maxConcurrent: 1 });
    await storm.weather(many(3));
    expect(storm.sent.map(({ path }) => path)).toEqual(["/0", "/0", "/1", "/2"]);
  });

  test("a turn that comes too late is not taken, even where no alarm rang (the machine slept)", async () => {
    let now = 0;
    const options = resolveOptions({ apiKey: "psx_queue_key", maxConcurrent: 1, now: () => now });
    const queue = new Queue(
      options,
      () => undefined,
      () => () => undefined,
    );
    const entry = {
      call: { method: "GET", effect: "none", route: "/ports", path: "/ports" },
      isFirst: true,
      isOwed: false,
      until: 1000,
    } as const;
    let answer = () => {};
    const first = queue.run(entry, () => new Promise<void>((resolve) => (answer = resolve)));
    const second = queue.run(entry, async () => "sent");
    await Promise.resolve(); // the first is let in
    now = 1000;
    answer();
    await first;
    await expect(second).rejects.toMatchObject({ code: "timeout", sent: "no" });
  });
});
