import { account, deeds, planOf, recorded, without } from "./recordings";
import { planText } from "../../cli/commands/plan-text";
import { makePlan } from "../../review/plan";
import { warnings } from "../../review/headline";
import { parsePreview } from "../../review/preview";

const portIds = (name: string): string[] =>
  recorded(name).steps.flatMap(({ type, old }) => (type.endsWith(":Port") && old?.id ? [old.id] : []));

describe("previews of the real engine", () => {
  it("a fleet that is made: its ports, and nothing of the settings that come with them", async () => {
    const plan = await planOf("fresh-fleet");
    expect(deeds(plan)).toEqual({ "scraper-1": "buy", "scraper-2": "buy", "scraper-3": "buy", "scraper-4": "buy" });
    expect(plan.places).toEqual([
      { country: "DE", slotType: "shared", before: 0, after: 3 },
      { country: "GB", slotType: "shared", before: 0, after: 1 },
    ]);
    expect(plan.settings).toEqual([]);
    expect(plan.slots).toMatchObject([{ needed: 4, free: { value: 1 }, freeAfter: { value: -3 } }, { needed: 0 }]);
  });

  const renewalTime = account({ now: Date.parse("2026-03-28T12:00:00Z") });

  it("renewals of a fleet: updates, with one slot more while an old port serves", async () => {
    const plan = await planOf("renewal-due", {}, renewalTime);
    expect(Object.values(deeds(plan))).toEqual(Array(4).fill("renew: lease due"));
    expect(plan.settings).toEqual([]);
    expect(plan.renewals).toEqual([]);
    expect(plan.slots[0]).toMatchObject({ needed: 0, renewals: 4, retiring: { before: 0, after: 1 }, change: 1 });
  });

  it("the run after releases the old ports, by whatever clock", async () => {
    // The look is from seconds before the renewals: the vendor's clock is known to the second.
    const plan = await planOf("renewal-after", {}, renewalTime);
    expect(Object.values(deeds(plan))).toEqual(Array(4).fill("finish: 1 old port to release"));
    expect(plan.slots[0]).toMatchObject({ retiring: { before: 4, after: 0 }, change: -4 });
  });

  it("an overlap lasts, and old ports go with their port", async () => {
    const due = await planOf("overlap-due", {}, renewalTime);
    expect(deeds(due)).toEqual({
      gone: "keep",
      kept: "keep",
      "released-early": "renew: lease due",
      "released-with-it": "renew: lease due",
      "serving-on": "renew: lease due",
    });
    const after = await planOf("overlap-after", {}, renewalTime);
    expect(deeds(after)).toEqual({
      gone: "renew: gone at the vendor",
      kept: "change",
      "released-early": "finish: 1 old port to release",
      "released-with-it": "release: 1 old port to release",
      "serving-on": "keep",
    });
  });

  it("a stack that moves to the other host: nothing is renamed, and what else is due is named as ever", async () => {
    const plan = await planOf("host-move", {}, account({ now: Date.parse("2026-03-20T12:00:00Z") }));
    expect(deeds(plan)).toEqual({
      due: "renew: lease due: moves to the plugin",
      relocated: "move: moves to the plugin",
      stays: "change: moves to the plugin",
    });
    expect(plan.ports.filter(({ formerName }) => formerName !== undefined)).toEqual([]);
    expect(plan.settings.map(({ kind, what }) => [kind, ...what])).toEqual([
      ["Credentials", "moves to the plugin", "maybe the password"],
      ["OsFingerprint", "moves to the plugin"],
      ["RotationSettings", "moves to the plugin"],
    ]);
  });

  it("a bit of everything", async () => {
    const plan = await planOf("mixed");
    expect(deeds(plan)).toEqual({
      adopted: "adopt",
      bought: "buy",
      kept: "keep",
      "new-name": "keep",
      "private-now": "replace: slot type",
      released: "release",
      "released-too": "release",
      relocated: "move",
    });
    expect(plan.ports.find(({ name }) => name === "new-name")?.formerName).toBe("old-name");
    expect(plan.settings.map(({ kind, port, what }) => [kind, port, ...what])).toEqual([
      ["Credentials", "relocated", "login, and maybe the password"],
      ["OsFingerprint", "relocated", "osFingerprint windows:1 → macosx:3"],
      ["RotationSettings", "relocated", "intervalSeconds 1800 → 600", "matchCarrier true → none"],
    ]);
    expect(plan.slots).toMatchObject([
      { slotType: "shared", needed: 1, change: -2, freeAfter: { value: 3 } },
      { slotType: "private", needed: 1, free: { value: 0 } },
    ]);
    expect(plan.stock).toMatchObject([
      { country: "DE", slotType: "private", needed: 1, free: { value: 5 } },
      { country: "GB", carrier: "Vodafone", needed: 1, free: { value: 0 } },
      { country: "PL", needed: 1, free: { value: 9 } },
    ]);
    // 30 d and 7 d leases are not due within a week but for the two days of "kept" and the seven of "bought".
    expect(plan.renewals.map(({ port, isNew }) => [port, isNew])).toEqual([
      ["kept", false],
      ["bought", true],
    ]);
  });

  it("a port that a refresh found gone is renewed, and needs a slot", async () => {
    const plan = await planOf("refreshed");
    expect(deeds(plan)).toMatchObject({ kept: "renew: gone at the vendor", "private-now": "replace: slot type" });
    expect(plan.slots[0]).toMatchObject({ needed: 2 });
  });

  it("ports that go take their settings along", async () => {
    const plan = await planOf("release-some");
    expect(deeds(plan)).toEqual({ a: "keep", b: "release", c: "release" });
    expect(plan.settings).toEqual([]);
    expect(plan.cost).toMatchObject({ change: { known: -20, unknown: 1 } });
  });

  it("a preview that failed says why", async () => {
    const plan = await planOf("refused");
    expect(plan.errors).toEqual([expect.stringContaining("country: is not a country where the vendor has devices")]);
  });

  it("without what stays, no total is shown", async () => {
    const plan = await planOf("without-sames", { maxPorts: 100 });
    expect(plan.incomplete).toMatch(/leaves out 1 resource that stays as it is: make it with --show-sames/);
    const nothing = { known: 0, unknown: 4, parts: 4 };
    expect(plan.cost).toMatchObject({ before: nothing, after: nothing, change: nothing });
    expect(planText(plan)).toMatch(/Not known\nCost of 30 days: the preview leaves out 1 resource/);
    expect(plan.breaches).toMatchObject([{ limit: "all", unchecked: true }]);
  });
});

