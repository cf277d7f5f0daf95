import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { ConstructRequest, type ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { UNKNOWN } from "../../../domain/unknown";
import { type Props } from "../../../provider/hosts/hosted";
import { readerOf } from "../../../provider/hosts/plugin/configuration";
import { Fleets } from "../../../provider/hosts/plugin/fleets";
import { bared, secret } from "../../../provider/hosts/plugin/wire";
import { SessionHolder } from "../../../provider/hosts/session-holder";
import { World } from "../../lifecycle/life";
import { FakeMonitor } from "./fake-monitor";

/** What the plugin registers for a fleet, against a stand-in for the engine. tests/plugin has the real one. */
const FLEET = "urn:pulumi:dev::test::proxies-sx:index:ProxyFleet::scraper";
const ARGS: Props = { size: 2, locations: [{ country: "DE" }], lease: { expiresIn: "30d" } };

let world: World;
let monitor: FakeMonitor;
let holder: SessionHolder;
let told: string[];
let read: [string, number] | undefined;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.emulator.control.reset();
  const { apiKey, url: apiUrl } = world.emulator;
  told = [];
  const tell = (text: string, urn?: string): void => void told.push(`${urn}: ${text}`);
  const readFirst = async (stack: string): Promise<void> => void (read = [stack, monitor.registered.length]);
  holder = new SessionHolder({ notice: tell, info: tell, readFirst });
  holder.configure(readerOf({ apiKey, apiUrl }));
  monitor = await new FakeMonitor().open();
  monitor.answer = (name, type) => ({
    id: `id-${name}`,
    outputs: type.endsWith("RandomPassword")
      ? { result: secret(`random-${name}`) }
      : {
          portId: `port-${name}`,
          slotType: "shared",
          countryCode: "DE",
          renewAt: `2026-12-0${name.at(-1)}T00:00:00Z`,
          httpUrl: secret(`http://${name}`),
          socks5Url: secret(`socks5://${name}`),
          rotationUrl: secret(`https://${name}`),
        },
  });
});
afterEach(() => {
  monitor.close();
  holder.close();
});

function construct(
  inputs: Props,
  more: (request: ConstructRequest) => void = () => undefined,
  fleets = new Fleets(holder),
): Promise<ConstructResponse> {
  const request = new ConstructRequest()
    .setType("proxies-sx:index:ProxyFleet")
    .setName("scraper")
    .setProject("test")
    .setStack("dev")
    .setOrganization("organization")
    .setMonitorendpoint(monitor.address)
    .setInputs(Struct.fromJavaScript(inputs as never));
  more(request);
  return fleets.construct(request);
}
const stateOf = (response: ConstructResponse): Props => response.getState()?.toJavaScript() ?? {};
const names = (): string[] => monitor.registered.map(({ name }) => name).sort();

it("registers itself, then its members below it, as resources of the plugin that once were the dynamic host's", async () => {
  await construct({ ...ARGS, rotation: { intervalSeconds: 900 }, credentials: { proxyLogin: "team" } });
  expect(read).toEqual(["organization/test/dev", 0]);
  expect(monitor.registered[0]).toMatchObject({ name: "scraper", custom: false, remote: false });
  expect(names()).toEqual(
    [
      "scraper",
      ...[1, 2].flatMap((n) => ["", "-login", "-password", "-rotation"].map((of) => `scraper-${n}${of}`)),
    ].sort(),
  );
  for (const { parent } of monitor.registered.slice(1)) expect(parent).toBe(FLEET);
  expect(monitor.of("scraper-1")).toMatchObject({
    type: "proxies-sx:index:Port",
    custom: true,
    inputs: { country: "DE", expiresIn: "30d", slotType: "shared", renewBefore: 259_200 },
    aliasesList: [{ spec: { type: "pulumi-nodejs:dynamic/proxies-sx:Port" } }],
  });
});

