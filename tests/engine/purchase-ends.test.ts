import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { endLeftovers } from "../../bench/chaos/processes";
import { type Host } from "../../domain/kinds";
import { accountFolder } from "../../provider/run/account-folder";
import { Journal } from "../../provider/purchase/journal";
import { type Purchase } from "../../provider/purchase/journal-lines";
import { useHost } from "./hosts";
import { type Declared, Project } from "./project";
import { forgetPurchases, killRun, type PurchaseRun, until, upInPurchase } from "./purchase-run";
import { port } from "./resources";

/** Only the engine knows how a run ended, which decides what the next one looks for. */
jest.setTimeout(900_000);

let project: Project;
let run: PurchaseRun | undefined;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(async () => {
  run?.cli.kill("SIGKILL");
  endLeftovers(run?.started.splice(0) ?? []);
  await project.close();
});

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const bought = (): number => project.emulator.control.purchases().length;

/** What the next run would look for. */
function open(): Purchase[] {
  const { apiKey, url: apiUrl } = project.emulator;
  return new Journal(accountFolder({ apiKey, apiUrl }, project.env)).read();
}

const loseJournal = (): void => forgetPurchases(project);

async function upUntilTheLastPurchase(fault: object, last = 1): Promise<PurchaseRun> {
  run = await upInPurchase(project, fault, last);
  return run;
}

/** As if the runs until now had ended a minute before: a history has whole seconds, and what follows at once is unclear. */
function ageHistory(): void {
  const folder = join(project.folder, "state/.pulumi/history/test/dev");
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".history.json"))) {
    const file = join(folder, name);
    const run = JSON.parse(readFileSync(file, "utf8")) as { startTime: number; endTime: number };
    writeFileSync(file, JSON.stringify({ ...run, startTime: run.startTime - 60, endTime: run.endTime - 60 }));
  }
}

async function killAll(): Promise<void> {
  await killRun(project, run as PurchaseRun);
}

it("a run that went well leaves nothing to look for, so forced replacements after it buy, and release the old", async () => {
  const names = ["kept", "replaced", "tainted"];
  const held = (): Promise<string[]> => Promise.all(names.map((name) => project.id(name)));
  project.declare(...names.map((name) => port(name)));
  await project.up();
  expect(open()).toEqual([]);
  const [kept, ...old] = await held();
  const { resources } = await project.state();
  const urn = (name: string): string => String(resources.find((one) => one.urn.endsWith(`::${name}`))?.urn);
  await project.pulumi(["state", "taint", urn("tainted")]);
  await project.up("--replace", urn("replaced"));
  const now = await held();
  expect(now[0]).toBe(kept);
  for (const id of old) expect(now).not.toContain(id);
  expect(live().sort()).toEqual(now.sort());
  expect(bought()).toBe(5);
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
  process.kill((to === "the CLI alone" ? 1 : -1) * (run?.cli.pid as number), "SIGINT");
  await ended;
  expect(live()).toEqual([await project.id("a")]);
  expect(open()).toEqual([]);
});

it("SIGINT twice: the purchases stay to be looked at, and each port is bought once", async () => {
  project.declare(port("a"), port("b"));
  const { output, ended } = await upUntilTheLastPurchase({ hang: "after" }, 2);
  process.kill(-(run?.cli.pid as number), "SIGINT");
  await until(() => output().includes("press ^C again"));
  process.kill(-(run?.cli.pid as number), "SIGINT");
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
  const without = others.filter((folder) => !existsSync(join(folder, "pulumi"))); // npm's may download one
  return { path: [plugins, ...without].join(delimiter), pulumi: realpathSync(join(bin, "pulumi")) };
}

it("killed in the middle of a purchase, and run on another machine, the CLI on the PATH or not: the port is taken up, with a notice", async () => {
  const { path, pulumi } = withoutCli();
  const declared: Declared[] = [];
  for (const env of [project.env, { ...project.env, PATH: path }]) {
    const before = bought();
    declared.push(...["a", "b", "c"].map((name) => port(`${name}${before}`)));
    project.declare(...declared);
    await upUntilTheLastPurchase({ hang: "after" }, 2);
    await killAll();
    loseJournal();
    expect(bought()).toBe(before + 2);
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "-s=dev"];
    const { stdout } = await promisify(execFile)(pulumi, args, { cwd: project.program, env });
    expect(stdout).toMatch(/port [0-9a-f]{24}, which a run bought that did not end well, is taken up/);
    expect(bought()).toBe(before + 3);
    const held = (await project.state()).resources.filter(({ type }) => type.endsWith(":Port")).map(({ id }) => id);
    expect(held.sort()).toEqual(live().sort());
  }
  await project.run("preview", "--expect-no-changes");
});

