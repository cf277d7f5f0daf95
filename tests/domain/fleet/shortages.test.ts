import { type FleetChange, remarks, shortages, slotBalance, type Supplies } from "../../../domain/fleet/shortages";
import { settleFleet } from "../../../sdk/fleet/args";
import { type FleetPlace, planFleet } from "../../../domain/fleet/plan";
import { type KnownMember } from "../../../domain/fleet/members";
import { heldBack } from "../../../domain/fleet/renewals";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
type Args = Parameters<typeof settleFleet>[1];

const ARGS: Args = { size: 4, locations: [{ country: "DE" }], lease: { expiresIn: "30d", renewBefore: "3d" } };
const member = (number: number, changes: Partial<KnownMember> = {}): KnownMember => ({
  number,
  place: { country: "DE" },
  serves: true,
  slotType: "shared",
  renewAt: iso(NOW + 200 * HOUR),
  expiresAt: iso(NOW + 272 * HOUR),
  ...changes,
});

function change(args: Partial<Args>, before: KnownMember[] = [], stockOf?: Supplies["stockOf"]): FleetChange {
  const fleet = settleFleet("f", { ...ARGS, ...args });
  return { fleet, before, planned: planFleet(before, fleet, stockOf), waiting: heldBack(before, fleet), now: NOW };
}
const stock = (of: Record<string, number>) => (place: FleetPlace) => of[place.country];

describe("slots", () => {
  it.each<[string, Partial<Args>, KnownMember[], number, string[]]>([
    ["enough", {}, [], 4, []],
    ["too few", {}, [], 1, ["slots: needs 4 shared, 1 free: 3 purchases will fail."]],
    ["members that are there need none", {}, [member(1), member(2)], 2, []],
    ["a renewal needs none", {}, [1, 2, 3, 4].map((n) => member(n, { renewAt: iso(NOW - HOUR) })), 0, []],
    [
      "another slot type needs all anew",
      { slotType: "private" },
      [1, 2, 3, 4].map((n) => member(n)),
      3,
      ["slots: needs 4 private, 3 free: 1 purchase will fail."],
    ],
  ])("%s", (_what, args, before, slots, lines) => {
    expect(shortages(change(args, before), { slots })).toEqual(lines);
  });

  const GONE = { serves: false, slots: { own: 0, retiring: [] } };
  it.each<[string, Partial<KnownMember>[], Partial<Args["lease"]>, string[]]>([
    [
      "a member that is gone needs one",
      [{ ...GONE, lease: "over" }],
      {},
      ["slots: needs 1 shared, 0 free: 1 purchase will fail."],
    ],
    ["but not where it is kept", [{ ...GONE, lease: "over" }], { onExpired: "keep" }, []],
    [
      "whatever is kept, one whose renewal was broken off needs one",
      [{ ...GONE, lease: "renewing" }],
      { onExpired: "keep" },
      ["slots: needs 1 shared, 0 free: 1 purchase will fail."],
    ],
    ["an expired one holds its own", [{ serves: false, lease: "over", slots: { own: 1, retiring: [] } }], {}, []],
    [
      "a port that retires leaves its slot to a purchase",
      [{ ...GONE, lease: "over" }, { slots: { own: 1, retiring: ["o"] } }],
      {},
      [],
    ],
    [
      "if it is of the same type",
      [
        { ...GONE, lease: "over" },
        { slotType: "private", slots: { own: 1, retiring: ["o"] } },
      ],
      {},
      ["slots: needs 2 shared, 0 free: 2 purchases will fail."],
    ],
  ])("%s", (_what, changes, lease, lines) => {
    const before = changes.map((one, index) => member(index + 1, one));
    const args = { size: before.length, lease: { ...ARGS.lease, ...lease } };
    expect(shortages(change(args, before), { slots: 0 })).toEqual(lines);
  });

  it("an old port that is gone, though the state names it still, leaves no slot", () => {
    const before = [member(1, { slots: { own: 1, retiring: ["gone", "there"] } })];
    const made = { ...change({ size: 3 }, before), live: new Set(["there"]) };
    expect(slotBalance(made)).toBe(1);
    expect(shortages(made, { slots: 0 })).toEqual(["slots: needs 2 shared, 1 free: 1 purchase will fail."]);
  });

  it("are not free where another fleet of the account has counted on them, and are where it leaves them", () => {
    const leaves = change({ size: 1 }, [member(1, { slots: { own: 1, retiring: ["o", "p"] } })]);
    expect(slotBalance(leaves)).toBe(-2);
    const needs = change({ size: 3 }, [member(1)]);
    expect(slotBalance(needs)).toBe(2);
    expect(shortages(needs, { slots: 1, promised: -1 })).toEqual([]);
    expect(shortages(needs, { slots: 4, promised: 3 })).toEqual([
      "slots: needs 2 shared, 1 free: 1 purchase will fail.",
    ]);
  });

  it("unknown ones are no shortage", () => {
    expect(shortages(change({}), {})).toEqual([]);
  });
});

