import { makePlan, type Plan } from "../../review/plan";
import { planText } from "../../cli/commands/plan-text";
import { breachLine } from "../../review/breach";
import { type Limits } from "../../review/limits";
import { warnings } from "../../review/headline";
import { parsePreview } from "../../review/preview";
import { UNKNOWN } from "../../domain/unknown";
import { account, without } from "./recordings";

const PREFIX = "pulumi-nodejs:dynamic/proxies-sx:";
const NOW = Date.parse("2026-03-28T12:00:00Z");
const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

type Values = Record<string, unknown>;
const urnOf = (kind: string, name: string): string => `urn:pulumi:dev::test::${PREFIX}${kind}::${name}`;

/** A lease of 30 days that is due since 12 hours. */
const DUE = { createdAt: iso(NOW - 27.5 * 24 * HOUR), expiresAt: iso(NOW + 2.5 * 24 * HOUR), status: "active" };
/** One that is not. */
const RUNNING = { createdAt: iso(NOW - 24 * HOUR), expiresAt: iso(NOW + 29 * 24 * HOUR), status: "active" };
const old = (portId: string, hoursAgo = 24, more: Values = {}): Values => ({
  portId,
  since: iso(NOW - hoursAgo * HOUR),
  expiresAt: iso(NOW + 2 * 24 * HOUR),
  ...more,
});

interface Step {
  inputs?: Values;
  before?: Values;
  op?: string;
  state?: Values;
}

/** A step of the preview of one port, whose first port was "first" and whose present one is "now". */
function port(name: string, outputs: Values, { inputs = {}, before = inputs, op = "update", state = {} }: Step = {}) {
  const urn = urnOf("Port", name);
  const asked = { country: "DE", expiresIn: "30d", slotType: "shared" };
  const oldInputs = { ...asked, ...before };
  const newInputs = { ...asked, ...inputs };
  const told = { ...oldInputs, portId: `${name}-now`, countryCode: "DE", ...outputs };
  return {
    op,
    urn,
    oldState: { urn, id: `${name}-first`, inputs: oldInputs, outputs: told, ...state },
    ...(op !== "delete" && { newState: { urn, id: `${name}-first`, inputs: newInputs, outputs: newInputs } }),
  };
}

const slotsOf = (free: number, total = 8, used = total - free) => {
  const slots = { total, used, available: free };
  return account({ now: NOW, summary: { value: { shared: { slots, traffic: { available: 60 } }, alerts: [] } } });
};
const plan = (steps: object[], facts = slotsOf(3), limits: Limits = {}): Promise<Plan> =>
  makePlan(parsePreview(JSON.stringify({ steps }), "it"), facts, limits);
const deedOf = async (step: object, facts?: ReturnType<typeof account>): Promise<string> => {
  const [{ does, why } = { does: "", why: [] }] = (await plan([step], facts)).ports;
  return [does, ...why].join(": ");
};
const words = (made: Plan): string[] => warnings(made).map(({ text }) => text);

