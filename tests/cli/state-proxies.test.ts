import { proxiesIn, type Wanted } from "../../cli/state/state-proxies";
import { credentials, exported, proxyPort, secret } from "./exported";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const WANTED: Wanted = { protocol: "http", showSecrets: true, now: NOW };
type Entry = Parameters<typeof exported>[0][number];

const find = (resources: Entry[], wanted: Partial<Wanted> = {}) =>
  proxiesIn([{ name: "dev", text: exported(resources) }], { ...WANTED, ...wanted });
const names = (resources: Entry[], fleet?: string): string[] =>
  find(resources, { fleet }).proxies.map(({ name }) => name);

it("takes the login of a port's Credentials, else its own", () => {
  const { proxies } = find([proxyPort("a"), proxyPort("b"), credentials("b")], { protocol: "socks5" });
  expect(proxies).toEqual([
    { name: "a", host: "203.0.113.10", port: 5000, login: "own", password: "own-password" },
    { name: "b", host: "203.0.113.10", port: 5000, login: "team-a", password: "of-the-team" },
  ]);
});

it("sorts by name, numbers by their size, whatever the order of the state", () => {
  const made = ["a-10", "b", "a-2", "a-1"].map((name) => proxyPort(name));
  expect(names(made)).toEqual(["a-1", "a-2", "a-10", "b"]);
});

it("takes what a wallet pays for as any other proxy", () => {
  const type = "pulumi-nodejs:dynamic/proxies-sx:X402Lease";
  const outputs = { host: "203.0.113.9", httpPort: 8100, socksPort: 5100, username: "x402", password: secret("paid") };
  const lease = (name: string, more: Entry): Entry => ({
    ...{ urn: `urn:pulumi:dev::test::${type}::${name}`, type, custom: true, id: `s-${name}` },
    outputs: { ...outputs, ...more },
  });
  const { proxies, leftOut } = find([
    lease("a", { status: "active" }),
    lease("b", { expiresAt: "2026-01-01T00:00:00Z" }),
  ]);
  expect(proxies).toEqual([{ name: "a", host: "203.0.113.9", port: 8100, login: "x402", password: "paid" }]);
  expect(leftOut).toEqual([{ name: "b", why: "is expired" }]);
});

describe("of a port that was renewed", () => {
  const renewed = proxyPort("a", { portId: "new", serverIp: "203.0.113.20", retiring: [{ portId: "id-of-a" }] });
  const login = (appliedTo?: string) => {
    const { outputs, ...rest } = credentials("a");
    return { ...rest, outputs: { ...(outputs as Entry), ...(appliedTo !== undefined && { __portId: appliedTo }) } };
  };

  it("takes the new one alone, with the login that was set for it", () => {
    expect(find([renewed, login("new")]).proxies).toEqual([
      { name: "a", host: "203.0.113.20", port: 8000, login: "team-a", password: "of-the-team" },
    ]);
  });

  it.each([["id-of-a"], [undefined]])("takes its own login where Credentials are still those of %s", (appliedTo) => {
    expect(find([renewed, login(appliedTo)]).proxies).toMatchObject([{ host: "203.0.113.20", login: "own" }]);
  });

  it("takes the login of a plain id by the port that serves", () => {
    expect(find([renewed, { ...login(), id: "new" }]).proxies).toMatchObject([{ login: "team-a" }]);
  });
});

it("takes Credentials of a port that is managed elsewhere, and joins those of another state", () => {
  expect(find([credentials("x")]).proxies).toMatchObject([{ name: "x-login", login: "team-a", port: 8000 }]);
  const two = [[proxyPort("x")], [credentials("x")]].map((resources) => ({ name: "s", text: exported(resources) }));
  expect(proxiesIn(two, WANTED).proxies).toMatchObject([{ name: "x", login: "team-a" }]);
});

it("a name with :: in it is whole, so that two do not become one", () => {
  expect(names([proxyPort("team-a::1"), proxyPort("team-b::1")])).toEqual(["team-a::1", "team-b::1"]);
});

