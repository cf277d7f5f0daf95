import fc from "fast-check";
import { ApiError } from "../../api";
import { type Call } from "../../api/transport/call";
import { backoffMs, Load } from "../../api/transport/load";
import { concernsAll } from "../../api/transport/refusals";

const CALL: Call = { method: "GET", effect: "none", route: "/ports", path: "/ports" };
const failed = (status?: number, retryAfterSeconds?: number): ApiError =>
  new ApiError({
    code: "server_error",
    reason: "no",
    ...(status !== undefined && { status }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });

/** A load whose clock the test sets. */
class World {
  now = 0;
  readonly load: Load;

  constructor(maxConcurrent = 16, random = 0.5) {
    this.load = new Load({ maxConcurrent, now: () => this.now, random: () => random });
  }

  begin(): (failure?: ApiError) => void {
    return this.load.begin(CALL);
  }

  accept(count = 1): void {
    for (let at = 0; at < count; at++) this.begin()();
  }

  refuse(retryAfterSeconds?: number): void {
    this.begin()(failed(429, retryAfterSeconds));
  }

  /** Passes the pause and comes to its end. */
  wait(): void {
    this.now += this.load.pauseMs;
  }

  /** Attempts a second that may begin now. */
  get perSecond(): number {
    this.begin();
    return 1000 / (this.load.waitMs - this.load.pauseMs);
  }
}

describe("how many at a time", () => {
  const rows: [string, (number | "refused")[], number, string][] = [
    ["nothing", [], 16, "a run without a refusal is not slowed"],
    ["a refusal", ["refused"], 8, "half of what was too much"],
    ["three", ["refused", "refused", "refused"], 2, "half each time"],
    ["many", Array<"refused">(9).fill("refused"), 1, "never none, or nothing would end"],
    ["a refusal and a success at once", ["refused", 0], 8, "a fast answer proves nothing yet"],
    ["a refusal and a success within the second", ["refused", 999], 8, "a fast answer proves nothing yet"],
    ["a refusal and a success a second later", ["refused", 1000], 9, "one more"],
    ["a refusal and two successes in the second after", ["refused", 1000, 500], 9, "one more a second"],
    ["a refusal and twenty quiet seconds", ["refused", ...Array<number>(20).fill(1000)], 16, "no more than the most"],
  ];
  test.each(rows)("%s: %j leave %d, for %s", (_, events, limit) => {
    const world = new World();
    for (const event of events) {
      if (event === "refused") world.refuse();
      else {
        world.now += event;
        world.accept();
      }
    }
    expect(world.load.limit).toBe(limit);
  });

  test("what was sent before the pause says nothing of the time after it", () => {
    const world = new World();
    const old = [world.begin(), world.begin(), world.begin()];
    world.refuse();
    world.now = 10_000;
    old[0]!();
    expect(world.load.limit).toBe(8);
    old[1]!(failed(429));
    expect([world.load.limit, world.load.pauseMs]).toEqual([8, 0]);
    old[2]!(failed(429, 3));
    expect([world.load.limit, world.load.pauseMs]).toEqual([8, 3250]); // but what the vendor asks for holds
    world.now += 3250;
    world.accept();
    expect(world.load.limit).toBe(9);
  });

  test.each<[string, number | undefined, number]>([
    ["a 404 is an answer like any other", 404, 9],
    ["a 500 is trouble", 500, 8],
    ["a cut connection is trouble", undefined, 8],
  ])("%s", (_, status, limit) => {
    const world = new World();
    world.refuse();
    world.now = 1000;
    world.begin()(failed(status));
    expect(world.load.limit).toBe(limit);
  });

  test.each([
    [0.5, 1],
    [2.9, 2],
  ])("a most of %d is taken for %d", (max, limit) => {
    const world = new World(max);
    expect(world.load.limit).toBe(limit);
    world.now = 2000;
    world.accept();
    expect(world.load.limit).toBe(limit);
  });

  test("always a whole number in [1, most]", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 200 }),
        (max, events) => {
          const world = new World(max);
          for (const [good, ms] of events) {
            world.now += ms;
            if (good) world.accept();
            else world.refuse();
            const { limit } = world.load;
            if (!Number.isInteger(limit) || limit < 1 || limit > max) return false;
          }
          return true;
        },
      ),
    );
  });
});