describe("an update of a Port is", () => {
  it.each<[string, Values, Step, string]>([
    ["a renewal, where its lease is due", DUE, {}, "renew: lease due"],
    ["one, where renewBefore makes it due", RUNNING, { inputs: { renewBefore: "29d" } }, "renew: lease due"],
    ["one, where its lease is over", { ...DUE, expiresAt: iso(NOW) }, {}, "renew: expired"],
    ["one, where the vendor calls it expired", { ...RUNNING, status: "expired" }, {}, "renew: expired"],
    ["one, where it is gone", { ...RUNNING, status: "deleted" }, {}, "renew: gone at the vendor"],
    ["one, where it is suspended and due", { ...DUE, status: "suspended" }, {}, "renew: lease due"],
    [
      "one, where an earlier one broke off, whatever onExpired says",
      { ...RUNNING, status: "renewing" },
      { inputs: { onExpired: "keep" } },
      "renew: an earlier purchase broke off",
    ],
    ["one, where its turn has come", DUE, { inputs: { __hold: 3 * 86_400 } }, "renew: lease due"],
    ["none, where it waits for another run", DUE, { inputs: { __hold: 86_400, expiresIn: "20d" } }, "change"],
    [
      "none, where it is kept after its end",
      { ...DUE, status: "expired" },
      { inputs: { onExpired: "keep" } },
      "change",
    ],
    ["none, where its end is an error", { ...DUE, status: "expired" }, { inputs: { onExpired: "fail" } }, "change"],
    ["none, where its lease is not known yet", DUE, { inputs: { expiresIn: UNKNOWN } }, "change"],
    ["none, where its lease runs", RUNNING, { inputs: { renewBefore: "1d" }, before: {} }, "change"],
    ["none, where it was bought and not read", { portId: "p" }, {}, "change"],
    [
      "the end of one, where an old port is released",
      { ...RUNNING, retiring: [old("o")] },
      {},
      "finish: 1 old port to release",
    ],
    [
      "a change, where it changes an input besides",
      { ...RUNNING, retiring: [old("o")] },
      { inputs: { expiresIn: "20d" }, before: {} },
      "change: 1 old port to release",
    ],
    [
      "a move, where it goes elsewhere besides",
      { ...RUNNING, retiring: [old("o")] },
      { inputs: { country: "PL" }, before: {} },
      "move: 1 old port to release",
    ],
    [
      "a renewal and the end of another",
      { ...DUE, retiring: [old("o")] },
      {},
      "renew: lease due: 1 old port to release",
    ],
  ])("%s", async (_what, outputs, step, deed) => {
    expect(await deedOf(port("a", outputs, step))).toBe(deed);
  });
});

describe("an old port is released", () => {
  const overlapped = (overlap: unknown, hoursAgo: number, more: Values = {}) =>
    port("a", { ...RUNNING, retiring: [old("o", hoursAgo, more)] }, { inputs: { overlap } });
  it.each<[string, object, string[]]>([
    ["by the next run", port("a", { ...RUNNING, retiring: [old("o", 0)] }), ["o"]],
    ["by the first one after its overlap", overlapped("6h", 6), ["o"]],
    ["not by one before that", overlapped("6h", 5.9), []],
    ["by the next run, also where its clock is behind", port("a", { ...RUNNING, retiring: [old("o", -0.1)] }), ["o"]],
    ["not while no other port serves", port("a", { ...RUNNING, status: "suspended", retiring: [old("o")] }), []],
    ["not where the port that serves is not known yet", port("a", { portId: "p", retiring: [old("o")] }), []],
    [
      "though nothing serves, at the end of its own lease",
      port("a", { ...RUNNING, status: "suspended", retiring: [old("o", 48, { expiresAt: iso(NOW) })] }),
      ["o"],
    ],
    ["not where the overlap is not known yet", overlapped(UNKNOWN, 100), []],
    ["at the end of its own lease, however long the overlap", overlapped("30d", 48, { expiresAt: iso(NOW) }), ["o"]],
    [
      "with the port",
      port("a", { ...RUNNING, retiring: [old("o", 0)] }, { op: "delete", inputs: { overlap: "9d" } }),
      ["o"],
    ],
    ["with a port that is replaced", port("a", { ...RUNNING, retiring: [old("o")] }, { op: "replace" }), ["o"]],
    [
      "not with one that is only left out",
      port("a", { ...RUNNING, retiring: [old("o")] }, { op: "delete", state: { retainOnDelete: true } }),
      [],
    ],
    [
      "not where nothing is done",
      port("a", { ...RUNNING, retiring: [old("o", 0)] }, { op: "same", inputs: { overlap: "1d" } }),
      [],
    ],
    ["where the state says so; nonsense counts as none", port("a", { ...RUNNING, retiring: [{ since: 5 }, "x"] }), []],
  ])("%s", async (_what, step, released) => {
    expect((await plan([step])).ports[0]?.releases).toEqual(released);
  });

  it.each<[string, Values, Step, number | undefined]>([
    ["the next run", DUE, {}, NOW],
    ["the first run after the overlap", DUE, { inputs: { overlap: "6h" } }, NOW + 6 * HOUR],
    ["the end of its lease, at the latest", DUE, { inputs: { overlap: "9d" } }, NOW + 60 * HOUR],
    ["no time, without an overlap", DUE, { inputs: { overlap: "0s" } }, undefined],
    ["no time, without an overlap, as a number", DUE, { inputs: { overlap: 0 } }, undefined],
    ["no time, where it does not serve: suspended", { ...DUE, status: "suspended" }, {}, undefined],
    ["no time, where it does not serve: expired", { ...DUE, status: "expired" }, {}, undefined],
    ["no time, where it is gone", { ...DUE, status: "deleted" }, {}, undefined],
  ])("serves on until %s", async (_what, outputs, step, releaseAt) => {
    const [{ retires } = {}] = (await plan([port("a", outputs, step)])).ports;
    expect(retires).toEqual(releaseAt === undefined ? undefined : { portId: "a-now", releaseAt });
  });
});

