import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type MadeFleet } from "../../../domain/fleet/make";
import { UNKNOWN } from "../../../domain/unknown";
import { type Props } from "../../../provider/hosts/hosted";
import { FleetComponent } from "../../../provider/hosts/plugin/fleet-component";
import { FleetMembers } from "../../../provider/hosts/plugin/fleet-members";
import { type Monitor, type Registered, type Registration } from "../../../provider/hosts/plugin/monitor";
import { reference, secret } from "../../../provider/hosts/plugin/wire";
import { settleFleet } from "../../../sdk/fleet/args";

/** What is registered for the members of a fleet, and what the program gets of them. tests of fleets.ts have the wire. */
const PARENT = "urn:fleet";
const FLEET = { size: 2, locations: [{ country: "DE" }], lease: { expiresIn: "30d", runEvery: "6h" } };

let registered: Registration[];
const of = (name: string): Registration => registered.find((one) => one.name === name) as Registration;

/** What a resource has once it is made; a port of which it is said is unread. */
const outputsOf = (name: string, type: string): Props => {
  if (type.endsWith("RandomPassword")) return { result: secret(`random-${name}`) };
  const urls = { httpUrl: secret(`http://${name}`), socks5Url: secret(`socks5://${name}`) };
  if (!type.endsWith(":Port")) return urls;
  const number = name.at(-1);
  const facts = {
    portId: `port-${name}`,
    slotType: "shared",
    countryCode: "DE",
    rotationUrl: secret(`https://${name}`),
  };
  return { ...urls, ...facts, renewAt: `2026-12-0${3 - Number(number)}T00:00:00Z` };
};

async function make(
  inputs: Props,
  {
    more = (request) => request,
    waiting = [],
    outputs = outputsOf,
  }: {
    more?: (request: ConstructRequest) => ConstructRequest;
    waiting?: number[];
    outputs?: typeof outputsOf;
  } = {},
) {
  registered = [];
  const register = async (one: Registration): Promise<Registered> => {
    registered.push(one);
    const id = outputs === outputsOf ? `id-${one.name}` : "";
    return { urn: `urn:${one.name}`, id, outputs: outputs(one.name, one.type) };
  };
  const request = more(new ConstructRequest().setName("eu").setInputs(Struct.fromJavaScript(inputs as never)));
  const component = new FleetComponent(request);
  const members = new FleetMembers(
    { register } as Partial<Monitor> as Monitor,
    component,
    settleFleet("eu", FLEET),
    PARENT,
  );
  const planned = [1, 2].map((number) => ({ number, place: { country: "DE" }, isNew: true }));
  const fleet: MadeFleet = { planned, waiting: new Set(waiting), formerly: [] };
  const { outputs: struct, ...told } = await members.make(fleet);
  return { ...told, outputs: struct.toJavaScript() as Props };
}
const preview = (request: ConstructRequest): ConstructRequest => request.setDryrun(true);
const dependOn =
  (input: string, ...urns: string[]) =>
  (request: ConstructRequest): ConstructRequest => {
    const on = new ConstructRequest.PropertyDependencies().setUrnsList(urns);
    request.getInputdependenciesMap().set(input, on);
    return request;
  };

it("a member whose renewal waits says for how long a lease may be held back; another one says nothing", async () => {
  await make({}, { waiting: [2] });
  expect(of("eu-1").inputs).not.toHaveProperty("__hold");
  expect(of("eu-2").inputs).toMatchObject({ __hold: 2 * 6 * 3_600 });
});

it("an OS fingerprint is each port's, with what it depends on", async () => {
  await make({ osFingerprint: UNKNOWN }, { more: dependOn("osFingerprint", "urn:other") });
  expect(of("eu-2")).toMatchObject({
    inputs: { osFingerprint: UNKNOWN },
    dependencies: ["urn:other"],
    inputDependencies: { osFingerprint: ["urn:other"] },
  });
});

