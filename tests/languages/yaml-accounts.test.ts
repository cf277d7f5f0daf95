import { type Project } from "../engine/project";
import { forgetPurchases, killRun, until, upInPurchase } from "../engine/purchase-run";
import { openYamlProject, type YamlProgram } from "./yaml-project";

/**
 * Fleets of several accounts in one program. The engine is needed: it decides which process of the plugin constructs a
 * component, and by which provider a member is made that names none.
 */
jest.setTimeout(900_000);

const LEASE = { expiresIn: "30d", renewBefore: "3d", maxRenewalsPerUpdate: 1 };
const EQUIPMENT = { rotation: { intervalSeconds: 900 }, credentials: { proxyLogin: "team-a" } };

const fleet = (size: number, options: object, country = "DE") => ({
  type: "proxies-sx:index:ProxyFleet",
  properties: { size, locations: [{ country }], fallback: ["PL"], lease: LEASE, ...EQUIPMENT },
  options,
});

let project: Project;
let declare: (resources: YamlProgram["resources"]) => void;
/** Keys of two accounts besides the stack's own, "main". */
let keys: Record<"north" | "south", string>;
beforeEach(async () => {
  const opened = await openYamlProject({ resources: {} });
  ({ project } = opened);
  declare = (resources) => opened.declare({ resources });
  const { control } = project.emulator;
  keys = { north: control.keys.addKey(undefined, "north"), south: control.keys.addKey(undefined, "south") };
});
afterEach(() => project.close());

const account = (name: keyof typeof keys) => ({
  type: "pulumi:providers:proxies-sx",
  properties: { apiKey: keys[name], apiUrl: project.emulator.url },
});

const count = (all: readonly { account: string }[]): Record<string, number> =>
  all.reduce<Record<string, number>>((sums, one) => ({ ...sums, [one.account]: (sums[one.account] ?? 0) + 1 }), {});
/** Ports that were ever bought, by account. */
const bought = (): Record<string, number> => count(project.emulator.control.purchases());
/** Accounts that were called, by the names of their keys: "default" is of the stack's own. */
const called = (): string[] => {
  const names = project.emulator.control.requests().flatMap(({ keyName }) => keyName?.replace(/-\d+$/, "") ?? []);
  project.emulator.control.clearRequests();
  return [...new Set(names)].sort();
};

interface Member {
  fleet: string;
  account: string;
  portId: string;
  retiring?: { portId: string }[];
}
/** The ports of the state, with the account of each by its provider. */
async function members(): Promise<Member[]> {
  const { resources = [] } = await project.state();
  return resources
    .filter(({ type }) => type === "proxies-sx:index:Port")
    .map(({ urn, provider = "", outputs }) => ({
      ...(outputs as { portId: string; retiring?: { portId: string }[] }),
      fleet: (urn.split("::").at(-1) as string).replace(/-\d+$/, ""),
      account: (provider.split("::").at(-2) as string).replace("-account", "").replace(/^default.*/, "main"),
    }));
}

/** Each live port is in the state, in a resource of its own account, and the state has no other. */
async function expectTruth(): Promise<void> {
  const held = (await members()).flatMap((one) =>
    [one, ...(one.retiring ?? [])].map(({ portId }) => `${one.account} ${portId}`),
  );
  const { control } = project.emulator;
  const live = ["main", "north", "south"].flatMap((name) => control.ports(name).map(({ id }) => `${name} ${id}`));
  expect(held.sort()).toEqual(live.sort());
}

