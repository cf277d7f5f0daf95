import type {
  Policies,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type Emulator, startEmulator } from "../../emulator";
import { PORT_TYPE, type SettingKind, typeOf } from "../../domain/kinds";
import { type Limits, type PolicyLevels, proxiesPolicies } from "../../review/policy";
import { accountOfPack } from "../../review/policy-account";
import { type AccountFacts, noAccount } from "../../review/account";
import { factsOf, retiringPorts } from "../../review/policy-resources";

/** What a pack says of resources, without the process that the engine runs it in: policy.test.ts has that. */
const urnOf = (type: string, name: string): string => `urn:pulumi:dev::shop::${type}::${name}`;
const ASKED = { country: "DE", expiresIn: "30d", slotType: "shared" };

type Told = Partial<Omit<PolicyResource, "props" | "propertyDependencies">> & {
  /** URNs. */
  from?: Record<string, string[]>;
  /** Properties that are known only when the program runs. */
  unknown?: string[];
};

function resource(type: string, name: string, props: object, { from = {}, unknown = [], ...more }: Told = {}) {
  const known = { ...props };
  for (const property of unknown) {
    Object.defineProperty(known, property, {
      get: () => {
        throw new Error("not known yet");
      },
    });
  }
  const dependencies = Object.entries(from).map(([property, urns]) => [property, urns.map((urn) => ({ urn }))]);
  return {
    ...{ urn: urnOf(type, name), type, name, props: known, opts: { protect: false } },
    ...{ dependencies: [], propertyDependencies: Object.fromEntries(dependencies) as object },
    ...more,
  } as unknown as PolicyResource;
}
const port = (name: string, props: object = {}, told?: Told): PolicyResource =>
  resource(PORT_TYPE, name, { ...ASKED, ...props }, told);
const setting = (kind: SettingKind, props: object, told?: Told): PolicyResource =>
  resource(typeOf(kind), "s", props, told);

const ofPort = (policy: Policies[number]): policy is ResourceValidationPolicy => "validateResource" in policy;

/** Violations of a resource, each with the URN that it is reported for. */
function saidOf(limits: Limits, one: PolicyResource): [string, string | undefined][] {
  const found: [string, string | undefined][] = [];
  for (const policy of proxiesPolicies(limits).filter(ofPort)) {
    const validate = policy.validateResource as (args: ResourceValidationArgs, report: unknown) => void;
    validate(one as unknown as ResourceValidationArgs, (text: string, urn?: string) => found.push([text, urn]));
  }
  return found;
}
const said = (limits: Limits, one: PolicyResource): string[] => saidOf(limits, one).map(([text]) => text);

async function saidOfStack(limits: Limits, resources: PolicyResource[]): Promise<string[]> {
  const found: string[] = [];
  for (const policy of proxiesPolicies(limits)) {
    await (policy as StackValidationPolicy).validateStack({ resources } as never, (text: string) => found.push(text));
  }
  return found;
}

describe("a policy", () => {
  const about = (levels?: PolicyLevels) =>
    proxiesPolicies({ minTrafficGB: 1, maxPorts: 1, countries: ["DE"] }, levels).map(
      ({ name, enforcementLevel, ...policy }) => [name, enforcementLevel, "validateResource" in policy],
    );

  it("is one for each limit that is set, of a port or of the stack", () => {
    expect(about()).toEqual([
      ["proxies-sx-countries", "mandatory", true],
      ["proxies-sx-max-ports", "mandatory", false],
      ["proxies-sx-min-traffic-gb", "mandatory", false],
    ]);
  });

  it("is as strict as its options say, alone or with all", () => {
    const levels = { enforcementLevel: "advisory", levels: { maxPorts: "disabled" } } as const;
    expect(about(levels).map(([, level]) => level)).toEqual(["advisory", "disabled", "advisory"]);
  });
});

it("limits that are none name the pack's own function", () => {
  expect(() => proxiesPolicies({ maxPorts: -1 })).toThrow(/^proxiesPolicies: maxPorts: /);
});