describe("a fleet", () => {
  const below = (types: string, name: string): Entry => ({ parent: `urn:pulumi:dev::test::${types}::${name}` });

  it("its members, also of one within a component", () => {
    const resources = [
      proxyPort("scraper-1", {}, below("proxies-sx:index:ProxyFleet", "scraper")),
      proxyPort("other-1", {}, below("proxies-sx:index:ProxyFleet", "other")),
      proxyPort("scraper-2", {}, below("my:index:Part$proxies-sx:index:ProxyFleet", "scraper")),
      proxyPort("alone"),
    ];
    expect(names(resources, "scraper")).toEqual(["scraper-1", "scraper-2"]);
    expect(names(resources)).toHaveLength(4);
  });

  it("is no other component of its name, and no fleet whose name only ends so", () => {
    const resources = [
      proxyPort("a", {}, below("my:index:Part", "scraper")),
      proxyPort("b", {}, below("proxies-sx:index:ProxyFleet", "my::scraper")),
      proxyPort("c", {}, below("x-proxies-sx:index:ProxyFleet", "scraper")),
    ];
    expect(names(resources, "scraper")).toEqual([]);
  });
});

it.each<[string, Entry, RegExp]>([
  ["whose lease is over", { expiresAt: "2026-11-24T12:00:00Z" }, /^is expired$/],
  ["that is expired", { status: "expired" }, /^is expired$/],
  ["that is gone and kept", { status: "deleted" }, /^is gone$/],
  ["whose renewal broke off", { status: "renewing" }, /^has no port until its purchase is finished: run `pulumi up`$/],
  ["that is suspended", { status: "suspended" }, /^is suspended$/],
  ["that was not read yet", { serverIp: undefined }, /run `pulumi refresh`/],
  ["without a login", { proxyPassword: undefined }, /run `pulumi refresh`/],
  ["whose password is encrypted", { proxyPassword: { ...secret(""), plaintext: undefined } }, /with --show-secrets/],
  ["whose password is cut off", { proxyPassword: { ...secret(""), plaintext: '"canary' } }, /encrypted/],
  ["whose password is half a character", { proxyPassword: secret("\ud800") }, /no client sends/],
  ["whose login would make curl go without it", { proxyLogin: "a\tb" }, /no client sends/],
  ["whose server could be a command", { serverIp: "$(canary)" }, /odd address/],
])("leaves out a port %s, and says why", (_what, outputs, why) => {
  const found = find([proxyPort("x", outputs)]);
  expect(found).toEqual({
    proxies: [],
    leftOut: [{ name: "x", why: expect.stringMatching(why) as string }],
    fleets: [],
  });
  expect(JSON.stringify(found)).not.toContain("canary");
});

it.each([{ delete: true }, { pendingReplacement: true }])(
  "does not count a port that is being replaced: %j",
  (mark) => {
    const old = [proxyPort("a", {}, mark), { ...credentials("a"), ...mark }];
    expect(names([...old, proxyPort("a", {}, { id: "another" })])).toEqual(["a"]);
    expect(names([proxyPort("a", {}, mark), credentials("a")])).toEqual([]);
  },
);

it("masks without secrets in sight: passwords, and logins that are secret", () => {
  const hidden = { ...secret(""), plaintext: undefined, ciphertext: "v1:canary" };
  const resources = [proxyPort("a", { proxyPassword: hidden }), proxyPort("b", { proxyLogin: secret("canary") })];
  const { proxies } = find(resources, { showSecrets: false });
  expect(proxies.map(({ login, password }) => [login, password])).toEqual([
    ["own", "[secret]"],
    ["[secret]", "[secret]"],
  ]);
  expect(JSON.stringify(proxies)).not.toContain("canary");
});

it.each(["", "{}", '{"version":3,"deployment":{"resources":[1]}}', '"canary'])("refuses %j", (text) => {
  const reading = (): unknown => proxiesIn([{ name: "dev", text }], WANTED);
  expect(reading).toThrow(/^the state of dev is /);
  expect(reading).not.toThrow(/canary/);
});