describe("how fast", () => {
  const after = (...spells: [accepted: number, ms: number][]): World => {
    const world = new World();
    for (const [accepted, ms] of spells) {
      world.accept(accepted);
      world.now += ms;
      world.refuse();
    }
    world.wait();
    return world;
  };

  const rows: [string, World, number, string][] = [
    ["no refusal", new World(), Infinity, "no bound"],
    ["20 accepted in 10 ms, then a refusal", after([20, 10]), 18, "a second's worth came at once, less a tenth"],
    ["100 accepted in 5 s", after([100, 5000]), 18, "what was accepted a second, less a tenth"],
    ["a refusal first of all", after([0, 10]), 8, "nothing is known, so a careful guess"],
    ["one accepted in a minute", after([1, 60_000]), 8, "few may have been asked for: no estimate below the guess"],
    ["none accepted at 18/s", after([20, 10], [0, 250]), 18, "the vendor was closed, whatever the rate"],
    ["none accepted a minute later", after([20, 10], [0, 60_000]), 18, "what had grown meanwhile was not tried"],
    ["one accepted in ten seconds", after([0, 0], [1, 10_000]), 0.5, "never slower than one in two seconds"],
    ["50 accepted in a second at 18/s", after([20, 0], [50, 1000]), 16.571, "no estimate above what was just refused"],
  ];
  test.each(rows)("%s is about %d a second, for %s", (_, world, perSecond) => {
    expect(world.perSecond).toBeCloseTo(perSecond, 1);
  });

  test("grows from the end of the pause, on a slow vendor gently", () => {
    const fast = new World();
    fast.accept(20);
    fast.refuse(30);
    const rates = [30_250, 40_250, 90_250].map((now) => ((fast.now = now), Math.round(fast.perSecond)));
    expect(rates).toEqual([18, 24, 86]);
    const slow = after([0, 0], [1, 10_000]);
    slow.now += 10_000;
    expect(slow.perSecond).toBeCloseTo(1.65);
    slow.now += 20_000;
    expect(slow.perSecond).toBeCloseTo(9.95);
  });

  test("a guess doubles every two seconds, until a refusal gives a measure", () => {
    const world = after([0, 0]);
    const start = world.now;
    expect([0, 2000, 6000].map((ms) => ((world.now = start + ms), Math.round(world.perSecond)))).toEqual([8, 16, 64]);
    world.refuse(); // still closed
    world.wait();
    expect(world.perSecond).toBeCloseTo(8);
    world.accept(20);
    world.now += 1500;
    world.refuse();
    world.wait();
    expect(world.perSecond).toBeCloseTo(9, 0); // 20 in two seconds, less a tenth
    world.now += 2000;
    expect(world.perSecond).toBeCloseTo(9.6, 0);
  });

  test("the gaps have jitter around their mean", () => {
    const gaps = [0, 0.5, 0.999].map((random) => {
      const world = new World(16, random);
      world.accept(20);
      world.refuse();
      world.wait();
      world.begin();
      return Math.round(world.load.waitMs);
    });
    expect(gaps).toEqual([28, 56, 83]);
  });
});

describe("when nothing is sent", () => {
  const rows: [string, (number | undefined)[], number, string][] = [
    ["first refusal, 7 s", [7], 7250, "the vendor's time and some jitter"],
    ["first refusal", [undefined], 250, "half of half a second"],
    ["third in a row", [undefined, undefined, undefined], 1000, "twice as long each time"],
    ["sixth in a row, 1 s", Array<number>(6).fill(1), 2500, "half of 5 s: a storm must not use up a call's attempts"],
  ];
  test.each(rows)("%s: %j pause for %d ms, for %s", (_, refusals, ms) => {
    const world = new World();
    for (const seconds of refusals) {
      world.wait();
      world.refuse(seconds);
    }
    expect(world.load.pauseMs).toBe(ms);
  });

  test("a pause never gets shorter", () => {
    const world = new World();
    const old = world.begin();
    world.refuse(7);
    old(failed(429, 1));
    expect(world.load.pauseMs).toBe(7250);
  });

  test("a success ends what grows, one from before the pause does not", () => {
    const world = new World();
    const old = world.begin();
    world.refuse();
    world.wait();
    old();
    world.refuse();
    expect(world.load.pauseMs).toBe(500);
    world.wait();
    world.accept();
    world.refuse();
    expect(world.load.pauseMs).toBe(250);
  });

  const concerns: [boolean, number | undefined, number | undefined, boolean, string][] = [
    [true, 429, undefined, false, "the rate is that of the key"],
    [true, 429, 10, false, "the rate is that of the key"],
    [false, 429, 10, true, "the cooldown is that of one port"],
    [true, 503, 10, false, "the service says when it is back"],
    [false, 503, undefined, false, "it may be one route or one moment"],
    [false, 500, 10, false, "one request met trouble"],
    [false, undefined, undefined, false, "a cut connection is no word of the vendor"],
  ];
  test.each(concerns)("%s: %s with Retry-After %s, cooldown %s, for %s", (all, status, seconds, hasCooldown) => {
    expect(concernsAll({ hasCooldown }, failed(status, seconds))).toBe(all);
  });
});

describe("how long to wait", () => {
  const random = fc.double({ min: 0, max: 0.999999, noNaN: true });

  test("full jitter under a doubling ceiling of at most 20 s", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), random, (tries, drawn) => {
        const wait = backoffMs(tries, undefined, () => drawn);
        return wait >= 0 && wait <= Math.min(20_000, 500 * 2 ** (tries - 1));
      }),
    );
  });

  test("never less than the vendor asks for", () => {
    fc.assert(
      fc.property(fc.nat(1000), random, (seconds, drawn) => {
        const wait = backoffMs(1, seconds, () => drawn);
        return wait >= seconds * 1000 && wait < seconds * 1000 + 500;
      }),
    );
  });
});