describe("of a port a pack says", () => {
  const limits: Limits = { countries: ["GB"], carriers: ["O2"], maxLease: "7d", protectStacks: ["d*"] };

  it("what breaks a limit, for its URN", () => {
    expect(saidOf(limits, port("a", { carrier: "Vodafone" }))).toEqual(
      [
        "a: countries: DE is not one of GB. Choose one of these, by its ISO code, or add it to the limit.",
        "a: carriers: Vodafone is not one of O2. Name one of these as carrier, or add it to the limit.",
        "a: maxLease: a lease of 30 d, at most 7 d allowed. Make expiresIn shorter, or raise the limit.",
        "a: protectStacks: not protected in the stack dev. Set the option protect: true.",
      ].map((text) => [text, urnOf(PORT_TYPE, "a")]),
    );
  });

  it.each<[string, PolicyResource]>([
    [
      "one that keeps to them",
      port("a", { country: "united kingdom", carrier: "o2", expiresIn: "7d" }, { opts: { protect: true } as never }),
    ],
    ["one that is only read", port("a", { expiresIn: undefined })],
    ["another resource", resource("random:index:Port", "a", { ...ASKED, country: "PL" })],
  ])("nothing of %s", (_what, one) => expect(said(limits, one)).toEqual([]));

  it("that a value which is not known yet cannot be checked", () => {
    const one = port("a", {}, { unknown: ["country", "carrier", "expiresIn"], opts: { protect: true } as never });
    expect(said(limits, one).map((text) => text.split(",")[0])).toEqual([
      "a: countries: the country is known only when the program runs",
      "a: carriers: the carrier is known only when the program runs",
      "a: maxLease: expiresIn is known only when the program runs",
    ]);
  });

  it("that any carrier is none of those allowed", () => {
    expect(said({ carriers: ["O2"] }, port("a"))).toEqual([expect.stringMatching(/^a: carriers: any carrier is not/)]);
  });

  it("no more than a report can show", () => {
    const [line] = said({ countries: Array.from({ length: 900 }, () => "GB") }, port("a"));
    expect(line).toMatch(/^a: countries: DE is not one of (GB, ){400}.*…$/);
    expect(line).toHaveLength(2_001);
  });

  it("no command of a terminal", () => {
    expect(said({ countries: ["GB"] }, port("a", { country: "\u001b[2JDE" })).join()).not.toContain("\u001b");
  });
});

describe("a port", () => {
  const URN = urnOf(PORT_TYPE, "a");
  const rotates = (more: PolicyResource[]): Promise<string[]> =>
    saidOfStack({ requireRotation: true }, [port("a", { portId: "p1" }), ...more]);
  const isMarked = (own: object, more: PolicyResource[] = [], told?: Told): Promise<string[]> =>
    saidOfStack({ requireFingerprint: true }, [port("a", { portId: "p1", ...own }, told), ...more]);

  it.each<[string, PolicyResource]>([
    ["that come from it", setting("RotationSettings", { port: "x" }, { from: { port: [URN] } })],
    ["of its id", setting("RotationSettings", { port: "p1", enabled: true })],
  ])("rotates by settings %s", async (_what, settings) => expect(await rotates([settings])).toEqual([]));

  it.each<[string, PolicyResource[]]>([
    ["none", []],
    ["that are off", [setting("RotationSettings", { port: "p1", enabled: false })]],
    ["of another", [setting("RotationSettings", { port: "p2" })]],
    [
      "of another, though they name its id",
      [setting("RotationSettings", { port: "p1" }, { from: { port: ["other"] } })],
    ],
    ["of a port that is not known", [setting("RotationSettings", {}, { unknown: ["port"] })]],
    ["of another kind", [setting("OsFingerprint", { port: "p1", osFingerprint: "ios:1" })]],
  ])("does not by settings %s", async (_what, settings) => {
    expect(await rotates(settings)).toEqual([
      "a: requireRotation: no automatic rotation. Declare a RotationSettings for it.",
    ]);
  });

  it("without an id has no settings of ports without one", async () => {
    const found = await saidOfStack({ requireRotation: true }, [port("a"), setting("RotationSettings", {})]);
    expect(found).toHaveLength(1);
  });

  it("presents a fingerprint by its own input, or by an OsFingerprint that has one", async () => {
    const fingerprint = (osFingerprint: string) => setting("OsFingerprint", { port: "p1", osFingerprint });
    expect(await isMarked({ osFingerprint: "ios:1" })).toEqual([]);
    expect(await isMarked({}, [fingerprint("ios:1")])).toEqual([]);
    expect(await isMarked({}, [], { unknown: ["osFingerprint"] })).toEqual([]);
    const none = ["a: requireFingerprint: no fingerprint. Set osFingerprint, or declare an OsFingerprint for it."];
    expect(await isMarked({ osFingerprint: "" })).toEqual(none);
    expect(await isMarked({}, [fingerprint("")])).toEqual(none);
  });
});