it("gives the program URLs as secrets, and the state no more than the class does", async () => {
  const response = await construct(ARGS);
  expect(stateOf(response)).toMatchObject({
    httpUrls: secret(["http://scraper-1", "http://scraper-2"]),
    socks5Urls: secret(["socks5://scraper-1", "socks5://scraper-2"]),
    rotationUrls: secret(["https://scraper-1", "https://scraper-2"]),
    byCountry: { DE: 2 },
    nextRenewalAt: "2026-12-01T00:00:00Z",
  });
  expect(monitor.outputs[FLEET]).toEqual({ byCountry: { DE: 2 }, nextRenewalAt: "2026-12-01T00:00:00Z" });
  expect(response.getStatedependenciesMap().get("httpUrls")?.getUrnsList()).toHaveLength(2);
});

it("a password is a secret of the component and of each member, however it was given", async () => {
  for (const given of ["a-password", secret("a-password")]) {
    monitor.registered.length = 0;
    await construct({ ...ARGS, credentials: { proxyLogin: "team", proxyPassword: given } });
    expect((monitor.of("scraper").inputs.credentials as Props).proxyPassword).toEqual(secret("a-password"));
    expect(monitor.of("scraper-2-login").inputs.proxyPassword).toEqual(secret("a-password"));
    expect(names()).not.toContain("scraper-1-password");
  }
});

it("a secret as a whole stays one in its parts", async () => {
  await construct({ ...ARGS, credentials: secret({ proxyLogin: "team", proxyPassword: "a-password" }) });
  expect(monitor.of("scraper-1-login").inputs).toMatchObject({
    proxyLogin: secret("team"),
    proxyPassword: secret("a-password"),
  });
  expect(bared(monitor.of("scraper").inputs.credentials).isSecret).toBe(true);
});

it("in a preview, what only the update will know is unknown, and an input that is may be passed on", async () => {
  monitor.answer = () => ({ id: "", outputs: {} });
  const credentials = { proxyLogin: UNKNOWN, proxyPassword: secret(UNKNOWN) };
  const response = await construct({ ...ARGS, credentials }, (request) => void request.setDryrun(true));
  expect(monitor.of("scraper-1-login").inputs).toMatchObject({
    port: UNKNOWN,
    __portId: UNKNOWN,
    proxyLogin: UNKNOWN,
    proxyPassword: secret(UNKNOWN),
  });
  expect(stateOf(response)).toMatchObject({
    byCountry: UNKNOWN,
    nextRenewalAt: UNKNOWN,
    httpUrls: secret([UNKNOWN, UNKNOWN]),
  });
});

it.each<[string, Props]>([
  ["size", { size: UNKNOWN }],
  ["locations", { locations: [{ country: UNKNOWN }] }],
  ["lease", { lease: { expiresIn: "30d", overlap: UNKNOWN } }],
  ["credentials", { credentials: UNKNOWN }],
])("%s must be known at once, and nothing is registered before", async (name, inputs) => {
  await expect(construct({ ...ARGS, ...inputs })).rejects.toThrow(
    new RegExp(`^ProxyFleet "scraper": ${name}: (is only known once|is not an object)`),
  );
  expect(monitor.registered).toEqual([]);
});

it("what is null was not given", async () => {
  await construct({ ...ARGS, fallback: null, locations: [{ country: "DE", carrier: null }], credentials: null });
  expect(names()).toEqual(["scraper", "scraper-1", "scraper-2"]);
});

it.each<[Props, RegExp]>([
  [{ size: "two" }, /size: is not a whole number/],
  [{ sizes: 2 }, /sizes: is not an input\. Did you mean "size"\?/],
  [{ lease: "30d" }, /lease: is not an object/],
  [{ "x\u001b[2J": 1 }, /inputs: one has a name that no input has/],
])("%j is refused in one line", async (inputs, message) => {
  const error = await construct({ ...ARGS, ...inputs }).catch((one: Error) => one);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toMatch(/\p{Cc}/u);
  expect(monitor.registered).toEqual([]);
});

