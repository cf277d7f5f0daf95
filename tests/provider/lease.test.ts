import fc from "fast-check";
import { formatDuration, parseDuration } from "../../domain/duration";
import { LEASE_SECONDS, leaseState, renewalTime, renewBeforeSeconds } from "../../domain/lease";

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
  const lease = { expiresAt, renewBefore: 3_600 };

  it.each([
    [expiresAt - 3_600_001, "running"],
    [expiresAt - 3_600_000, "due"],
    [expiresAt - 1, "due"],
    [expiresAt, "over"],
    [expiresAt + 1, "over"],
  ])("at %p it is %s", (now, state) => expect(leaseState(lease, now)).toBe(state));

  it("never goes back as time passes, and is never due before its renewal time", () => {
    const order = ["running", "due", "over"];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 0, max: LEASE_SECONDS.max }),
        fc.integer({ min: -1e10, max: 1e10 }),
        fc.nat(1e10),
        (end, renewBefore, offset, later) => {
          const one = { expiresAt: end, renewBefore };
          const now = end + offset;
          expect(order.indexOf(leaseState(one, now + later))).toBeGreaterThanOrEqual(
            order.indexOf(leaseState(one, now)),
          );
          expect(leaseState(one, now) === "running").toBe(now < renewalTime(end, renewBefore));
        },
      ),
    );
  });

  it("does not depend on the time zone or on daylight saving", () => {
    const before = process.env.TZ;
    const states = ["UTC", "Europe/Berlin", "Pacific/Apia"].map((zone) => {
      process.env.TZ = zone;
      return [expiresAt - 3_600_001, expiresAt - 3_600_000, expiresAt].map((now) => leaseState(lease, now));
    });
    process.env.TZ = before;
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
  });
});
