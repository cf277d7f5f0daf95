import * as pulumi from "@pulumi/pulumi";
import { type Emulator, startEmulator } from "../../emulator";
import * as proxies from "../../sdk";
import * as lookups from "../../sdk/lookups";
import { seen } from "./seen";

let emulator: Emulator;
let port: string;
beforeEach(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({
      id: "id",
      state: { ...(inputs as object), ...(name === "renewed" && { portId: port }) },
    }),
    call: () => ({}),
  });
  emulator = await startEmulator();
  use(emulator.apiKey);
  port = emulator.control.buyPort({ country: "DE", carrier: "Vodafone" }).id;
});
afterEach(() => emulator.close());

const use = (apiKey: string, apiUrl = emulator.url): void =>
  pulumi.runtime.setAllConfig({ "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": apiUrl });

/** A provider that is no Account. */
class Bare extends pulumi.ProviderResource {}

/** Calls that reached the API since this was last called. */
function calls(of = emulator): string[] {
  const made = of.control.requests().map(({ path, query }) => {
    const asked = new URLSearchParams(query).toString();
    return asked ? `${path}?${asked}` : path;
  });
  of.control.clearRequests();
  return made;
}

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const NUMBER = expect.any(Number) as number;
const GERMANY = expect.objectContaining({ code: "DE", name: "Germany", freeDeviceCount: NUMBER }) as proxies.Country;

type Both = [() => Promise<unknown>, () => pulumi.Output<unknown>];

