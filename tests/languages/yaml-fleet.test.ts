import { type Project } from "../engine/project";
import { openYamlProject, type YamlProgram } from "./yaml-project";

/**
 * ProxyFleet as programs of other languages make it, from one in YAML. The engine is needed: it asks the plugin to
 * construct the component, and the plugin asks it to register the members.
 */
jest.setTimeout(900_000);

const PASSWORD = "a-password-of-tests";
const ARGS = {
  size: 4,
  locations: [{ country: "DE", weight: 3 }, { country: "GB" }],
  lease: { expiresIn: "30d", renewBefore: "3d", stagger: "2d", maxRenewalsPerUpdate: 2 },
  rotation: { intervalSeconds: 900 },
  credentials: { proxyLogin: "team-a" },
  osFingerprint: "windows:1",
};

function program(
  properties: object = {},
  { name = "scraper", options, resources = {} }: { name?: string; options?: object; resources?: object } = {},
): YamlProgram {
  const of = (output: string): string => `\${${name}.${output}}`;
  return {
    resources: {
      ...resources,
      [name]: {
        type: "proxies-sx:index:ProxyFleet",
        properties: { ...ARGS, ...properties },
        ...(options && { options }),
      },
    },
    outputs: {
      httpUrls: of("httpUrls"),
      rotationUrls: of("rotationUrls"),
      byCountry: of("byCountry"),
      nextRenewalAt: of("nextRenewalAt"),
      firstPort: of("ports[0].portId"),
    },
  };
}

let project: Project;
let declare: (program: YamlProgram) => void;
beforeAll(async () => {
  ({ project, declare } = await openYamlProject(program()));
});
afterAll(() => project.close());

const ports = () => project.emulator.control.ports();
const countries = (): (string | undefined)[] => ports().map(({ device }) => device?.country?.code);
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
async function members(): Promise<Record<string, { id?: string; protect?: boolean; portId: unknown }>> {
  const { resources } = await project.state();
  const found = resources.filter(({ type }) => type === "proxies-sx:index:Port");
  return Object.fromEntries(
    found.map(({ urn, id, protect, outputs }) => [nameOf(urn), { id, protect, portId: outputs.portId }]),
  );
}

const idsIn = (all: Record<string, { id?: string }>, as = (name: string): string => name): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).map(([name, { id }]) => [as(name), id]));

it("a preview makes nothing and knows how many there will be", async () => {
  const { steps } = await project.run("preview");
  expect(steps).toMatchObject({ scraper: "create", "scraper-4-login": "create", "scraper-1-rotation": "create" });
  expect(project.writes()).toEqual([]);
});

it("up makes all members with their settings, and secrets stay secret", async () => {
  await project.up();
  expect(countries().sort()).toEqual(["DE", "DE", "DE", "GB"]);
  for (const port of ports())
    expect(port).toMatchObject({
      proxyLogin: "team-a",
      osFingerprint: "windows:1",
      rotationSettings: { intervalSeconds: 900 },
    });
  const outputs = await project.outputs();
  expect(outputs).toMatchObject({ byCountry: { DE: 3, GB: 1 } });
  expect((outputs.httpUrls as string[]).slice().sort()).toEqual(
    ports()
      .map(({ serverIp, httpPort, proxyPassword }) => `http://team-a:${proxyPassword}@${serverIp}:${httpPort}`)
      .sort(),
  );
  expect(ports().map(({ id }) => id)).toContain(outputs.firstPort);
  expect(Date.parse(outputs.nextRenewalAt as string)).toBeGreaterThan(Date.now() + 24 * 86_400_000);
  const { resources } = await project.state();
  expect(resources.filter(({ type }) => type === "pulumi:providers:proxies-sx")).toHaveLength(1);
  const text = JSON.stringify(resources);
  for (const { proxyPassword, rotationToken } of ports()) {
    expect(text).not.toContain(proxyPassword);
    expect(text).not.toContain(rotationToken);
  }
});

