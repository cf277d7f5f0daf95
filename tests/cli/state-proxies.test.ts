import { proxiesIn } from "../../cli/state-proxies";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const PORT = "pulumi-nodejs:dynamic/proxies-sx:Port";
const secret = (value: string): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const port = (name: string, more: object = {}, outputs: object = {}): object => ({
  urn: `urn:pulumi:dev::test::${PORT}::${name}`,
  type: PORT,
  id: `id-of-${name}`,
  outputs: {
    serverIp: "203.0.113.10",
    httpPort: 8000,
    socksPort: 5000,
    proxyLogin: "own",
    proxyPassword: secret("own-password"),
    ...outputs,
  },
  ...more,
});
const login = (of: string): object => ({
  urn: `urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Credentials::${of}-login`,
  type: "pulumi-nodejs:dynamic/proxies-sx:Credentials",
  id: `id-of-${of}`,
  outputs: { port: `id-of-${of}`, proxyLogin: "team-a", proxyPassword: secret("of-the-team") },
});
const state = (...resources: object[]): string => JSON.stringify({ version: 3, deployment: { resources } });
const names = (text: string, fleet?: string): string[] =>
  proxiesIn("dev", text, "http", NOW, fleet).proxies.map(({ name }) => name);

it("takes the login of a port's Credentials, else its own", () => {
  const { proxies } = proxiesIn("dev", state(port("a"), port("b"), login("b")), "socks5", NOW);
  expect(proxies).toEqual([
    { name: "a", host: "203.0.113.10", port: 5000, login: "own", password: "own-password" },
    { name: "b", host: "203.0.113.10", port: 5000, login: "team-a", password: "of-the-team" },
  ]);
});

it("takes the members of one fleet, also of one within a component", () => {
  const fleet = (name: string): object => ({ parent: `urn:pulumi:dev::test::proxies-sx:index:ProxyFleet::${name}` });
  const inner = { parent: "urn:pulumi:dev::test::my:Component$proxies-sx:index:ProxyFleet::scraper" };
  const text = state(
    port("scraper-1", fleet("scraper")),
    port("other-1", fleet("other")),
    port("scraper-2", inner),
    port("alone"),
  );
  expect(names(text, "scraper")).toEqual(["scraper-1", "scraper-2"]);
  expect(names(text)).toHaveLength(4);
});

it.each<[string, object]>([
  ["expired", port("x", {}, { expiresAt: "2026-11-24T11:59:59Z" })],
  ["deleted", port("x", {}, { status: "deleted" })],
  ["not read yet", port("x", {}, { serverIp: undefined })],
  ["still encrypted", port("x", {}, { proxyPassword: { ciphertext: "v1:" } })],
])("leaves out a port that is %s, and names it", (_what, one) => {
  expect(proxiesIn("dev", state(one), "http", NOW)).toEqual({ proxies: [], leftOut: ["x"] });
});

it("does not count a port that is being replaced", () => {
  expect(names(state(port("a", { delete: true }), port("a")))).toEqual(["a"]);
});

it.each(["", "{}", '{"deployment":{"resources":[1]}}'])("refuses %j", (text) => {
  expect(() => proxiesIn("dev", text, "http", NOW)).toThrow(/the state of dev is not what/);
});
