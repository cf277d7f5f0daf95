import fc from "fast-check";
import { leaseNeed } from "../../provider/port/lease-need";
import { type PortState } from "../../provider/port/state";
import { type FleetLease, type SettledFleet } from "../../domain/fleet/args";
import { settleFleet } from "../../sdk/fleet/args";
import { heldBack, renewBeforeOfMember } from "../../domain/fleet/renewals";
import { runsOf } from "../cases";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Member {
  number: number;
  boughtAt: number;
}

/** What a fleet lives through in a year of runs; times in seconds. */
interface Life {
  /** Leases that ended before they were renewed. */
  lost: number;
  /** Most renewals of one run. */
  atOnce: number;
}

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** Runs `every` so often; `fails` says of each run whether it does. */
function live(size: number, lease: FleetLease, every: number, fails: (run: number) => boolean): Life {
  const fleet = settleFleet("f", { size, locations: [{ country: "DE" }], lease: { ...lease, runEvery: every } });
  const members = Array.from({ length: size }, (_, index): Member => ({ number: index + 1, boughtAt: 0 }));
  const life: Life = { lost: 0, atOnce: 0 };
  for (let run = 1; run * every < YEAR; run++) {
    const now = run * every;
    if (fails(run)) continue;
    const due = dueIn(members, fleet, now);
    life.lost += due.filter(({ boughtAt }) => boughtAt + fleet.lease.expiresInSeconds <= now).length;
    life.atOnce = Math.max(life.atOnce, due.length);
    for (const member of due) member.boughtAt = now;
  }
  return life;
}

function dueIn(members: Member[], fleet: SettledFleet, now: number): Member[] {
  const { expiresIn, expiresInSeconds, holdSeconds } = fleet.lease;
  const renewBefore = (number: number): number => renewBeforeOfMember(number, fleet);
  const known = members.map(({ number, boughtAt }) => ({
    number,
    place: { country: "DE" },
    serves: true,
    renewAt: iso(boughtAt + expiresInSeconds - renewBefore(number)),
  }));
  const waiting = heldBack(known, fleet);
  return members.filter(({ number, boughtAt }) => {
    const state = { createdAt: iso(boughtAt), expiresAt: iso(boughtAt + expiresInSeconds), status: "active" };
    const args = { country: "DE", expiresIn, renewBefore: renewBefore(number) };
    const hold = waiting.has(number) ? holdSeconds : undefined;
    return leaseNeed(state as PortState, args, now * 1_000, hold) !== undefined;
  });
}

const never = (): boolean => false;

it("a lease survives n failed runs in a row where renewBefore is longer than n + 1 times the time between them", () => {
  const every = fc.integer({ min: 1, max: 48 }).map((hours) => hours * HOUR);
  fc.assert(
    fc.property(every, fc.nat({ max: 3 }), fc.nat({ max: 40 }), (between, n, phase) => {
      const renewBefore = (n + 1) * between + HOUR;
      const lease = { expiresIn: renewBefore + 7 * DAY, renewBefore };
      // Every (n + 1)th run works.
      expect(live(1, lease, between, (run) => (run + phase) % (n + 1) !== 0).lost).toBe(0);
    }),
    { numRuns: runsOf(50) },
  );
});

it("and not where it is shorter", () => {
  const lease = { expiresIn: "10d", renewBefore: "20h" };
  expect(live(1, lease, DAY, never).lost).toBeGreaterThan(0);
  expect(live(1, { ...lease, renewBefore: "47h" }, DAY, (run) => run % 2 === 0).lost).toBeGreaterThan(0);
});

it("a fleet that holds renewals back loses no lease, also where every second run fails", () => {
  const lease = { expiresIn: "30d", renewBefore: "3d", stagger: "2d", maxRenewalsPerUpdate: 5 };
  expect(live(40, lease, DAY, never).lost).toBe(0);
  expect(live(40, lease, DAY, (run) => run % 2 === 0).lost).toBe(0);
});

it("a stagger of size / maxRenewalsPerUpdate runs keeps a fleet within its bound", () => {
  const lease = { expiresIn: "30d", renewBefore: "3d", maxRenewalsPerUpdate: 5 };
  expect(live(40, { ...lease, stagger: "8d" }, DAY, never)).toEqual({ lost: 0, atOnce: 5 });
  expect(live(40, { ...lease, stagger: "1d" }, DAY, never).atOnce).toBeGreaterThan(5);
});

describe("of the members that one run may renew", () => {
  const held = (
    onExpired: "keep" | "replace",
    ...members: { renewAt?: string; lease?: "over" | "renewing" }[]
  ): number[] => {
    const lease = { expiresIn: "30d", maxRenewalsPerUpdate: 1, onExpired };
    const fleet = settleFleet("f", { size: members.length, locations: [{ country: "DE" }], lease });
    const known = members.map((one, index) => ({ number: index + 1, place: { country: "DE" }, serves: true, ...one }));
    return [...heldBack(known, fleet)];
  };
  const soon = { renewAt: iso(DAY) };

  it("the most urgent goes first, and the first by number of two that are alike", () => {
    expect(held("replace", { renewAt: iso(2 * DAY) }, soon, soon)).toEqual([3, 1]);
  });

  it("one that is over and kept holds no other back", () => {
    expect(held("keep", { ...soon, lease: "over" }, soon)).toEqual([]);
  });

  it("one that is over or half renewed does not wait, and counts", () => {
    expect(held("replace", { ...soon, lease: "over" }, soon, { ...soon, lease: "over" })).toEqual([2]);
    expect(held("keep", { ...soon, lease: "renewing" }, soon)).toEqual([2]);
  });

  it("one that was never read is not renewed", () => expect(held("replace", {}, soon)).toEqual([]));
});
