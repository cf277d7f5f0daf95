import { Examples, live } from "./examples";

/** The engine is needed: its host of Go builds and runs the programs, and finds the plugin by what the SDK says. */
jest.setTimeout(1_200_000);

let examples: Examples;
beforeAll(async () => {
  examples = await Examples.open("go");
});
afterAll(() => examples.close());

it("quickstart", async () => live(await examples.program("quickstart"), 1));

it("fleet, of as many ports as the stack's settings say", async () => {
  const project = await examples.program("fleet");
  await live(project, 3);
  await project.pulumi(["config", "set", "size", "1"]);
  await live(project, 1);
});

it("an input that is wrong is reported by its name, and nothing is bought", async () => {
  const project = await examples.program("fleet");
  await project.pulumi(["config", "set", "size", "--", "-1"]);
  const { code, output } = await project.tryRun("up", "--skip-preview");
  expect(code).not.toBe(0);
  expect(output).toContain("size: is not a whole number from 0 to");
  expect(project.emulator.control.ports()).toEqual([]);
});
