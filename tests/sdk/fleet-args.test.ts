import fc from "fast-check";
import { settleFleet } from "../../sdk/fleet-args";
import { renewBeforeOfMember } from "../../sdk/fleet-renewals";

type Args = Parameters<typeof settleFleet>[1];
const ARGS: Args = { size: 40, locations: [{ country: "DE" }], lease: { expiresIn: "30d" } };
const settle = (changes: Partial<Args> = {}) => settleFleet("scraper", { ...ARGS, ...changes });

it("fills in the defaults", () => {
  expect(settle()).toMatchObject({
    slotType: "shared",
    fallback: [],
    rebalance: false,
    locations: [{ country: "DE", weight: 1 }],
    lease: { renewBeforeSeconds: 3 * 86_400, staggerSeconds: 0, maxRenewalsPerUpdate: 10, runEverySeconds: 86_400 },
  });
});

it.each<[Partial<Args>, RegExp]>([
  [
    { size: 2.5 },
    /^ProxyFleet "scraper": size: is not a whole number from 0 to 5000 \(a number that is not whole was given\)/,
  ],
  [{ size: -1 }, /: size: is not a whole number/],
  [{ size: "4" as never }, /: size: is not a whole number .*\(a text was given\)/],
  [{ locations: [] }, /: locations: name at least one country/],
  [{ locations: undefined }, /: locations: name at least one/],
  [{ locations: [{ country: " " }] }, /: locations\[0\]\.country: is not a name \(an empty text was given\)/],
  [
    { locations: [{ country: "DE", carrier: 5 as never }] },
    /: locations\[0\]\.carrier: is not a name \(a whole number was given\)\. Give a plain text/,
  ],
  [{ locations: [{ country: "DE", weight: -1 }] }, /: locations\[0\]\.weight: is not a number from 0 on/],
  [{ locations: [{ country: "DE", weight: 0 }] }, /: locations: at least one weight/],
  [{ locations: [{ country: "DE" }, { country: "de" }] }, /: locations: de is named twice/],
  [{ fallback: [""] }, /: fallback: is not the name of a country \(an empty text was given\)/],
  [{ slotType: "dedicated" as never }, /: slotType: is unknown \(a text was given\)\. Give one of: shared, private/],
  [{ lease: undefined }, /: lease: is required/],
  [{ lease: { expiresIn: "30 days" } }, /: lease\.expiresIn: is not a length of time \(a text was given\)/],
  [{ lease: { expiresIn: "10s" } }, /: lease\.expiresIn: give from 60 s to 365 d/],
  [{ lease: { expiresIn: "30d", stagger: "x" } }, /: lease\.stagger: is not a length of time \(a text was given\)/],
  [
    { lease: { expiresIn: "30d", overlap: "6 hours" } },
    /: lease\.overlap: is not a length of time \(a text was given\)/,
  ],
  [{ lease: { expiresIn: "30d", overlap: -1 } }, /: lease\.overlap: is not a length of time/],
  [{ lease: { expiresIn: "3d", renewBefore: "2d", stagger: "1d" } }, /: lease\.renewBefore: 2 d and 1 d of stagger/],
  [{ lease: { expiresIn: "3d", maxRenewalsPerUpdate: 0 } }, /: lease\.maxRenewalsPerUpdate: is not/],
  [{ lease: { expiresIn: "3d", onExpired: "buy" as never } }, /: lease\.onExpired: is unknown/],
])("refuses %j in one line", (changes, message) => {
  expect(() => settle(changes)).toThrow(message);
  try {
    settle(changes);
  } catch (error) {
    expect((error as Error).message).not.toContain("\n");
  }
});

it.each([0, "0s", "6h", "90d"])("takes an overlap of %j", (overlap) => {
  expect(settle({ lease: { expiresIn: "30d", overlap } }).lease.overlap).toBe(overlap);
});

describe("renewBeforeOfMember", () => {
  const lease = { expiresIn: "30d", renewBefore: "3d", stagger: "2d" };

  it("is the same for a member, whatever the size, and lies within the stagger", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }), (number, size) => {
        const seconds = renewBeforeOfMember(number, settle({ lease, size }));
        expect(seconds).toBe(renewBeforeOfMember(number, settle({ lease })));
        expect(seconds).toBeGreaterThanOrEqual(3 * 86_400);
        expect(seconds).toBeLessThan(5 * 86_400);
        expect(seconds % 60).toBe(0);
      }),
    );
  });

  it("spreads the renewals evenly, for any size", () => {
    for (const size of [2, 5, 40, 500]) {
      const fleet = settle({ lease, size });
      const times = Array.from({ length: size }, (_, index) => renewBeforeOfMember(index + 1, fleet)).sort(
        (a, b) => a - b,
      );
      const gaps = times.slice(1).map((time, index) => time - times[index]!);
      const fair = (2 * 86_400) / size;
      expect(Math.max(...gaps)).toBeLessThan(3 * fair);
      expect(Math.min(...gaps)).toBeGreaterThan(fair / 5);
    }
  });
});