async function expectQuiet(): Promise<void> {
  const before = bought();
  await project.run("up", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  expect(bought()).toEqual(before);
  await expectTruth();
}

it("two fleets, each with its provider: each account pays for its own ports, and renews its own", async () => {
  declare({
    "north-account": account("north"),
    "south-account": account("south"),
    a: fleet(3, { provider: "${north-account}" }),
    b: fleet(2, { provider: "${south-account}" }, "GB"),
  });
  await project.run("preview");
  expect([bought(), called()]).toEqual([{}, ["north", "south"]]);
  await project.up();
  expect(bought()).toEqual({ north: 3, south: 2 });
  expect(count(await members())).toEqual({ north: 3, south: 2 });
  await expectQuiet();

  project.emulator.control.clock.advance("27d");
  for (const [north, south] of [
    [4, 3],
    [5, 4],
    [6, 4],
  ]) {
    const { steps } = await project.run("up");
    expect(new Set(Object.values(steps))).toEqual(new Set(["same", "update"]));
    expect(bought()).toEqual({ north, south });
    await expectTruth();
  }
  await project.up(); // releases the last old port
  await expectQuiet();
  for (const name of ["north", "south"])
    for (const port of project.emulator.control.ports(name))
      expect(port).toMatchObject({ proxyLogin: "team-a", rotationSettings: { intervalSeconds: 900 } });

  await project.run("destroy", "--skip-preview");
  expect(called()).toEqual(["north", "south"]);
  await expectTruth();
  expect(await members()).toEqual([]);
  for (const key of Object.values(keys)) expect(JSON.stringify(await project.state())).not.toContain(key);
});

it.each<[string, Record<string, object>]>([
  ["a resource above it", { above: { type: "proxies-sx:index:CountryChoice", properties: { by: "stock" } } }],
  ["a port above it", { above: { type: "proxies-sx:index:Port", properties: { country: "DE", expiresIn: "30d" } } }],
  ["a fleet above it", { above: fleet(1, {}) }],
])(
  "a fleet whose provider comes from %s, and one below that: all are in its account, few at a time",
  async (_, one) => {
    const { above } = one as YamlProgram["resources"];
    declare({
      "south-account": account("south"),
      above: { ...above, options: { provider: "${south-account}" } } as YamlProgram["resources"][string],
      outer: fleet(3, { parent: "${above}" }),
      inner: fleet(2, { parent: "${outer}" }, "GB"),
    });
    const { output } = await project.run("up");
    expect(output).not.toMatch(/will fail/);
    const fleets = (await members()).filter((member) => member.fleet !== "above");
    expect(count(fleets)).toEqual({ south: 5 });
    const { south = 0, ...others } = bought();
    expect(others).toEqual({});
    expect(called()).toEqual(["south"]);
    await expectQuiet();

    project.emulator.control.clock.advance("27d");
    const ports = async (of: string): Promise<string[]> =>
      (await members()).filter((member) => member.fleet === of).map(({ portId }) => portId);
    const before = { outer: await ports("outer"), inner: await ports("inner") };
    await project.up();
    const kept = async (of: "outer" | "inner"): Promise<number> =>
      (await ports(of)).filter((id) => before[of].includes(id)).length;
    expect([await kept("outer"), await kept("inner")]).toEqual([2, 1]);
    expect(bought().south).toBeLessThanOrEqual(south + 3);
    await expectTruth();

    await project.run("destroy", "--skip-preview");
    expect(called()).toEqual(["south"]);
    await expectTruth();
  },
);

it("a killed renewal is taken up on another machine without a preview, where a new key and something new come first", async () => {
  const program = (more: YamlProgram["resources"] = {}): YamlProgram["resources"] => ({
    ...more,
    "north-account": account("north"),
    a: fleet(1, { provider: "${north-account}" }),
    b: fleet(1, {}, "GB"),
  });
  const { control } = project.emulator;
  declare(program());
  await project.up();
  control.clock.advance("28d");
  control.addFault({ method: "POST", path: "/ports", times: 1, hang: "after" });
  const run = await upInPurchase(project, { hang: "after" }, 1, 4);
  await until(() => control.purchases().length === 4);
  await killRun(project, run);
  forgetPurchases(project);
  keys.north = control.keys.addKey(undefined, "north");
  declare(program({ choice: { type: "proxies-sx:index:CountryChoice", properties: { by: "stock" } } }));
  await project.up();
  await project.up(); // releases the old ports
  expect(bought()).toEqual({ north: 2, main: 2 });
  await expectQuiet();
});

it("by the option `providers`", async () => {
  declare({
    "north-account": account("north"),
    a: fleet(1, { providers: ["${north-account}"] }),
    b: fleet(1, {}, "GB"),
  });
  await project.run("up");
  expect([bought(), called()]).toEqual([{ north: 1, main: 1 }, ["default", "north"]]);
  await expectQuiet();
  await project.run("destroy", "--skip-preview");
  await expectTruth();
});
