import fc from "fast-check";
import { formatDuration, parseDuration } from "../../domain/duration";
import {
  isOver,
  isServing,
  LEASE_SECONDS,
  leaseState,
  type LeaseTerms,
  renewalTime,
  renewBeforeSeconds,
  serves,
} from "../../domain/lease";

describe("parseDuration", () => {
  it.each([
    [90, 90],
    ["90", 90],
    ["90s", 90],
    ["90m", 5_400],
    ["24h", 86_400],
    ["30d", 2_592_000],
    ["1.5h", 5_400],
    [" 2 d ", 172_800],
    [0, 0],
  ])("%p is %p seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each([
    [-1],
    [1.5],
    [NaN],
    [Infinity],
    ["-1d"],
    ["1w"],
    ["1d12h"],
    [""],
    ["d"],
    ["0.0001s"],
    [null],
    [undefined],
    [true],
    [{}],
    ["2026-01-01"],
  ])("%p is none", (value) => expect(parseDuration(value)).toBeUndefined());

  it("reads back what formatDuration prints in words of the vendor's units", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LEASE_SECONDS.max }), (seconds) => {
        expect(parseDuration(formatDuration(seconds).replace("min", "m"))).toBe(seconds);
      }),
    );
  });
});

describe("renewBeforeSeconds", () => {
  it.each([
    [{ expiresIn: "1h" }, 360, "a tenth"],
    [{ expiresIn: "30d" }, 259_200, "a tenth is three days"],
    [{ expiresIn: "365d" }, 259_200, "three days at most"],
    [{ expiresIn: 61 }, 6, "whole seconds"],
    [{ expiresIn: "30d", renewBefore: "1d" }, 86_400, "what the user says"],
    [{ expiresIn: "30d", renewBefore: 0 }, 0, "also never before the end"],
  ])("%j: %p, %s", (...[lease, seconds]) => expect(renewBeforeSeconds(lease)).toBe(seconds));
});

describe("leaseState", () => {
  const expiresAt = Date.parse("2026-03-29T01:00:00Z");
  const lease = { expiresAt };
  const terms = { expiresIn: "30d", renewBefore: 3_600 };

  it.each([
    [expiresAt - 3_600_001, "running"],
    [expiresAt - 3_600_000, "due"],
    [expiresAt - 1, "due"],
    [expiresAt, "over"],
    [expiresAt + 1, "over"],
  ])("at %p it is %s", (now, state) => expect(leaseState(lease, terms, now)).toBe(state));

  it("never goes back as time passes, and is never due before its renewal time", () => {
    const order = ["running", "due", "over"];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 0, max: LEASE_SECONDS.max }),
        fc.integer({ min: -1e10, max: 1e10 }),
        fc.nat(1e10),
        (end, renewBefore, offset, later) => {
          const one = { expiresAt: end };
          const its = { expiresIn: "30d", renewBefore };
          const now = end + offset;
          expect(order.indexOf(leaseState(one, its, now + later))).toBeGreaterThanOrEqual(
            order.indexOf(leaseState(one, its, now)),
          );
          expect(leaseState(one, its, now) === "running").toBe(now < (renewalTime(one, its) as number));
        },
      ),
    );
  });

  it("does not depend on the time zone or on daylight saving", () => {
    const before = process.env.TZ;
    const states = ["UTC", "Europe/Berlin", "Pacific/Apia"].map((zone) => {
      process.env.TZ = zone;
      return [expiresAt - 3_600_001, expiresAt - 3_600_000, expiresAt].map((now) => leaseState(lease, terms, now));
    });
    process.env.TZ = before;
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
  });

  it("goes by the running lease: a new expiresIn or a renewBefore that is longer are for the next one", () => {
    const day = 86_400_000;
    const running = { createdAt: expiresAt - 10 * day, expiresAt };
    const due = (terms: LeaseTerms): number => (expiresAt - (renewalTime(running, terms) as number)) / day;
    expect(due({ expiresIn: "10d" })).toBe(1);
    expect(due({ expiresIn: "300d" })).toBe(1);
    expect(due({ expiresIn: "5d" })).toBe(0.5);
    expect(due({ expiresIn: "300d", renewBefore: "9d" })).toBe(9);
    expect(due({ expiresIn: "300d", renewBefore: "20d" })).toBe(1);
  });
});

it("a lease whose end is not known has no time of renewal, and runs", () => {
  expect(renewalTime({ createdAt: 1 }, { expiresIn: "30d" })).toBeUndefined();
  expect(leaseState({ createdAt: 1 }, { expiresIn: "30d", renewBefore: "29d" }, 9e15)).toBe("running");
});

it("of a lease whose begin is not known a renewBefore counts as it is, however long", () => {
  const expiresAt = 100 * 86_400_000;
  const due = (createdAt?: number): number | undefined =>
    renewalTime({ createdAt, expiresAt }, { expiresIn: "30d", renewBefore: "40d" });
  expect(due()).toBe(60 * 86_400_000);
  expect(due(90 * 86_400_000)).toBe(99 * 86_400_000);
  expect(due(60 * 86_400_000)).toBe(97 * 86_400_000);
});

describe("what serves", () => {
  const now = Date.parse("2026-03-29T01:00:00Z");

  it.each([
    ["active", now + 1, true, false],
    ["active", now, false, true],
    [undefined, undefined, true, false],
    ["suspended", now + 1, false, false],
    ["suspended", now, false, true],
    ["expired", now + 1, false, true],
    ["deleted", undefined, false, true],
    ["renewing", now + 1, false, true],
    ["a word of tomorrow", now + 1, true, false],
  ])("%p until %p: serves %p, over %p", (status, expiresAt, does, over) => {
    expect([serves({ status, expiresAt }, now), isOver({ status, expiresAt }, now)]).toEqual([does, over]);
  });

  it("what was never read is not counted on", () => {
    expect(isServing({}, now)).toBe(false);
    expect(isServing({ status: "active", expiresAt: "nonsense" }, now)).toBe(true);
  });
});
