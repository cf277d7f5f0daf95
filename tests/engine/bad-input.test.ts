import { type Declared, Project } from "./project";
import { port, rotation } from "./resources";

jest.setTimeout(900_000);

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

// What is refused is in tests/lifecycle/bad-input.test.ts. The engine is needed for its form, for what a class says of
// another resource, and for two resources of a run. It stops at the first failure, so each is previewed apart.
it.each<[string, Declared[], RegExp]>([
  [
    "interval too short for a private slot",
    [port("a", { slotType: "private" }), rotation("x", "a", { intervalSeconds: 59 })],
    /^intervalSeconds: is out of range \(a whole number was given\)\..*60 to 86400 on a private slot\.$/,
  ],
  ["unknown country", [port("x", { country: "Germny" })], /^country: is not a country .*Nearest: Germany \(DE\)/],
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
  for (const [key, value] of Object.entries(config)) project.set(key, value, { secret: true });
  const { output } = await failures(port("x"));
  expect(output).toMatch(expected);
  expect(output).not.toContain("canary");
  project.useKey(project.emulator.apiKey);
  project.set("proxies-sx:apiUrl", project.emulator.url);
});

it("a missing key", async () => {
  project.set("proxies-sx:apiKey");
  const { output } = await failures(port("x"));
  expect(output).toMatch(
    /proxies-sx:apiKey is not set: run `pulumi config set --secret proxies-sx:apiKey`, which asks for it, or set PROXIES_API_KEY\./,
  );
});