describe("a login", () => {
  const login = (): Registration => of("eu-1-login");

  it("of a password that was given depends on what the credentials depend on, and on its port", async () => {
    await make({ credentials: { proxyLogin: "a", proxyPassword: "p" } }, { more: dependOn("credentials", "urn:p") });
    expect(login()).toMatchObject({
      inputs: { proxyLogin: "a", proxyPassword: secret("p"), port: "id-eu-1" },
      inputDependencies: { port: ["urn:eu-1"], proxyLogin: ["urn:p"], proxyPassword: ["urn:p"] },
      dependencies: ["urn:eu-1", "urn:p"],
      deletedWith: "urn:eu-1",
    });
    expect(registered.filter(({ type }) => type.endsWith("RandomPassword"))).toEqual([]);
  });

  it.each<[string, Props]>([
    ["was not given", {}],
    ["is null", { proxyPassword: null }],
    ["is not to be shared", { sharedPassword: false }],
  ])("whose password %s has one of its own, which only letters and digits are in", async (_what, more) => {
    await make({ credentials: { proxyLogin: "a", ...more } });
    expect(of("eu-1-password")).toMatchObject({
      type: "random:index/randomPassword:RandomPassword",
      inputs: { length: 24, special: false },
      ...{ custom: true, parent: PARENT, secretOutputs: ["bcryptHash", "result"] },
    });
    expect(login().inputs).toMatchObject({ proxyPassword: secret("random-eu-1-password") });
    expect(login().inputDependencies).toMatchObject({ proxyPassword: ["urn:eu-1-password"] });
    expect(of("eu-2-login").inputs).toMatchObject({ proxyPassword: secret("random-eu-2-password") });
  });

  it.each<[string, unknown, Props]>([
    ["true", true, {}],
    ["a secret", secret(true), { proxyPassword: null }],
  ])("shares one where that is %s", async (_what, sharedPassword, more) => {
    await make({ credentials: { proxyLogin: "a", sharedPassword, ...more } });
    expect(login().inputs).toMatchObject({ proxyPassword: secret("random-eu-password") });
    expect(registered.filter(({ type }) => type.endsWith("RandomPassword"))).toHaveLength(1);
  });

  it("generates none to share where one was given", async () => {
    await make({ credentials: { proxyLogin: "a", sharedPassword: true, proxyPassword: "p" } });
    expect(login().inputs).toMatchObject({ proxyPassword: secret("p") });
    expect(registered.filter(({ type }) => type.endsWith("RandomPassword"))).toEqual([]);
  });

  it("whose password the update will generate has one that is unknown, and secret", async () => {
    await make({ credentials: { proxyLogin: "a" } }, { outputs: () => ({}), more: preview });
    expect(login().inputs).toMatchObject({ proxyPassword: secret(UNKNOWN), port: UNKNOWN });
  });
});

it("rotation is on unless the program says otherwise, and depends on what that depends on", async () => {
  await make({ rotation: { intervalSeconds: 900 } }, { more: dependOn("rotation", "urn:r") });
  expect(of("eu-1-rotation")).toMatchObject({
    inputs: { enabled: true, intervalSeconds: 900, port: "id-eu-1", __portId: "port-eu-1", __slotType: "shared" },
    inputDependencies: { port: ["urn:eu-1"], intervalSeconds: ["urn:r"] },
    deletedWith: "urn:eu-1",
  });
  await make({ rotation: secret({ intervalSeconds: 900, enabled: false }) });
  expect(of("eu-1-rotation").inputs).toMatchObject({ enabled: false, intervalSeconds: 900 });
});

describe("the program gets", () => {
  it("ports, and what is known of them, each with what it depends on", async () => {
    const { outputs, kept, dependencies } = await make({});
    expect(kept).toEqual({ byCountry: { DE: 2 }, nextRenewalAt: "2026-12-01T00:00:00Z" });
    expect(outputs).toEqual({
      ...kept,
      ports: [reference("urn:eu-1", "id-eu-1", ""), reference("urn:eu-2", "id-eu-2", "")],
      httpUrls: secret(["http://eu-1", "http://eu-2"]),
      socks5Urls: secret(["socks5://eu-1", "socks5://eu-2"]),
      rotationUrls: secret(["https://eu-1", "https://eu-2"]),
    });
    const ports = ["urn:eu-1", "urn:eu-2"];
    expect(dependencies).toEqual({
      ...{ byCountry: ports, nextRenewalAt: ports, ports, rotationUrls: ports },
      ...{ httpUrls: ports, socks5Urls: ports },
    });
  });

  it("URLs of the logins where the fleet has any, since those of the ports no longer work", async () => {
    const { outputs, dependencies } = await make({ credentials: { proxyLogin: "a", proxyPassword: "p" } });
    expect(outputs).toMatchObject({
      httpUrls: secret(["http://eu-1-login", "http://eu-2-login"]),
      rotationUrls: secret(["https://eu-1", "https://eu-2"]),
    });
    const logins = ["urn:eu-1-login", "urn:eu-2-login"];
    expect(dependencies).toMatchObject({ httpUrls: logins, socks5Urls: logins, ports: ["urn:eu-1", "urn:eu-2"] });
  });

  const onlyFirst: typeof outputsOf = (name, type) => (name === "eu-2" ? {} : outputsOf(name, type));

  it("in a preview what is unknown of one member as unknown of all", async () => {
    const { kept, outputs } = await make({}, { outputs: onlyFirst, more: preview });
    expect(kept).toEqual({ byCountry: UNKNOWN, nextRenewalAt: UNKNOWN });
    expect(outputs.httpUrls).toEqual(secret(["http://eu-1", UNKNOWN]));
  });

  it("in an update none of a port that has none yet, in its place in the list", async () => {
    const { kept, outputs } = await make({}, { outputs: onlyFirst });
    expect(kept).toEqual({ byCountry: { DE: 1 }, nextRenewalAt: "2026-12-02T00:00:00Z" });
    expect(outputs).toMatchObject({
      httpUrls: secret(["http://eu-1", null]),
      socks5Urls: secret(["socks5://eu-1", null]),
      rotationUrls: secret(["https://eu-1", null]),
    });
  });
});