describe("a password", () => {
  afterEach(() => jest.restoreAllMocks());
  const configured = (text: string | undefined): void => {
    const { PULUMI_CONFIG: _, ...rest } = process.env;
    jest.replaceProperty(process, "env", text === undefined ? rest : { ...rest, PULUMI_CONFIG: text });
  };
  const login = (told?: Told): PolicyResource => setting("Credentials", { proxyPassword: "hunter2" }, told);
  const isRefused = async (one: PolicyResource): Promise<boolean> =>
    (await saidOfStack({ noPasswordInCode: true }, [port("a"), one])).length > 0;

  it.each<[string, string | undefined, boolean]>([
    ["in no setting stands in the code", "{}", true],
    ["of a pack without settings does", undefined, true],
    ["where settings cannot be read does", "{", true],
    ["that a setting is, is from there", JSON.stringify({ "shop:password": "hunter2" }), false],
    ["that a setting of several values has, is", JSON.stringify({ "shop:a": '{"b":"hunter2"}' }), false],
    ["that is only a part of a setting is not", JSON.stringify({ "shop:note": "no hunter2 here" }), true],
    ["is not taken for a setting that is no text", JSON.stringify({ "shop:size": 5 }), true],
  ])("%s", async (_what, config, refused) => {
    configured(config);
    expect(await isRefused(login())).toBe(refused);
  });

  it("that a resource made is none in the code; one that is not known yet may be", async () => {
    configured("{}");
    expect(await isRefused(login({ from: { proxyPassword: ["urn:random"] } }))).toBe(false);
    expect(await isRefused(login({ unknown: ["proxyPassword"] }))).toBe(true);
  });
});

