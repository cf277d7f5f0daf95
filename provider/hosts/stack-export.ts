import { readFileSync, readlinkSync } from "node:fs";
import { uptime } from "node:os";
import { basename } from "node:path";
import { type EndedRun, type Exported } from "../run/surroundings";
import { CliError, type CliOptions, forReading, runPulumi } from "./pulumi-cli";

/** What `pulumi stack export` writes. It takes no lock, so it works in the middle of a run. */
export function readStack(
  stack: string,
  { env, showSecrets, ...options }: CliOptions & { showSecrets?: boolean },
): Promise<string> {
  const args = ["stack", "export", `--stack=${stack}`, ...(showSecrets ? ["--show-secrets"] : [])];
  return runPulumi(args, { ...options, env: forReading(env) });
}

/** The same by the CLI that runs this process, if none is on the PATH. Reads no secret. */
export async function exportStack(stack: string): Promise<Exported> {
  try {
    return await byAnyCli((options) => readStack(stack, options));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { why: error.said, mayPass: error.reason === "refused" };
  }
}

/** The last run of a stack that has ended, by `pulumi stack history`; undefined where that cannot be known. */
export async function lastRun(stack: string): Promise<EndedRun | undefined> {
  const args = ["stack", "history", `--stack=${stack}`, "--json", "--page-size=50"];
  try {
    const told = await byAnyCli(({ env, ...options }) => runPulumi(args, { ...options, env: forReading(env) }));
    return endedIn(JSON.parse(told));
  } catch {
    return undefined;
  }
}

/** Flags of a run that leave out resources. */
const PARTIAL = /^pulumi\.flag\.(target|exclude)/;

type Row = Partial<Record<string, unknown>>;

/** The newest comes first. A run that has not ended, as Pulumi Cloud lists it, has no end. */
function endedIn(history: unknown): EndedRun | undefined {
  const rows = Array.isArray(history) ? (history as (Row | null)[]).map((row) => row ?? {}) : [];
  const [last, ...earlier] = rows.filter(({ endTime }) => !Number.isNaN(Date.parse(String(endTime))));
  if (!last) return undefined;
  const [began, at] = [last.startTime, last.endTime].map((time) => Date.parse(String(time))) as [number, number];
  const times = { at, began: Number.isNaN(began) ? at : began };
  return { ...times, isWhole: isWhole(last), followsWhole: earlier.some(isWhole) };
}

const isWhole = ({ kind, result, environment }: Row): boolean =>
  ["update", "destroy"].includes(String(kind)) &&
  result === "succeeded" &&
  !Object.keys(environment ?? {}).some((flag) => PARTIAL.test(flag));

/** By the CLI on the PATH, else by the one that runs this process. */
async function byAnyCli<T>(ask: (options: CliOptions) => Promise<T>): Promise<T> {
  const { env } = process;
  return ask({ env }).catch((error: unknown) => {
    const running = error instanceof CliError && error.reason === "no CLI" ? cliAbove() : undefined;
    if (running === undefined) throw error;
    return ask({ env, file: running.file });
  });
}

/** A name of the run of the engine that this process works for, which no other run of this machine has, where the system shows it. */
export function runName(): string | undefined {
  const pid = cliAbove()?.pid;
  return pid === undefined ? undefined : nameOf(pid);
}

/** Whether a run of this name is going on. */
export const isGoingOn = (run: string): boolean => nameOf(Number(run.split("-")[0])) === run;

const nameOf = (pid: number): string => `${pid}-${statOf(pid)[START]}`;

/** When the run of the engine began that this process works for, epoch ms, as far as the system shows it. */
export function runBegan(): number {
  const now = Date.now();
  const ticks = Number(statOf(cliAbove()?.pid ?? process.pid)[START]);
  const asTold = ticks > 0 ? now - (uptime() - ticks / TICKS_A_SECOND) * 1_000 : now;
  return Math.min(asTold, now - process.uptime() * 1_000);
}

/** The CLI that started this process, at whatever distance, where the system shows it (Linux does). */
export function cliAbove(): { pid: number; file: string } | undefined {
  try {
    for (let pid = process.ppid; pid > 1; pid = Number(statOf(pid)[PARENT])) {
      const file = readlinkSync(`/proc/${pid}/exe`);
      if (basename(file) === "pulumi") return { pid, file };
    }
  } catch {
    return undefined;
  }
  return undefined;
}

const PARENT = 1;
const START = 19;
/** What Linux counts a process's start in, whatever the kernel's own clock. */
const TICKS_A_SECOND = 100;

/** The numbers that Linux has of a process. Its name, before them, may hold anything but ends with the last bracket. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  } catch {
    return [];
  }
}
