import { type AccountUsage } from "../../api";
import { type AccountFacts, type LivePort, noAccount } from "../../review/account";
import { type Known } from "../../review/known";
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
  const used = (gb: number, period = "30d") =>
    usage({ shared: { totalUsedGB: gb, byPort: [{ portId: "a", usedGB: gb }] } }, period);
  const live = (...days: number[]): Known<LivePort[]> => ({
    value: days.map((age, at) => ({ id: "abc"[at] ?? "", slotType: "shared", createdAt: NOW - age * DAY })),
  });
  const planned = (told: AccountFacts["usage"], has: AccountFacts["summary"] = left(60), ports = live(90)) =>
    trafficPlans(new Set(["shared"]), facts(told, has), ports)[0];

  it.each<[number, number]>([
    [90, 1.5], // the days of the report
    [10, 4.5],
    [2, 22.5],
  ])("lasts at the rate of ports that have been there for %i days", (days, rate) => {
    expect(planned(used(45), left(60), live(days))).toEqual({
      ...{ slotType: "shared", leftGB: { value: 60 }, perDayGB: { value: rate } },
      endsAt: { value: NOW + (60 / rate) * DAY },
    });
  });

  it("is used by ports that there are now: those that the report does not name use none", () => {
    const other = { id: "p", slotType: "private", createdAt: NOW - DAY };
    const ports: Known<LivePort[]> = { value: [...(live(10, 20) as { value: LivePort[] }).value, other] };
    expect(planned(used(45), left(60), ports)?.perDayGB).toEqual({ value: 4.5 });
    expect(planned(used(45), left(60), live())?.perDayGB).toEqual({ value: 0 });
    const gone = usage({ shared: { totalUsedGB: 45, byPort: [{ portId: "z", usedGB: 45 }] } });
    expect(planned(gone)?.endsAt).toEqual({ unknown: "shared traffic was used by ports that are gone" });
  });

  it("is not known where most ports are younger than a day, but has ended where none is left", () => {
    const unknown = { unknown: "2 shared ports are younger than a day" };
    expect(planned(used(45), left(60), live(0.5, 0.5, 3))).toMatchObject({ perDayGB: unknown, endsAt: unknown });
    expect(planned(used(45), left(0), live(0.5, 0.5, 3))?.endsAt).toEqual({ value: NOW });
  });

  it("has no end where none is used, and has ended where none is left", () => {
    expect(planned(used(0))?.endsAt).toEqual({ value: undefined });
    expect(planned(used(45), left(0))?.endsAt).toEqual({ value: NOW });
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
    const { value } = used(42);
    const told = { value: { traffic: value.traffic, ...(period !== undefined && { period }) } };
    expect(planned(told, left(60), live(200))?.perDayGB).toEqual(perDayGB);
  });

  it("is not known where the answers lack it, each with what they lack", () => {
    const nothing = { value: { alerts: [] } };
    const none = { leftGB: lacks("the shared traffic that is left"), perDayGB: lacks("the use of shared traffic") };
    expect(planned(usage({}), nothing)).toMatchObject({ ...none, endsAt: none.leftGB });
    expect(planned(usage({ shared: {} }), { value: { shared: {}, alerts: [] } })).toMatchObject(none);
    expect(planned(used(45), left())).toMatchObject({ leftGB: none.leftGB, perDayGB: { value: 1.5 } });
    expect(planned(WHY)).toMatchObject({ leftGB: { value: 60 }, perDayGB: WHY, endsAt: WHY });
    expect(planned(used(45), left(60), WHY)).toMatchObject({ perDayGB: WHY, endsAt: WHY });
  });

  it("is shown for slot types that ports take", () => {
    const types = (...names: string[]) =>
      trafficPlans(new Set(names), facts(used(45)), live()).map(({ slotType }) => slotType);
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

  it.each<[number, object]>([
    [1, { value: 5 }],
    [2, { unknown: "2 shared ports are younger than a day" }],
  ])("beside an older one, %i of less than a day use what they do at least in a whole day", (count, perDay) => {
    const young = Array.from({ length: count }, (_, at) => port(`y${at}`, 0.9));
    // One that was just bought is not in the report yet.
    expect(use([port("a", 10), ...young], report({ a: 20, y0: 3 }))).toEqual({ perDay, leastPerDay: { value: 5 } });
  });

  it("a port of less than a day uses what older ones do, if it has used less", () => {
    expect(use([port("a", 10), port("b", 10), port("y", 0.1)], report({ a: 20, b: 40 }))).toEqual({
      ...{ perDay: { value: 9 }, leastPerDay: { value: 6 } },
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