it("options reach the members: protect, the account, the provider of passwords", async () => {
  await construct({ ...ARGS, credentials: { proxyLogin: "team" } }, (request) => {
    request.setProtect(true).setDependenciesList(["urn:a"]);
    request.getProvidersMap().set("proxies-sx", "urn:account::1").set("random", "urn:random::2");
  });
  expect(monitor.of("scraper")).toMatchObject({ protect: true, dependenciesList: ["urn:a"] });
  expect(monitor.of("scraper").providersMap).toContainEqual(["proxies-sx", "urn:account::1"]);
  expect(monitor.of("scraper-1")).toMatchObject({ protect: true, provider: "urn:account::1" });
  expect(monitor.of("scraper-1-login")).toMatchObject({ protect: true, provider: "urn:account::1" });
  expect(monitor.of("scraper-1-password")).toMatchObject({ protect: true, provider: "urn:random::2" });
});

it("members have the provider that the engine asks for the fleet, though its request does not name it", async () => {
  const fleets = new Fleets(holder);
  fleets.provider = "urn:account::1";
  await construct({ ...ARGS, rotation: { intervalSeconds: 900 } }, () => undefined, fleets);
  for (const name of ["scraper-1", "scraper-2-rotation"])
    expect(monitor.of(name)).toMatchObject({ provider: "urn:account::1" });
  expect(monitor.of("scraper")).toMatchObject({ provider: "" });
});

describe("members that the state has", () => {
  const member = (
    fleet: string,
    number: number,
    host: string,
    country: string,
  ): [string, { type: string; outputs: Props }] => [
    `${fleet.replace(/::([^:]+)$/, `$${host}::$1`)}-${number}`,
    { type: host, outputs: { country, slotType: "shared", status: "active" } },
  ];
  const PLUGIN = "proxies-sx:index:Port";
  const DYNAMIC = "pulumi-nodejs:dynamic/proxies-sx:Port";
  const two = { ...ARGS, locations: [{ country: "DE" }, { country: "GB" }] };
  const places = (): unknown[] => [1, 2].map((n) => monitor.of(`scraper-${n}`).inputs.country);

  it.each([PLUGIN, DYNAMIC])("of the type %s keep their places", async (host) => {
    monitor.state = Object.fromEntries([member(FLEET, 1, host, "GB"), member(FLEET, 2, host, "DE")]);
    await construct(two);
    expect(places()).toEqual(["GB", "DE"]);
  });

  it.each<[string, Alias]>([
    ["a URN", new Alias().setUrn(FLEET.replace("scraper", "crawler"))],
    ["a name", new Alias().setSpec(new Alias.Spec().setName("crawler"))],
  ])("are found under an earlier name, by %s", async (_what, alias) => {
    const old = FLEET.replace("scraper", "crawler");
    monitor.state = Object.fromEntries([member(old, 1, PLUGIN, "GB"), member(old, 2, PLUGIN, "DE")]);
    await construct(two, (request) => void request.addAliases(alias));
    expect(places()).toEqual(["GB", "DE"]);
    expect(monitor.of("scraper").aliasesList).toHaveLength(1);
  });

  it("have their earlier names as aliases, each with its settings: the state may have any of them under those", async () => {
    const old = FLEET.replace("scraper", "crawler");
    monitor.state = Object.fromEntries([member(FLEET, 1, PLUGIN, "GB"), member(old, 2, PLUGIN, "DE")]);
    const settings = { rotation: { intervalSeconds: 900 }, credentials: { proxyLogin: "team" } };
    const alias = new Alias().setSpec(new Alias.Spec().setName("crawler"));
    await construct({ ...two, ...settings }, (request) => void request.addAliases(alias));
    const named = (name: string): unknown =>
      monitor
        .of(name)
        .aliasesList.map(({ spec }) => spec?.name)
        .filter((one) => one !== "");
    for (const part of ["", "-rotation", "-login", "-password"]) {
      for (const n of [1, 2]) expect(named(`scraper-${n}${part}`)).toEqual([`crawler-${n}${part}`]);
    }
    monitor.registered.length = 0;
    await construct(
      { ...two, credentials: { proxyLogin: "team", sharedPassword: true } },
      (request) => void request.addAliases(alias),
    );
    expect(named("scraper-password")).toEqual(["crawler-password"]);
  });

  it("are those of the dynamic host's account, where the fleet has one above it", async () => {
    const [old, own] = ["pulumi-nodejs", "proxies-sx"].map((host) =>
      FLEET.replace("test::", `test::pulumi:providers:${host}$`),
    ) as [string, string];
    monitor.state = Object.fromEntries([member(old, 1, DYNAMIC, "GB"), member(own, 2, PLUGIN, "DE")]);
    const account = "urn:pulumi:dev::test::pulumi:providers:proxies-sx::account";
    await construct(two, (request) => void request.setParent(account));
    expect(places()).toEqual(["GB", "DE"]);
    expect(monitor.of("scraper").aliasesList).toMatchObject([{ urn: old }]);
  });

  it("that keep a place against the weights are remarked on in a preview", async () => {
    monitor.state = Object.fromEntries([1, 2, 3, 4].map((n) => member(FLEET, n, PLUGIN, "DE")));
    await construct({ ...two, size: 4 }, (request) => void request.setDryrun(true));
    expect(told).toEqual([expect.stringContaining(`${FLEET}: The weights ask for 2 DE, 2 GB; there are 4 DE, 0 GB.`)]);
  });

  it("are asked for in the stack's organization", async () => {
    await construct(ARGS, (request) => void request.setOrganization("acme"));
    expect(monitor.invoked).toEqual([
      { token: "pulumi:pulumi:readStackResourceOutputs", args: { stackName: "acme/test/dev" } },
    ]);
    expect(monitor.of("scraper-1").inputs.__owner).toBe("acme");
  });
});

