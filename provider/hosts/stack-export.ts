import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { uptime } from "node:os";
import { basename } from "node:path";
import { type Exported } from "../stack-state";

const DEADLINE_MS = 60_000;
const MOST_BYTES = 256 << 20;

/** Takes no lock, so it works in the middle of a run. Reads no secret. */
export function exportStack(stack: string): Promise<Exported> {
  // Reading a state needs no key of ours, and not the configuration that the engine gives to a provider in clear.
  const { PROXIES_API_KEY: _key, PULUMI_CONFIG: _config, ...env } = process.env;
  const args = ["stack", "export", `--stack=${stack}`, "--non-interactive", "--color=never"];
  const options = {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
    maxBuffer: MOST_BYTES,
  } as const;
  const run = (command: string): Promise<Exported> =>
    new Promise((resolve) => {
      const child = execFile(command, args, options, (error, stdout, stderr) =>
        resolve(error ? failure(error, stderr) : stdout),
      );
      child.stdin?.on("error", () => undefined).end();
    });
  return run("pulumi").then((result) => {
    const running = result === NO_CLI ? cliAbove() : undefined;
    return running === undefined ? result : run(running.file);
  });
}

const NO_CLI = { why: "pulumi is not on the PATH", mayPass: false };

function failure(error: Error & { code?: string | number | null; killed?: boolean }, stderr: string): Exported {
  if (error.code === "ENOENT") return NO_CLI;
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return { why: `it is larger than ${MOST_BYTES >> 20} MB`, mayPass: false };
  }
  if (error.killed) return { why: `that took longer than ${DEADLINE_MS / 1_000} s`, mayPass: false };
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const said = lines.find((line) => line.startsWith("error:")) ?? lines.at(-1) ?? `exit code ${error.code}`;
  return { why: said.replace(/^error: /, ""), mayPass: true };
}

/** When the run of the engine began that this process works for, epoch ms, as far as the system tells. */
export function runBegan(): number {
  const now = Date.now();
  const ticks = Number(statOf(cliAbove()?.pid ?? process.pid)[START]);
  const asTold = ticks > 0 ? now - (uptime() - ticks / TICKS_A_SECOND) * 1_000 : now;
  return Math.min(asTold, now - process.uptime() * 1_000);
}

/** The CLI that started this process, at whatever distance, where the system tells (Linux does). */
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

/** The numbers that Linux tells of a process. Its name, before them, may hold anything but ends with the last bracket. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  } catch {
    return [];
  }
}
