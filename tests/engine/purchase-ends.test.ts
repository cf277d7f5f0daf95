import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { below, endLeftovers, isProvider, type Row } from "../../bench/chaos/processes";
import { accountFolder } from "../../provider/run/account-folder";
import { Journal, type Purchase } from "../../provider/purchase/journal";
import { Project } from "./project";
import { port } from "./resources";

/** The engine alone tells how a run ended, which decides what the next one looks for. */
jest.setTimeout(900_000);

let project: Project;
let cli: ChildProcess | undefined;
let started: Row[] = [];
beforeEach(async () => {
  project = await Project.open();
});
afterEach(async () => {
  cli?.kill("SIGKILL");
  endLeftovers(started.splice(0));
  await project.close();
});

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const bought = (): number => project.emulator.control.purchases().length;

/** What the next run would look for. */
function open(): Purchase[] {
  const { apiKey, url: apiUrl } = project.emulator;
  return new Journal(accountFolder({ apiKey, apiUrl }, project.env)).read();
}

/** As on another machine: purchases of runs before are written down elsewhere. */
const loseJournal = (): void => rmSync(project.env.PROXIES_SX_JOURNAL_DIR as string, { recursive: true });

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `pulumi up` in a group of its own, as a shell starts it, until all but the last of its purchases have an answer. */
async function upUntilTheLastPurchase(
  fault: object,
  last = 1,
): Promise<{ output: () => string; ended: Promise<unknown> }> {
  const before = bought();
  project.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, after: last - 1, ...fault });
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "-p=1", "-s=dev"], {
    cwd: project.program,
    env: project.env,
    detached: true,
  });
  cli = child;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const ended = once(child, "exit");
  await until(
    () => bought() >= before + last - 1 && project.emulator.control.faults().some(({ struck }) => struck > 0),
  );
  started = below(child.pid as number);
  return { output: () => output, ended };
}

async function killAll(): Promise<void> {
  const provider = started.find(isProvider) as Row;
  const ended = once(cli as ChildProcess, "exit");
  // The CLI first: to one that saw its provider go, the operation has failed, and its state tells no more of it.
  process.kill(cli?.pid as number, "SIGKILL");
  process.kill(provider.pid, "SIGKILL");
  await ended;
  project.emulator.control.clearFaults();
  project.mendState();
  await project.pulumi(["cancel", "--yes"], true);
}

it("a run that went well leaves nothing to look for, so a forced replacement after it buys, and releases the old", async () => {
  project.declare(port("a"), port("b"));
  await project.up();
  expect(open()).toEqual([]);
  const old = await project.id("a");
  const kept = await project.id("b");
  const a = (await project.state()).resources.find(({ urn }) => urn.endsWith("::a"))?.urn as string;
  await project.up("--replace", a);
  const now = await project.id("a");
  expect(now).not.toBe(old);
  expect(live().sort()).toEqual([now, kept].sort());
  await project.pulumi(["state", "taint", a]);
  await project.up();
  expect(live().sort()).toEqual([await project.id("a"), kept].sort());
  expect(bought()).toBe(4);
  expect(open()).toEqual([]);
});

it("a run that failed keeps what it was given, and leaves nothing of that to look for", async () => {
  project.declare(port("a"), port("b"));
  project.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, after: 1, status: 403 });
  expect((await project.tryRun("up", "--skip-preview")).code).not.toBe(0);
  expect(bought()).toBe(1);
  expect(open()).toEqual([]);
});

it.each(["the CLI alone", "the process group"])("SIGINT once to %s: the purchase is ended with the run", async (to) => {
  project.declare(port("a"));
  const { ended } = await upUntilTheLastPurchase({ latencyMs: 2_000 });
  process.kill((to === "the CLI alone" ? 1 : -1) * (cli?.pid as number), "SIGINT");
  await ended;
  expect(live()).toEqual([await project.id("a")]);
  expect(open()).toEqual([]);
});

