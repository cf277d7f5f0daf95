import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { settleFleet } from "../../sdk/fleet/args";
import { renewBeforeOfMember } from "../../domain/fleet/renewals";

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

it("holds a renewal back only as long as two more runs can make it", () => {
  expect(settle().lease.holdSeconds).toBe(2 * 86_400);
  expect(settle({ lease: { expiresIn: "30d", runEvery: "6h" } }).lease.holdSeconds).toBe(12 * 3_600);
});

it.each<Partial<Args>>([
  { size: 0 },
  { size: 5_000 },
  { lease: { expiresIn: 60 } },
  { credentials: { proxyLogin: "a" } },
  { credentials: { proxyLogin: "a", sharedPassword: true } },
  { lease: { expiresIn: "365d" } },
  { locations: [{ country: "DE" }, { country: "PL", weight: 0 }] },
  {
    locations: [
      { country: "DE", cityId: "7" },
      { country: "DE", regionId: "7" },
    ],
  },
])("takes %j", (changes) => expect(() => settle(changes)).not.toThrow());

const CANARY = "canary";

it.each<[Record<string, unknown>, string, RegExp]>([
  [{ size: 2.5 }, "size", /is not a whole number from 0 to 5000\. Give/],
  [{ size: -1 }, "size", /is not a whole/],
  [{ size: 5_001 }, "size", /is not a whole/],
  [{ size: CANARY }, "size", /is not a whole/],
  [{ locations: [] }, "locations", /name at least one country/],
  [{ locations: undefined }, "locations", /name at least one/],
  [{ locations: CANARY }, "locations", /name at least one country, as a list/],
  [{ locations: [CANARY] }, "locations[0]", /is not an object\. Give one, such as \{ country: "DE" \}/],
  [{ locations: [undefined] }, "locations[0]", /is required/],
  [{ locations: [pulumi.output({ country: CANARY })] }, "locations[0]", /is an Output\. Give a plain object/],
  [{ locations: [{ country: " " }] }, "locations[0].country", /is not a name or an id\. Give/],
  [{ locations: [{ country: pulumi.output(CANARY) }] }, "locations[0].country", /Give a plain text/],
  [{ locations: [{ country: "DE", carrier: { CANARY } }] }, "locations[0].carrier", /is not a name or an id/],
  [{ locations: [{ country: "DE", weight: -1 }] }, "locations[0].weight", /is not a number from 0 to 1000000/],
  [{ locations: [{ country: "DE", weight: 1e308 }] }, "locations[0].weight", /is not a number from 0 to 1000000/],
  [{ locations: [{ country: "DE", weight: CANARY }] }, "locations[0].weight", /is not a number from 0 to 1000000/],
  [{ locations: [{ country: "DE", weight: 0 }] }, "locations", /at least one weight/],
  [
    { locations: [{ country: CANARY }, { country: CANARY.toUpperCase() }] },
    "locations[1]",
    /same place as locations\[0\]/,
  ],
  [{ fallback: ["GB", ""] }, "fallback[1]", /is not a name/],
  [{ fallback: CANARY }, "fallback", /is not a list/],
  [{ rebalance: CANARY }, "rebalance", /is not true or false/],
  [{ slotType: CANARY }, "slotType", /is unknown\. Give one of: shared, private/],
  [{ lease: undefined }, "lease", /is required, such as \{ expiresIn: "30d" \}/],
  [{ lease: CANARY }, "lease", /is not an object/],
  [{ lease: {} }, "lease.expiresIn", /is required/],
  [{ lease: { expiresIn: null } }, "lease.expiresIn", /is required/],
  [{ lease: { expiresIn: CANARY } }, "lease.expiresIn", /is not a length of time\. Give/],
  [{ lease: { expiresIn: "10s" } }, "lease.expiresIn", /give from 60 s to 365 d/],
  [{ lease: { expiresIn: "366d" } }, "lease.expiresIn", /give from 60 s to 365 d/],
  [{ lease: { expiresIn: "30d", renewBefore: CANARY } }, "lease.renewBefore", /is not a length of time/],
  [{ lease: { expiresIn: "30d", runEvery: CANARY } }, "lease.runEvery", /is not a length of time/],
  [{ lease: { expiresIn: "30d", stagger: CANARY } }, "lease.stagger", /is not a length of time/],
  [{ lease: { expiresIn: "30d", overlap: CANARY } }, "lease.overlap", /is not a length of time/],
  [{ lease: { expiresIn: "30d", overlap: -1 } }, "lease.overlap", /is not a length of time/],
  [{ lease: { expiresIn: "3d", renewBefore: "2d", stagger: "1d" } }, "lease.renewBefore", /together with stagger/],
  [{ lease: { expiresIn: "3d", maxRenewalsPerUpdate: 0 } }, "lease.maxRenewalsPerUpdate", /is not a whole/],
  [{ lease: { expiresIn: "3d", onExpired: CANARY } }, "lease.onExpired", /is unknown\. Give one of: replace, keep/],
  [{ rotation: CANARY }, "rotation", /is not an object/],
  [{ rotation: {} }, "rotation.intervalSeconds", /is required/],
  [{ credentials: {} }, "credentials.proxyLogin", /is required/],
  [{ credentials: { proxyLogin: `a:${CANARY}` } }, "credentials.proxyLogin", /must have no ":"/],
  [{ credentials: { proxyLogin: "a", sharedPassword: CANARY } }, "credentials.sharedPassword", /is not true or false/],
  [{ rotations: CANARY }, "rotations", /is not an input\. Did you mean "rotation"\?/],
  [{ renewBefore: CANARY }, "renewBefore", /is not an input\. There are size, locations/],
  [{ locations: [{ country: "DE", wieght: CANARY }] }, "locations[0].wieght", /Did you mean "weight"\?/],
  [{ lease: { expiresIn: "30d", renewbefore: CANARY } }, "lease.renewbefore", /Did you mean "renewBefore"\?/],
  [{ rotation: { intervalSeconds: 900, matchcity: CANARY } }, "rotation.matchcity", /Did you mean "matchCity"\?/],
  [{ rotation: { intervalSeconds: 900, port: CANARY } }, "rotation.port", /is not an input\. There are enabled/],
  [{ credentials: { proxyLogin: "a", proxyPasword: CANARY } }, "credentials.proxyPasword", /mean "proxyPassword"\?/],
])("refuses %j in one line, without the value", (changes, property, why) => {
  const refusal = (): unknown => settle(changes);
  expect(refusal).toThrow(why);
  try {
    refusal();
  } catch (error) {
    const { message } = error as Error;
    expect(message.startsWith(`ProxyFleet "scraper": ${property}: `)).toBe(true);
    expect(message).not.toMatch(/\n|canary/i);
  }
});

it.each([undefined, null, "x", []])("says what a fleet is made from, given %j", (args) => {
  expect(() => settleFleet("scraper", args as never)).toThrow(/^ProxyFleet "scraper": args: is .*size: 10/);
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

  it("is to the second where the stagger is short: whole minutes would be one moment for all", () => {
    const fleet = settle({ lease: { ...lease, stagger: 50 } });
    const times = [1, 2, 3, 4].map((number) => renewBeforeOfMember(number, fleet) - 3 * 86_400);
    expect(times).toEqual([30, 11, 42, 23]);
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
