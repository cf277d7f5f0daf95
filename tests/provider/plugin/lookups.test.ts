import * as pulumi from "@pulumi/pulumi";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { UNKNOWN } from "../../../domain/unknown";
import { Lookups } from "../../../provider/hosts/plugin/lookups";
import { type Plugin, serviceOf } from "../../../provider/hosts/plugin/service";
import { opened, sealed } from "../../../provider/hosts/plugin/wire";
import { SessionHolder } from "../../../provider/hosts/session-holder";
import { WalletHolder } from "../../../provider/hosts/wallet-holder";
import { LOOKUPS } from "../../../provider/lookups";
import * as sdk from "../../../sdk/lookups";
import { PAYER, rented } from "../../api/x402/rented";
import { World } from "../../lifecycle/life";

/** The functions as the engine calls them, beside those of the SDK that ask the same vendor. */
type Props = Record<string, unknown>;
type Ask = (args: Props) => Promise<unknown>;

const SDK = sdk as unknown as Record<string, Ask>;
const NAMES = LOOKUPS.map(({ name }) => name);
const lookupNamed = (name: string) => LOOKUPS.find((one) => one.name === name) as (typeof LOOKUPS)[number];
const inputsOf = (name: string): string[] => Object.keys(lookupNamed(name).inputs);

interface Function {
  inputs: { properties: Record<string, { secret?: boolean; description: string }>; required?: string[] };
  outputs: { properties: Record<string, { secret?: boolean; description: string }> };
}
const { functions } = jest.requireActual<{ functions: Record<string, Function> }>(
  "../../../provider/hosts/plugin/schema.json",
);
const described = (name: string): Function => functions[`proxies-sx:index:${name}`] as Function;

let world: World;
let port: string;
let token: string;
/** Arguments by which each works. */
let args: Readonly<Record<string, Props>>;
let account: SessionHolder;
let wallets: WalletHolder;
let service: ReturnType<typeof serviceOf>;
beforeAll(async () => {
  world = await World.open();
  token = (await rented(world.emulator)).token as string;
  port = world.emulator.control.buyPort({ country: "DE" }).id;
  args = {
    getCountries: { slotType: "private" },
    getCarriers: { country: "Germany" },
    getCities: { country: "DE" },
    getRegions: { country: "DEU" },
    getTariffs: { slotType: "shared" },
    getOsFingerprints: { port },
    getTrafficPrice: { amountGB: 100, slotType: "private" },
    getPorts: { country: "DE" },
    getRotationHistory: { port, limit: 5, offset: 0 },
    getAccountUsage: { period: "7d" },
    getX402Countries: { tier: "private" },
    getX402Quote: { tier: "private", duration: "2h", trafficGB: 0.5 },
    getX402Sessions: { wallet: PAYER, status: "all" },
    getX402Session: { token },
    getX402SessionStatus: { token },
  };
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
});
afterAll(() => world.close());
beforeEach(() => newProcess());
afterEach(() => {
  account.close();
  wallets.close();
});

function newProcess(apiKey = world.emulator.apiKey): void {
  const apiUrl = world.emulator.url;
  const settings: Props = { "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": apiUrl };
  const surroundings = { exportStack: async () => "{}" };
  [account, wallets] = [new SessionHolder(surroundings), new WalletHolder(surroundings)];
  for (const holder of [account, wallets]) holder.configure((name) => settings[name] as string);
  service = serviceOf({ lookups: new Lookups(account, wallets) } as Plugin);
  pulumi.runtime.setAllConfig(settings as Record<string, string>);
  world.emulator.control.clearRequests();
}

function invoke(name: string, given: Props, secrets: string[] = []): Promise<rpc.InvokeResponse> {
  const answer = service.invoke as (call: unknown, done: (e: Error | null, a: rpc.InvokeResponse) => void) => void;
  const request = new rpc.InvokeRequest().setTok(`proxies-sx:index:${name}`).setArgs(sealed(given, secrets));
  return new Promise((resolve, reject) =>
    answer({ request }, (error, response) => (error ? reject(error) : resolve(response))),
  );
}
const argsFor = (name: string): Props => args[name] ?? (inputsOf(name).includes("port") ? { port } : {});
const told = async (name: string, given = argsFor(name), secrets: string[] = []) =>
  opened((await invoke(name, given, secrets)).getReturn());
