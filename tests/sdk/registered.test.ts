import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { type KindName, secretNames } from "../../domain/kinds";
import * as proxies from "../../sdk";

/** What is registered with the engine of each resource, by its name. */
interface Registration {
  getName(): string;
  getAdditionalsecretoutputsList(): string[];
  getDeletedwith(): string;
  getAliasesList(): { getUrn(): string }[];
  getObject(): { toJavaScript(): Record<string, unknown> };
}
let registered: Map<string, Registration>;
beforeEach(async () => {
  registered = new Map();
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: () => ({}),
  });
  const register: MockMonitor["registerResource"] = Reflect.get(MockMonitor.prototype, "registerResource");
  jest.spyOn(MockMonitor.prototype, "registerResource").mockImplementation(function (this: MockMonitor, ...all) {
    const one = all[0] as Registration;
    registered.set(one.getName(), one);
    return register.apply(this, all);
  });
});
afterEach(() => jest.restoreAllMocks());

/** Waits until these are made. */
const made = (...all: pulumi.CustomResource[]): Promise<unknown> =>
  new Promise((resolve) => void pulumi.all(all.map(({ id }) => id)).apply(resolve));
const deletedWith = (name: string): string | undefined => registered.get(name)?.getDeletedwith();

const port = (): proxies.Port => new proxies.Port("p", { country: "DE", expiresIn: "30d" });
const MAKERS: [KindName, (name: string, of: proxies.PortRef, options?: object) => pulumi.CustomResource][] = [
  [
    "RotationSettings",
    (name, of, opts) => new proxies.RotationSettings(name, { port: of, intervalSeconds: 900 }, opts),
  ],
  [
    "Credentials",
    (name, of, opts) => new proxies.Credentials(name, { port: of, proxyLogin: "a", proxyPassword: "b" }, opts),
  ],
  ["OsFingerprint", (name, of, opts) => new proxies.OsFingerprint(name, { port: of, osFingerprint: "" }, opts)],
];

it.each(MAKERS)(
  "secret outputs of %s are registered with the engine, beside those of the program",
  async (kind, make) => {
    await made(port(), make("s", "elsewhere", { additionalSecretOutputs: ["port"] }));
    expect(registered.get("p")?.getAdditionalsecretoutputsList()).toEqual(secretNames("Port"));
    expect(registered.get("s")?.getAdditionalsecretoutputsList()).toEqual([...secretNames(kind), "port"]);
  },
);

it("the key of an account is secret, whether the program says so or not", async () => {
  const account = new proxies.Account("a", { apiKey: "psx_canary" });
  await new Promise((resolve) => void account.id.apply(resolve));
  const { "proxies-sx:apiKey": key } = registered.get("a")?.getObject().toJavaScript() ?? {};
  expect(JSON.stringify(key)).toBe(
    '{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"psx_canary"}',
  );
});

describe.each(MAKERS)("%s", (_kind, make) => {
  it("goes with its Port without a call, or with what the program says", async () => {
    const [p, other] = [port(), new proxies.Port("other", { country: "DE", expiresIn: "30d" })];
    await made(p, make("s", p), make("t", other, { deletedWith: p }));
    expect(deletedWith("s")).toMatch(/::p$/);
    expect(deletedWith("t")).toMatch(/::p$/);
  });

  it("outlives the stack on a port that is managed elsewhere", async () => {
    await made(make("s", "6926a0000000000000000000"), make("t", proxies.Port.get("read", "6926a0000000000000000001")));
    expect([deletedWith("s"), deletedWith("t")]).toEqual(["", ""]);
  });
});

describe("under the other host a resource is known", () => {
  const urn = (types: string, name: string): string => `urn:pulumi:stack::project::${types}::${name}`;
  const [PORT, THERE] = ["pulumi-nodejs:dynamic/proxies-sx:Port", "proxies-sx:index:Port"];
  /** URNs that a Port has as aliases, beside its type. */
  async function aliasesOf(options: pulumi.CustomResourceOptions): Promise<string[]> {
    await made(new proxies.Port("now", { country: "DE", expiresIn: "30d" }, options));
    const all = registered.get("now")?.getAliasesList() ?? [];
    return all.map((alias) => alias.getUrn()).filter(Boolean);
  }

  it.each<[string, pulumi.Input<string | pulumi.Alias>, string]>([
    ["name", { name: "was" }, urn(THERE, "was")],
    ["name, an Output", pulumi.output({ name: "was" }), urn(THERE, "was")],
    ["parent", { parent: urn(PORT, "above") }, urn(`${THERE}$${THERE}`, "now")],
    ["project", { project: "other" }, urn(THERE, "now").replace("project", "other")],
    ["stack", { stack: "other" }, urn(THERE, "now").replace("stack", "other")],
    ["type", { type: "other:index:Port" }, urn("other:index:Port", "now")],
    ["URN", urn(PORT, "was"), urn(THERE, "was")],
  ])("by an earlier %s too", async (_what, alias, expected) => {
    expect((await aliasesOf({ aliases: [alias] })).at(-1)).toBe(expected);
  });

  it("by its type alone where it has no alias, and by its URN below an account", async () => {
    const account = new proxies.Account("second", { apiKey: "psx_canary" });
    expect(await aliasesOf({})).toEqual([]);
    const below = `pulumi:providers:proxies-sx$${THERE}`;
    expect(await aliasesOf({ parent: account, aliases: [{ name: "was" }] })).toEqual([
      urn(below, "now"),
      urn(below, "was"),
    ]);
  });
});
