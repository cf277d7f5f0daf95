import { expectEquipped, expectTruth } from "./account-truth";
import { type Declared, Project } from "./project";
import { equipped, fleet, withOptions } from "./resources";

/** `pulumi state move` is the engine's. */
jest.setTimeout(900_000);

let project: Project;
afterAll(() => project.close());

const program = (...declared: Declared[]): Declared[] => withOptions({ protect: true }, ...declared);

it("`pulumi state move`: each stack renews what it holds, and buys what it declares anew", async () => {
  project = await Project.open({ config: { slots: { shared: 3, private: 0 } } });
  const { control } = project.emulator;
  const bought = (): number => control.purchases().length;
  project.declare(...program(...equipped("a"), fleet("f")));
  await project.up();

  const other = project.another("other");
  const urns = (await project.state()).resources.map(({ urn }) => urn).filter((urn) => /::a(-\w+)?$/.test(urn));
  expect(urns).toHaveLength(4);
  const [source, dest] = ["test", "other"].map((name) => `organization/${name}/dev`) as [string, string];
  await project.pulumi(["state", "move", "--yes", "--source", source, "--dest", dest, ...urns]);
  control.clock.advance("28d");
  other.declare(...program(...equipped("a")));
  expect((await other.up()).steps).toMatchObject({ a: "update", "a-login": "update" });
  expect(bought()).toBe(4);
  project.declare(...program(fleet("f")));
  await project.up();
  expect(bought()).toBe(6);
  expectEquipped(project, await expectTruth([project, other]));
  for (const each of [project, other]) await each.up("--expect-no-changes");

  // Waits for purchases that end with the run that made them: the first stack's run bought what now is the other's.
  control.configure({ slots: { shared: 4, private: 0 } });
  project.declare(...program(...equipped("a"), fleet("f")));
  expect((await project.up()).steps).toMatchObject({ a: "create" });
  expect(bought()).toBe(7);
  await expectTruth([project, other]);
});
