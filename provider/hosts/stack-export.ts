import { readFileSync, readlinkSync } from "node:fs";
import { uptime } from "node:os";
import { basename } from "node:path";
import { type Exported } from "../run/surroundings";
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
  const { env } = process;
  try {
    return await readStack(stack, { env }).catch((error: unknown) => {
      const running = error instanceof CliError && error.reason === "no CLI" ? cliAbove() : undefined;
      if (running === undefined) throw error;
      return readStack(stack, { env, file: running.file });
    });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { why: error.said, mayPass: error.reason === "refused" };
  }
}

/** When the run of the engine began that this process works for, epoch ms, as far as the system shows it. */
export function runBegan(): number {
  const now = Date.now();
  const ticks = Number(statOf(cliAbove()?.pid ?? process.pid)[START]);
  const asTold = ticks > 0 ? now - (uptime() - ticks / TICKS_A_SECOND) * 1_000 : now;
  return Math.min(asTold, now - process.uptime() * 1_000);
}

/** The CLI that started this process, at whatever distance, where the system shows it (Linux does). */
function cliAbove(): { pid: number; file: string } | undefined {
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
