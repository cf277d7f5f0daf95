import { type Api } from "../../api";
import { usageFacts } from "../../report/usage";
import { figuresOf, nextToEnd, leaseStretches } from "../../dashboard/figures";
import { type AccountFacts, type FleetSnapshot, type PortFacts, weekOf } from "../../dashboard/fleet";
import { releaseText } from "../../dashboard/wording";

const NOW = Date.parse("2026-01-15T12:00:00Z");
const DAY = 86_400_000;

const part = <T>(value: T) => ({ takenAt: NOW, value });
const port = (more: Partial<PortFacts> = {}): PortFacts => ({
  id: "a",
  country: "DE",
  carrier: "O2",
  slotType: "shared",
  status: "active",
  health: "healthy",
  createdAt: NOW - DAY,
  renewAt: NOW + 8 * DAY,
  expiresAt: NOW + 10 * DAY,
  ...more,
});

function fleet(ports: PortFacts[], more: Partial<FleetSnapshot> = {}): FleetSnapshot {
  const nothing = { leftOut: "not asked" };
  return {
    takenAt: NOW,
    source: "here",
    ports: part(ports),
    account: nothing,
    usage: nothing,
    rotations: nothing,
    ...more,
  };
}

it.each<[string, Partial<PortFacts>, object]>([
  ["that runs", {}, { over: 0, due: 0, endingSoon: 0 }],
  ["whose window opens now", { renewAt: NOW }, { over: 0, due: 1, endingSoon: 0 }],
  ["that ends in just 7 days", { expiresAt: NOW + 7 * DAY }, { over: 0, due: 0, endingSoon: 1 }],
  ["that ends a little later", { expiresAt: NOW + 7 * DAY + 1 }, { over: 0, due: 0, endingSoon: 0 }],
  ["that ends now", { renewAt: NOW - DAY, expiresAt: NOW }, { over: 1, due: 0, endingSoon: 0 }],
  ["that the vendor calls expired", { status: "expired" }, { over: 1, due: 0 }],
  [
    "that retires, due and near its end",
    { releaseAt: NOW, renewAt: NOW, expiresAt: NOW + DAY },
    { over: 0, due: 0, endingSoon: 0, retiring: 1, nextEnd: undefined, nextRenewal: undefined },
  ],
  ["that retires and is over", { releaseAt: NOW, status: "expired" }, { over: 0, retiring: 1 }],
  ["of which nothing is known", { renewAt: undefined, expiresAt: undefined }, { over: 0, due: 0, endingSoon: 0 }],
])("a port %s", (_, more, expected) => {
  expect(figuresOf(fleet([port(more)]))).toMatchObject({ live: 1, ...expected });
});

it("counts old ports of renewals where they are, and by the slots that they hold", () => {
  const old = port({ releaseAt: NOW, renewAt: undefined, expiresAt: NOW + DAY });
  const { places, slotTypes, retiring } = figuresOf(fleet([port(), old, port({ slotType: "private" })]));
  expect(places).toMatchObject([{ country: "DE", ports: 3, due: 0 }]);
  expect(slotTypes).toMatchObject([
    { slotType: "shared", live: 2, retiring: 1 },
    { slotType: "private", live: 1, retiring: 0 },
  ]);
  expect(retiring).toBe(1);
  expect(leaseStretches([old], NOW)).toEqual([]);
});

it.each([
  [NOW, "the next run"],
  [NOW - DAY, "the next run"],
  [NOW + 999, "the next run"], // clocks are known to the second
  [NOW + 3_600_000, "the first run after 1 h 0 min"],
])("an old port that is to be released from %i is released by %s", (releaseAt, text) => {
  expect(releaseText({ releaseAt }, NOW)).toBe(text);
});

it("counts by place, with the largest first, and by health", () => {
  const { places, health } = figuresOf(
    fleet([
      port({ health: "odd", country: undefined, carrier: undefined }),
      port({ health: "offline", carrier: "Vodafone", countryName: "Germany", renewAt: NOW }),
      port(),
      port({ health: "degraded" }),
    ]),
  );
  expect(health).toEqual({ healthy: 1, degraded: 1, offline: 1, unknown: 1 });
  expect(places).toMatchObject([
    {
      country: "DE",
      name: "Germany",
      ports: 3,
      due: 1,
      carriers: [
        { carrier: "O2", ports: 2 },
        { carrier: "Vodafone", ports: 1 },
      ],
    },
    { country: "?", ports: 1 },
  ]);
});

