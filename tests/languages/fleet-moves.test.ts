import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isKind } from "../../domain/kinds";
import { nameOf } from "../../domain/urn";
import { Project, type Run } from "../engine/project";
import { declaringYaml, type YamlProgram } from "./yaml-project";

/**
 * A program in TypeScript that is rewritten in YAML, and back: its fleets keep their ports. The engine is needed: by
 * URNs and aliases it knows what the members of the class ProxyFleet are to the plugin's component.
 */
jest.setTimeout(900_000);

const PASSWORD = "a-password-of-tests";
const LEASE = { expiresIn: "30d", renewBefore: "3d", maxRenewalsPerUpdate: 2 };
const ONE = { size: 2, locations: [{ country: "DE" }], lease: LEASE };
const ARGS: Record<string, object> = {
  plain: { ...ONE, size: 3, locations: [{ country: "DE", weight: 2 }, { country: "GB" }] },
  equipped: {
    ...ONE,
    rotation: { intervalSeconds: 900, matchCarrier: true },
    credentials: { proxyLogin: "team-a" },
    osFingerprint: "windows:1",
  },
  shared: { ...ONE, credentials: { proxyLogin: "team-b", sharedPassword: true } },
  overlaps: {
    ...ONE,
    lease: { ...LEASE, overlap: "20d" },
    credentials: { proxyLogin: "team-c", proxyPassword: PASSWORD },
  },
  own: { ...ONE, rotation: { enabled: false, intervalSeconds: 1800 } },
  within: ONE,
};
/** What is not said in the inputs, as the program in TypeScript has it: see tests/engine/fleet.js. */
const MORE: Record<string, (key: string) => object> = {
  equipped: () => ({ options: { protect: true } }),
  own: (apiKey) => ({ account: { apiKey, above: true } }),
  within: () => ({ within: "group" }),
};
const OUTPUTS = ["httpUrls", "socks5Urls", "rotationUrls", "byCountry", "nextRenewalAt"];

let project: Project;
let key: string;
beforeAll(async () => {
  project = await Project.open({}, join(__dirname, "../engine/fleet.js"));
  key = project.emulator.control.keys.addKey(undefined, "second");
  write("typescript");
  await project.up();
  project.emulator.control.clock.advance("27d");
  await project.up(); // renews two members of each fleet
  await project.up(); // and the third of one; old ports go, but those with an overlap
  await project.up();
  await project.up("--expect-no-changes");
});
afterAll(() => project.close());