describe("slots", () => {
  const due = (...names: string[]) => names.map((name) => port(name, DUE));
  const bought = (name: string) => {
    const { urn, newState } = port(name, {});
    return { op: "create", urn, newState: { ...newState, id: undefined } };
  };
  const waiting = (name: string) =>
    port(name, { ...RUNNING, retiring: [old(`${name}-old`, 0)] }, { op: "same", inputs: { overlap: "1d" } });
  const finishing = (name: string) => port(name, { ...RUNNING, retiring: [old(`${name}-old`)] });

  it("without one that is free no old port is said to serve on", async () => {
    const provider = "urn:pulumi:dev::test::pulumi:providers:pulumi-nodejs::second::1";
    const { newState, ...step } = port("b", DUE);
    const other = { ...step, newState: { ...newState, provider } };
    const [free, none] = [await plan(due("a")), await plan(due("a"), slotsOf(0))];
    expect([free, none].map(({ ports: [one] }) => one?.retires?.portId)).toEqual(["a-now", undefined]);
    const [foreign] = (await plan([...due("a"), other], slotsOf(0))).ports.slice(1);
    expect(foreign).toMatchObject({ account: "second", retires: { portId: "b-now" } });
  });

  it.each<[string, number, object[], object]>([
    [
      "a renewal has one more for as long as the old port serves",
      1,
      due("a"),
      { needed: 0, renewals: 1, retiring: { before: 0, after: 1 }, change: 1, freeAfter: { value: 0 } },
    ],
    [
      "without one that is free it takes that of its own port",
      0,
      due("a"),
      { needed: 0, retiring: { before: 0, after: 0 }, change: 0, freeAfter: { value: 0 }, renewsWithGap: true },
    ],
    [
      "one is enough for several, one after the other",
      1,
      due("a", "b", "c"),
      { renewals: 3, retiring: { before: 0, after: 1 }, change: 1, releasedEarly: 2, renewsWithGap: false },
    ],
    [
      "a run releases those of the run before",
      0,
      [finishing("a"), finishing("b")],
      { needed: 0, retiring: { before: 2, after: 0 }, change: -2, freeAfter: { value: 2 } },
    ],
    [
      "those of the run before make room for renewals",
      0,
      [finishing("a"), ...due("b")],
      { retiring: { before: 1, after: 1 }, change: 0, renewsWithGap: false },
    ],
    [
      "a purchase that finds none takes that of an old port, before its time",
      0,
      [waiting("a"), bought("b")],
      { needed: 1, lacking: { value: 0 }, retiring: { before: 1, after: 0 }, releasedEarly: 1, change: 0 },
    ],
    [
      "a purchase goes before an overlap",
      1,
      [bought("b"), ...due("a")],
      { needed: 1, lacking: { value: 0 }, retiring: { before: 0, after: 0 }, change: 1, renewsWithGap: true },
    ],
    [
      "a port that is gone has none for its renewal",
      0,
      [port("a", { ...RUNNING, status: "deleted" }), port("b", { ...RUNNING, status: "renewing" })],
      { needed: 2, renewals: 0, lacking: { value: 2 }, change: 2 },
    ],
    [
      "a port that is gone and kept holds none",
      0,
      [port("a", { ...RUNNING, status: "renewing" }, { op: "same" })],
      { needed: 0, change: 0 },
    ],
    [
      "a port that is released has its old one released too, after all else",
      0,
      [port("a", { ...RUNNING, retiring: [old("o")] }, { op: "delete" })],
      { needed: 0, retiring: { before: 1, after: 0 }, change: -2, freeAfter: { value: 2 } },
    ],
    [
      "what is only left out of the management keeps all of its own",
      0,
      [port("a", { ...RUNNING, retiring: [old("o")] }, { op: "delete", state: { retainOnDelete: true } })],
      { needed: 0, retiring: { before: 0, after: 0 }, change: 0 },
    ],
    [
      "one that is suspended and due keeps its slot to the end of the renewal",
      0,
      [port("a", { ...DUE, status: "suspended" })],
      { needed: 0, renewals: 0, change: 0, renewsWithGap: false },
    ],
  ])("%s", async (_what, free, steps, expected) => {
    expect((await plan(steps, slotsOf(free))).slots[0]).toMatchObject(expected);
  });

  it("more in use than there are: a renewal keeps its port, and no purchase counts twice", async () => {
    const made = await plan([...due("a"), bought("b")], slotsOf(0, 3, 5));
    expect(made.slots[0]).toMatchObject({ free: { value: 0 }, lacking: { value: 1 }, renewsNone: true });
    expect(words(made)).toEqual([
      "slots: needs 1 shared, 0 free: 1 purchase will fail",
      "slots: more shared slots are used than there are: 1 renewal will fail, and its old port stays",
    ]);
    // Old ports of renewals make room first.
    expect((await plan([...due("a"), finishing("b")], slotsOf(0, 3, 4))).slots[0]).toMatchObject({ renewsNone: false });
  });

  it("warns of what clients notice, and of purchases that fail", async () => {
    expect(words(await plan(due("a", "b"), slotsOf(0)))).toEqual([
      "slots: no shared slot is free for 2 renewals: each releases its old port before it buys the new one",
    ]);
    expect(words(await plan(due("a"), slotsOf(0)))).toEqual([
      "slots: no shared slot is free for 1 renewal: it releases its old port before it buys the new one",
    ]);
    expect(words(await plan(due("a", "b", "c"), slotsOf(1)))).toEqual([
      "slots: 2 old shared ports are released early: no slot is left for them",
    ]);
    expect(words(await plan(due("a", "b"), slotsOf(1)))).toEqual([
      "slots: 1 old shared port is released early: no slot is left for it",
    ]);
    expect(words(await plan([waiting("a"), bought("b"), bought("c")], slotsOf(0)))[0]).toBe(
      "slots: needs 2 shared, 0 free, 1 of old ports: 1 purchase will fail",
    );
    expect(words(await plan(due("a"), slotsOf(1)))).toEqual([]);
  });

  it("an old port that was released early holds none, though the state names it still", async () => {
    const live = async () => ({ value: ["a-now", "b-now", "b-old"].map((id) => ({ id })) });
    const made = await plan([finishing("a"), finishing("b")], { ...slotsOf(0), livePorts: live });
    expect(made.ports.map(({ name, does, why, releases }) => [name, does, ...why, ...releases])).toEqual([
      ["a", "finish", "1 old port gone already"],
      ["b", "finish", "1 old port to release", "b-old"],
    ]);
    expect(made.slots[0]).toMatchObject({ retiring: { before: 1, after: 0 }, change: -1, freeAfter: { value: 1 } });
    expect(made.cost.slots[0]).toMatchObject({ retiring: { before: 1, after: 0 } });
  });

  it("an account that cannot be asked leaves room unknown", async () => {
    const [slots] = (await plan(due("a"), { ...without(), now: NOW })).slots;
    expect(slots).toMatchObject({
      renewals: 1,
      retiring: { after: 1 },
      lacking: { unknown: expect.any(String) as string },
      renewsWithGap: false,
    });
  });
});

