import { expectEquipped, expectTruth } from "./account-truth";
import { type Declared, Project, type Run } from "./project";
import { equipped, fleet, withOptions } from "./resources";

/** The options of resources are the engine's. */
jest.setTimeout(900_000);

/** Ports of the program: one for each option, and a fleet's two. */
const SIZE = 7;
let project: Project;
beforeAll(async () => {
  project = await Project.open({ config: { slots: { shared: SIZE, private: 1 } } });
});
afterAll(() => project.close());

const control = (): Project["emulator"]["control"] => project.emulator.control;
const bought = (): number => control().purchases().length;

interface Changes {
  place?: string;
  trigger?: string;
  slotType?: string;
  without?: string;
}

/** Each port and its settings have the option of their name. */
function program({ place = "DE", trigger = "1", slotType = "shared", without }: Changes): Declared[] {
  return [
    ...withOptions({ replaceOnChanges: ["*"] }, ...equipped("replaces-on-changes", { country: place })),
    ...withOptions({ ignoreChanges: ["*"] }, ...equipped("ignores-changes", { country: place })),
    ...withOptions({ deleteBeforeReplace: true }, ...equipped("deletes-first", { slotType })),
    ...withOptions({ replacementTrigger: trigger }, ...equipped("trigger")),
    ...withOptions({ retainOnDelete: true }, ...equipped("retained"), fleet("retained-fleet")),
  ].filter(({ name }) => without === undefined || !name.startsWith(without));
}

async function up(changes: Changes = {}): Promise<Run> {
  project.declare(...program(changes));
  const run = await project.up();
  // The CLI prints a line as it comes, and once more at the end.
  const [, diagnostics = ""] = run.output.split("Diagnostics:");
  expect(diagnostics.match(/warning: the option \w+/g)?.sort()).toEqual([
    "warning: the option replaceOnChanges",
    "warning: the option retainOnDelete",
  ]);
  return run;
}
const nameOf = (id: string, ports: Record<string, string>): string | undefined =>
  Object.keys(ports).find((name) => ports[name] === id);

it("options for replacements do not touch a renewal, on a full account; two of them warn", async () => {
  await up();
  control().clock.advance("28d");
  const { steps } = await up();
  expect(Object.entries(steps).filter(([, step]) => step !== "update" && step !== "same")).toEqual([]);
  expect(bought()).toBe(2 * SIZE);
  const ports = await expectTruth([project]);
  expect(Object.keys(ports)).toHaveLength(SIZE);
  expectEquipped(project, ports);
  await project.up("--expect-no-changes");
});

it("each does what it says in a run in which all leases are due; what it replaces is bought once", async () => {
  const before = bought();
  control().clock.advance("28d");
  control().configure({ slots: { shared: SIZE, private: 1 } });
  const { steps } = await up({ place: "GB", slotType: "private" });
  expect(steps).toMatchObject({
    "replaces-on-changes": "update",
    "ignores-changes": "update",
    "deletes-first": "replace",
    "deletes-first-login": "replace",
    trigger: "update",
    retained: "update",
  });
  expect(bought()).toBe(before + SIZE);
  const ports = await expectTruth([project]);
  expectEquipped(project, ports);
  const countries = control()
    .ports()
    .filter(({ device }) => device?.country?.code === "GB")
    .map(({ id }) => nameOf(id, ports));
  expect(countries).toEqual(["replaces-on-changes"]);
  // The shared slot that one leaves may let another buy first: then its old port goes now.
  await project.up();
  await project.up("--expect-no-changes");
});

it("a trigger needs a slot for its replacement, and loses nothing without one", async () => {
  // One of the ports has a private slot by now, and no shared one is left over.
  control().configure({ slots: { shared: SIZE - 1, private: 1 } });
  const before = await expectTruth([project]);
  const changed = { place: "GB", slotType: "private", trigger: "2" };
  project.declare(...program(changed));
  const { code, output } = await project.tryRun("up", "--skip-preview");
  expect(code).not.toBe(0);
  expect(output).toMatch(/set the option deleteBeforeReplace, or free a slot/);
  expect(await expectTruth([project])).toEqual(before);

  control().configure({ slots: { shared: SIZE, private: 1 } });
  const count = bought();
  const { steps } = await up(changed);
  expect(steps).toMatchObject({ trigger: "replace", "trigger-login": "replace", retained: "same" });
  expect(bought()).toBe(count + 1);
  expectEquipped(project, await expectTruth([project]));
  await project.up("--expect-no-changes");
});

it("what is retained stays at the vendor, with the port from before a renewal", async () => {
  control().configure({ slots: { shared: 2 * SIZE, private: 2 } });
  control().clock.advance("28d");
  const changed = { place: "GB", slotType: "private", trigger: "2" };
  const old = await expectTruth([project]);
  await up(changed);
  const now = await expectTruth([project]);
  project.declare(...program({ ...changed, without: "retained" }));
  await project.up();
  const kept = [old, now].flatMap((ports) =>
    Object.keys(ports).flatMap((name) => (isRetained(name) ? [ports[name] ?? ""] : [])),
  );
  expect(kept).toHaveLength(6);
  await expectTruth([project], kept);
  await project.up("--expect-no-changes");
});

const isRetained = (name: string): boolean => name.startsWith("retained");
