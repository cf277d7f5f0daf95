import { Project } from "./project";
import { equipped } from "./resources";

jest.setTimeout(300_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(() => project.close());

const declare = (args: object = {}): void =>
  project.declare(...equipped("a", { ...args }).map((one) => ({ ...one, options: { protect: true } })));
const bought = (): number => project.emulator.control.purchases().length;
async function protectedOnes(): Promise<Record<string, boolean>> {
  const { resources } = await project.state();
  return Object.fromEntries(
    resources
      .filter(({ type }) => type.includes("proxies-sx:"))
      .map(({ urn, ...one }): [string, boolean] => [
        urn.split("::").at(-1) ?? "",
        Boolean((one as { protect?: boolean }).protect),
      ]),
  );
}

it("a protected port is renewed when its lease is due, and protected again by the run after", async () => {
  declare();
  await project.up();
  const all = Object.keys(await protectedOnes());
  const eachIs = (value: boolean): object => Object.fromEntries(all.map((name) => [name, value]));
  expect(await protectedOnes()).toEqual(eachIs(true));

  project.emulator.control.clock.advance("29d");
  const preview = (await project.pulumi(["preview", "--json"])).output;
  const { steps: planned } = JSON.parse(preview) as { steps: { urn: string; op: string; newState?: object }[] };
  const marked = { additionalSecretOutputs: expect.arrayContaining(["__due"]) as string[] };
  expect(planned.find(({ urn }) => urn.endsWith("Port::a"))).toMatchObject({ op: "replace", newState: marked });
  const { steps } = await project.up();
  expect(steps.a).toBe("replace");
  expect(bought()).toBe(2);
  expect(project.emulator.control.ports()).toHaveLength(1);
  expect(await protectedOnes()).toEqual(eachIs(false));

  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(await protectedOnes()).toEqual(eachIs(true));
  expect(JSON.stringify((await project.state()).resources)).not.toContain("__due");
});

it("nothing else replaces or releases it", async () => {
  declare();
  await project.up();
  declare({ slotType: "private" });
  expect((await project.tryRun("up", "--skip-preview")).output).toContain("unable to replace resource");
  expect((await project.tryRun("destroy", "--skip-preview")).output).toMatch(/protect/);
  expect(bought()).toBe(1);
  expect(project.emulator.control.ports()).toHaveLength(1);
});