it("a state that cannot be read ends the fleet before a member is made: it could be bought anew", async () => {
  monitor.refusal = "EOF";
  const { setTimeout } = global;
  const pause = jest.spyOn(global, "setTimeout");
  // The pause between two tries; the wire has its own timers.
  pause.mockImplementation((then: () => void, ms?: number) => setTimeout(then, ms === 250 ? 0 : ms));
  await expect(construct(ARGS)).rejects.toThrow(
    /^the state of stack dev cannot be read \(EOF\)\. The state says which members a ProxyFleet has: [^\n]+\.$/,
  );
  pause.mockRestore();
  expect(monitor.invoked).toHaveLength(4);
  expect(names()).toEqual(["scraper"]);
});

it("a member that was not made ends the fleet, after all others", async () => {
  monitor.answer = (name) => (name === "scraper-1" ? undefined : { id: name, outputs: {} });
  await expect(construct(ARGS)).rejects.toThrow("scraper-1 was not made");
  expect(names()).toEqual(["scraper", "scraper-1", "scraper-2"]);
  expect(monitor.outputs).toEqual({});
});

it("a preview says on the component's row what the vendor is short of, once for two fleets", async () => {
  world.emulator.control.configure({ slots: { shared: 3, private: 0 } });
  const fleets = new Fleets(holder);
  await construct(ARGS, (request) => void request.setDryrun(true), fleets);
  expect(told).toEqual([]);
  await construct(ARGS, (request) => void request.setDryrun(true), fleets);
  expect(told).toEqual([`${FLEET}: slots: needs 2 shared, 1 free: 1 purchase will fail.`]);
  await construct(ARGS, undefined, fleets);
  expect(told).toHaveLength(1);
});

it("a preview without an account yet says nothing, and plans all the same", async () => {
  holder.configure((name) => (name === "proxies-sx:apiUrl" ? UNKNOWN : undefined));
  await construct({ ...ARGS, fallback: ["GB"] }, (request) => void request.setDryrun(true));
  expect([told, names()]).toEqual([[], ["scraper", "scraper-1", "scraper-2"]]);
});

it("a member whose location has no device goes to a fallback", async () => {
  world.emulator.control.reset({ devicesPerCarrier: { shared: 1, private: 1 } });
  await construct({ ...ARGS, locations: [{ country: "DE", carrier: "Vodafone" }], fallback: ["GB"] });
  expect([1, 2].map((n) => monitor.of(`scraper-${n}`).inputs.country)).toEqual(["DE", "GB"]);
});

it("another component is refused", async () => {
  await expect(construct(ARGS, (request) => void request.setType("proxies-sx:index:Other"))).rejects.toThrow(
    "there is no such component",
  );
});
