import { Project } from "./project";
import { equipped } from "./resources";

jest.setTimeout(300_000);

let project: Project;
async function open(slots = 50): Promise<void> {
  project = await Project.open({ config: { slots: { shared: slots, private: 5 } } });
}
afterEach(() => project.close());

const ALL = equipped("a").map(({ name }) => name);
const declare = (args: object = {}): void =>
  project.declare(...equipped("a", { ...args }).map((one) => ({ ...one, options: { protect: true } })));
const bought = (): number => project.emulator.control.purchases().length;
const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
/** Names of what the state protects. */
async function kept(): Promise<string[]> {
  const { resources } = await project.state();
  const all = resources.filter((one) => (one as { protect?: boolean }).protect);
  return all.map(({ urn }) => urn.split("::").at(-1) ?? "").sort();
}
/** The port that serves now. */
async function serving(): Promise<string> {
  const { resources } = await project.state();
  return String(resources.find(({ urn }) => urn.endsWith("::a"))?.outputs.portId);
}
/** The port that serves now is the one bought last, under the first id, with all its settings. */
async function expectRenewed(first: string): Promise<void> {
  expect(bought()).toBe(2);
  expect(await project.id("a")).toBe(first);
  const now = await serving();
  expect(now).not.toBe(first);
  expect(project.emulator.control.port(now)).toMatchObject({ proxyLogin: "team-a", osFingerprint: "windows:1" });
  expect(await kept()).toEqual([...ALL].sort());
}

it.each([
  ["with a free slot the old port serves until the next run", 50, 2],
  ["without one the old port goes first", 1, 1],
])("a port and settings that are all protected are renewed by an update; %s", async (_, slots, serve) => {
  await open(slots);
  declare();
  await project.up();
  const first = await project.id("a");
  project.emulator.control.clock.advance("29d");
  const { steps } = await project.up();
  expect(steps).toEqual(Object.fromEntries(ALL.map((name) => [name, "update"])));
  await expectRenewed(first);
  expect(live()).toHaveLength(serve);

  await project.up();
  expect(live()).toEqual([await serving()]);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await expectRenewed(first);
});

it("nothing replaces or releases them", async () => {
  await open();
  declare();
  await project.up();
  declare({ slotType: "private" });
  expect((await project.tryRun("up", "--skip-preview")).output).toContain("unable to replace resource");
  project.declare();
  expect((await project.tryRun("up", "--skip-preview")).output).toMatch(/protect/);
  expect((await project.tryRun("destroy", "--skip-preview")).output).toMatch(/protect/);
  expect(bought()).toBe(1);
  expect(live()).toHaveLength(1);
});

it("a lease that becomes due by the program's change is renewed in the same run", async () => {
  await open();
  declare();
  await project.up();
  const first = await project.id("a");
  project.emulator.control.clock.advance("20d");
  declare({ renewBefore: "15d" });
  expect((await project.up()).steps.a).toBe("update");
  await expectRenewed(first);
});

it("a port that is gone at the vendor is bought anew in its place, with its settings", async () => {
  await open();
  declare();
  await project.up();
  const first = await project.id("a");
  project.emulator.control.removePort(first);
  await project.up("--refresh", "--run-program");
  await expectRenewed(first);
  expect(live()).toHaveLength(1);
  await project.run("up", "--skip-preview", "--expect-no-changes");
});
