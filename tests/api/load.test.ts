import fc from "fast-check";
import { waitMs } from "../../api/backoff";
import { gapMs, type Pace, rateOf, slowed, unpaced, withAccepted } from "../../api/pace";
import { accepted, concernsAll, NO_PAUSE, type Pause, refused } from "../../api/pause";
import { lowered, openWindow, raised, type Window } from "../../api/window";

const half = () => 0.5;

describe("how many at a time", () => {
  const rows: [string, number[], number, string][] = [
    ["nothing", [], 16, "a run without a refusal is not slowed"],
    ["a refusal", [0], 8, "half of what was too much"],
    ["three", [0, 0, 0], 2, "half each time"],
    ["many", Array<number>(9).fill(0), 1, "never none, or nothing would end"],
    ["a refusal and a success at once", [0, 1], 8, "a fast answer proves nothing yet"],
    ["a refusal and a success a second later", [0, 1000], 9, "one more"],
    ["a refusal and two successes in the second after", [0, 1000, 1500], 9, "one more a second"],
    [
      "a refusal and twenty quiet seconds",
      [0, ...Array.from({ length: 20 }, (_, at) => 1000 * (at + 1))],
      16,
      "no more than the most",
    ],
  ];
  test.each(rows)("%s: %j leave %d, for %s", (_, times, limit) => {
    const after = times.reduce((window, at) => (at === 0 ? lowered(window, 0) : raised(window, at)), openWindow(16, 0));
    expect(after.limit).toBe(limit);
  });

  test.each([
    [0.5, 1],
    [2.9, 2],
  ])("a most of %d is taken for %d", (max, limit) => {
    expect(openWindow(max, 0).limit).toBe(limit);
  });

  test("always a whole number in [1, most]", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 200 }),
        (max, events) => {
          let now = 0;
          let window: Window = openWindow(max, now);
          for (const [good, ms] of events) {
            window = good ? raised(window, (now += ms)) : lowered(window, (now += ms));
            if (!Number.isInteger(window.limit) || window.limit < 1 || window.limit > max) return false;
          }
          return true;
        },
      ),
    );
  });
});

describe("how fast", () => {
  const after = (accepted: number, ms: number, pace: Pace = unpaced(0)) =>
    slowed({ ...pace, accepted }, pace.countedFrom + ms, pace.countedFrom + ms);
  const at = (perSecond: number): Pace => ({
    perSecond,
    growsFrom: 0,
    accepted: 0,
    countedFrom: 0,
    isGuess: false,
  });

  const rows: [string, Pace, number, string][] = [
    ["no refusal", unpaced(0), Infinity, "no bound"],
    ["20 accepted in 10 ms, then a refusal", after(20, 10), 18, "a second's worth came at once, less a tenth"],
    ["100 accepted in 5 s", after(100, 5000), 18, "what was accepted a second, less a tenth"],
    ["a refusal first of all", after(0, 10), 8, "nothing is known, so a careful guess"],
    ["one accepted in a minute", after(1, 60_000), 8, "few may have been asked for: no guess below the first"],
    ["none accepted at 8/s", slowed(at(8), 0, 0), 8, "the vendor was closed, whatever the rate"],
    ["none accepted a minute later", slowed(at(8), 60_000, 60_000), 8, "what had grown meanwhile was not tried"],
    ["one accepted in ten seconds", after(1, 10_000, at(0.6)), 0.5, "never slower than one in two seconds"],
    ["20 accepted in a second at 10/s", after(20, 1000, at(10)), 9.279, "no estimate above what was just refused"],
  ];
  test.each(rows)("%s: %j is about %d a second, for %s", (_, pace, perSecond) => {
    expect(rateOf(pace, pace.growsFrom)).toBeCloseTo(perSecond, 3);
  });

  test("grows from the end of the pause, on a slow vendor gently", () => {
    const pace = slowed({ ...unpaced(0), accepted: 20 }, 0, 30_000);
    expect([0, 30_000, 40_000, 90_000].map((now) => Math.round(rateOf(pace, now)))).toEqual([18, 18, 24, 86]);
    expect(rateOf(at(0.5), 10_000)).toBeCloseTo(1.65);
    expect(rateOf(at(0.5), 30_000)).toBeCloseTo(9.95);
  });

  test("a guess doubles every two seconds, until a refusal gives a measure", () => {
    const guess = slowed(unpaced(0), 0, 1000);
    expect([1000, 3000, 7000].map((now) => rateOf(guess, now))).toEqual([8, 16, 64]);
    const stillClosed = slowed(guess, 2000, 3000);
    expect([3000, 5000].map((now) => rateOf(stillClosed, now))).toEqual([8, 16]);
    const measured = slowed({ ...stillClosed, accepted: 20 }, 4000, 5000);
    expect(rateOf(measured, 5000)).toBe(9); // 20 in two seconds, less a tenth
    expect(rateOf(measured, 7000)).toBeCloseTo(9.58);
  });

  test("the gaps have jitter around their mean", () => {
    expect([0, 0.5, 0.999].map((random) => Math.round(gapMs(at(10), 0, () => random)))).toEqual([50, 100, 150]);
    expect(gapMs(unpaced(0), 0, half)).toBe(0);
  });

  test("accepted tries are counted anew after each refusal", () => {
    expect(slowed(withAccepted(withAccepted(unpaced(0))), 5, 9)).toMatchObject({ accepted: 0, countedFrom: 5 });
  });
});