const refusal = async (name: string, given: Props): Promise<string | undefined> => {
  const failures = (await invoke(name, given)).getFailuresList().map((one) => [one.getProperty(), one.getReason()]);
  expect(failures).toEqual([["", expect.any(String)]]);
  return failures[0]?.[1];
};

/** What the clock decides is not the same twice. */
const steady = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (name, value: unknown) => {
    if (typeof value === "number" && /(seconds|time|mbps|ms)$/i.test(name)) return "a number";
    return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? "a time" : value;
  }) as unknown;

test("each function of the SDK that asks the vendor is one of the plugin, and of its schema", () => {
  const ofSdk = Object.keys(SDK).filter((name) => !name.endsWith("Output"));
  expect(ofSdk.filter((name) => typeof SDK[`${name}Output`] !== "function")).toEqual([]);
  expect([...NAMES].sort()).toEqual(ofSdk.sort());
  expect(Object.keys(functions)).toEqual(NAMES.map((name) => `proxies-sx:index:${name}`));
});

test.each(NAMES)(
  "%s answers as the SDK does, as its schema says, and secret where the SDK's Output is",
  async (name) => {
    const { list, secret } = lookupNamed(name);
    const answer = await (inputsOf(name).length > 0 ? SDK[name]?.(argsFor(name)) : SDK[name]?.(undefined as never));
    const { props, secrets } = await told(name);
    expect(steady(props)).toEqual(steady(list === undefined ? answer : { [list]: answer }));
    const { inputs, outputs } = described(name);
    expect(Object.keys(outputs.properties)).toEqual(expect.arrayContaining(Object.keys(props)));
    expect([...secrets].sort()).toEqual(secret ? Object.keys(props).sort() : []);
    for (const one of Object.values(outputs.properties)) expect(one.secret ?? false).toBe(secret ?? false);
    expect(Object.keys(inputs.properties)).toEqual(inputsOf(name));
  },
);

test("answers with logins, passwords or tokens are secret", () => {
  expect(LOOKUPS.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
    "getPorts",
    "getPort",
    "getX402Sessions",
    "getX402Session",
  ]);
  const marked = NAMES.flatMap((name) =>
    Object.entries(described(name).inputs.properties).flatMap(([input, { secret }]) => (secret ? [name + input] : [])),
  );
  expect(marked).toEqual(["getX402Sessiontoken", "getX402SessionStatustoken"]);
});

test("an argument that is secret makes the answer one", async () => {
  expect((await told("getCarriers", { country: "DE" })).secrets.size).toBe(0);
  expect([...(await told("getCarriers", { country: "DE" }, ["country"])).secrets]).toEqual(["carriers"]);
  expect((await told("getX402SessionStatus", { token }, ["token"])).secrets.has("remainingGB")).toBe(true);
});

test("an argument that is not known yet, or of another type, is refused in one line, and nothing is asked", async () => {
  for (const name of NAMES)
    for (const input of inputsOf(name)) {
      const unknown = await refusal(name, { ...argsFor(name), [input]: UNKNOWN });
      expect(unknown).toBe(`${name}: ${input}: is not known yet in this preview.`);
      const odd = await refusal(name, { ...argsFor(name), [input]: { odd: "canary" } });
      expect(odd).toMatch(new RegExp(`^${name}: ${input}: [^\\n]+\\(an object was given\\)\\.`));
      expect(odd).not.toContain("canary");
    }
  expect(world.calls()).toEqual([]);
});