describe("stock", () => {
  it("says what will fail, and what goes elsewhere", () => {
    const none = stock({ DE: 1, GB: 5 });
    expect(shortages(change({}, [], none), { stockOf: none })).toEqual([
      "stock: DE needs 4 devices, 1 free: 3 purchases will fail.",
    ]);
    expect(shortages(change({ fallback: ["GB"] }, [], none), { stockOf: none })).toEqual([
      "stock: DE has no more: 3 members go to GB.",
    ]);
    expect(shortages(change({ size: 2, fallback: ["GB"] }, [], none), { stockOf: none })).toEqual([
      "stock: DE has no more: 1 member goes to GB.",
    ]);
    expect(
      shortages(change({ size: 7, fallback: ["GB", "FR"] }, [], none), { stockOf: stock({ DE: 1, GB: 5 }) }),
    ).toEqual(["stock: DE has no more: 5 members go to GB.", "stock: DE has no more: 1 member goes to FR."]);
  });

  it("names a place in the words of the program, and says what is a move and not a purchase", () => {
    const locations = [{ country: "PL", carrier: "Orange" }];
    const none = stock({ PL: 1 });
    const moves = change({ size: 2, locations }, [member(1), member(2)], none);
    expect(shortages(moves, { stockOf: none })).toEqual([
      "stock: PL Orange needs 2 devices, 1 free: 1 move will fail.",
    ]);
    const both = change({ size: 3, locations }, [member(1), member(2)], none);
    expect(shortages(both, { stockOf: none })).toEqual([
      "stock: PL Orange needs 3 devices, 1 free: 2 purchases will fail.",
    ]);
  });

  it("says nothing of a place of which nothing is known", () => {
    const none = stock({});
    expect(shortages(change({}, [], none), { stockOf: none })).toEqual([]);
  });

  it("counts new members only", () => {
    const none = stock({ DE: 0 });
    expect(
      shortages(
        change(
          {},
          [1, 2, 3, 4].map((n) => member(n)),
          none,
        ),
        { stockOf: none },
      ),
    ).toEqual([]);
  });
});

it("reports traffic that runs out", () => {
  expect(shortages(change({}), { trafficGB: 0.567 })).toEqual(["traffic: 0.56 GB left for shared ports."]);
  expect(shortages(change({}), { trafficGB: 1 })).toEqual([]);
  expect(shortages(change({ size: 0 }), { trafficGB: 0 })).toEqual([]);
});

