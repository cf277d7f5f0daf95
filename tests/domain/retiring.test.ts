import {
  hasEnded,
  hasOverStatus,
  isGone,
  leaseIn,
  overlapOf,
  releasesDue,
  releaseTime,
  type RetiringPort,
  timeOf,
} from "../../domain/lease";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();
const old = (more: Partial<RetiringPort> = {}): RetiringPort => ({ portId: "old", since: ago(600), ...more });

describe("the end of a retiring port", () => {
  it.each([
    [undefined, ago(600)],
    ["5m", ago(300)],
    [0, ago(600)],
  ])("with an overlap of %p", (overlap, expected) =>
    expect(releaseTime(old(), { overlap })).toBe(Date.parse(expected)),
  );

  it("is at the latest that of its own lease", () => {
    expect(releaseTime(old({ expiresAt: ago(500) }), { overlap: "1h" })).toBe(Date.parse(ago(500)));
    expect(releaseTime(old({ expiresAt: ago(-9_000) }), { overlap: "1h" })).toBe(Date.parse(ago(-3_000)));
  });

  it("is at once where a state has no time of its renewal", () => {
    expect(releaseTime(old({ since: "" }), { overlap: 1 })).toBe(1_000);
  });

  it.each([
    [undefined, undefined],
    [null, undefined],
    ["5m", 300],
    ["what a preview does not know", Infinity],
  ])("an overlap of %p is %p seconds", (overlap, seconds) => expect(overlapOf({ overlap })).toBe(seconds));

  it("has come at the very end of its lease, and never where that is not known", () => {
    expect(hasEnded(old({ expiresAt: ago(0) }), NOW)).toBe(true);
    expect(hasEnded(old({ expiresAt: ago(-1) }), NOW)).toBe(false);
    expect(hasEnded(old(), NOW)).toBe(false);
  });
});

describe("a run releases", () => {
  const due = (status: string | undefined, overlap: unknown, ...retiring: RetiringPort[]): string[] =>
    releasesDue({ status, retiring }, { overlap }, NOW).map(({ portId }) => portId);

  it("all without an overlap, whatever the clock says", () => {
    expect(due("active", undefined, old({ since: ago(-60) }))).toEqual(["old"]);
  });

  it("those whose overlap has passed, also at that very moment", () => {
    expect(due("active", "10m", old())).toEqual(["old"]);
    expect(due("active", 601, old())).toEqual([]);
    expect(due("active", "1h", old({ portId: "older", since: ago(4_000) }), old())).toEqual(["older"]);
  });

  it("where no other port serves only those whose own lease has ended", () => {
    for (const status of [undefined, "expired", "suspended"]) {
      expect(due(status, "5m", old(), old({ portId: "ended", expiresAt: ago(1) }))).toEqual(["ended"]);
    }
  });

  it("nothing where nothing retires", () => expect(releasesDue({ status: "active" }, {}, NOW)).toEqual([]));
});

describe("what a state holds of a lease", () => {
  it("is its word and its times, in epoch ms", () => {
    expect(leaseIn({ status: "active", createdAt: ago(60), expiresAt: ago(0) })).toEqual({
      status: "active",
      createdAt: NOW - 60_000,
      expiresAt: NOW,
    });
  });

  it("is nothing where it is of another kind", () => {
    expect(leaseIn({ status: 7, createdAt: NOW, expiresAt: "soon" })).toEqual({});
    expect([timeOf(2026), timeOf(undefined), timeOf("2026-03-29T01:00:00Z")]).toEqual([undefined, undefined, NOW]);
  });

  it.each([
    ["deleted", true, true],
    ["renewing", true, true],
    ["expired", false, true],
    ["suspended", false, false],
    ["active", false, false],
    [undefined, false, false],
  ])("%p: gone %p, over %p", (status, gone, over) =>
    expect([isGone(status), hasOverStatus(status)]).toEqual([gone, over]),
  );
});
