import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planCommand } from "../../cli/commands/plan";
import { type Limits } from "../../review/limits";
import { type Plan } from "../../review/plan";
import { hearing } from "../cli/terminal";
import { ENVIRONMENTS, lastStep, outputsIn, runStep } from "../review/workflow";
import { Project } from "./project";
import { login, port, rotation } from "./resources";

/** A plan reads the engine's preview, and must show what its `up` then does. */
jest.setTimeout(900_000);

let project: Project;
const said: string[] = [];
afterEach(async () => {
  const { apiKey, control } = project.emulator;
  const secrets = control.ports().flatMap(({ proxyPassword, rotationToken }) => [proxyPassword, rotationToken]);
  for (const canary of [apiKey, ...secrets]) expect(said.join("")).not.toContain(canary);
  await project.close();
});

async function plan(limits: Limits, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = join(project.folder, "limits.json");
  writeFileSync(file, JSON.stringify(limits));
  const terminal = hearing(project.env);
  const code = await planCommand(["--stack", "dev", "--cwd", project.program, "--limits", file, ...argv], terminal);
  said.push(terminal.said.out, terminal.said.err);
  return { code, ...terminal.said };
}

async function planned(...argv: string[]): Promise<Plan> {
  const { code, out, err } = await plan({}, "--json", ...argv);
  if (code !== 0) throw new Error(err || out);
  return JSON.parse(out) as Plan;
}

const before = [port("stays"), port("moves"), port("goes"), port("turns-private"), port("old")];
const after = [
  port("stays"),
  rotation("stays-rotation", "stays", { intervalSeconds: 900 }),
  login("stays-login", "stays", { proxyLogin: "team-a", proxyPassword: "a-password-of-tests" }),
  port("moves", { country: "PL" }),
  port("turns-private", { slotType: "private" }),
  port("new-name", {}, { aliases: [{ name: "old" }] }),
  port("comes", { country: "GB" }),
];

it("what it shows is what `pulumi up` does, and what it forbids ends with 1", async () => {
  project = await Project.open({ config: { slots: { shared: 6, private: 1 } } });
  project.declare(...before);
  await project.up();
  project.declare(...after);
  const told = await planned();
  const slotsBefore = told.slots.map(({ free }) => free);

  const blocked = await plan({ maxPorts: 4, countries: ["DE"], noPasswordInCode: true });
  expect(blocked.code).toBe(1);
  expect(blocked.out).toContain("stack dev: maxPorts: 5 ports, at most 4 allowed.");
  expect(blocked.out).toContain("comes: countries: GB is not one of DE.");
  expect(blocked.out).toContain("stays-login: noPasswordInCode: the password comes from no resource");
  expect(project.emulator.control.ports()).toHaveLength(5);

  const id = await project.id("moves");
  const bought = project.emulator.control.purchases().length;
  await project.up();
  const count = (does: string): number => told.ports.filter((one) => one.does === does).length;
  expect(project.emulator.control.purchases().length - bought).toBe(count("buy") + count("replace"));
  expect(await project.id("moves")).toBe(id);
  expect(told.ports.find(({ name }) => name === "moves")).toMatchObject({ does: "move", after: { country: "PL" } });
  expect(told.ports.find(({ name }) => name === "new-name")).toMatchObject({ does: "keep", formerName: "old" });
  expect(told.settings.map(({ kind, port: of }) => `${kind} ${of}`).sort()).toEqual([
    "Credentials stays",
    "RotationSettings stays",
  ]);
  expect(slotsBefore).toEqual([{ value: 1 }, { value: 1 }]);

  const settled = await planned();
  expect(settled.slots.map(({ free }) => free)).toEqual(told.slots.map(({ freeAfter }) => freeAfter));
  expect(settled.ports.map(({ does }) => does)).toEqual(["keep", "keep", "keep", "keep", "keep"]);
  expect(settled.places).toEqual(
    told.places.filter((one) => one.after > 0).map((one) => ({ ...one, before: one.after })),
  );
  expect(settled.settings).toEqual([]);
});

