import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { below, isProvider, type Row } from "../../bench/chaos/processes";
import { type Project } from "./project";

/** A run that waits for the answer of a purchase. */
export interface PurchaseRun {
  cli: ChildProcess;
  /** Every process below it. */
  started: Row[];
  output: () => string;
  ended: Promise<unknown>;
}

/** `pulumi up` in a group of its own, as a shell starts it, until all but the last of its purchases have an answer. */
export async function upInPurchase(project: Project, fault: object, last = 1, parallel = 1): Promise<PurchaseRun> {
  const { control } = project.emulator;
  const before = control.purchases().length;
  control.addFault({ method: "POST", path: "/ports", times: 1, after: last - 1, ...fault });
  const cli = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", `-p=${parallel}`, "-s=dev"], {
    cwd: project.program,
    env: project.env,
    detached: true,
  });
  let output = "";
  for (const stream of [cli.stdout, cli.stderr]) stream.on("data", (text) => (output += text));
  const ended = once(cli, "exit");
  await until(
    () => control.purchases().length >= before + last - 1 && control.faults().some(({ struck }) => struck > 0),
  );
  return { cli, started: below(cli.pid as number), output: () => output, ended };
}

export async function killRun(project: Project, { cli, started, ended }: PurchaseRun): Promise<void> {
  // Another Account's may have started since. One that was asked nothing yet does not hear of the run's end.
  const providers = new Set([...started, ...below(cli.pid as number)].filter(isProvider).map(({ pid }) => pid));
  // The CLI first: to one that saw its provider go, the operation has failed, and its state holds no more of it.
  process.kill(cli.pid as number, "SIGKILL");
  for (const pid of providers) process.kill(pid, "SIGKILL");
  await ended;
  project.emulator.control.clearFaults();
  project.mendState();
  project.unlock();
}

/** As on another machine: purchases of runs before are written down elsewhere. */
export const forgetPurchases = ({ env }: Project): void =>
  rmSync(env.PROXIES_SX_JOURNAL_DIR as string, { recursive: true });

export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
