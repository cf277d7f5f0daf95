import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Project } from "../engine/project";
import { addFunctions, Examples, live, takeOver } from "./examples";
import { referencePrograms } from "./reference";

/** The engine is needed: its host of Go builds and runs the programs, and finds the plugin by what the SDK says. */
jest.setTimeout(1_200_000);

/** Another package, of which an example of Credentials has its password. */
const RANDOM = "github.com/pulumi/pulumi-random/sdk/v4@v4.21.2";

let examples: Examples;
beforeAll(async () => {
  examples = await Examples.open("go");
});
afterAll(() => examples.close());

it("quickstart, with the functions that docs/languages.md shows", async () => {
  const project = await examples.program("quickstart");
  addFunctions(project, "go");
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

it("all examples in the reference compile, as gofmt formats them, and one is previewed", async () => {
  const pages = referencePrograms("go").map(([page, program]) => {
    return examples.reference(page, { "Pulumi.yaml": `name: ${page}\nruntime: go\n`, "main.go": program });
  });
  const [first] = pages as [Project];
  const go = (command: string, ...args: string[]): Promise<{ stdout: string }> =>
    promisify(execFile)(command, args, { cwd: join(first.program, ".."), env: first.env });
  await go("go", "get", RANDOM);
  await go("go", "vet", "./...");
  expect((await go("gofmt", "-l", ...pages.map((page) => page.program))).stdout).toBe("");
  const { output } = await first.run("preview");
  expect(output).toMatch(/\+ [1-9]\d* to create/);
});
