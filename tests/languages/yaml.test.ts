import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Project } from "../engine/project";
import { addFunctions, answers, Examples, joinYaml, live } from "./examples";
import { functionPrograms, referencePrograms } from "./reference";

/** The engine is needed: its host of YAML checks programs by the plugin's schema. */
jest.setTimeout(1_200_000);

let examples: Examples;
beforeAll(async () => {
  examples = await Examples.open("yaml");
});
afterAll(() => examples.close());

it("quickstart, with the functions that docs/languages.md shows", async () => {
  const project = await examples.program("quickstart");
  addFunctions(project, "yaml");
  await live(project, 1, { hasFunctions: true });
});

it("fleet", async () => live(await examples.program("fleet"), 3));

it("a second account, by a provider of the program: its port is bought there, and its key is in no state", async () => {
  const project = await examples.program("fleet");
  const second = project.emulator.control.keys.addKey(undefined, "second");
  const file = join(project.program, "Pulumi.yaml");
  const own = "  second:\n    type: pulumi:providers:proxies-sx\n    properties:\n";
  const other =
    "  other:\n    type: proxies-sx:Port\n    properties:\n      country: GB\n      expiresIn: 30d\n    options:\n      provider: ${second}\n";
  const text = readFileSync(file, "utf8")
    .replace("resources:\n", `resources:\n${own}      apiKey: ${second}\n      apiUrl: ${project.emulator.url}\n`)
    .replace("outputs:\n", `${other}outputs:\n`);
  writeFileSync(file, text);
  await project.up();
  expect(["main", "second"].map((account) => project.emulator.control.ports(account).length)).toEqual([3, 1]);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  const { output } = await project.pulumi(["stack", "export"]);
  expect(output).toContain("providers:proxies-sx::second");
  expect(output).not.toContain(second);
  await project.run("destroy", "--skip-preview");
});

it("code that an import generates holds no password and no token, alone and in bulk", async () => {
  const project = await examples.program("fleet");
  const { control } = project.emulator;
  const bought = [control.buyPort({ country: "DE" }), control.buyPort({ country: "GB", slotType: "private" })];
  const [code, file] = [join(project.program, "imported.yaml"), join(project.program, "all.json")];
  const all = bought.slice(1).flatMap(({ id }) => [
    { type: "proxies-sx:index:Port", name: "scraper", id },
    { type: "proxies-sx:index:Credentials", name: "login", id },
  ]);
  writeFileSync(file, JSON.stringify({ resources: all }));
  const [alone = ""] = bought.map(({ id }) => id);
  let told = "";
  for (const what of [
    ["proxies-sx:index:Port", "alone", alone],
    ["proxies-sx:index:Credentials", "alone-login", alone],
    ["--file", file],
  ]) {
    const args = ["import", ...what, "--yes", "--skip-preview", "--protect=false", "--out", code];
    const { output } = await project.pulumi(args);
    const generated = readFileSync(code, "utf8");
    if (what.includes(alone)) expect(generated).toContain(`type: ${what[0]?.replace("index:", "")}`);
    told += output + generated;
  }
  expect(told).toMatch(/country: GB/);
  expect(told).toMatch(/proxyLogin: \w/);
  expect(told.match(/proxyPassword: ".*/g)).toEqual(['proxyPassword: ""', 'proxyPassword: ""']);
  const secrets = bought.flatMap(({ proxyPassword, rotationToken }) => [proxyPassword, rotationToken]);
  for (const secret of secrets) expect(told).not.toContain(secret);
  await project.run("destroy", "--skip-preview");
  expect(control.ports()).toEqual([]);
});

it.each(referencePrograms("yaml"))("a preview of the example in the reference: %s", async (page, program) => {
  const project = examples.reference(page, { "Pulumi.yaml": program.replace("name: example", `name: ${page}`) });
  const { output } = await project.run("preview");
  expect(output).toMatch(/\+ [1-9]\d* to create/);
});

it("all functions in the reference, as one program", async () => {
  const all = functionPrograms("yaml").map(([, program]) => program);
  const program = all.reduce(joinYaml);
  // Each has a name of its own for what it asks.
  expect(Object.keys((parse(program) as { variables: object }).variables)).toHaveLength(all.length);
  await answers(
    examples.reference("functions", { "Pulumi.yaml": program.replace("name: example", "name: functions") }),
  );
});

describe("a fault is reported, and nothing is bought", () => {
  let project: Project;
  beforeEach(async () => {
    project = await examples.program("quickstart");
  });

  const failsWith = async (text: string): Promise<void> => {
    const { code, output } = await project.tryRun("up", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain(text);
    expect(project.emulator.control.ports()).toEqual([]);
  };

  it("no key", async () => {
    await project.pulumi(["config", "rm", "proxies-sx:apiKey"]);
    await failsWith("proxies-sx:apiKey");
  });

  it.each([
    ["a property that there is not", "renewBefore:", "renewBefor:", "renewBefor"],
    ["a value out of range", "expiresIn: 30d", "expiresIn: 30s", "expiresIn"],
  ])("%s", async (_, from, to, told) => {
    const file = join(project.program, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(from, to));
    await failsWith(told);
    writeFileSync(file, text);
  });

  it("a plugin that is not installed", async () => {
    const { PULUMI_HOME = "" } = project.env;
    project.env.PULUMI_HOME = join(project.folder, "empty-home");
    await failsWith("proxies-sx");
    project.env.PULUMI_HOME = PULUMI_HOME;
  });
});