it("a renewal is shown as one, with what becomes of the old port and no replacement", async () => {
  const made = await plan([
    port("a", DUE, { inputs: { overlap: "6h" } }),
    port("b", { ...RUNNING, retiring: [old("b-old")] }),
    port("c", { ...RUNNING, status: "deleted" }),
  ]);
  const text = planText(made);
  expect(text.split("\n")[0]).toBe(
    "test/dev: 2 ports to renew (1 lease due, 1 gone at the vendor), 1 to rid of old ports",
  );
  expect(text).toMatch(/\na +renewed, same resource +DE shared +lease due\n/);
  expect(text).toMatch(/\na +a-now +until the first run after 2026-03-28 18:00 UTC\n/);
  expect(text).toMatch(/\nb +b-old +until this run\n/);
  expect(text).not.toContain("replaced");
  expect(made.places).toEqual([{ country: "DE", slotType: "shared", before: 3, after: 3 }]);
  // The new leases are of this run.
  expect(made.renewals).toEqual([]);
  expect(made.ports.find(({ name }) => name === "a")).toMatchObject({
    before: { id: "a-first", portId: "a-now" },
    after: { id: "a-first", renewAt: NOW + 27 * 24 * HOUR },
  });
  expect(made.ports.find(({ name }) => name === "a")?.after).not.toHaveProperty("portId");
  expect(made.ports.find(({ name }) => name === "b")?.after).toMatchObject({ portId: "b-now" });
});

