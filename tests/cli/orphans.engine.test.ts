import { orphansCommand } from "../../cli/commands/orphans";
import { type Declared, Project } from "../engine/project";
import { port, rotation } from "../engine/resources";
import { hearing } from "./terminal";

/** Which ports a stack holds is the engine's to say, also in the middle of a run. */
jest.setTimeout(900_000);

let project: Project;
const said: string[] = [];
beforeEach(async () => {
  project = await Project.open();
});
afterEach(async () => {
  const secrets = project.emulator.control.ports().flatMap((one) => [one.proxyPassword, one.rotationToken]);
  for (const canary of [project.emulator.apiKey, ...secrets]) expect(said.join("")).not.toContain(canary);
  await project.close();
});

async function orphans(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = hearing(project.env);
  const code = await orphansCommand(["--stack", "dev", "--cwd", project.program, ...argv], terminal);
  said.push(terminal.said.out, terminal.said.err);
  return { code, ...terminal.said };
}

async function ids(): Promise<string[]> {
  const { out } = await orphans("--json");
  return (JSON.parse(out) as { orphans: { id: string }[] }).orphans.map(({ id }) => id);
}

/** What the printed code declares, as it stands. */
function evaluated(code: string): Declared[] {
  const declared: Declared[] = [];
  class Port {
    constructor(name: string, args: Declared["args"], options: Declared["options"]) {
      declared.push({ type: "Port", name, args, ...(options && { options }) });
    }
  }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function("proxies", code)({ Port });
  return declared;
}

it("finds just what was bought behind the back, and the printed code adopts it", async () => {
  const program = [port("a"), port("b", { country: "GB" }), rotation("r", "a", { intervalSeconds: 600 })];
  project.declare(...program);
  await project.up();
  expect((await orphans()).code).toBe(0);

  const { id } = project.emulator.control.buyPort({ country: "DE", carrier: "Vodafone", slotType: "private" });
  expect(await ids()).toEqual([id]);
  const { code, out } = await orphans("--adopt");
  expect(code).toBe(1);

  project.declare(...program, ...evaluated(out));
  project.writes();
  expect((await project.up()).steps).toMatchObject({ "proxy-3": "create" });
  expect(project.writes()).toEqual([]);
  expect(await project.id("proxy-3")).toBe(id);
  expect((await orphans()).code).toBe(0);
  await project.run("up", "--skip-preview", "--expect-no-changes");
});

it("--delete takes just the orphan, and what a run is about to hold is never in danger", async () => {
  project.declare(port("a"), port("b"));
  await project.up();
  const { id } = project.emulator.control.buyPort();
  project.declare(port("a"), port("b"), port("c"));
  const { control } = project.emulator;
  control.addFault({ method: "POST", path: "/ports", hang: "after", times: 1 }); // bought, and not known to the state
  const run = project.up();
  while (control.ports().length < 4) await new Promise((resolve) => setTimeout(resolve, 50));
  const refused = await orphans("--delete", "--yes");
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining("c in dev")]);
  expect(control.ports()).toHaveLength(4);
  await run;

  expect(await ids()).toEqual([id]);
  expect((await orphans("--delete", "--yes")).code).toBe(0);
  const kept = control.ports().map((one) => one.id);
  expect(kept.sort()).toEqual([await project.id("a"), await project.id("b"), await project.id("c")].sort());
  await project.refresh("--expect-no-changes");
});

it("a stack that is not there is no reason to think that all ports are orphans", async () => {
  project.emulator.control.buyPort();
  const missing = await orphans("--stack", "nope", "--delete", "--yes");
  expect([missing.code, missing.out]).toEqual([3, ""]);
  expect(missing.err).toMatch(
    /^asking .* both from stack dev\nproxies-sx orphans: `pulumi stack export --stack=nope` failed: no stack named 'nope'.*\n$/,
  );
  const empty = await orphans("--delete", "--yes");
  expect([empty.code, empty.err]).toEqual([2, expect.stringContaining("--holds-none dev")]);
  expect(project.emulator.control.ports()).toHaveLength(1);
});
