import { type Declared, Project } from "./project";
import { fingerprint, login, port, rotation } from "./resources";

jest.setTimeout(300_000);

let project: Project;
beforeAll(async () => {
  project = await Project.open();
});
afterAll(() => project.close());

/** What the preview says of each resource: its failures by name, one line each. */
async function failures(...declared: Declared[]): Promise<{ byName: Record<string, string>; output: string }> {
  project.declare(...declared);
  const { code, output } = await project.tryRun("preview");
  expect(code).not.toBe(0);
  const lines = [...output.matchAll(/resource '([^']+)' has a problem: (.*)/g)];
  return { byName: Object.fromEntries(lines.map(([, name, text]) => [name, text])) as Record<string, string>, output };
}

// The engine stops at the first failure of a run, so each resource is previewed apart.
it.each<[string, Declared[], RegExp]>([
  [
    "interval too short for a shared slot",
    [port("a"), rotation("x", "a", { intervalSeconds: 299 })],
    /^intervalSeconds: is out of range \(a whole number was given\)\..*300 to 86400 on a shared slot\.$/,
  ],
  [
    "interval too short for a private slot",
    [port("a", { slotType: "private" }), rotation("x", "a", { intervalSeconds: 59 })],
    /^intervalSeconds: is out of range \(a whole number was given\)\..*60 to 86400 on a private slot\.$/,
  ],
  ["unknown country", [port("x", { country: "Germny" })], /^country: is not a country .*Nearest: Germany \(DE\)/],
  [
    "unknown carrier",
    [port("x", { carrier: "Vodaphone" })],
    /^carrier: is not a carrier .*in Germany.*Nearest: Vodafone/,
  ],
  [
    "unknown fingerprint",
    [port("a"), fingerprint("x", "a", { osFingerprint: "windows:9" })],
    /^osFingerprint: is unknown \(a text was given\)\. Give one of: .*"windows:1" Windows 10/,
  ],
  ["bad lease", [port("x", { expiresIn: "1 month" })], /^expiresIn: is not the length of a lease \(a text was given\)/],
  [
    "a lease in the past",
    [port("x", { expiresIn: "2020-01-01" })],
    /^expiresIn: is not the length of a lease \(a text was given\)\..*not a date\.$/,
  ],
  [
    "a lease too short",
    [port("x", { expiresIn: 59 })],
    /^expiresIn: is not the length of a lease \(a whole number was given\)\..*from 60 s to 365 d/,
  ],
  [
    "renewal before the purchase",
    [port("x", { expiresIn: "1d", renewBefore: "1d" })],
    /^renewBefore: 1 d is not shorter than the lease/,
  ],
  [
    "empty password",
    [port("a"), login("x", "a", { proxyLogin: "l", proxyPassword: "" })],
    /^proxyPassword: must be a text that is not empty/,
  ],
  ["a name that is no input", [port("x", { contry: "DE" })], /^contry: is not an input\. Did you mean "country"\?/],
  [
    "two settings of a kind for one port",
    [rotation("y", "?", {}), rotation("x", "?", {})].map((one) => ({
      ...one,
      args: { port: "a".repeat(24), intervalSeconds: 900 },
    })),
    /^port: "[xy]" and "[xy]" are both RotationSettings of port a{24}: keep one\.$/,
  ],
])("%s", async (_name, declared, expected) => {
  const { byName, output } = await failures(...declared);
  expect(byName.x ?? byName.y).toMatch(expected);
  expect(output).not.toMatch(/\n\s+at /);
  expect(project.writes()).toEqual([]);
});

it.each<[string, Record<string, string>, RegExp]>([
  [
    "a malformed key",
    { "proxies-sx:apiKey": "canary key" },
    /proxies-sx:apiKey is malformed: .*pulumi config set --secret/,
  ],
  [
    "http to a host that is not loopback",
    { "proxies-sx:apiUrl": "http://api.example.com" },
    /proxies-sx:apiUrl: .*https/,
  ],
  ["a key that the vendor does not know", { "proxies-sx:apiKey": "psx_canary_0000000000000000000000000000" }, /401/],
])("%s", async (_name, config, expected) => {
  for (const [key, value] of Object.entries(config)) await project.pulumi(["config", "set", "--secret", key, value]);
  const { output } = await failures(port("x"));
  expect(output).toMatch(expected);
  expect(output).not.toContain("canary");
  await project.pulumi(["config", "set", "--secret", "proxies-sx:apiKey", project.emulator.apiKey]);
  await project.pulumi(["config", "set", "proxies-sx:apiUrl", project.emulator.url]);
});

it("a missing key", async () => {
  await project.pulumi(["config", "rm", "proxies-sx:apiKey"]);
  const { output } = await failures(port("x"));
  expect(output).toMatch(
    /proxies-sx:apiKey is not set: run `pulumi config set --secret proxies-sx:apiKey psx_\.\.\.` or set PROXIES_API_KEY\./,
  );
});
