import { addFunctions, Examples, live, takeOver } from "./examples";

/**
 * Opens the examples of a language for the tests of a file, and declares those of its quickstart and its fleet, which
 * each language has.
 *
 * @returns the examples, from the first test on
 */
export function examplesOf(language: "python" | "go"): () => Examples {
  let examples: Examples;
  beforeAll(async () => {
    examples = await Examples.open(language);
  });
  afterAll(() => examples.close());

  it("quickstart, with the functions that docs/languages.md shows", async () => {
    const project = await examples.program("quickstart");
    addFunctions(project, language);
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

  return () => examples;
}
