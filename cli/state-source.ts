import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { printable } from "../api/redact";
import { parseState, type StackState, StateError } from "./stack-state";
import { type Terminal } from "./terminal";

/** A state that can be read, and read again. */
export interface StateSource {
  name: string;
  read(): Promise<StackState>;
}

const DEADLINE_MS = 60_000;
const MOST_BYTES = 256 << 20;

/** One after the other: each export is a process of its own. */
export async function readAll(sources: StateSource[]): Promise<StackState[]> {
  const states: StackState[] = [];
  for (const source of sources) states.push(await source.read());
  return states;
}

export function stackSource(name: string, cwd: string, env: NodeJS.ProcessEnv, deadlineMs = DEADLINE_MS): StateSource {
  return { name, read: async () => parseState(name, await exportStack(name, cwd, env, deadlineMs)) };
}

/** "-" is standard input, which can be read once: its text is kept. */
export function fileSource(name: string, terminal: Terminal): StateSource {
  if (name !== "-") return { name, read: async () => parseState(name, await readText(name)) };
  let text: Promise<string> | undefined;
  return { name, read: async () => parseState(name, await (text ??= terminal.input())) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`the state file ${file} cannot be read${code === undefined ? "" : ` (${code})`}`);
  }
}

function exportStack(name: string, cwd: string, env: NodeJS.ProcessEnv, deadlineMs: number): Promise<string> {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new StateError(`--cwd ${cwd} is no folder`);
  const { PROXIES_API_KEY: key = "", ...rest } = env; // Pulumi needs no key of ours to read a state
  const args = ["stack", "export", `--stack=${name}`, "--non-interactive", "--color=never"];
  return new Promise((resolve, reject) => {
    const child = execFile(
      "pulumi",
      args,
      {
        cwd,
        env: { ...rest, PULUMI_SKIP_UPDATE_CHECK: "1" },
        timeout: deadlineMs,
        killSignal: "SIGKILL",
        maxBuffer: MOST_BYTES,
      },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else reject(new StateError(explain(error, printable(lastError(stderr), [key]), name, deadlineMs)));
      },
    );
    child.stdin?.on("error", () => undefined).end();
  });
}

function explain(
  error: Error & { code?: string | number | null; killed?: boolean },
  said: string,
  name: string,
  deadlineMs: number,
) {
  const command = `\`pulumi stack export --stack=${name}\``;
  if (error.code === "ENOENT")
    return "pulumi is not on the PATH: install it, or export the state elsewhere and give it with --state";
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return `${command} wrote more than ${MOST_BYTES >> 20} MB: no state of that size can be read`;
  if (error.killed) return `${command} did not end within ${deadlineMs / 1_000} s`;
  return `${command} failed: ${said || `exit code ${error.code}`}`;
}

/** The line that says what went wrong, among hints and warnings. */
function lastError(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => line.startsWith("error:")) ?? lines.at(-1) ?? "").replace(/^error: /, "");
}
