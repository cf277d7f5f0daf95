import { type AccountSummary } from "../../api";
import { type Known } from "../../review/known";
import { type PortChange } from "../../review/ports";
import { type SlotPlan, slotPlans } from "../../review/slots";
import { DE, port } from "./made-plans";

const WHY = { unknown: "no key" };
const lacks = (what: string) => ({ unknown: `the vendor's answer does not have ${what}` });
const PRIVATE = { ...DE, slotType: "private" };
const old = (portId: string) => ({ portId, releaseAt: 0 });

const has = (shared: AccountSummary["shared"]): Known<AccountSummary> => ({ value: { shared, alerts: [] } });
const EIGHT = has({ slots: { total: 8, used: 5, available: 3 } });
const plansOf = (ports: PortChange[], summary = EIGHT): SlotPlan[] => slotPlans(ports, summary);

/** What the run does to the ports of "shared", before it and after it as their deed has them. */
function changed(does: PortChange["does"], more: Partial<PortChange> = {}): Partial<SlotPlan> {
  const sides = does === "buy" || does === "adopt" ? { after: DE } : { before: DE, after: DE };
  const gone = does === "release" || does === "leave" ? { after: undefined } : {};
  return plansOf([port(does, { ...sides, ...gone, ...more })])[0] ?? {};
}

describe("how many slots a run takes, and how many more are in use after it", () => {
  it.each<[PortChange["does"], Partial<PortChange>, number, number]>([
    ["buy", {}, 1, 1],
    ["adopt", {}, 0, 0], // it had one before
    ["keep", {}, 0, 0],
    ["change", {}, 0, 0],
    ["move", {}, 0, 0],
    ["finish", {}, 0, 0],
    ["release", {}, 0, -1],
    ["leave", {}, 0, 0], // it goes on
    ["replace", {}, 1, 0], // the new one is bought first
    ["renew", {}, 0, 0], // the old one counts as one that is retiring
    ["replace", { before: PRIVATE }, 1, 1],
    ["replace", { after: PRIVATE }, 0, -1],
    ["release", { isLive: false }, 0, 0],
    ["keep", { isLive: false }, 0, 0],
    ["replace", { isLive: false }, 1, 1],
    ["renew", { isLive: false }, 1, 1],
    ["renew", { isLive: false, before: PRIVATE, after: PRIVATE }, 0, 0],
  ])("%s %j: %i, %i", (does, more, needed, change) => {
    expect(changed(does, more)).toMatchObject({ needed, change, freeAfter: { value: 3 - change } });
  });
});

describe("renewals", () => {
  it("are those of ports that serve, of the type", () => {
    const renewed = (more: Partial<PortChange> = {}) => port("renew", { before: DE, ...more });
    const all = [renewed(), renewed({ serves: false }), renewed({ before: PRIVATE, after: PRIVATE }), port("keep")];
    expect(plansOf(all).map(({ slotType, renewals }) => [slotType, renewals])).toEqual([
      ["shared", 1],
      ["private", 1],
    ]);
  });

  it("have old ports of the type, but for those of ports that are only left", () => {
    const before = [old("a"), old("b")];
    const all = [
      port("keep", { before: DE, retiring: before }),
      port("finish", { before: DE, retiring: before, releases: ["a"] }),
      port("renew", { before: DE, retires: old("c") }),
      port("keep", { before: PRIVATE, after: PRIVATE, retiring: before }),
      port("leave", { before: DE, after: undefined, retiring: before }),
      port("buy", { retiring: before }), // nonsense: it had no type
    ];
    expect(plansOf(all)[0]).toMatchObject({ retiring: { before: 4, after: 4 }, releasedEarly: 0, change: 1 });
  });
});

describe("slots of a type are shown", () => {
  const types = (ports: PortChange[], summary?: Known<AccountSummary>): string[] =>
    plansOf(ports, summary).map(({ slotType }) => slotType);
  const empty = has({ slots: { total: 0 } });

  it("where the account has some", () => expect([types([]), types([], empty)]).toEqual([["shared"], []]));

  it("where a port takes one, before the run or after it", () => {
    const release = port("release", { before: DE, after: undefined });
    expect(types([release], empty)).toEqual(["shared"]);
    expect(types([port("buy")], WHY)).toEqual(["shared"]);
    expect(types([port("buy", { after: PRIVATE })], empty)).toEqual(["private"]);
    expect(types([], WHY)).toEqual([]);
  });

  it("without ports of other accounts", () => {
    expect(types([port("buy", { account: "second" })], empty)).toEqual([]);
    expect(changed("buy", { account: "second" })).toMatchObject({ needed: 0, change: 0 });
  });
});

describe("what the account does not say", () => {
  it("is not known, each with what is lacking", () => {
    const of = (summary: Known<AccountSummary>) => plansOf([port("buy")], summary)[0];
    const none = lacks("shared slots");
    expect(of({ value: { alerts: [] } })).toMatchObject({ total: none, used: none, free: none, freeAfter: none });
    const part = {
      total: lacks("the total shared slots"),
      used: { value: 5 },
      free: lacks("the available shared slots"),
    };
    expect(of(has({ slots: { used: 5 } }))).toMatchObject({ ...part, lacking: part.free, freeAfter: part.free });
    expect(of(has({}))).toMatchObject({ total: part.total, used: lacks("the used shared slots") });
    expect(of(WHY)).toMatchObject({ total: WHY, free: WHY, lacking: WHY, needed: 1 });
  });
});