it("renewals of a fleet, a port that is gone, and a preview that fails", async () => {
  project = await Project.open({}, join(__dirname, "fleet.js"));
  const lease = { expiresIn: "30d", renewBefore: "3d", stagger: 0, maxRenewalsPerUpdate: 1 };
  const declare = (country: string): void =>
    writeFileSync(
      join(project.program, "fleets.json"),
      JSON.stringify({
        scraper: { args: { size: 2, locations: [{ country }], lease, credentials: { proxyLogin: "team-a" } } },
      }),
    );
  declare("DE");
  await project.up();
  project.emulator.control.clock.advance("26d");
  expect((await planned()).renewals.map(({ port: name }) => name).sort()).toEqual(["scraper-1", "scraper-2"]);
  project.emulator.control.clock.advance("1d");
  const due = await planned();
  expect(due.ports.map(({ does, why }) => [does, ...why].join(" ")).sort()).toEqual(["keep", "renew lease due"]);
  expect(due.settings).toEqual([]);

  project.emulator.control.removePort(await project.id("scraper-1"));
  const gone = await planned("--refresh");
  expect(gone.ports.find(({ name }) => name === "scraper-1")).toMatchObject({
    does: "renew",
    why: ["gone at the vendor"],
  });

  declare("Atlantis");
  const failed = await plan({}, "--markdown");
  expect([failed.code, failed.out]).toEqual([3, expect.stringContaining("**The preview failed**")]);
  expect(failed.out).toContain("country: is not a country");
});

describe("the workflows of the environments example, as a runner runs them", () => {
  const outputs = (): string => join(project.folder, "github-output");

  async function checkedOut(): Promise<void> {
    project = await Project.open({}, join(ENVIRONMENTS, "fleet"));
    const { folder, program } = project;
    for (const file of ["limits.json", "package.json"]) cpSync(join(ENVIRONMENTS, file), join(folder, file));
    symlinkSync(program, join(folder, "fleet"));
  }

  async function run(
    name: string,
    job: string,
    key = project.emulator.apiKey,
  ): Promise<{ code: number; output: string }> {
    const { env, emulator, folder } = project;
    rmSync(outputs(), { force: true });
    const secrets = { PROXIES_API_KEY: key, PROXIES_API_URL: emulator.url };
    const done = await runStep(lastStep(name, job), folder, {
      ...env,
      ...secrets,
      STACK: "dev",
      GITHUB_OUTPUT: outputs(),
    });
    said.push(done.output);
    return done;
  }

  it("plan, up and drift", async () => {
    await checkedOut();
    const { control } = project.emulator;
    const readOnly = control.keys.addKey(["ports:read", "account:read", "traffic:read"]);
    project.set("proxies-sx:apiKey");

    const first = await run("plan.yml", "plan", readOnly);
    expect([first.code, first.output]).toEqual([0, expect.any(String)]);
    const { text } = outputsIn(outputs());
    expect(text).toMatch(/^<!-- proxies-sx plan proxies-environments\/dev -->\n\n### proxies\.sx .*: 2 ports to buy\n/);

    const up = await run("up.yml", "up");
    expect([up.code, up.output]).toEqual([0, expect.any(String)]);
    expect(control.ports()).toHaveLength(2);
    const drift = async (): Promise<string | undefined> => {
      const { code, output } = await run("drift.yml", "check", readOnly);
      expect([code, output]).toEqual([0, expect.any(String)]);
      return outputsIn(outputs()).changes;
    };
    expect(await drift()).toBe("0");
    control.editPort(control.ports()[0]?.id ?? "", { country: "GB" });
    expect(await drift()).toBe("1");

    writeFileSync(join(project.folder, "limits.json"), '{ "maxPorts": 1 }');
    const bought = control.purchases().length;
    const blocked = await run("up.yml", "up");
    expect([blocked.code, blocked.output]).toEqual([1, expect.stringContaining("Limits that do not hold:")]);
    expect(control.purchases()).toHaveLength(bought);
    expect(readFileSync(outputs(), { encoding: "utf8", flag: "a+" })).not.toContain(readOnly);
  });
});