it("a second up finds nothing, and a refresh neither", async () => {
  project.calls();
  await project.run("up", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  expect(project.writes()).toEqual([]);
});

it("a member more changes no other", async () => {
  const before = await members();
  declare(program({ size: 5 }));
  const { steps } = await project.up();
  const changed = Object.keys(steps).filter((name) => steps[name] !== "same" && !name.startsWith("scraper-5"));
  expect(changed).toEqual(["scraper"]); // its size
  expect(await members()).toMatchObject(before);
  declare(program());
  await project.up();
  expect(await members()).toEqual(before);
});

it("members are renewed a few at a time, and settings follow", async () => {
  const before = await members();
  project.emulator.control.clock.advance("27d");
  await project.up();
  await project.up();
  await project.up();
  const after = await members();
  expect(idsIn(after)).toEqual(idsIn(before));
  expect(Object.values(after).filter(({ id, portId }) => id !== portId).length).toBeGreaterThan(1);
  expect(new Set(ports().map(({ proxyLogin }) => proxyLogin))).toEqual(new Set(["team-a"]));
});

it("under another name it keeps its members by an alias", async () => {
  const before = await members();
  const aliases = ["urn:pulumi:dev::test::proxies-sx:index:ProxyFleet::scraper"];
  declare(program({}, { name: "crawler", options: { aliases } }));
  const { steps } = await project.up();
  expect(Object.values(steps).filter((step) => step !== "same")).toEqual([]);
  expect(idsIn(await members())).toEqual(idsIn(before, (name) => name.replace("scraper", "crawler")));
});

it("protect reaches the members", async () => {
  declare(program({}, { name: "crawler", options: { protect: true } }));
  await project.up();
  expect(Object.values(await members()).map(({ protect }) => protect)).toEqual([true, true, true, true]);
  declare(program({}, { name: "crawler" }));
  await project.up();
});

it("a given password is a secret of the state, and waits for what it depends on", async () => {
  declare(
    program(
      { credentials: { proxyLogin: "team-b", proxyPassword: "${password.result}" } },
      {
        name: "crawler",
        options: { dependsOn: ["${password}"] },
        resources: { password: { type: "random:RandomPassword", properties: { length: 30, special: false } } },
      },
    ),
  );
  await project.up();
  const given = new Set(ports().map(({ proxyPassword }) => proxyPassword));
  expect([...given].map((one) => one?.length)).toEqual([30]);
  const { resources } = await project.state();
  expect(JSON.stringify(resources)).not.toContain([...given][0]);
});

it.each<[string, object, RegExp]>([
  ["a size", { size: -1 }, /ProxyFleet "crawler": size: is not a whole number from 0 to 5000/],
  ["an unknown country", { locations: [{ country: "Atlantis" }] }, /country: is not a country/],
])("what is wrong with %s is said in one line", async (_what, properties, message) => {
  declare(program(properties, { name: "crawler" }));
  const { code, output } = await project.tryRun("preview");
  expect(code).not.toBe(0);
  expect(output).toMatch(message);
  expect(output).not.toMatch(/\n\s+at /);
});

it("destroy releases all", async () => {
  declare(program({}, { name: "crawler" }));
  await project.run("destroy", "--skip-preview");
  expect(ports()).toEqual([]);
  expect((await project.state()).resources ?? []).toEqual([]);
});

it("lives in the account of its provider", async () => {
  const key = project.emulator.control.keys.addKey(undefined, "second");
  const account = { type: "pulumi:providers:proxies-sx", properties: { apiKey: key, apiUrl: project.emulator.url } };
  declare(
    program(
      { size: 2, credentials: { proxyLogin: "x", proxyPassword: PASSWORD } },
      {
        options: { provider: "${account}" },
        resources: { account },
      },
    ),
  );
  await project.up();
  expect(project.emulator.control.ports("second")).toHaveLength(2);
  expect(project.emulator.control.ports("main")).toEqual([]);
  expect(JSON.stringify(await project.state())).not.toContain(PASSWORD);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports("second")).toEqual([]);
});