describe("leases", () => {
  it("that end before the next run are reported; those that are due now are not", () => {
    const ending = member(1, { renewAt: iso(NOW + HOUR), expiresAt: iso(NOW + 2 * HOUR) });
    const due = member(2, { renewAt: iso(NOW - HOUR), expiresAt: iso(NOW + HOUR) });
    expect(shortages(change({}, [ending, due, member(3), member(4)]), {})).toEqual([
      expect.stringMatching(/^leases: 1 ends before the next run, in 1 d\. Run `pulumi up` more often/),
    ]);
  });

  it("that are bought for less than the time between runs are reported", () => {
    expect(shortages(change({ lease: { expiresIn: "12h" } }), {})).toEqual([
      expect.stringMatching(/^leases: 4 end before the next run/),
    ]);
    expect(shortages(change({ lease: { expiresIn: "12h", runEvery: "1h" } }), {})).toEqual([]);
    expect(shortages(change({ lease: { expiresIn: "24h" } }, [member(1)]), {})).toEqual([
      expect.stringMatching(/^leases: 3 end before the next run/),
    ]);
  });

  it("that end with the next run do not reach it, and one that is due at this very time is renewed", () => {
    const ending = member(1, { renewAt: iso(NOW + HOUR), expiresAt: iso(NOW + 24 * HOUR) });
    const due = member(2, { renewAt: iso(NOW), expiresAt: iso(NOW + HOUR) });
    expect(shortages(change({ size: 2 }, [ending, due]), {})).toEqual([expect.stringMatching(/^leases: 1 ends/)]);
  });

  it("of members that leave, or that serve no more, are nobody's", () => {
    const ending = { renewAt: iso(NOW + HOUR), expiresAt: iso(NOW + 2 * HOUR) };
    expect(shortages(change({ size: 1 }, [member(1), member(2, ending)]), {})).toEqual([]);
    expect(shortages(change({ size: 1 }, [member(1, { ...ending, serves: false })]), {})).toEqual([]);
  });
});

describe("remarks", () => {
  it("say how many renewals wait", () => {
    const due = [1, 2, 3, 4].map((n) => member(n, { renewAt: iso(NOW - n * HOUR) }));
    const lease = { ...ARGS.lease, maxRenewalsPerUpdate: 3 };
    expect(remarks(change({ lease }, due))).toEqual([
      "4 members due for renewal: 3 in this run (lease.maxRenewalsPerUpdate), 1 in later ones: their first lease ends in 11 d 8 h.",
    ]);
    const ends = [30, 50, 40, 60].map((hours, n) => ({ ...due[n]!, expiresAt: iso(NOW + hours * HOUR) }));
    expect(remarks(change({ lease: { ...lease, maxRenewalsPerUpdate: 2 } }, ends))).toEqual([
      "4 members due for renewal: 2 in this run (lease.maxRenewalsPerUpdate), 2 in later ones: their first lease ends in 1 d 6 h.",
    ]);
    const unread = due.map((one) => ({ ...one, expiresAt: undefined }));
    expect(remarks(change({ lease }, unread))).toEqual([expect.stringMatching(/1 in later ones\.$/)]);
    expect(remarks(change({ lease }, [member(1)]))).toEqual([]);
    const now = [1, 2, 3, 4].map((n) => member(n, { renewAt: iso(NOW) }));
    expect(remarks(change({ lease }, now))).toEqual([expect.stringMatching(/^4 members due for renewal: 3 in this/)]);
    const gone = [1, 2, 3].map((n) => member(n, { lease: "over", serves: false }));
    expect(remarks(change({ lease }, [...gone, ...due.slice(3)]))).toEqual([
      "4 members due for renewal: 3 in this run (lease.maxRenewalsPerUpdate), 1 in later ones: their first lease ends in 11 d 8 h.",
    ]);
  });

  it("report weights that members do not meet, as they keep their place", () => {
    const before = [1, 2, 3, 4].map((n) => member(n));
    const locations = [{ country: "DE" }, { country: "PL" }];
    expect(remarks(change({ locations }, before))).toEqual([
      "The weights ask for 2 DE, 2 PL; there are 4 DE, 0 PL. Members keep their place: `rebalance: true` moves them.",
    ]);
    expect(remarks(change({ locations, rebalance: true }, before))).toEqual([]);
  });
});

it("the most urgent renewals go first", () => {
  const before = [3, 1, 2, 4].map((n) => member(n, { renewAt: iso(NOW - n * HOUR) }));
  const { fleet } = change({ lease: { ...ARGS.lease, maxRenewalsPerUpdate: 1 } });
  expect([...heldBack(before, fleet)].sort()).toEqual([1, 2, 3]);
});