describe("what is not known", () => {
  it("is said with its reason, and never 0", async () => {
    const plan = await planOf("mixed", {}, without());
    const reason = { unknown: "PROXIES_API_KEY is not set" };
    expect(plan.cost.slots).toMatchObject([{ before: { cost: reason } }, { after: { cost: reason }, change: reason }]);
    expect(plan.slots).toMatchObject([
      { free: reason, freeAfter: reason, needed: 1 },
      { free: reason, needed: 1 },
    ]);
    expect(plan.traffic).toMatchObject([{ leftGB: reason, endsAt: reason }, { perDayGB: reason }]);
    expect(plan.stock.map(({ free }) => free)).toEqual([reason, reason, reason]);
  });

  it("leaves the other parts as they are", async () => {
    const usage = { unknown: "GET /v1/account/usage: the key lacks traffic:read" };
    const plan = await planOf("release-some", {}, account({ usage }));
    expect(plan.cost).toMatchObject({ before: { known: 30, unknown: 1, parts: 2 }, traffic: [{ before: usage }] });
    expect(planText(plan)).toMatch(/together +30\.00 and 1 unknown +10\.00 and 1 unknown +−20\.00 and 1 unknown\n/);
    expect(plan.cost.slots).toMatchObject([
      { before: { slots: 3, cost: { value: 30 } }, after: { cost: { value: 10 } } },
    ]);
    expect(plan.traffic).toMatchObject([{ leftGB: { value: 60 }, endsAt: usage }]);
  });

  it("a number of slots that no tariff covers has no price", async () => {
    const few = { category: "shared", resourceType: "ports", pricePerUnit: 10, billingPeriod: "monthly" };
    const narrow = { value: [{ ...few, portRange: { min: 1, max: 2 } }] };
    expect((await planOf("release-some", {}, account({ tariffs: narrow }))).cost.slots).toMatchObject([
      {
        before: { cost: { unknown: "the vendor has no monthly tariff for 3 shared slots; it has 10 for 1–2" } },
        after: { cost: { value: 10 } },
      },
    ]);
    const tariffs = { value: [] };
    const plan = await planOf("release-some", {}, account({ tariffs }));
    expect(plan.cost.slots).toMatchObject([
      { change: { unknown: "the vendor has no monthly tariff for 1 shared slot" } },
    ]);
    expect(plan.cost.change).toEqual({ known: 0, unknown: 2, parts: 2 });
  });
});