it.each<[string, Step, object]>([
  ["the same carrier", { inputs: { carrier: "o2" }, before: { carrier: "O2" } }, { needed: 0, renewed: 1 }],
  ["any carrier", { inputs: {}, before: { carrier: "O2" } }, { needed: 0, renewed: 1 }],
  ["another carrier", { inputs: { carrier: "Vodafone" }, before: { carrier: "O2" } }, { needed: 1, renewed: 0 }],
])("a renewal with %s needs a device where its own is none", async (_what, step, row) => {
  expect((await plan([port("a", { ...DUE, carrierBrand: "O2" }, step)])).stock).toMatchObject([row]);
});

describe("cost", () => {
  it("an old port holds a slot until it is released, and limits do not count it", async () => {
    const renewing = await plan([port("a", DUE), port("b", DUE)], slotsOf(3), { maxMonthlyCost: 19 });
    expect(renewing.cost.slots).toMatchObject([
      { before: { slots: 2 }, after: { slots: 4, cost: { value: 40 } }, retiring: { before: 0, after: 2 } },
    ]);
    expect(planText(renewing)).toContain("Slots of old ports of renewals among them: 0 → 2 shared.");
    const finishing = await plan([port("a", { ...RUNNING, retiring: [old("o")] })]);
    expect(finishing.cost.slots).toMatchObject([{ before: { slots: 2 }, after: { slots: 1 } }]);
    expect(finishing.cost.slots).toMatchObject([{ change: { value: -10 } }]);
  });

  it("traffic is that of the vendor's port that serves now", async () => {
    const byPort = [
      { portId: "a-now", usedGB: 5 },
      { portId: "a-first", usedGB: 100 },
    ];
    const usage = { value: { period: "30d", traffic: { shared: { totalUsedGB: 105, byPort } } } };
    const outputs = { ...RUNNING, createdAt: iso(NOW - 5 * 24 * HOUR) };
    const made = await plan([port("a", outputs, { op: "same" })], account({ now: NOW, usage }));
    expect(made.cost.traffic).toMatchObject([{ gbPerMonth: { value: 30 } }]);
  });
});

it("no limit stops a renewal: old ports count for none", async () => {
  const limits = { maxPorts: 2, maxMonthlyCost: 20, minFreeSlots: 2, maxLease: "30d" };
  const usage = { value: { period: "30d", traffic: { shared: { totalUsedGB: 0, byPort: [] } } } };
  const quiet = [
    { portId: "a-now", usedGB: 0 },
    { portId: "b-now", usedGB: 0 },
  ];
  const facts = {
    ...slotsOf(2),
    usage: { value: { ...usage.value, traffic: { shared: { totalUsedGB: 0, byPort: quiet } } } },
  };
  const made = await plan([port("a", DUE), port("b", DUE)], facts, limits);
  expect(made.breaches.map(breachLine)).toEqual([]);
  expect(made.slots[0]).toMatchObject({ freeAfter: { value: 0 }, retiring: { after: 2 } });
  const less = await plan([port("a", DUE)], facts, { ...limits, minFreeSlots: 3 });
  expect(less.breaches.map(({ limit }) => limit)).toEqual(["minFreeSlots"]);
});

