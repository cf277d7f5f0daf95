import { type AccountUsage } from "../../api";
import { type AccountFacts, noAccount } from "../../review/account";
import { type PortFacts } from "../../review/ports";
import { trafficPlans, useOf } from "../../review/traffic";

const NOW = Date.parse("2026-03-31T00:00:00Z");
const DAY = 86_400_000;
const WHY = { unknown: "no key" };
const lacks = (what: string) => ({ unknown: `the vendor's answer does not have ${what}` });

const facts = (usage: AccountFacts["usage"], summary: AccountFacts["summary"] = WHY): AccountFacts => ({
  ...{ ...noAccount("no key"), now: NOW, usage, summary },
});
const usage = (traffic: AccountUsage["traffic"], period?: string): { value: AccountUsage } => ({
  value: { traffic, ...(period !== undefined && { period }) },
});
const left = (available?: number) => ({ value: { shared: { traffic: { available } }, alerts: [] } });

describe("traffic of the account", () => {
  const used = usage({ shared: { totalUsedGB: 45 } }, "30d");
  const planned = (...told: Parameters<typeof facts>) => trafficPlans(new Set(["shared"]), facts(...told))[0];

  it("lasts for what is left at the rate of the days that its report covers", () => {
    expect(planned(used, left(60))).toEqual({
      ...{ slotType: "shared", leftGB: { value: 60 }, perDayGB: { value: 1.5 } },
      endsAt: { value: NOW + 40 * DAY },
    });
  });

  it("has no end where none is used, and has ended where none is left", () => {
    expect(planned(usage({ shared: { totalUsedGB: 0 } }), left(60))?.endsAt).toEqual({ value: undefined });
    expect(planned(used, left(0))?.endsAt).toEqual({ value: NOW });
  });

  it.each<[string | undefined, object]>([
    ["7d", { value: 6 }],
    ["100d", { value: 0.42 }],
    [undefined, { value: 1.4 }], // what was asked for
    ["0d", lacks("the time that its report of use covers")],
    ["24h", lacks("the time that its report of use covers")],
    ["30days", lacks("the time that its report of use covers")],
    ["last 30d", lacks("the time that its report of use covers")],
  ])("reported for %j has a rate of so many days", (period, perDayGB) => {
    expect(planned(usage({ shared: { totalUsedGB: 42 } }, period), left(60))?.perDayGB).toEqual(perDayGB);
  });

  it("is not known where the answers lack it, each with what they lack", () => {
    const nothing = { value: { alerts: [] } };
    const none = { leftGB: lacks("the shared traffic that is left"), perDayGB: lacks("the use of shared traffic") };
    expect(planned(usage({}), nothing)).toMatchObject({ ...none, endsAt: none.leftGB });
    expect(planned(usage({ shared: {} }), { value: { shared: {}, alerts: [] } })).toMatchObject(none);
    expect(planned(used, left())).toMatchObject({ leftGB: none.leftGB, perDayGB: { value: 1.5 } });
    expect(planned(WHY, left(60))).toMatchObject({ leftGB: { value: 60 }, perDayGB: WHY, endsAt: WHY });
  });

  it("is shown for slot types that ports take", () => {
    const types = (...names: string[]) => trafficPlans(new Set(names), facts(used)).map(({ slotType }) => slotType);
    expect([types(), types("private"), types("private", "shared")]).toEqual([[], ["private"], ["shared", "private"]]);
  });
});

describe("how ports use traffic", () => {
  /** A port that was made so many days ago, and what it used since. */
  const port = (portId: string, days?: number): PortFacts => ({
    ...{ portId, country: "DE", slotType: "shared", protect: false },
    ...(days !== undefined && { createdAt: NOW - days * DAY }),
  });
  const report = (used: Record<string, number>, period = "30d") =>
    usage({ shared: { byPort: Object.entries(used).map(([portId, usedGB]) => ({ portId, usedGB })) } }, period);
  const use = (ports: PortFacts[], told: AccountFacts["usage"]) => useOf(ports, "shared", facts(told));
  const both = (perDay: object) => ({ perDay, leastPerDay: perDay });

  it.each<[string, number, number, string]>([
    ["since it was made", 10, 2, "30d"],
    ["for the days of the report, where it is older", 90, 2 / 3, "30d"],
    ["for the days of a shorter report", 10, 20 / 7, "7d"],
    ["at the first whole day", 1, 20, "30d"],
  ])("one uses its GB %s", (_what, days, rate, period) => {
    expect(use([port("a", days)], report({ a: 20, other: 100 }, period))).toEqual(both({ value: rate }));
  });

  it("several use what each does", () => {
    expect(use([port("a", 10), port("b", 5)], report({ a: 20, b: 20 }))).toEqual(both({ value: 6 }));
  });

  it.each<[number, string]>([
    [1, "1 shared port is younger than a day, which is too short for a rate"],
    [2, "2 shared ports are younger than a day, which is too short for a rate"],
  ])("%i of less than a day have no rate, and at least that of a whole day", (count, unknown) => {
    const young = Array.from({ length: count }, (_, at) => port(`y${at}`, 0.9));
    // One that was just bought is not in the report yet.
    expect(use([port("a", 10), ...young], report({ a: 20, y0: 3 }))).toEqual({
      ...{ perDay: { unknown }, leastPerDay: { value: 5 } },
    });
  });

  it("one that used nothing uses nothing, however old it is", () => {
    expect(use([port("a")], report({ a: 0 }))).toEqual(both({ value: 0 }));
  });

  it.each<[string, PortFacts[], AccountFacts["usage"], object]>([
    [
      "whose age nobody knows",
      [port("a")],
      report({ a: 1 }),
      { unknown: "how long a shared port has been used is not known" },
    ],
    ["that the report lacks", [port("a", 2)], report({ b: 1 }), lacks("the traffic of each shared port")],
    ["of a type that it lacks", [port("a", 2)], usage({}), lacks("the traffic of each shared port")],
    ["without a report", [port("a", 2)], WHY, WHY],
  ])("is not known of one %s", (_what, ports, told, unknown) => {
    expect(use(ports, told)).toEqual(both(unknown));
  });

  it("no port uses none, unless the report is not there", () => {
    expect(use([], usage({}))).toEqual(both({ value: 0 }));
    expect(use([], usage({ shared: {} }))).toEqual(both({ value: 0 }));
    expect(use([], WHY)).toEqual(both(WHY));
  });
});
