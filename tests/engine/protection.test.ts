import { expectEquipped, expectTruth, protectedIn } from "./account-truth";
import { type Declared, Project, type Run } from "./project";
import { equipped, fleet, group, withOptions } from "./resources";

/** Protection is the engine's, in each of its ways. */
jest.setTimeout(900_000);

/** Live ports of what `ways` declares. */
const SIZE = 7;
/** Its Ports and their settings. A fleet gives its fingerprint with the purchase. */
const RESOURCES = 5 * 4 + 2 * 3;
let project: Project;
beforeAll(async () => {
  project = await Project.open({ config: { slots: { shared: SIZE, private: 5 } } });
});
afterAll(() => project.close());

/** Ports with all their settings and a fleet, each protected by another way, or as `options` say. */
function ways(options?: Record<string, unknown>): Declared[] {
  const by = (way: Record<string, unknown>): Record<string, unknown> => options ?? way;
  const [port, ...settings] = equipped("by-settings") as [Declared, ...Declared[]];
  return [
    ...withOptions(by({}), port),
    ...withOptions(by({ protect: true }), ...settings),
    ...withOptions(by({ protect: true }), equipped("by-port")[0] as Declared),
    ...withOptions(by({}), ...equipped("by-port").slice(1)),
    ...withOptions(by({ protects: "transformations" }), ...equipped("by-transformation")),
    ...withOptions(by({ protects: "transforms" }), ...equipped("by-transform")),
    group("group", by({ protect: true })),
    ...withOptions({ parent: "group" }, ...equipped("by-component")),
    ...withOptions(by({ protect: true }), fleet("by-fleet")),
  ];
}

const control = (): Project["emulator"]["control"] => project.emulator.control;
const bought = (): number => control().purchases().length;
/** What a run did, apart from what stayed as it was. */
const changes = ({ steps }: Run): string[] =>
  Object.entries(steps).flatMap(([name, step]) => (step === "same" ? [] : [`${name}: ${step}`]));

/** A run that renews all ports, in place, with their settings. */
async function expectRenewal(): Promise<void> {
  const [before, old] = [bought(), await expectTruth([project])];
  const run = await project.up();
  expect(changes(run).filter((change) => !change.endsWith(": update"))).toEqual([]);
  expect(changes(run)).toHaveLength(RESOURCES);
  expect(bought()).toBe(before + SIZE);
  const now = await expectTruth([project]);
  expect(Object.keys(now)).toHaveLength(SIZE);
  expect(Object.values(now).filter((id) => Object.values(old).includes(id))).toEqual([]);
  expectEquipped(project, now);
}

/** Neither destroying nor taking it out of the program releases a port. */
async function expectNoRelease(): Promise<void> {
  const held = await expectTruth([project]);
  expect((await project.tryRun("destroy", "--skip-preview")).output).toMatch(/protect/);
  project.declare();
  expect((await project.tryRun("up", "--skip-preview")).output).toMatch(/protect/);
  expect(await expectTruth([project])).toEqual(held);
}

const quiet = (): Promise<Run> => project.up("--expect-no-changes");

it("each way to protect lets renewals go on, on a full account, and refuses deletes", async () => {
  project.declare(...ways());
  await project.up();
  const kept = await protectedIn(project);
  expect(kept.sort()).toEqual(
    [
      "by-port",
      ...["-rotation", "-login", "-os"].map((setting) => `by-settings${setting}`),
      ...["by-transformation", "by-transform", "by-component", "by-fleet-1", "by-fleet-2"].flatMap((name) =>
        ["", "-rotation", "-login"].map((part) => name + part).concat(name.startsWith("by-fleet") ? [] : `${name}-os`),
      ),
      "group",
      "by-fleet",
    ].sort(),
  );
  control().clock.advance("28d");
  expect(changes(await project.run("preview"))).toHaveLength(RESOURCES);
  await expectRenewal();
  await quiet();
  expect((await protectedIn(project)).sort()).toEqual(kept.sort());
  await expectNoRelease();
});

it("a protected port that is gone is bought anew, in place; another slot type is refused, and buys nothing", async () => {
  project.declare(...ways());
  await project.up(); // with what a refused destroy has released
  const before = bought();
  const { "by-port": gone = "" } = await expectTruth([project]);
  control().removePort(gone);
  const run = await project.up("--refresh", "--run-program");
  expect(run.steps).toMatchObject({ "by-port": "update", "by-port-login": "update" });
  expect(bought()).toBe(before + 1);
  expectEquipped(project, await expectTruth([project]));
  await quiet();

  const [port, ...rest] = ways().filter(({ name }) => name.startsWith("by-port"));
  const others = ways().filter(({ name }) => !name.startsWith("by-port"));
  project.declare({ ...(port as Declared), args: { ...port?.args, slotType: "private" } }, ...rest, ...others);
  expect((await project.tryRun("up", "--skip-preview")).output).toContain("unable to replace resource");
  expect(bought()).toBe(before + 1);
  await expectTruth([project]);
});

it("a transformation of the whole stack does so too, and old ports retire and are released all the same", async () => {
  const all: Declared[] = [{ type: "Protection", name: "stack", args: {} }, ...ways({})];
  project.declare(...all);
  await project.up();
  control().configure({ slots: { shared: 2 * SIZE, private: 5 } });
  control().clock.advance("28d");
  await expectRenewal();
  expect(control().ports()).toHaveLength(2 * SIZE);
  await project.up();
  await expectTruth([project]);
  expect(control().ports()).toHaveLength(SIZE);
  await quiet();
  await expectNoRelease();
});

it("`pulumi state protect` does so too", async () => {
  control().configure({ slots: { shared: SIZE, private: 5 } });
  project.editState((resources) => resources.forEach((one) => delete one.protect));
  await project.pulumi(["state", "protect", "--all", "--yes"]);
  control().clock.advance("28d");
  await expectNoRelease();
  project.declare(...ways({}));
  await expectRenewal();
  await quiet();
});