it.each([
  [2, 9],
  [5, 9],
  [30, 7],
  [150, 5],
  [600, 4],
])("%i GB have the tariff of their range, in whatever order the vendor lists them", async (gb, price) => {
  const traffic = { category: "shared", resourceType: "traffic", billingPeriod: "one-time" };
  const slots = { category: "shared", resourceType: "ports", pricePerUnit: 10, billingPeriod: "monthly" };
  const told = [
    slots,
    { ...slots, pricePerUnit: 1, billingPeriod: "weekly" },
    { ...traffic, pricePerUnit: 9, trafficRange: { min: 5, max: 9 } },
    { ...traffic, pricePerUnit: 7, trafficRange: { min: 10, max: 99 } },
    { ...traffic, pricePerUnit: 5, trafficRange: { min: 100, max: 199 } },
    { ...traffic, pricePerUnit: 4, trafficRange: { min: 200 } },
  ];
  const byPort = portIds("release-some").map((portId, index) => ({ portId, usedGB: index === 0 ? gb : 0 }));
  const facts = (tariffs: typeof told) =>
    account({
      now: Date.parse("2026-06-01T00:00:00Z"),
      usage: { value: { period: "30d", traffic: { shared: { totalUsedGB: gb, byPort } } } },
      breakdown: { unknown: "not asked" },
      tariffs: { value: tariffs },
    });
  for (const tariffs of [told, [...told].reverse()]) {
    const { cost } = await planOf("release-some", {}, facts(tariffs));
    expect([cost.traffic[0]?.pricePerGB, cost.slots[0]?.after.cost]).toEqual([{ value: price }, { value: 10 }]);
  }
});

it("traffic ends when what is left is used at the rate of 30 days", async () => {
  const usage = { totalUsedGB: 45, byPort: [{ portId: "a", usedGB: 45 }] };
  const facts = account({
    usage: { value: { period: "30d", traffic: { shared: usage, private: { totalUsedGB: 0 } } } },
    livePorts: async () => ({ value: [{ id: "a", slotType: "shared", createdAt: 0 }] }),
  });
  const [shared, priv] = (await planOf("mixed", {}, facts)).traffic;
  expect(shared?.perDayGB).toEqual({ value: 1.5 });
  expect(shared?.endsAt).toEqual({ value: Date.parse("2026-04-10T01:00:00Z") }); // 60 GB, 40 days
  expect(priv?.endsAt).toEqual({ value: undefined });
});

it("traffic of new ports is not known, and the total after the run counts it as unknown", async () => {
  const plan = await planOf("fresh-fleet", { maxMonthlyCost: 40 });
  const unknown = "what 4 new shared ports will use is not known";
  expect(plan.cost.traffic).toMatchObject([{ before: { value: 0 }, after: { unknown }, newPorts: 4 }]);
  expect(plan.cost).toMatchObject({
    before: { known: 0, unknown: 0 },
    after: { known: 40, unknown: 1 },
    known: { value: 40 },
  });
  expect(plan.breaches).toEqual([]);
  const text = planText(plan);
  expect(text).toMatch(/shared traffic \(0 GB, 4 for a GB\) +0\.00 +unknown +unknown\n/);
  expect(text).toMatch(/together +0\.00 +40\.00 and 1 unknown +\+40\.00 and 1 unknown\n/);
  expect(text).toContain(`unknown after: ${unknown}`);
});

describe("traffic of the stack's own ports", () => {
  /** Each of the three used 2 GB since they were made at `START`. */
  const after = (days: number) => {
    const byPort = portIds("release-some").map((portId) => ({ portId, usedGB: 2 }));
    const usage = { value: { period: "30d", traffic: { shared: { totalUsedGB: 45, byPort } } } };
    const now = Date.parse("2026-03-01T00:00:06Z") + days * 86_400_000;
    return (limits = {}) => planOf("release-some", limits, account({ usage, now }));
  };

  it.each([
    [45, 6],
    [30, 6],
    [6, 30],
    [2, 90],
  ])("made %i days ago, is %i GB in 30 days", async (days, gb) => {
    const { cost } = await after(days)();
    expect(cost.traffic[0]?.gbPerMonth).toEqual({ value: expect.closeTo(gb, 1) as number });
    expect(cost).toMatchObject({
      before: { known: expect.closeTo(30 + gb * 4, 1) as number },
      after: { known: expect.closeTo(10 + (gb / 3) * 4, 1) as number },
      change: { known: expect.closeTo(-20 - ((gb * 2) / 3) * 4, 1) as number, unknown: 0 },
    });
  });

  it("is not known of ports that are younger than a day, and a limit takes what they used for a day's", async () => {
    const { cost, breaches } = await after(0.2)({ maxMonthlyCost: 249 });
    const unknown = "1 shared port is younger than a day";
    const all = { unknown: "3 shared ports are younger than a day" };
    expect(cost.traffic).toMatchObject([{ before: all, after: { unknown }, change: { unknown } }]);
    expect(cost.change).toMatchObject({ known: -20, unknown: 1 });
    expect(breaches.map(({ value }) => value)).toEqual(["250.00 USD in 30 days, at most 249.00 allowed"]);
  });

  it("blocks what it costs, however young the ports are", async () => {
    expect((await after(6)({ maxMonthlyCost: 49 })).breaches).toHaveLength(1);
  });
});