it("SIGINT twice: the purchases stay to be looked at, and each port is bought once", async () => {
  project.declare(port("a"), port("b"));
  const { output, ended } = await upUntilTheLastPurchase({ hang: "after" }, 2);
  process.kill(-(cli?.pid as number), "SIGINT");
  await until(() => output().includes("press ^C again"));
  process.kill(-(cli?.pid as number), "SIGINT");
  await ended;
  expect(open().map(({ id }) => id !== undefined)).toEqual([true, false]);
  project.emulator.control.clearFaults();
  await project.up();
  expect(bought()).toBe(2);
  expect(live()).toHaveLength(2);
  await project.up("--expect-no-changes");
});

it("killed: the purchases stay to be looked at, and each port is bought once", async () => {
  project.declare(port("a"), port("b"));
  await upUntilTheLastPurchase({ hang: "after" }, 2);
  await killAll();
  expect(open().map(({ id }) => id !== undefined)).toEqual([true, false]);
  await project.up();
  expect(bought()).toBe(2);
  expect(live()).toHaveLength(2);
  expect(open()).toEqual([]);
});

/** A PATH with the engine's plugins alone, and where its CLI is. */
function withoutCli(): { path: string; pulumi: string } {
  const [bin = "", ...others] = (project.env.PATH as string).split(delimiter);
  const plugins = join(project.folder, "plugins");
  mkdirSync(plugins);
  for (const name of readdirSync(bin)) if (name !== "pulumi") symlinkSync(join(bin, name), join(plugins, name));
  return { path: [plugins, ...others].join(delimiter), pulumi: realpathSync(join(bin, "pulumi")) };
}

it.each(["on the PATH", "not on the PATH"])(
  "killed in the middle of a purchase, and run on another machine, the CLI %s: the port is taken up, with a notice",
  async (where) => {
    project.declare(port("a"), port("b"), port("c"));
    await upUntilTheLastPurchase({ hang: "after" }, 2);
    await killAll();
    loseJournal();
    expect(bought()).toBe(2);
    const { path, pulumi } = withoutCli();
    const env = where === "on the PATH" ? project.env : { ...project.env, PATH: path };
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "-s=dev"];
    const { stdout } = await promisify(execFile)(pulumi, args, { cwd: project.program, env });
    expect(stdout).toMatch(/port [0-9a-f]{24}, which a run bought that did not end well, is taken up/);
    expect(bought()).toBe(3);
    const held = (await project.state()).resources.filter(({ type }) => type.endsWith(":Port")).map(({ id }) => id);
    expect(held.sort()).toEqual(live().sort());
    await project.run("preview", "--expect-no-changes");
  },
);

it.each(["at once", "after a refresh"])(
  "killed in the middle of a renewal, and run on another machine %s: the port is taken up",
  async (when) => {
    project.declare(port("a"));
    await project.up();
    project.emulator.control.clock.advance("28d");
    await upUntilTheLastPurchase({ hang: "after" });
    await killAll();
    loseJournal();
    if (when === "after a refresh") await project.refresh();
    await project.up();
    const serving = await project.portId("a");
    await project.up();
    expect([live(), bought()]).toEqual([[serving], 2]);
    await project.up("--expect-no-changes");
  },
);

it("another machine: where somebody else bought the same, the candidates are named, and the user decides", async () => {
  project.declare(port("a"));
  await upUntilTheLastPurchase({ hang: "after" });
  await killAll();
  loseJournal();
  project.emulator.control.buyPort({ country: "DE", expiresIn: "30d" });
  const failed = await project.tryRun("up", "--skip-preview");
  expect(failed.code).not.toBe(0);
  for (const id of live()) expect(failed.output).toContain(id);
  expect(failed.output).toMatch(/on another machine, .*2 new ports fit one lost answer.*--clear-pending-creates/s);
  expect(live()).toHaveLength(2);
  await project.refresh("--clear-pending-creates");
  await project.up();
  expect(live()).toHaveLength(3);
});
