import { spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as tick } from "node:timers/promises";
import { below, endLeftovers, isProvider, type Row } from "../../bench/chaos/processes";
import { type Backend, type BackendName, BACKENDS } from "./backend";
import { Project } from "./project";
import { fleet, port } from "./resources";

/** Locks, checkpoints and what a killed run leaves are the backend's. */
jest.setTimeout(900_000);

let project: Project;
let started: Row[] = [];
afterEach(async () => {
  endLeftovers(started.splice(0));
  await project.close();
});

/** A machine of a team: its own home, login and journal, a checkout of its own, and the same backend. */
async function machine(name: string, { url, env }: Backend, checkout = project.program): Promise<Project> {
  const home = join(project.folder, name);
  const pulumiHome = join(home, ".pulumi");
  mkdirSync(pulumiHome, { recursive: true });
  symlinkSync(join(project.env.PULUMI_HOME as string, "plugins"), join(pulumiHome, "plugins"));
  const own: Record<string, string> = { ...project.env, ...env, HOME: home, PULUMI_HOME: pulumiHome };
  for (const foreign of ["PULUMI_BACKEND_URL", "PROXIES_SX_JOURNAL_DIR", "XDG_STATE_HOME"]) delete own[foreign];
  const program = join(home, "program");
  cpSync(checkout, program, { recursive: true, verbatimSymlinks: true });
  const made = project.beside(program, own);
  await made.pulumi(["login", url]);
  return made;
}

/** A run in the middle of a purchase, which goes on for ever: its provider is stopped. Gives what kills it. */
async function upThatHangs(on: Project): Promise<() => Promise<void>> {
  const { control } = project.emulator;
  const before = control.purchases().length;
  control.addFault({ method: "POST", path: "/ports", times: 1, hang: "after" });
  const args = ["up", "--yes", "--skip-preview", "--non-interactive", "-s=dev"];
  const cli = spawn("pulumi", args, { cwd: on.program, env: on.env, stdio: "ignore" });
  const ended = new Promise((resolve) => cli.once("exit", resolve));
  const deadline = Date.now() + 300_000;
  while (control.purchases().length === before) {
    if (cli.exitCode !== null || Date.now() > deadline) throw new Error("the run bought nothing");
    await tick(20);
  }
  started = below(cli.pid as number);
  const provider = started.find(isProvider);
  if (!provider) throw new Error("no provider is running");
  process.kill(provider.pid, "SIGSTOP");
  return async () => {
    cli.kill("SIGKILL"); // first: it would note that its provider has gone
    await ended;
    endLeftovers(started.splice(0));
    control.clearFaults();
  };
}

describe.each(Object.keys(BACKENDS) as BackendName[])("%s", (name) => {
  const { start, how } = BACKENDS[name];

  it("the lock holds for another machine, which takes up what a killed run bought", async () => {
    project = await Project.open();
    const backend = await start();
    if (!backend) {
      if (process.env.CI) throw new Error(`no server for this test (${how})`);
      return console.warn(`skipped: no server is installed (${how})`);
    }
    try {
      await takeTurns(backend);
    } finally {
      backend.stop();
    }
  });
});

async function takeTurns(backend: Backend): Promise<void> {
  const { control } = project.emulator;
  const live = (): string[] => control.ports().map(({ id }) => id);
  rmSync(join(project.program, "Pulumi.dev.yaml"));
  project.declare(fleet("f"), port("a"));
  const one = await machine("one", backend);
  await one.pulumi(["stack", "init", "dev", "--secrets-provider", "passphrase"]);
  await one.configure();
  await one.up();
  expect(live()).toHaveLength(3);

  one.declare(fleet("f"), port("a"), port("b"));
  const kill = await upThatHangs(one);
  const other = await machine("other", backend, one.program);
  const refused = await other.tryRun("up", "--skip-preview");
  expect(refused.code).not.toBe(0);
  expect(refused.output).toMatch(/the stack is currently locked by 1 lock/);

  await kill();
  await other.pulumi(["cancel", "--yes"]);
  const { output, steps } = await other.up();
  expect(output).toMatch(/port [0-9a-f]{24}, which a run bought that did not end well, is taken up/);
  expect(Object.entries(steps).filter(([, step]) => step !== "same")).toEqual([["b", "create"]]);
  expect(control.purchases()).toHaveLength(4);
  expect(live()).toHaveLength(4);

  await one.up("--expect-no-changes");
  await other.run("destroy", "--skip-preview");
  expect(live()).toEqual([]);
}
