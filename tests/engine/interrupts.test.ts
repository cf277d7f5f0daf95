import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { below, endLeftovers, type Row } from "../../bench/chaos/processes";
import { expectTruth } from "./account-truth";
import { freePort } from "./free-port";
import { Project, type Run } from "./project";
import { equipped, fingerprint, login, port, rotation } from "./resources";
import { shown } from "./stack-secrets";
import { type State } from "./stack-state";

/** The engine decides what a signal reaches, and what of a run that broke off its state keeps. */
jest.setTimeout(900_000);

let project: Project;
/** A port with all its settings, and another: what several tests begin with. */
let made: Project;
beforeAll(async () => {
  made = await Project.open();
  made.declare(...equipped("a"), port("b"));
  await made.up();
});
afterAll(() => made.close());
afterEach(async () => {
  for (const cli of clis.splice(0)) if (cli.exitCode === null) cli.kill("SIGKILL");
  endLeftovers(started.splice(0));
  await project.close();
});

/** The runs that a test broke off, and what they had started. */
const clis: ChildProcess[] = [];
const started: Row[] = [];

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const bought = (): number => project.emulator.control.purchases().length;

/** What the state holds of the ports. The engine forgets their settings at once where they are to go with them. */
async function portsInState(): Promise<{ id?: string; outputs: unknown }[]> {
  const { resources } = await project.state();
  return resources
    .filter(({ type }) => type.endsWith(":Port"))
    .map(({ id, outputs }) => ({ ...(id && { id }), outputs: shown(outputs) }));
}

interface Running {
  pid: number;
  output(): string;
  ended: Promise<unknown>;
}

/** `pulumi up` in a process group of its own, as a shell starts it. */
function startUp(): Running {
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "-s", "dev"], {
    cwd: project.program,
    env: project.env,
    detached: true,
  });
  clis.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  return { pid: child.pid as number, output: () => output, ended: once(child, "exit") };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A run that is in the middle of so many calls of one kind, each of which takes a while. */
async function upInTheMiddleOf(method: string, path: string, calls: number): Promise<Running> {
  project.emulator.control.addFault({ method, path, times: calls, latencyMs: 2_500 });
  const run = startUp();
  await until(() => project.emulator.control.faults().some(({ struck }) => struck === calls));
  started.push(...below(run.pid));
  return run;
}

/** A process that has just ended needs none. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Who gets a signal: a terminal sends it to the process group, a script to what it started, a supervisor to all. */
const receivers = {
  "the process group": (cli: number, signal: NodeJS.Signals) => process.kill(-cli, signal),
  "the CLI alone": (cli: number, signal: NodeJS.Signals) => process.kill(cli, signal),
  "every process": (cli: number, signal: NodeJS.Signals) => {
    // The innermost first: a parent that ends may take its children along.
    for (const { pid } of [...below(cli).reverse(), { pid: cli }]) signalTo(pid, signal);
  },
};

/** What must hold however a run ended: a few runs later every port is there, bought once, and nothing is left to do. */
async function expectToSettle(purchases: number): Promise<void> {
  project.mendState();
  project.unlock();
  const { code } = await project.tryRun("up", "--skip-preview");
  if (code !== 0) await project.up();
  expect(bought()).toBe(purchases);
  const serving = Object.values(await expectTruth([project]));
  if (live().length > serving.length) await project.up(); // an old port of a renewal goes
  expect(live().sort()).toEqual(serving.sort());
  await project.run("preview", "--expect-no-changes");
}

it.each<[NodeJS.Signals, "once" | "twice", keyof typeof receivers]>([
  ["SIGINT", "twice", "the process group"],
  ["SIGINT", "twice", "the CLI alone"],
  ["SIGTERM", "once", "the process group"],
])("%s %s to %s while ports are bought: they end up there, bought once", async (signal, times, to) => {
  project = await Project.open();
  project.declare(port("a"), port("b"), port("c"));
  const run = await upInTheMiddleOf("POST", "/ports", 3);
  receivers[to](run.pid, signal);
  if (times === "twice") {
    await until(() => run.output().includes("press ^C again"));
    receivers[to](run.pid, signal);
  }
  await run.ended;
  await expectToSettle(3);
  expect(live()).toHaveLength(3);
});

describe("SIGTERM while a lease is renewed", () => {
  let one: Project;
  beforeAll(async () => {
    one = await Project.open();
    one.declare(port("a", { expiresIn: "30d", renewBefore: "3d" }));
    await one.up();
  });
  afterAll(() => one.close());

  it.each(["the CLI alone", "every process"] as const)(
    "to %s: the new port remains, bought once, and the old one is released",
    async (to) => {
      project = await one.copy();
      const old = await project.id("a");
      project.emulator.control.clock.advance("28d");
      const run = await upInTheMiddleOf("POST", "/ports", 1);
      receivers[to](run.pid, "SIGTERM");
      await run.ended;
      await expectToSettle(2);
      expect(await project.id("a")).toBe(old);
      expect(live()).toEqual([await project.portId("a")]);
      expect(live()).not.toContain(old);
    },
  );
});

/** What a run says of its resources at its end: before that it shows the same while it goes on. */
function told(what: "error" | "warning", { output }: Run): string[] {
  const lines = output.slice(output.indexOf("Diagnostics:")).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line.startsWith(`${what}: `));
}