describe("settings", () => {
  const PORT = urnOf("Port", "a");
  const setting = (kind: string, before: Values, after: Values = before, outputs: Values = {}, op = "update") => {
    const urn = urnOf(kind, "a-setting");
    const state = (inputs: Values, out: Values) => ({
      urn,
      id: "a-first",
      inputs: { port: "a-first", ...inputs },
      outputs: out,
      propertyDependencies: { port: [PORT] },
    });
    return { op, urn, oldState: state(before, { port: "a-first", ...outputs }), newState: state(after, {}) };
  };
  const told = async (first: object, second: object) =>
    (await plan([first, second])).settings.map(({ kind, what }) => [kind, ...what]);
  const login = { proxyLogin: "team-a", proxyPassword: "[secret]" };

  it.each<[string, object]>([
    ["rotation", setting("RotationSettings", { intervalSeconds: 900 })],
    ["a login", setting("Credentials", login)],
    ["a fingerprint", setting("OsFingerprint", { osFingerprint: "windows:1" })],
  ])("%s that follows a renewed port is no decision", async (_what, step) => {
    expect(await told(port("a", DUE), step)).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    [
      "rotation",
      setting("RotationSettings", { intervalSeconds: 900 }, { intervalSeconds: 600 }),
      ["RotationSettings", "intervalSeconds 900 → 600"],
    ],
    [
      "a login",
      setting("Credentials", login, { ...login, proxyLogin: "team-b" }),
      ["Credentials", "login, and maybe the password"],
    ],
    [
      "a password that is new",
      setting("Credentials", login, { ...login, proxyPassword: UNKNOWN }),
      ["Credentials", "password"],
    ],
  ])("%s that changes beside a renewal is shown", async (_what, step, what) => {
    expect(await told(port("a", DUE), step)).toEqual([what]);
  });

  it("those that an earlier run did not get to are shown as applied", async () => {
    const running = port("a", RUNNING, { op: "same" });
    const behind = setting("Credentials", login, login, { __portId: "a-before" });
    expect(await told(running, behind)).toEqual([["Credentials", "applied to the port of the renewal before"]]);
    const there = setting("Credentials", login, login, { __portId: "a-now" });
    expect(await told(running, there)).toEqual([["Credentials", "password"]]);
  });

  it("of a plain id belong to the port that serves by that id", async () => {
    const { op, urn, oldState } = setting("OsFingerprint", { osFingerprint: "windows:1" }, {}, {}, "delete");
    const plain = { ...oldState, inputs: { port: "a-now" }, propertyDependencies: {} };
    const { settings } = await plan([port("a", RUNNING, { op: "same" }), { op, urn, oldState: plain }]);
    expect(settings).toMatchObject([{ port: "a", what: ["the previous settings are restored"] }]);
  });
});

describe("what others make of a port's outputs is unknown until the run", () => {
  const other = (name: string, inputs: Values, on: Record<string, string[]>, op = "update") => {
    const urn = `urn:pulumi:dev::test::kubernetes:core/v1:Secret::${name}`;
    return { op, urn, oldState: { urn, id: name }, newState: { urn, inputs, propertyDependencies: on } };
  };
  const PORT = urnOf("Port", "a");
  const SECRET = "urn:pulumi:dev::test::kubernetes:core/v1:Secret::url";
  const names = async (steps: object[]) => (await plan(steps)).dependents.map(({ name, op, on }) => [name, op, ...on]);

  it("and named, with what depends on them", async () => {
    const steps = [
      port("a", DUE),
      other("url", { data: { url: UNKNOWN } }, { data: [PORT] }),
      other("masked", { data: "[secret]" }, { data: [PORT] }, "replace"),
      other("deployment", { env: [{ value: UNKNOWN }] }, { env: [SECRET] }),
    ];
    expect(await names(steps)).toEqual([
      ["deployment", "update", "url"],
      ["masked", "replace", "a"],
      ["url", "update", "a"],
    ]);
    const text = planText(await plan(steps));
    expect(text).toMatch(/Unknown until the run\nresource +type +shown as +depends on\n/i);
    expect(text).toMatch(/\nurl +kubernetes:core\/v1:Secret +update +a\n/);
  });

  it.each<[string, object[]]>([
    ["of a port that stays", [port("a", RUNNING, { op: "same" }), other("url", { d: UNKNOWN }, { d: [PORT] })]],
    ["that depend on its id", [port("a", DUE), other("url", { d: "a-first", e: 2 }, { d: [PORT] })]],
    ["that stay as they are", [port("a", DUE), other("url", { d: UNKNOWN }, { d: [PORT] }, "same")]],
  ])("but not those %s", async (_what, steps) => {
    expect(await names(steps)).toEqual([]);
  });
});
