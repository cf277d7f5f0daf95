import { spawn } from "node:child_process";
import { below, isProvider } from "../../bench/chaos/processes";
import { Project } from "./project";
import { port } from "./resources";

/**
 * What a killed run leaves in the engine's state, and what the next one makes of it. Interrupted ones are in
 * purchase-ends.test.ts and interrupts.test.ts, as is a destroy that the API refuses.
 */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(() => project.close());

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const bought = (): number => project.emulator.control.purchases().length;

interface Running {
  pid: number;
  ended: Promise<unknown>;
}

function startUp(): Running {
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "-s", "dev"], {
    cwd: project.program,
    env: project.env,
    stdio: "ignore",
  });
  return { pid: child.pid as number, ended: new Promise((resolve) => child.on("exit", resolve)) };
}

/** The provider's process below a CLI that this test started. */
function providerOf(cli: number): number {
  const found = below(cli).find(isProvider);
  if (!found) throw new Error("no provider is running");
  return found.pid;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const orderArrived = (): boolean =>
  project.emulator.control.requests().some(({ method, path }) => method === "POST" && path.endsWith("/ports")) ||
  bought() > 0;

const kill = {
  provider: (cli: number) => process.kill(providerOf(cli), "SIGKILL"),
  CLI: (cli: number) => process.kill(cli, "SIGKILL"),
  both: (cli: number) => {
    process.kill(providerOf(cli), "SIGKILL");
    process.kill(cli, "SIGKILL");
  },
};

it.each([
  ["provider", "after the order was carried out", { hang: "after" as const }, 1],
  ["both", "after the order was carried out", { hang: "after" as const }, 1],
  ["provider", "before the order was carried out", { hang: "before" as const }, 0],
  ["CLI", "while the provider goes on", { latencyMs: 6_000 }, undefined],
] as const)("%s killed %s: the next runs end with one port, bought once", async (who, _when, fault, boughtByThen) => {
  project.declare(port("a"));
  project.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, ...fault });
  const run = startUp();
  await until(orderArrived);
  const provider = providerOf(run.pid);
  kill[who](run.pid);
  await run.ended;
  if (boughtByThen !== undefined) expect(bought()).toBe(boughtByThen);

  project.mendState();
  await project.pulumi(["cancel", "--yes"], true);
  await project.up();
  expect(bought()).toBe(1);
  expect(live()).toEqual([await project.id("a")]);
  await project.run("preview", "--expect-no-changes");
  await until(() => !isRunning(provider));
});

it("killed with checkpoints off: the state holds nothing, the next run takes up what was bought", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `p${index}`);
  project.declare(...names.map((name) => port(name)));
  Object.assign(project.env, { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" });
  project.emulator.control.addFault({ method: "POST", path: "/ports", after: 4, hang: "after" });
  const run = startUp();
  await until(() => bought() >= 6);
  const provider = providerOf(run.pid);
  kill.both(run.pid);
  await run.ended;
  await until(() => !isRunning(provider));
  expect((await project.state()).resources ?? []).toEqual([]);

  project.emulator.control.clearFaults();
  project.unlock();
  await project.up();
  expect(bought()).toBe(names.length);
  const held = (await project.state()).resources.filter(({ type }) => type.endsWith(":Port")).map(({ id }) => id);
  expect(held.sort()).toEqual(live().sort());
  await project.run("preview", "--expect-no-changes");
});