describe("when nothing is sent", () => {
  const paused: Pause = { until: 5000, number: 3, streak: 1 };
  const rows: [string, Pause, number | undefined, Partial<Pause>, string][] = [
    [
      "first refusal, 7 s",
      refused(NO_PAUSE, 0, 1000, 7, half),
      7,
      { until: 8250, number: 1, streak: 1 },
      "the vendor's time and some jitter",
    ],
    [
      "first refusal",
      refused(NO_PAUSE, 0, 1000, undefined, half),
      undefined,
      { until: 1250, number: 1 },
      "half of 0.5 s",
    ],
    [
      "a refusal after the pause",
      refused(paused, 3, 6000, undefined, half),
      undefined,
      { until: 6500, number: 4, streak: 2 },
      "twice as long",
    ],
    [
      "a refusal of the same flight",
      refused(paused, 2, 1000, undefined, half),
      undefined,
      paused,
      "the same wave is counted once",
    ],
    [
      "one of the same flight that asks for more",
      refused(paused, 2, 1000, 30, half),
      30,
      { until: 31_250, number: 3, streak: 1 },
      "the longest counts",
    ],
    [
      "the sixth in a row that asks for 1 s",
      refused({ until: 5000, number: 5, streak: 5 }, 5, 6000, 1, half),
      1,
      { until: 8_500, streak: 6 },
      "half of 5 s: a long storm must not use up the tries of a call",
    ],
    ["one that asks for less", refused(paused, 3, 1000, 1, half), 1, { until: 5000 }, "a pause never gets shorter"],
    ["a success", accepted(paused, 3), undefined, { ...paused, streak: 0 }, "the vendor is back"],
    ["a success of the flight before", accepted(paused, 2), undefined, paused, "it says nothing of now"],
  ];
  test.each(rows)("%s: %j", (_, pause, _asked, expected) => {
    expect(pause).toMatchObject(expected);
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
  test.each(concerns)(
    "%s: %s with Retry-After %s, cooldown %s, for %s",
    (all, status, retryAfterSeconds, hasCooldown) => {
      const error = {
        ...(status !== undefined && { status }),
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      };
      expect(concernsAll({ hasCooldown }, error)).toBe(all);
    },
  );
});

describe("how long to wait", () => {
  const random = fc.double({ min: 0, max: 0.999999, noNaN: true });

  test("full jitter under a doubling ceiling of at most 20 s", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), random, (tries, drawn) => {
        const wait = waitMs(tries, undefined, () => drawn);
        return wait >= 0 && wait <= Math.min(20_000, 500 * 2 ** (tries - 1));
      }),
    );
  });

  test("never less than the vendor asks for", () => {
    fc.assert(
      fc.property(fc.nat(1000), random, (seconds, drawn) => {
        const wait = waitMs(1, seconds, () => drawn);
        return wait >= seconds * 1000 && wait < seconds * 1000 + 500;
      }),
    );
  });
});