/** Each function in both its forms, what it returns, what it calls, and whether its Output is secret. */
const LOOK_UPS: [name: string, both: Both, answer: unknown, calls: string[], secret?: "secret"][] = [
  [
    "countries",
    [() => proxies.getCountries(), () => proxies.getCountriesOutput()],
    expect.arrayContaining([GERMANY]),
    ["/v1/countries/with-devices?isPrivate=false"],
  ],
  [
    "carriers",
    [
      () => proxies.getCarriers({ country: "Germany", slotType: "private" }),
      () => proxies.getCarriersOutput({ country: pulumi.output("DEU"), slotType: "private" }),
    ],
    expect.arrayContaining([expect.objectContaining({ brand: "Vodafone", freeDeviceCount: 20 })]),
    ["/v1/countries/with-devices?isPrivate=true", expect.stringMatching(/^\/v1\/carriers\/country\/\w+\?/) as string],
  ],
  [
    "tariffs",
    [
      () => proxies.getTariffs({ slotType: "private" }),
      () => proxies.getTariffsOutput({ slotType: pulumi.output("private" as const) }),
    ],
    expect.arrayContaining([
      expect.objectContaining({ type: "PortsPrivate", pricePerUnit: 20, unitType: "slot" }),
      expect.objectContaining({ type: "TrafficPrivate", category: "private" }),
    ]),
    ["/v1/tariffs"],
  ],
  [
    "OS fingerprints",
    [() => proxies.getOsFingerprints({ port }), () => proxies.getOsFingerprintsOutput({ port })],
    expect.arrayContaining([{ value: "windows:1", label: "Windows 10" }]),
    ["/v1/ports/$port/os-fingerprints"],
  ],
  [
    "ports",
    [() => proxies.getPorts(), () => proxies.getPortsOutput()],
    [
      expect.objectContaining({
        expiresAt: ISO,
        createdAt: ISO,
        country: expect.objectContaining({ code: "DE" }) as unknown,
      }),
    ],
    ["/v1/ports?page=1&limit=100"],
    "secret",
  ],
  [
    "ports of a kind",
    [
      () => proxies.getPorts({ slotType: "shared", status: "expired" }),
      () => proxies.getPortsOutput({ slotType: pulumi.output("shared" as const), status: "expired" }),
    ],
    [],
    ["/v1/ports?page=1&limit=100&type=shared&status=expired"],
    "secret",
  ],
  [
    "ports of a country",
    [() => proxies.getPorts({ country: "Germany" }), () => proxies.getPortsOutput({ country: "DE" })],
    [expect.objectContaining({ id: expect.any(String) as string })],
    [
      "/v1/countries/with-devices?isPrivate=false",
      expect.stringMatching(/^\/v1\/ports\?page=1&limit=100&countryId=\w+$/) as string,
    ],
    "secret",
  ],
  [
    "cities",
    [() => proxies.getCities({ country: "DE" }), () => proxies.getCitiesOutput({ country: pulumi.output("Germany") })],
    expect.arrayContaining([expect.objectContaining({ name: expect.any(String) as string })]),
    ["/v1/countries/with-devices?isPrivate=false", expect.stringMatching(/^\/v1\/cities\/country\/\w+$/) as string],
  ],
  [
    "regions",
    [() => proxies.getRegions({ country: "DE" }), () => proxies.getRegionsOutput({ country: "DEU" })],
    expect.arrayContaining([expect.objectContaining({ name: expect.any(String) as string })]),
    ["/v1/countries/with-devices?isPrivate=false", expect.stringMatching(/^\/v1\/regions\/country\/\w+$/) as string],
  ],
  [
    "pricing",
    [() => proxies.getPricing(), () => proxies.getPricingOutput()],
    expect.objectContaining({ basePrices: { shared: NUMBER, private: NUMBER } }),
    ["/v1/billing/pricing"],
  ],
  [
    "the price of traffic",
    [
      () => proxies.getTrafficPrice({ amountGB: 100, slotType: "private" }),
      () => proxies.getTrafficPriceOutput({ amountGB: pulumi.output(100), slotType: "private" }),
    ],
    expect.objectContaining({ amount: 100, isPrivate: true, totalPrice: NUMBER, discountPercent: 30 }),
    ["/v1/billing/calculate-price?amount=100&isPrivate=true"],
  ],
  ["tickets", [() => proxies.getTickets(), () => proxies.getTicketsOutput()], [], ["/v1/tickets"]],
  [
    "a speed test",
    [() => proxies.speedTestPort({ port }), () => proxies.speedTestPortOutput({ port: pulumi.output(port) })],
    expect.objectContaining({ downloadMbps: NUMBER, latencyMs: NUMBER, testedAt: ISO }),
    [expect.stringMatching(/\/speed-test$/) as string],
  ],
  [
    "a port",
    [() => proxies.getPort({ port }), () => proxies.getPortOutput({ port: pulumi.output(port) })],
    expect.objectContaining({ expiresAt: ISO, createdAt: ISO, proxyPassword: expect.any(String) as string }),
    ["/v1/ports/$port"],
    "secret",
  ],
  [
    "a port's status",
    [() => proxies.getPortStatus({ port }), () => proxies.getPortStatusOutput({ port })],
    expect.objectContaining({ isOnline: true, expiresAt: ISO, lastChecked: ISO }),
    ["/v1/ports/$port/status"],
  ],
  [
    "a port's addresses",
    [() => proxies.getPortIp({ port }), () => proxies.getPortIpOutput({ port })],
    { publicIp: expect.any(String) as string, serverIp: expect.any(String) as string },
    ["/v1/ports/$port/ip"],
  ],
  [
    "a ping",
    [() => proxies.pingPort({ port }), () => proxies.pingPortOutput({ port })],
    expect.objectContaining({ success: true, responseTime: NUMBER, testTime: ISO }),
    ["/v1/ports/$port/ping"],
  ],
  [
    "whether a port can rotate",
    [() => proxies.canRotate({ port }), () => proxies.canRotateOutput({ port })],
    expect.objectContaining({ canRotate: true }),
    ["/v1/ports/$port/can-rotate"],
  ],
  [
    "past rotations",
    [
      () => proxies.getRotationHistory({ port, limit: 5 }),
      () => proxies.getRotationHistoryOutput({ port, limit: pulumi.output(5) }),
    ],
    { rotations: [], total: 0 },
    ["/v1/ports/$port/rotation-history?limit=5"],
  ],
  [
    "the account",
    [() => proxies.getAccount(), () => proxies.getAccountOutput()],
    expect.objectContaining({
      subscription: expect.objectContaining({
        shared: expect.objectContaining({ expiresAt: ISO }) as unknown,
      }) as unknown,
    }),
    ["/v1/account"],
  ],
  [
    "the account in short",
    [() => proxies.getAccountSummary(), () => proxies.getAccountSummaryOutput()],
    expect.objectContaining({ shared: expect.objectContaining({ expiresAt: ISO }) as unknown, alerts: [] }),
    ["/v1/account/summary"],
  ],
  [
    "its usage",
    [
      () => proxies.getAccountUsage({ period: "7d" }),
      () => proxies.getAccountUsageOutput({ period: pulumi.output("7d" as const) }),
    ],
    expect.objectContaining({ period: "7d", generatedAt: ISO }),
    ["/v1/account/usage?period=7d"],
  ],
  [
    "its balance",
    [() => proxies.getBalanceBreakdown(), () => proxies.getBalanceBreakdownOutput()],
    expect.objectContaining({ balance: NUMBER, currency: "USD" }),
    ["/v1/traffic/balance-breakdown"],
  ],
];

