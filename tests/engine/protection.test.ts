import { Project } from "./project";
import { equipped } from "./resources";

jest.setTimeout(300_000);

let project: Project;
async function open(slots = 50): Promise<void> {
  project = await Project.open({ config: { slots: { shared: slots, private: 5 } } });
}
afterEach(() => project.close());

const declare = (args: object = {}): void =>
  project.declare(...equipped("a", { ...args }).map((one) => ({ ...one, options: { protect: true } })));
const bought = (): number => project.emulator.control.purchases().length;
const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
/** Names of what the state protects. */
async function kept(): Promise<string[]> {
  const { resources } = await project.state();
  const all = resources.filter((one) => (one as { protect?: boolean }).protect);
  return all.map(({ urn }) => urn.split("::").at(-1) ?? "");
}

it.each([
  ["with a free slot", 50],
  ["without one, the old port first", 1],
])("a protected port is renewed when its lease is due, %s, and protected again by the run after", async (_, slots) => {
  await open(slots);
  declare();
  await project.up();
  expect(await kept()).toEqual(["a"]);

  project.emulator.control.clock.advance("29d");
  const preview = await project.pulumi(["preview", "--json"]);
  expect(preview.output).toContain("__due");
  const { steps } = await project.up();
  expect(steps.a).toBe("replace");
  expect(bought()).toBe(2);
  expect(live()).toEqual([await project.id("a")]);
  expect(project.emulator.control.ports()[0]).toMatchObject({ proxyLogin: "team-a", osFingerprint: "windows:1" });
  expect(await kept()).toEqual([]);

  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(await kept()).toEqual(["a"]);
  expect(JSON.stringify((await project.state()).resources)).not.toContain("__due");
});

it("nothing else replaces or releases it", async () => {
  await open();
  declare();
  await project.up();
  declare({ slotType: "private" });
  expect((await project.tryRun("up", "--skip-preview")).output).toContain("unable to replace resource");
  expect((await project.tryRun("destroy", "--skip-preview")).output).toMatch(/protect/);
  expect(bought()).toBe(1);
  expect(live()).toHaveLength(1);
});

it("a renewal that the program could not foresee waits for the run after, and breaks nothing off", async () => {
  await open();
  declare();
  await project.up();
  project.emulator.control.clock.advance("20d");
  declare({ renewBefore: "15d" });
  const first = await project.up();
  expect(first.steps.a).toBe("update");
  expect(first.output).toContain("is due and protected: the next run renews it");
  expect(bought()).toBe(1);
  expect((await project.up()).steps.a).toBe("replace");
  expect(bought()).toBe(2);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(await kept()).toEqual(["a"]);
});

it("a protected port that is gone at the vendor is bought anew, with its settings", async () => {
  await open();
  declare();
  await project.up();
  project.emulator.control.removePort(await project.id("a"));
  await project.up("--refresh", "--run-program");
  expect(bought()).toBe(2);
  expect(project.emulator.control.ports()[0]).toMatchObject({ proxyLogin: "team-a" });
  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(await kept()).toEqual(["a"]);
});