it("killed in the middle of a renewal, and run on another machine, at once or after a refresh: the port is taken up", async () => {
  project.declare(port("a"));
  await project.up();
  for (const isRefreshed of [false, true]) {
    const before = bought();
    project.emulator.control.clock.advance("28d");
    await upUntilTheLastPurchase({ hang: "after" });
    await killAll();
    loseJournal();
    if (isRefreshed) await project.refresh();
    await project.up();
    const serving = await project.portId("a");
    await project.up();
    expect([live(), bought()]).toEqual([[serving], before + 1]);
  }
  await project.up("--expect-no-changes");
});

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

it.each([false, true])(
  "killed in a change of slotType, and run on another machine: the port is taken up (deleteBeforeReplace: %p)",
  async (deleteBeforeReplace) => {
    project.emulator.control.configure({ slots: { shared: 2, private: 2 } });
    project.declare(port("a", {}, { deleteBeforeReplace }));
    await project.up();
    project.declare(port("a", { slotType: "private" }, { deleteBeforeReplace }));
    ageHistory();
    await upUntilTheLastPurchase({ hang: "after" });
    await killAll();
    loseJournal();
    await project.up();
    await project.up("--expect-no-changes");
    expect([live(), bought()]).toEqual([[await project.portId("a")], 2]);
    expect(project.emulator.control.ports()[0]).toMatchObject({ slotType: "private" });
  },
);

it.each<[Host, boolean]>([
  ["dynamic", false],
  ["dynamic", true],
  ["plugin", true],
])(
  "killed in the replacement of a tainted port, and run on another machine: the port is taken up (%s, after a refresh: %p)",
  async (host, isRefreshed) => {
    useHost(project, host);
    project.declare(port("a"));
    await project.up();
    const { resources } = await project.state();
    const { urn = "" } = resources.find(({ type }) => type.endsWith(":Port")) ?? {};
    await project.pulumi(["state", "taint", urn, "--yes"]);
    ageHistory();
    await upUntilTheLastPurchase({ hang: "after" });
    await killAll();
    loseJournal();
    if (isRefreshed) await project.refresh();
    await project.up();
    await project.up("--expect-no-changes");
    expect([live(), bought()]).toEqual([[await project.portId("a")], 2]);
  },
);

it("a create that a run of the whole stack has left behind takes no port of somebody else's, also not on this machine", async () => {
  const others = port("other", { country: "GB" });
  project.declare(others);
  await project.up();
  project.declare(others, port("a"));
  await upUntilTheLastPurchase({ hang: "before" });
  await killAll();
  await project.up();
  project.declare(others);
  await project.up();
  const { id } = project.emulator.control.buyPort({ country: "DE", expiresIn: "30d" });
  project.declare(others, port("a"));
  project.emulator.control.clock.advance("1m");
  // Neither the run that refused it, nor another one, makes it this stack's.
  for (const args of [["up"], ["up"], ["refresh"], ["up"]]) {
    const { code, output } = await project.tryRun(...args, "--skip-preview");
    if (args[0] === "refresh") continue;
    expect(code).not.toBe(0);
    expect(output).toMatch(new RegExp(`may have bought port ${id} for this resource.*--clear-pending-creates`, "s"));
  }
  await project.refresh("--clear-pending-creates");
  await project.up();
  expect(await project.portId("a")).not.toBe(id);
  project.declare(others);
  await project.up();
  expect(live()).toContain(id);
});