describe("of a stack a pack says", () => {
  it("how many ports it has too many", async () => {
    const [more] = await saidOfStack({ maxPorts: 1 }, [port("a"), port("b"), port("c", { expiresIn: undefined })]);
    expect(more).toBe("stack dev: maxPorts: 2 ports, at most 1 allowed. Declare fewer, or raise the limit.");
  });

  const lease = resource(typeOf("X402Lease"), "l", { maxPrice: "4.50" });
  const purchase = (props: object, told?: Told) => resource(typeOf("TrafficPurchase"), "t", props, told);

  it("what it pays, also where it has no port", async () => {
    expect(await saidOfStack({ maxUsdcPerRun: 4 }, [lease])).toEqual([
      expect.stringMatching(/^stack dev: maxUsdcPerRun: /),
    ]);
    expect(await saidOfStack({ maxSpendPerRun: 5 }, [purchase({ maxPrice: 6 })])).toEqual([
      "stack dev: maxSpendPerRun: up to 6.00 USD in one run, at most 5.00 allowed. Buy less, lower maxPrice, or raise the limit.",
    ]);
    expect(await saidOfStack({ maxSpendPerRun: 5 }, [purchase({ maxPrice: 6, boughtGB: 20 })])).toEqual([]);
    const [open] = await saidOfStack({ maxSpendPerRun: 5 }, [purchase({}, { unknown: ["maxPrice"] })]);
    expect(open).toMatch(/^t: maxSpendPerRun: maxPrice is known only when the program runs/);
  });

  it("that the account cannot be asked, by each limit that needs it", async () => {
    const { PROXIES_API_KEY: _, ...rest } = process.env;
    jest.replaceProperty(process, "env", { ...rest, PULUMI_CONFIG: "{}" });
    const found = await saidOfStack({ maxPorts: 1, maxMonthlyCost: 1, minFreeSlots: 1, minTrafficGB: 1 }, [port("a")]);
    jest.restoreAllMocks();
    expect(found.map((line) => line.split(" ")[2])).toEqual(["maxMonthlyCost:", "minFreeSlots:", "minTrafficGB:"]);
    for (const line of found) expect(line).toMatch(/cannot be checked \(.*apiKey is not set/);
  });

  it("nothing of the account where it has no port, and nothing of an empty stack", async () => {
    expect(await saidOfStack({ minFreeSlots: 99 }, [lease, purchase({})])).toEqual([]);
    expect(await saidOfStack({ maxPorts: 0, minFreeSlots: 99 }, [])).toEqual([]);
  });
});

describe("what ports cost and hold", () => {
  const OTHER = { provider: { name: "second" } as never };

  it("is known of those that the stack's own account has", () => {
    const createdAt = "2026-03-01T00:00:00.000Z";
    expect(
      factsOf([
        port("a", { portId: "p1", createdAt }, { opts: { protect: true } as never }),
        port("b", { slotType: undefined, country: undefined }, { provider: { name: "default_1_2_3" } as never }),
        port("c", {}, { unknown: ["slotType"] }),
        port("elsewhere", {}, OTHER),
        port("read", { expiresIn: undefined }),
        lease(),
      ]),
    ).toEqual([
      { portId: "p1", createdAt: Date.parse(createdAt), country: "DE", slotType: "shared", protect: true },
      { country: "", slotType: "shared", protect: false },
      { country: "DE", slotType: "(known later)", protect: false },
    ]);
  });

  it("has old ports of renewals, by their slot type", () => {
    const old = (portId: string): object => ({ retiring: [{ portId, since: "2026-03-01T00:00:00.000Z" }] });
    const all = [
      port("a", old("o1")),
      port("b", { ...old("o2"), slotType: "private" }),
      port("elsewhere", old("o3"), OTHER),
      port("later", {}, { unknown: ["retiring"] }),
      resource("random:index:Port", "x", { ...old("o4"), slotType: "shared" }),
    ];
    expect([retiringPorts(all, "shared"), retiringPorts(all, "private")]).toEqual([["o1"], ["o2"]]);
  });

  const lease = (): PolicyResource => resource(typeOf("X402Lease"), "l", ASKED);
});

describe("what a stack has of an account", () => {
  const WHY = { unknown: "no key" };
  const has = (slots: object, traffic = { available: 60 }): AccountFacts["summary"] => ({
    value: { shared: { slots, traffic }, alerts: [] },
  });
  const tariff = { category: "shared", resourceType: "ports", billingPeriod: "monthly", pricePerUnit: 10 };
  const byPort = [{ portId: "p1", usedGB: 15 }];
  const facts = (more: Partial<AccountFacts> = {}): AccountFacts => ({
    ...{ ...noAccount("no key"), now: Date.parse("2026-03-31T00:00:00Z"), summary: has({ available: 3 }) },
    ...{ tariffs: { value: [tariff] }, breakdown: { value: { pricePerGB: 4, currency: "EUR" } } },
    usage: { value: { period: "30d", traffic: { shared: { byPort } } } },
    ...more,
  });
  const there = { portId: "p1", createdAt: "2026-03-01T00:00:00Z" };

  it("is what its ports cost, the traffic of those that are there included, and what is left of their types", async () => {
    expect(await accountOfPack([port("a", there), port("b")], facts())).toEqual({
      ...{ freeSlots: { shared: { value: 3 } }, trafficGB: { shared: { value: 60 } } },
      ...{ monthlyCost: { value: 80 }, currency: "EUR" },
    });
    expect(await accountOfPack([port("b")], facts())).toMatchObject({ monthlyCost: { value: 10 } });
    expect(await accountOfPack([], facts())).toMatchObject({ freeSlots: {}, trafficGB: {}, monthlyCost: { value: 0 } });
  });

  it("is not known where the account does not say", async () => {
    const told = await accountOfPack([port("a", { slotType: "private" })], facts());
    const lacks = (what: string) => ({ unknown: `the vendor's answer does not have ${what}` });
    expect(told).toMatchObject({ freeSlots: { private: lacks("the free private slots") } });
    expect(await accountOfPack([port("a")], facts({ summary: has({}) }))).toMatchObject({
      freeSlots: { shared: lacks("the free shared slots") },
    });
    expect(await accountOfPack([port("a")], facts({ summary: WHY }))).toMatchObject({
      ...{ freeSlots: { shared: WHY }, trafficGB: { shared: WHY } },
    });
  });

  it("has slots of old ports as free, unless the vendor has them no more", async () => {
    const retiring = [{ portId: "o1" }, { portId: "o2" }];
    const all = [port("a", { ...there, retiring }), port("b", { retiring: [{ portId: "o3" }], slotType: "private" })];
    const free = async (livePorts: AccountFacts["livePorts"]) =>
      (await accountOfPack(all, facts({ livePorts }))).freeSlots.shared;
    expect(await free(async () => ({ value: [{ id: "o2" }, { id: "o3" }] }))).toEqual({ value: 4 });
    expect(await free(async () => WHY)).toEqual({ value: 5 });
  });

  it("is asked for its ports only where old ones are named", async () => {
    const livePorts = jest.fn(async () => WHY);
    await accountOfPack([port("a", { ...there, retiring: [] })], facts({ livePorts }));
    expect(livePorts).not.toHaveBeenCalled();
  });
});

describe("the account of a pack", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ config: { slots: { shared: 3, private: 1 } } });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await emulator.close();
  });

  /** What the engine gives a pack of the stack's settings. */
  function configure(apiKey?: string): void {
    const config = { "proxies-sx:apiUrl": emulator.url, ...(apiKey !== undefined && { "proxies-sx:apiKey": apiKey }) };
    const { PROXIES_API_KEY: _, ...rest } = process.env;
    jest.replaceProperty(process, "env", { ...rest, PULUMI_CONFIG: JSON.stringify(config) });
  }

  it("is that of the stack's settings: what ports cost, the slots and the traffic that are left", async () => {
    const limits = { maxMonthlyCost: 9, minFreeSlots: 4, minTrafficGB: 1e6 };
    configure(emulator.apiKey);
    expect(await saidOfStack(limits, [port("a")])).toEqual([
      "stack dev: maxMonthlyCost: 10.00 USD in 30 days, at most 9.00 allowed. Declare fewer or cheaper ports, or raise the limit.",
      "stack dev: minFreeSlots: free shared slots: 3, at least 4 required. Release ports, or buy slots.",
      expect.stringMatching(/^stack dev: minTrafficGB: GB of shared traffic left: /),
    ]);
    const asked = emulator.control.requests().map(({ path }) => path);
    expect(asked.filter((path) => path.endsWith("/account/summary"))).toHaveLength(1);
  });

  it("is asked by limits that need it alone, and only where ports are", async () => {
    configure(emulator.apiKey);
    await saidOfStack({ maxPorts: 1, requireRotation: true, maxSpendPerRun: 1 }, [port("a")]);
    await saidOfStack({ minFreeSlots: 1, maxMonthlyCost: 1 }, [resource(typeOf("X402Lease"), "l", {})]);
    await saidOfStack({ minFreeSlots: 1 }, []);
    expect(emulator.control.requests()).toEqual([]);
  });

  it("counts slots of old ports as free, where the vendor still has them", async () => {
    const { id } = emulator.control.buyPort({ country: "DE" });
    const renewed = (portId: string) => port("a", { portId: "new", retiring: [{ portId, since: "" }] });
    configure(emulator.apiKey);
    expect(await saidOfStack({ minFreeSlots: 3 }, [renewed(id)])).toEqual([]);
    const less = [expect.stringMatching(/free shared slots: 2, at least 3 required/)];
    expect(await saidOfStack({ minFreeSlots: 3 }, [renewed("gone")])).toEqual(less);
  });

  it("that refuses the key is said, with why", async () => {
    configure("psx_refused_0123456789");
    expect(await saidOfStack({ minFreeSlots: 1 }, [port("a")])).toEqual([
      expect.stringMatching(/cannot be checked \(GET \/v1\/account\/summary: .*401/),
    ]);
  });
});