describe.each(LOOK_UPS)("%s", (_name, [asPromise, asOutput], answer, made, secret) => {
  const expected = (): unknown[] =>
    made.map((call: unknown) => (typeof call === "string" ? call.replace("$port", port) : call));

  it("as a promise", async () => {
    expect(await asPromise()).toEqual(answer);
    expect(calls()).toEqual(expected());
  });

  it("as an Output", async () => {
    expect(await seen(asOutput())).toEqual({ value: answer, known: true, secret: secret === "secret" });
    expect(calls()).toEqual(expected());
  });
});

it("times are ISO wherever they stand", async () => {
  const { apiKey, url } = emulator;
  const rotated = await fetch(`${url}/v1/ports/${port}/rotate`, { method: "POST", headers: { "X-API-Key": apiKey } });
  expect(rotated.status).toBe(200);
  expect((await proxies.getPort({ port })).rotationSettings?.lastRotatedAt).toEqual(ISO);
  expect((await proxies.getRotationHistory({ port })).rotations).toEqual([expect.objectContaining({ createdAt: ISO })]);
  expect(await proxies.canRotate({ port })).toMatchObject({ canRotate: false, nextRotationAt: ISO });
});

describe("reference data", () => {
  it("is asked once a run, by all that want it together", async () => {
    await Promise.all([
      proxies.getCountries(),
      proxies.getCountries({ slotType: "shared" }),
      seen(proxies.getCountriesOutput()),
    ]);
    await proxies.getCountries();
    expect(calls()).toHaveLength(1);
    await proxies.getCarriers({ country: "DE" });
    await proxies.getCarriers({ country: "Germany" });
    await proxies.getCarriers({ country: "GB" });
    await proxies.getTariffs();
    await proxies.getTariffs({ slotType: "shared" });
    await Promise.all([proxies.getOsFingerprints({ port }), proxies.getOsFingerprints({ port })]);
    expect(calls()).toHaveLength(4);
  });

  it("OS fingerprints without a port are the documented ones, without a call", async () => {
    const all = await proxies.getOsFingerprints();
    expect(all.map(({ value }) => value)).toEqual([
      "",
      "windows:1",
      "macosx:4",
      "macosx:3",
      "ios:2",
      "ios:1",
      "android:3",
      "android:1",
    ]);
    expect(await proxies.getOsFingerprints({ port })).toEqual(expect.arrayContaining(all));
    expect(calls()).toHaveLength(1);
  });

  it("cannot be changed by one caller for another", async () => {
    (await proxies.getCountries()).length = 0;
    expect(await proxies.getCountries()).toContainEqual(GERMANY);
  });

  it("is asked again where it failed", async () => {
    emulator.control.addFault({ path: "/tariffs", status: 400, times: 1 });
    await expect(proxies.getTariffs()).rejects.toThrow(/^GET \/v1\/tariffs: .*\(400 rejected/);
    expect(await proxies.getTariffs()).toHaveLength(16);
  });

  it("is asked anew in another run of the same process", async () => {
    await proxies.getTariffs();
    await pulumi.runtime.runInPulumiStack(async () => void (await proxies.getTariffs()));
    expect(calls()).toEqual(["/v1/tariffs", "/v1/tariffs"]);
  });
});

it("all else is asked each time", async () => {
  await proxies.getPortStatus({ port });
  await proxies.getPortStatus({ port });
  expect(calls()).toHaveLength(2);
});

it("a Port of the program can be given, and its id is what is asked", async () => {
  const mine = new proxies.Port("mine", { country: "DE", expiresIn: "30d" }, { id: port });
  await seen(mine.id);
  expect(await seen(proxies.getPortStatusOutput({ port: mine }))).toMatchObject({ value: { isOnline: true } });
});

it("a Port that was renewed is asked for by the port that serves now", async () => {
  const mine = new proxies.Port("renewed", { country: "DE", expiresIn: "30d" });
  expect(await seen(proxies.getPortStatusOutput({ port: mine }))).toMatchObject({ value: { isOnline: true } });
  expect(calls()).toEqual([`/v1/ports/${port}/status`]);
});

describe("the account", () => {
  let other: Emulator;
  beforeEach(async () => {
    other = await startEmulator({ seed: 7 });
  });
  afterEach(() => other.close());
  const second = (): proxies.Account => new proxies.Account("second", { apiKey: other.apiKey, apiUrl: other.url });

  it("is that of the environment where the configuration has none", async () => {
    pulumi.runtime.setAllConfig({});
    const { PROXIES_API_KEY, PROXIES_API_URL } = process.env;
    try {
      Object.assign(process.env, { PROXIES_API_KEY: other.apiKey, PROXIES_API_URL: other.url });
      expect(await proxies.getPorts()).toEqual([]);
    } finally {
      for (const [name, value] of Object.entries({ PROXIES_API_KEY, PROXIES_API_URL })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    await expect(proxies.getPorts()).rejects.toThrow(/^proxies-sx:apiKey is not set: run `pulumi config set/);
  });

  it("is that of the option provider, and each has answers of its own", async () => {
    const provider = second();
    await Promise.all([proxies.getCountries(), proxies.getCountries({}, { provider })]);
    expect([await proxies.getPorts({ provider }), (await proxies.getPorts()).length]).toEqual([[], 1]);
    expect([calls().length, calls(other).length]).toEqual([2, 2]);
  });

  it("is that of the parent, or of a component above it", async () => {
    const component = new pulumi.ComponentResource("test:index:C", "c", {}, { providers: [second()] });
    const below = new proxies.Port("below", { country: "DE", expiresIn: "30d" }, { parent: component });
    expect(await proxies.getPorts({ parent: component })).toEqual([]);
    expect((await seen(proxies.getPortsOutput({ parent: below }))).value).toEqual([]);
    const alone = new pulumi.ComponentResource("test:index:C", "alone");
    expect(await proxies.getPorts({ parent: alone })).toHaveLength(1);
  });

  it("makes no answer secret that is none, and an argument that is secret does", async () => {
    const provider = second();
    expect(await seen(proxies.getCountriesOutput({}, { provider }))).toMatchObject({ secret: false });
    const country = pulumi.secret("DE");
    expect(await seen(proxies.getCarriersOutput({ country }, { provider }))).toMatchObject({ secret: true });
  });

  it("that is not known yet leaves the Output unknown, and fails the promise in one line", async () => {
    const apiKey = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;
    const provider = new proxies.Account("later", { apiKey, apiUrl: other.url });
    expect(await seen(proxies.getCountriesOutput({}, { provider }))).toMatchObject({ known: false });
    expect(await seen(proxies.getPortsOutput({ provider }))).toMatchObject({ known: false, secret: true });
    await expect(proxies.getCountries({}, { provider })).rejects.toThrow(
      /^getCountries: the account's key is not known yet in this preview\. Use getCountriesOutput\.$/,
    );
    expect(calls(other)).toEqual([]);
  });

  it("has no property more than any provider of Pulumi's has", () => {
    const bare = new Bare("pulumi-nodejs", "bare", {
      "proxies-sx:apiKey": "",
      "proxies-sx:apiUrl": "",
    });
    expect(Reflect.ownKeys(second())).toEqual(Reflect.ownKeys(bare));
  });

  it("is refused where it is no Account", async () => {
    const provider = new Bare("pulumi-nodejs", "bare", {});
    await expect(proxies.getPorts({ provider })).rejects.toThrow(/^getPorts: the provider is no Account of/);
  });
});

describe("what fails", () => {
  const failure = async (asked: Promise<unknown>): Promise<Error> =>
    asked.then(
      () => Promise.reject(new Error("it did not fail")),
      (error: Error) => error,
    );

  it.each([
    ["a key that is refused", () => (use("psx_nobody"), proxies.getPorts()), /401 unauthorized.*Check the API key/],
    [
      "a scope that is missing",
      () => (use(emulator.control.keys.addKey(["ports:read"])), proxies.getAccount()),
      /403 forbidden.*: account:read/,
    ],
    [
      "a port that is not there",
      () => proxies.getPort({ port: "0".repeat(24) }),
      /^GET \/v1\/ports\/:id: there is no port 0{24} in this account \(404 not_found\)$/,
    ],
    ["the status of one", () => proxies.getPortStatus({ port: "0".repeat(24) }), /404 not_found/],
    ["an id that is none", () => proxies.getPortStatus({ port: "../account" }), /invalid_input/],
    [
      "a country that is none",
      () => proxies.getCarriers({ country: "Germny" }),
      /^getCarriers: country: is not a country .*Nearest: Germany \(DE\)/,
    ],
    [
      "a slot type that is none",
      () => proxies.getCountries({ slotType: "owned" as "private" }),
      /^getCountries: slotType: is unknown \(a text was given\)\. Give one of: shared, private\.$/,
    ],
    [
      "an arg that is none",
      () => proxies.getCountries({ slottype: "canary" } as object),
      /^getCountries: slottype: is not an input\. Did you mean "slotType"\? There are slotType\.$/,
    ],
    ["no args", () => proxies.getPort(undefined as never), /^getPort: args: is required/],
    ["no port", () => proxies.getPortIp({} as never), /^getPortIp: port: is required\.$/],
    [
      "an Output",
      () => proxies.pingPort({ port: pulumi.output(port) as never }),
      /^pingPort: port: is known later\. Give it to pingPortOutput\.$/,
    ],
    [
      "a Port",
      () => proxies.getPort({ port: new proxies.Port("a", { country: "DE", expiresIn: "1d" }) as never }),
      /^getPort: port: is known later\. Give it to getPortOutput\.$/,
    ],
    [
      "an amount",
      () => proxies.getTrafficPrice({ amountGB: 0 }),
      /^getTrafficPrice: amountGB: must be a number above 0/,
    ],
    [
      "a country that is a number",
      () => proxies.getCarriers({ country: 49 as never }),
      /^getCarriers: country: is not/,
    ],
  ])("is one line without the key: %s", async (_what, ask, message) => {
    const error = await failure(ask());
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\n/);
    expect(error.message).not.toContain(emulator.apiKey);
    expect(pulumi.RunError.isInstance(error)).toBe(true); // Pulumi prints its message and nothing else
  });

  it("an arg that is none, in the form of Outputs", () => {
    expect(() => proxies.getPortOutput({ prot: "canary" } as never)).toThrow(
      /^getPortOutput: prot: is not an input\. Did you mean "port"\?/,
    );
  });

  const all = Object.entries(lookups as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>);

  it.each(all)("an option that is none, of %s: another account could be asked", async (name, ask) => {
    const takesArgs = /^function \w+\(args\b/.test(ask.toString());
    const args = { ...(/Port|Ip|otat|Os/.test(name) && { port }), ...(/Carriers/.test(name) && { country: "DE" }) };
    const error = await failure(
      (async () =>
        ask(...(takesArgs ? [args] : []), { provder: new proxies.Account("a", { apiKey: "psx_canary" }) }))(),
    );
    expect(error.message).toBe(
      `${name}: options.provder: is not an option. Did you mean "provider"? There are provider, parent.`,
    );
    expect(calls()).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["a name that is none", { "a name": 1 }, "options: one has a name that no option has. There are provider, parent."],
    ["null", null, "options: is not an object. Give one, such as { provider: account }."],
    ["a list", [1], "options: is not an object. Give one, such as { provider: account }."],
    ["an Output", pulumi.output({}), "options: is not an object. Give one, such as { provider: account }."],
    ["what only calls of Pulumi's take", { dependsOn: [] }, "options.dependsOn: is not an option. There are provider"],
  ])("options that are none: %s", async (_what, options, message) => {
    const error = await failure(proxies.getPorts(options as never));
    expect(error.message).toContain(`getPorts: ${message}`);
    expect(() => proxies.getPortsOutput(options as never)).toThrow(`getPortsOutput: ${message}`);
  });

  it("is the client's own error", async () => {
    const error = await failure(proxies.getPort({ port: "0".repeat(24) }));
    expect(error).toMatchObject({ name: "ApiError", code: "not_found", status: 404 });
  });
});