const ofProvider = (name: string) => {
  const preview = recorded("fresh-fleet");
  const provider = `urn:pulumi:dev::test::pulumi:providers:pulumi-nodejs::${name}::id`;
  const steps = preview.steps.map((step) => ({ ...step, ...(step.new && { new: { ...step.new, provider } }) }));
  return makePlan({ ...preview, steps }, account());
};

it.each(["second", "default-eu", "defaults"])("ports of the account %s are planned, and take no slot", async (name) => {
  const plan = await ofProvider(name);
  expect(plan.ports).toHaveLength(4);
  expect(plan.ports[0]?.account).toBe(name);
  expect(plan.slots.map(({ needed, change }) => [needed, change])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(plan.stock).toEqual([]);
  expect(plan.cost.slots).toEqual([]);
});

it.each(["default", "default_3_200_0"])("ports of the provider %s are of the stack's own account", async (name) => {
  expect((await ofProvider(name)).slots[0]?.needed).toBe(4);
});

it("stock: one row for a carrier however it is spelt, and a country's counts its carriers'", async () => {
  const bought = (name: string, inputs: object) => {
    const urn = `urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::${name}`;
    return {
      op: "create",
      urn,
      newState: { urn, inputs: { country: "DE", expiresIn: "30d", slotType: "shared", ...inputs } },
    };
  };
  const steps = [
    bought("a", { carrier: "Telefónica" }),
    bought("b", { carrier: "telefonica " }),
    bought("c", { carrier: "TELEFONICA" }),
    ...["d", "e", "f"].map((name) => bought(name, {})),
    bought("g", { slotType: "private" }),
  ];
  const carriers = async () => ({ value: [{ id: "c", name: "Telefónica", freeDeviceCount: 3 }] });
  const plan = await makePlan(parsePreview(JSON.stringify({ steps }), "it"), account({ carriers }));
  expect(plan.stock).toEqual([
    { country: "DE", slotType: "private", needed: 1, renewed: 0, free: { value: 5 } },
    { country: "DE", slotType: "shared", needed: 6, renewed: 0, free: { value: 5 } },
    { country: "DE", carrier: "Telefónica", slotType: "shared", needed: 3, renewed: 0, free: { value: 3 } },
  ]);
  expect(warnings(plan).map(({ text }) => text)).toContain("stock: DE shared needs 6 devices, 5 free: 1 will fail");
});

describe("a port", () => {
  const PORT = "pulumi-nodejs:dynamic/proxies-sx:Port";
  const urn = `urn:pulumi:dev::test::${PORT}::a`;
  const outputs = {
    countryCode: "DE",
    carrierBrand: "O2",
    createdAt: "2026-02-15T00:00:00Z",
    expiresAt: "2026-03-15T00:00:00Z",
    status: "active",
  };
  const changed = async (op: string, old: object, next: object, facts = account(), more = {}) => {
    const state = (inputs: object) => ({ urn, inputs: { expiresIn: "28d", slotType: "shared", ...inputs } });
    const step = {
      op,
      urn,
      oldState: { ...state(old), id: "1", outputs, ...more },
      newState: { ...state(next), ...more },
    };
    return makePlan(parsePreview(JSON.stringify({ steps: [step] }), "it"), facts);
  };

  it("does not move by another setting, nor by another spelling, whatever is known of its country", async () => {
    const id = "6b0587700b1e360aade1ea95";
    const longer = await changed(
      "update",
      { country: id },
      { country: id, expiresIn: "30d" },
      { ...without(), now: account().now },
    );
    expect(longer.ports).toMatchObject([{ does: "change", after: { country: "DE" }, inputs: ["expiresIn 28d → 30d"] }]);
    const spelt = await changed("same", { country: "Germany" }, { country: id }, without());
    expect(spelt.ports).toMatchObject([{ does: "keep", after: { country: "DE" } }]);
  });

  it("that is only read is none of the stack's", async () => {
    const { ports, places } = await changed("same", { country: "DE" }, { country: "DE" }, account(), {
      external: true,
    });
    expect([ports, places]).toEqual([[], []]);
  });

  it("that is replaced needs a slot, since the new one is bought first", async () => {
    const { slots } = await changed("replace", { country: "DE" }, { country: "DE" });
    expect(slots[0]).toMatchObject({ needed: 1, change: 0 });
  });

  it.each(["same", "replace"])("that an earlier replacement left is released beside one that is: %s", async (op) => {
    const state = (id: string) => ({
      urn,
      id,
      inputs: { country: "DE", expiresIn: "28d", slotType: "shared" },
      outputs,
    });
    const steps = [
      { op: "delete-replaced", urn, oldState: state("0") },
      { op, urn, oldState: state("1"), newState: state("1") },
      ...(op === "replace" ? [{ op: "delete-replaced", urn, oldState: state("1") }] : []),
    ];
    const { ports, slots } = await makePlan(parsePreview(JSON.stringify({ steps }), "it"), account());
    expect(ports).toMatchObject([
      { does: op === "same" ? "keep" : "replace", before: { id: "1" } },
      { does: "release", before: { id: "0" }, why: ["left over from an earlier replacement"] },
    ]);
    expect(slots[0]).toMatchObject({ needed: op === "same" ? 0 : 1, change: -1 });
  });

  it("moves by another carrier", async () => {
    const { ports } = await changed("update", { country: "DE" }, { country: "DE", carrier: "Vodafone" });
    expect(ports).toMatchObject([{ does: "move", before: { carrier: "O2" }, after: { carrier: "Vodafone" } }]);
  });

  it.each(["cityId", "regionId"])(
    "moves by another %s alone, and stays where none is asked for any more",
    async (part) => {
      const [from, to] = [
        { country: "DE", [part]: "a1" },
        { country: "DE", [part]: "b2" },
      ];
      const moved = await changed("update", from, to);
      expect(moved.ports).toMatchObject([{ does: "move", inputs: [`${part} a1 → b2`] }]);
      expect(moved.stock).toMatchObject([{ country: "DE", needed: 1 }]);
      expect((await changed("update", from, { country: "DE" })).ports).toMatchObject([{ does: "change" }]);
    },
  );

  it("that is kept after its end is due no more", async () => {
    const kept = { country: "DE", onExpired: "keep" };
    const ended = account({ now: Date.parse("2026-03-15T01:00:00Z") });
    expect((await changed("same", kept, kept, ended)).renewals).toEqual([]);
    const renewed = { country: "DE" };
    expect((await changed("same", renewed, renewed, ended)).renewals).toMatchObject([{ port: "a" }]);
  });

  it("whose values are known later says so", async () => {
    const later = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const next = { country: later, slotType: later, carrier: later };
    const plan = await changed("replace", { country: "DE" }, next);
    expect(plan.places.map(({ country, slotType }) => [country, slotType])).toEqual([
      ["(known later)", "(known later)"],
      ["DE", "shared"],
    ]);
    const reason = { unknown: "a slot type is known only when the program runs" };
    expect(plan.cost.slots).toMatchObject([{ after: { cost: reason } }]);
    expect(plan.stock).toMatchObject([{ free: { unknown: "the place is known only when the program runs" } }]);
  });
});

it("a key of another account blocks: a refresh would take all ports for gone", async () => {
  const [first = "", ...others] = portIds("renewal-due");
  const planWith = async (live: readonly string[] | undefined, name = "renewal-due") => {
    const value = (live ?? []).map((id) => ({ id }));
    const livePorts = async () => (live ? { value } : { unknown: "needs ports:read" });
    const made = await planOf(name, {}, account({ now: Date.parse("2026-03-28T12:00:00Z"), livePorts }));
    return made.breaches.map(({ limit, value: text, unchecked }) => [limit, text, unchecked]);
  };
  const said = [["account", "none of its 4 ports, whose leases run, is in the account of this key", false]];
  expect(others).toHaveLength(3);
  expect(await planWith(["another"])).toEqual(said);
  expect(await planWith([])).toEqual(said);
  expect(await planWith(["another", first])).toEqual([]);
  expect(await planWith(undefined)).toEqual([]);
  expect(await planWith([], "fresh-fleet")).toEqual([]);
});

it("one port that is gone may well be gone: nothing blocks", async () => {
  const one = recorded("renewal-due");
  const [port] = one.steps.filter(({ type }) => type.endsWith(":Port"));
  const preview = { ...one, steps: one.steps.filter((step) => !step.type.endsWith(":Port") || step === port) };
  const facts = account({ now: Date.parse("2026-03-28T12:00:00Z"), livePorts: async () => ({ value: [] }) });
  expect((await makePlan(preview, facts)).breaches).toEqual([]);
});
