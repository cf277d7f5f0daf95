import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { addFunctions, Examples, live, takeOver } from "./examples";
import { referencePrograms } from "./reference";

/** The engine is needed: its host of Python runs the programs, and finds the plugin by what the SDK says. */
jest.setTimeout(1_200_000);

let examples: Examples;
beforeAll(async () => {
  examples = await Examples.open("python");
});
afterAll(() => examples.close());

it("quickstart, with the functions that docs/languages.md shows", async () => {
  const project = await examples.program("quickstart");
  addFunctions(project, "python");
  await live(project, 1, { hasFunctions: true });
});

it("fleet, of as many ports as the stack's settings say", async () => {
  const project = await examples.program("fleet");
  await live(project, 3);
  await project.pulumi(["config", "set", "size", "1"]);
  await live(project, 1);
});

it("fleet, of a stack whose program was in TypeScript", async () => takeOver(await examples.program("fleet")));

it("an input that is wrong is reported by its name, and nothing is bought", async () => {
  const project = await examples.program("fleet");
  await project.pulumi(["config", "set", "size", "--", "-1"]);
  const { code, output } = await project.tryRun("up", "--skip-preview");
  expect(code).not.toBe(0);
  expect(output).toContain("size: is not a whole number from 0 to");
  expect(project.emulator.control.ports()).toEqual([]);
});

it("a preview of all examples in the reference, as one program", async () => {
  const all = referencePrograms("python");
  // Names are those of one program each.
  const own = ([page, program]: [string, string]): string =>
    program.replace(/(?<=\(\s*)"(?=[a-z0-9]+",)/g, `"${page}-`);
  const project = examples.reference("reference", {
    "Pulumi.yaml": "name: reference\nruntime: python\n",
    "__main__.py": all.map(own).join("\n"),
  });
  await promisify(execFile)(join(examples.all.program, "venv/bin/pip"), [
    "install",
    "--quiet",
    "pulumi-random==4.21.2",
  ]);
  const { output } = await project.run("preview");
  for (const [page] of all) expect(output).toContain(` ${page}-`);
});