test.each<[string, Props, RegExp]>([
  [
    "getCarriers",
    { country: "DE", slotType: "odd" },
    /^getCarriers: slotType: is unknown \(.*Give one of: shared, priv/,
  ],
  ["getCarriers", { contry: "DE" }, /^getCarriers: contry: is not an input\. Did you mean "country"\?/],
  ["getCarriers", {}, /^getCarriers: country: is required\. Give an ISO code or an English name, such as "DE"\.$/],
  ["getCities", { country: "Germny" }, /^getCities: country: is not a country .*Nearest: Germany/],
  ["getPorts", { status: " " }, /^getPorts: status: is not a name/],
  ["getTariffs", { "a\nname": 1 }, /^getTariffs: inputs: one has a name that no input has/],
  ["getPricing", { slotType: "shared" }, /^getPricing: slotType: is not an input\. There are none\.$/],
  ["getTrafficPrice", { amountGB: 0 }, /^getTrafficPrice: amountGB: must be a number above 0/],
  ["getTrafficPrice", { amountGB: "5" }, /^getTrafficPrice: amountGB: must be a number above 0 \(a text was given\)/],
  ["getRotationHistory", { port: "p", limit: 1.5 }, /^getRotationHistory: limit: must be a whole number from 0/],
  ["getRotationHistory", { port: "p", offset: -1 }, /^getRotationHistory: offset: must be a whole number from 0/],
  ["getAccountUsage", { period: "1y" }, /^getAccountUsage: period: is unknown .*Give one of: 7d, 30d, 90d\.$/],
  ["getX402Quote", { duration: "soon" }, /^getX402Quote: duration: is not a length of time/],
  ["getX402Sessions", { wallet: PAYER, status: "old" }, /^getX402Sessions: status: is unknown/],
  ["getX402Session", {}, /^getX402Session: args: give one of: transaction, token\.$/],
])("%s with a wrong argument says so in one line: %j", async (name, given, message) => {
  const line = await refusal(name, given);
  expect(line).toMatch(message);
  expect(line).not.toMatch(/[\n\r]/);
});

test.each<[string, Props, RegExp]>([
  ["getPort", { port: "0".repeat(24) }, /there is no port 0{24} in this account \(404 not_found\)/],
  ["getPort", { port: "../account" }, /invalid_input/],
  ["getPortStatus", { port: "a\u001b[2Jb" }, /invalid_input/],
  ["getX402Sessions", { wallet: "me\r\n::error::x" }, /a wallet's address must be 0x and 40/],
  ["constructor", {}, /there is no such function in proxies-sx/],
])("%s that the vendor has no answer to is an error of one line: %j", async (name, given, message) => {
  const error = await invoke(name, given).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(message);
  // eslint-disable-next-line no-control-regex
  expect((error as Error).message).not.toMatch(/[\u0000-\u001f]/);
});

test("a session's token and the key are in no error, whoever repeats them", async () => {
  const { apiKey, control } = world.emulator;
  const body = { message: `no: ${apiKey} ${token}` };
  for (const path of ["/x402/manage/session/credit", "/account/summary"])
    control.addFault({ path, status: 400, body, times: 1 });
  for (const [name, secret] of [
    ["getX402SessionStatus", token],
    ["getAccountSummary", apiKey],
  ] as const) {
    const error = (await told(name).catch((thrown: Error) => thrown)) as Error;
    expect(error.message).toMatch(/no: /);
    expect(error.message).not.toContain(secret);
  }
});

test("an argument that is secret is in no error", async () => {
  const secret = "6926000000000000000000aa";
  const error = await told("getPort", { port: secret }, ["port"]).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(/there is no port \[secret\] in this account/);
});

test("functions for wallets need no key and send none; the others say that it is missing", async () => {
  newProcess("");
  const { PROXIES_API_KEY } = process.env;
  delete process.env.PROXIES_API_KEY;
  try {
    for (const { name, keyless } of LOOKUPS) {
      const answer = await told(name).catch((error: Error) => error.message);
      if (keyless) expect(answer).toMatchObject({ props: {} });
      else expect(answer).toMatch(/^proxies-sx:apiKey is not set/);
    }
  } finally {
    if (PROXIES_API_KEY !== undefined) process.env.PROXIES_API_KEY = PROXIES_API_KEY;
  }
  const sent = world.emulator.control.requests();
  expect(sent.length).toBeGreaterThan(0);
  expect(JSON.stringify(sent)).not.toContain(world.emulator.apiKey);
});

test("while a setting is not known yet, each says so", async () => {
  for (const holder of [account, wallets])
    holder.configure((name) => (name === "proxies-sx:apiUrl" ? UNKNOWN : undefined));
  for (const name of ["getPorts", "getX402Health"])
    await expect(told(name)).rejects.toThrow("a setting of proxies-sx is not known yet");
});

test("reference data is asked once a run by all, and anew in the next run: what is free has changed since", async () => {
  const free = async (): Promise<unknown> => {
    const { countries } = (await told("getCountries", {})).props as { countries: Props[] };
    return countries.find(({ code }) => code === "DE")?.freeDeviceCount;
  };
  const [first] = await Promise.all([free(), free()]);
  await told("getCarriers", { country: "DE" });
  expect(world.calls().filter((call) => call.endsWith("/countries/with-devices"))).toHaveLength(1);
  world.emulator.control.buyPort({ country: "DE" });
  newProcess();
  expect(await free()).toBe((first as number) - 1);
});