/** Loaded before all else: what the journal's files are given meets a disk that is full. */
const FULL_DISK = `
const fs = require("node:fs");
const { openSync, writeFileSync } = fs;
const files = new Set();
fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest);
  if (String(path).endsWith(".jsonl")) files.add(file);
  else files.delete(file);
  return file;
};
fs.writeFileSync = (file, ...rest) => {
  if (files.has(file)) throw new Error("ENOSPC: no space left on device, write");
  return writeFileSync(file, ...rest);
};
`;

it("a full disk for the journal: ports are bought once all the same, with one warning that says what to do", async () => {
  project = await Project.open();
  const file = join(project.folder, "full-disk.js");
  writeFileSync(file, FULL_DISK);
  project.preload(file);
  project.declare(port("a"), port("b"), port("c"));
  project.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, cut: "after" });
  expect(told("warning", await project.up())).toEqual([
    expect.stringMatching(/ENOSPC.*set PROXIES_SX_JOURNAL_DIR to another folder.*proxies-sx orphans/),
  ]);
  await project.up("--expect-no-changes");
  expect(bought()).toBe(3);
  expect(live()).toHaveLength(3);
});

/** Lines that show where in the code something failed. */
const STACK_TRACE = /^\s+at .*:\d+:\d+/m;

function changeKey(old: string): string {
  const { keys } = project.emulator.control;
  const key = keys.addKey();
  keys.revokeKey(old);
  project.useKey(key);
  return key;
}

it("a key that was changed: refresh and destroy say what to do, once, and do their work after it", async () => {
  project = await made.copy();
  const ports = await portsInState();
  const second = changeKey(project.emulator.apiKey);
  for (const command of ["refresh", "destroy"]) {
    const run = await project.tryRun(command, "--skip-preview");
    expect(run.code).not.toBe(0);
    const refused = told("error", run).filter((line) => line.includes("401"));
    expect(refused).toEqual([
      expect.stringMatching(/of the last `pulumi up`.*run a plain `pulumi up` first, or add `--run-program`$/),
    ]);
    expect(run.output).not.toMatch(STACK_TRACE);
  }
  expect(await portsInState()).toEqual(ports);
  await project.up();
  await project.refresh("--expect-no-changes");
  changeKey(second);
  await project.run("destroy", "--skip-preview", "--run-program");
  expect(live()).toEqual([]);
});

it("destroy while nobody listens at the API: says so for each port, keeps them in the state, and works later", async () => {
  // A port that is known, so that the emulator can come back at the same URL.
  project = await made.copy({ port: await freePort() });
  const ports = await portsInState();
  await project.emulator.close();
  const run = await project.tryRun("destroy", "--skip-preview");
  expect(run.code).not.toBe(0);
  const refused = expect.stringMatching(
    /DELETE \/v1\/ports\/:id: no connection to 127\.0\.0\.1:\d+: ECONNREFUSED/,
  ) as string;
  expect(told("error", run).filter((line) => line.includes("DELETE"))).toEqual([refused, refused]);
  expect(run.output).not.toMatch(STACK_TRACE);
  expect(await portsInState()).toEqual(ports);
  await project.emulator.listen();
  await project.run("destroy", "--skip-preview");
  expect(live()).toEqual([]);
});

it("what is gone at the vendor can be destroyed, and so can settings alone whose port is gone", async () => {
  project = await Project.open();
  const names = ["a", "b", "c", "d"];
  const settings = [
    rotation("a-rotation", "a", { intervalSeconds: 1800 }),
    login("b-login", "b", { proxyLogin: "team-b", proxyPassword: "a-password-of-tests" }),
    fingerprint("c-os", "c", { osFingerprint: "windows:1" }),
  ];
  const ports = names.map((name) => port(name));
  project.declare(...ports, ...settings, ...equipped("e"));
  await project.up();
  for (const id of live()) project.emulator.control.removePort(id);
  project.declare(...ports, ...equipped("e"));
  const { steps } = await project.up();
  expect(Object.entries(steps).filter(([, op]) => op !== "same")).toEqual(
    expect.arrayContaining(settings.map(({ name }) => [name, "delete"])),
  );
  await project.run("destroy", "--skip-preview");
  expect(bought()).toBe(5);
});

/** The state as the first versions wrote it: another text of the provider, whole URNs, URLs in the outputs. */
function asOfOld(resources: State["resources"]): void {
  for (const { urn, type, inputs, outputs } of resources) {
    for (const props of [inputs, outputs]) {
      if (typeof props?.__provider !== "string") continue;
      props.__provider = props.__provider.replaceAll("'", '"').replace('"/"', '"/x.js"');
      props.__urn = urn;
      delete props.__slotType;
    }
    if (!/:(Port|Credentials|RotationSettings|OsFingerprint)$/.test(type)) continue;
    delete outputs.__found;
    if (!type.endsWith(":Credentials")) continue;
    for (const later of ["serverIp", "httpPort", "socksPort"]) delete outputs[later];
    Object.assign(outputs, { httpUrl: "http://x", socks5Url: "socks5://x" });
  }
}

it("a state of an older shape is previewed, refreshed and changed, and destroyed, and nothing is bought for it", async () => {
  project = await made.copy();
  const { httpUrls } = await project.outputs();
  project.editState(asOfOld);

  await project.run("preview", "--expect-no-changes");
  project.declare(...equipped("a", { carrier: "Vodafone" }).slice(0, -1), port("b"));
  await project.up("--refresh");
  expect(await project.outputs()).toEqual({ httpUrls });
  await project.run("destroy", "--skip-preview");
  expect(live()).toEqual([]);
  expect(bought()).toBe(2);
});