it("sets traffic against what was bought", () => {
  const account: AccountFacts = {
    shared: { trafficGB: { total: 100, used: 30, available: 70 }, expiresAt: NOW + 10 * DAY },
    private: { trafficGB: { total: 20, used: 20, available: 0 }, slots: { total: 5, used: 1 } },
    alerts: [],
  };
  const usage = { periods: [{ from: 0, to: 7, sharedGB: 7, privateGB: 0 }], weekGB: { a: 7 } };
  const old = port({ id: "a", slotType: "shared", createdAt: NOW - 20 * DAY });
  const { traffic, slotTypes } = figuresOf(fleet([old], { account: part(account), usage: part(usage) }));
  expect(traffic).toMatchObject({ boughtGB: 120, usedGB: 50, leftGB: 70, perDayGB: 1, budgetPerDayGB: 7 });
  expect(slotTypes).toEqual([
    { slotType: "shared", live: 1, retiring: 0, used: undefined, total: undefined },
    { slotType: "private", live: 0, retiring: 0, used: 1, total: 5 },
  ]);
});

it.each<[string, [left: number, week: number], [left: number, week: number], object[]]>([
  ["shared gone, private unused", [0, 7], [50, 0], [{ slotType: "shared", leftGB: 0, days: 0 }]],
  ["nothing used", [50, 0], [50, 0], []],
  [
    "both used, private ends first",
    [70, 7],
    [4, 14],
    [
      { slotType: "private", leftGB: 4, days: 2 },
      { slotType: "shared", leftGB: 70, days: 70 },
    ],
  ],
])("traffic of one slot type does not last for the other: %s", (_, shared, own, lasts) => {
  const account: AccountFacts = {
    shared: { trafficGB: { available: shared[0] } },
    private: { trafficGB: { available: own[0] } },
    alerts: [],
  };
  const week = { a: shared[1], b: own[1] };
  const usage = { periods: [{ from: 0, to: 7, sharedGB: shared[1], privateGB: own[1] }], weekGB: week };
  const createdAt = NOW - 20 * DAY;
  const ports = [port({ id: "a", slotType: "shared", createdAt }), port({ id: "b", slotType: "private", createdAt })];
  expect(figuresOf(fleet(ports, { account: part(account), usage: part(usage) })).traffic.lasts).toEqual(lasts);
  expect(figuresOf(fleet(ports, { usage: part(usage) })).traffic.lasts).toEqual([]);
  expect(figuresOf(fleet(ports, { account: part(account) })).traffic.lasts).toEqual([]);
});

it("says nothing of what is left out", () => {
  const { traffic, rotations, orphans } = figuresOf(fleet([]));
  expect([traffic.leftGB, traffic.lasts[0], rotations.successRate, orphans]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it.each([
  ["minutes", 20 * 60_000, 60_000],
  ["hours", 20 * 3_600_000, 3_600_000],
  ["days", 20 * DAY, DAY],
  ["just 30 days", 30 * DAY, DAY],
  ["weeks", 200 * DAY, 7 * DAY],
  ["four weeks", 365 * DAY, 28 * DAY],
])("leases that end within %s", (_, length, size) => {
  const stretches = leaseStretches([port({ renewAt: NOW + length / 2, expiresAt: NOW + length })], NOW);
  expect((stretches[0]?.to ?? 0) - NOW).toBe(size);
  expect(stretches.length).toBeLessThanOrEqual(31);
  expect(stretches.reduce((sum, { ends, renewals }) => sum + ends + renewals, 0)).toBe(2);
  expect(stretches.at(-1)?.ends).toBe(1);
});

it("leases that end together are in the order of their names, and those that end later after them", () => {
  const now = Date.parse("2026-03-01T00:00:00Z");
  const ending = (name: string, minutes: number) => ({
    id: name,
    name,
    expiresAt: now + 30 * 86_400_000 + minutes * 60_000,
  });
  const ports = [
    ending("web-10", 0),
    ending("web-2", 3),
    ending("web-1", 5),
    ending("api", 60),
    ending("gone", -99_999),
  ];
  expect(nextToEnd(ports, now).map(({ name }) => name)).toEqual(["web-1", "web-2", "web-10", "api"]);
});

it("a port whose id is a word of JavaScript has its own use, and no other", async () => {
  const byPort = [{ portId: "__proto__", usedGB: 3 }];
  const usage = async () => ({ traffic: { shared: { totalUsedGB: 3, byPort } } });
  const facts = await usageFacts({ account: { usage } } as unknown as Api);
  expect([weekOf(facts, "__proto__"), weekOf(facts, "constructor")]).toEqual([3, undefined]);
});