function write(language: "typescript" | "yaml", of = project): void {
  of.env.PROXIES_API_URL = of.emulator.url;
  if (language === "yaml") return declaringYaml(of)(yamlProgram(of));
  const fleets = Object.entries(ARGS).map(([name, args]) => [name, { args, ...MORE[name]?.(key) }]);
  writeFileSync(join(of.program, "fleets.json"), JSON.stringify(Object.fromEntries(fleets)));
  writeFileSync(join(of.program, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
}

function yamlProgram({ emulator }: Project): YamlProgram {
  const options: Record<string, object> = {
    equipped: { protect: true },
    own: { provider: "${own-account}", parent: "${own-account}" },
    within: { aliases: ["urn:pulumi:dev::test::test:Group$proxies-sx:index:ProxyFleet::within"] },
  };
  const fleets = Object.entries(ARGS).map(([name, properties]) => [
    name,
    { type: "proxies-sx:ProxyFleet", properties, ...(options[name] && { options: options[name] }) },
  ]);
  const account = { type: "pulumi:providers:proxies-sx", properties: { apiKey: key, apiUrl: emulator.url } };
  const outputs = Object.keys(ARGS).map((name) => [
    name,
    Object.fromEntries(OUTPUTS.map((output) => [output, `\${${name}.${output}}`])),
  ]);
  return {
    resources: { "own-account": account, ...Object.fromEntries(fleets) } as YamlProgram["resources"],
    outputs: Object.fromEntries(outputs) as object,
  };
}

interface Member {
  id?: string;
  type: string;
  protect?: boolean;
  portId: string;
  retiring?: { portId: string }[];
}
async function members(of = project): Promise<Record<string, Member>> {
  const { resources = [] } = await of.state();
  return Object.fromEntries(
    resources
      .filter(({ type }) => isKind("Port", type))
      .map(({ urn, id, type, protect, outputs: { portId, retiring } }) => [
        nameOf(urn),
        { id, type, protect, portId: portId as string, retiring: retiring as Member["retiring"] },
      ]),
  );
}
const withoutTypes = (all: Record<string, Member>): object =>
  Object.fromEntries(Object.entries(all).map(([name, { type: _, ...rest }]) => [name, rest]));

/** Live ports are those that the state holds, each once, in its account. */
async function expectTruth(of = project): Promise<void> {
  const held = Object.entries(await members(of)).flatMap(([name, one]) =>
    [one, ...(one.retiring ?? [])].map(({ portId }) => `${name.startsWith("own-") ? "second" : "main"} ${portId}`),
  );
  const live = ["main", "second"].flatMap((account) =>
    of.emulator.control.ports(account).map(({ id }) => `${account} ${id}`),
  );
  expect(held.sort()).toEqual(live.sort());
}

const bought = (of = project): number => of.emulator.control.purchases().length;
const methods = (of = project): Set<string> => new Set(of.calls().map((call) => call.split(" ")[0] as string));
/** Steps of a run, but for the component that YAML has none of. */
const stepsIn = ({ steps: { group: _, ...steps } }: Run): Set<string> =>
  new Set(Object.values(steps).filter((step) => step !== "same"));
const outputsOf = async (of = project): Promise<object> =>
  Object.fromEntries(
    Object.entries((await of.outputs()) as Record<string, Record<string, unknown>>).map(
      ([name, { size: _, ...all }]) => [name, all],
    ),
  );

it("what is due in the run of the move is renewed by it, as many at a time as in any run", async () => {
  const moved = await project.copy();
  try {
    moved.emulator.control.clock.advance("660h"); // 27.5 days: all leases are due, and the overlap has passed
    const [before, first] = [await members(moved), bought(moved)];
    write("yaml", moved);
    expect(stepsIn(await moved.run("preview"))).toEqual(new Set(["update"]));
    expect(stepsIn(await moved.up("--refresh"))).toEqual(new Set(["update"]));
    expect(bought(moved)).toBe(first + 2 * Object.keys(ARGS).length);
    await expectTruth(moved);
    const after = await members(moved);
    for (const [name, { id, portId }] of Object.entries(before)) {
      expect(after[name]).toMatchObject({ id, type: "proxies-sx:index:Port" });
      if (!name.startsWith("plain")) expect(after[name]?.portId).not.toBe(portId);
    }
    await moved.up();
    await moved.up();
    await expectTruth(moved);
    expect(bought(moved)).toBe(first + 2 * Object.keys(ARGS).length + 1);
    await moved.refresh("--expect-no-changes");
    await moved.run("up", "--skip-preview", "--expect-no-changes");
    const equipped = moved.emulator.control.ports().filter(({ osFingerprint }) => osFingerprint === "windows:1");
    expect(equipped.length).toBe(2);
    for (const port of equipped)
      expect(port).toMatchObject({
        proxyLogin: "team-a",
        rotationSettings: { intervalSeconds: 900, matchCarrier: true },
      });
    await moved.pulumi(["state", "unprotect", "--all", "--yes"]);
    await moved.run("destroy", "--skip-preview");
    await expectTruth(moved);
    expect(await members(moved)).toEqual({});
  } finally {
    await moved.close();
  }
});

it.each(["yaml", "typescript"] as const)("to %s: only updates, only reads, and a quiet refresh", async (language) => {
  const [before, outputs, purchases] = [await members(), await outputsOf(), bought()];
  expect(Object.values(before).some(({ retiring }) => retiring?.length)).toBe(true);
  expect(Object.values(before).filter(({ protect }) => protect)).toHaveLength(2);
  write(language);
  methods();
  expect(stepsIn(await project.run("preview"))).toEqual(new Set(["update"]));
  expect(stepsIn(await project.up())).toEqual(new Set(["update"]));
  const after = await members();
  expect(withoutTypes(after)).toEqual(withoutTypes(before));
  const type = { yaml: "proxies-sx:index:Port", typescript: "pulumi-nodejs:dynamic/proxies-sx:Port" }[language];
  expect(new Set(Object.values(after).map((one) => one.type))).toEqual(new Set([type]));
  expect(await outputsOf()).toEqual(outputs);

  await project.refresh("--expect-no-changes");
  await project.run("up", "--expect-no-changes");
  expect([methods(), bought()]).toEqual([new Set(["GET"]), purchases]);
  await expectTruth();
  const text = JSON.stringify(await project.state());
  for (const secret of [PASSWORD, key, project.emulator.apiKey]) expect(text).not.toContain(secret);
});

it("and a destroy leaves nothing", async () => {
  await project.pulumi(["state", "unprotect", "--all", "--yes"]);
  await project.run("destroy", "--skip-preview");
  await expectTruth();
  expect([await members(), (await project.state()).resources ?? []]).toEqual([{}, []]);
});
