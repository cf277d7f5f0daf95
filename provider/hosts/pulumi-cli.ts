import { execFile } from "node:child_process";

const DEADLINE_MS = 60_000;
const MOST_BYTES = 256 << 20;

export interface CliOptions {
  /** Folder of the Pulumi project; by default this process's. */
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** A minute by default. */
  deadlineMs?: number;
  /** How it ends at its deadline. An update or preview needs SIGTERM, to end its own children. */
  killSignal?: "SIGKILL" | "SIGTERM";
  /** The program; by default the one on the PATH. */
  file?: string;
}

/** Why the CLI did not do what it was asked. `said` is its own line, and may repeat what it was given. */
export class CliError extends Error {
  constructor(
    readonly reason: "no CLI" | "too large" | "too late" | "refused",
    readonly said: string,
    /** What it had written to standard output. */
    readonly written = "",
  ) {
    super(reason);
  }
}

/** What the CLI writes to standard output. It has nobody to ask, so it refuses where it would. */
export function runPulumi(args: string[], options: CliOptions): Promise<string> {
  const { cwd, env, deadlineMs = DEADLINE_MS, killSignal = "SIGKILL", file = "pulumi" } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      [...args, "--non-interactive", "--color=never"],
      {
        cwd,
        env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
        timeout: deadlineMs,
        killSignal,
        maxBuffer: MOST_BYTES,
      },
      (error, stdout, stderr) => (error ? reject(cliError(error, stdout, stderr, deadlineMs)) : resolve(stdout)),
    );
    child.stdin?.on("error", () => undefined).end();
  });
}

/** The environment for a command that only reads, without the configuration that the engine gives in clear. */
export function forReading({
  PROXIES_API_KEY: _key,
  PULUMI_CONFIG: _config,
  ...env
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}

function cliError(
  error: Error & { code?: string | number | null; killed?: boolean },
  written: string,
  stderr: string,
  deadlineMs: number,
): CliError {
  if (error.code === "ENOENT") return new CliError("no CLI", "pulumi is not on the PATH");
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new CliError("too large", `it wrote more than ${MOST_BYTES >> 20} MB`);
  }
  if (error.killed) return new CliError("too late", `it did not end within ${deadlineMs / 1_000} s`);
  return new CliError("refused", lastError(stderr) || `exit code ${error.code}`, written);
}

/** The line that says what went wrong, among hints and warnings. */
function lastError(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => line.startsWith("error:")) ?? lines.at(-1) ?? "").replace(/^error: /, "");
}
