import { execFile } from "node:child_process";

const DEADLINE_MS = 60_000;
const MOST_BYTES = 256 << 20;

/** Where a stack's state is read from. */
export interface ExportSource {
  stack: string;
  /** Folder of the Pulumi project. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  deadlineMs?: number;
  /** Whether secrets come decrypted. */
  showSecrets?: boolean;
}

/** Why a stack's state could not be read. `said` is the CLI's own line, and may repeat what it was given. */
export class ExportError extends Error {
  constructor(
    readonly reason: "no CLI" | "too large" | "too late" | "refused",
    readonly said: string,
  ) {
    super(reason);
  }

  /** One line, with what the CLI said as `shown`. */
  explain(stack: string, deadlineMs = DEADLINE_MS, shown = this.said): string {
    const command = `\`pulumi stack export --stack=${stack}\``;
    switch (this.reason) {
      case "no CLI":
        return "pulumi is not on the PATH";
      case "too large":
        return `${command} wrote more than ${MOST_BYTES >> 20} MB: no state of that size can be read`;
      case "too late":
        return `${command} did not end within ${deadlineMs / 1_000} s`;
      case "refused":
        return `${command} failed: ${shown}`;
    }
  }
}

/** What `pulumi stack export` writes. Works while an update runs: it takes no lock. */
export function exportStack({ stack, cwd, env, deadlineMs = DEADLINE_MS, showSecrets }: ExportSource): Promise<string> {
  // Reading a state needs no key of ours, and not the configuration that the engine gives to a program in clear.
  const { PROXIES_API_KEY: _key, PULUMI_CONFIG: _config, ...rest } = env;
  const args = ["stack", "export", `--stack=${stack}`, "--non-interactive", "--color=never"];
  return new Promise((resolve, reject) => {
    const child = execFile(
      "pulumi",
      [...args, ...(showSecrets ? ["--show-secrets"] : [])],
      {
        cwd,
        env: { ...rest, PULUMI_SKIP_UPDATE_CHECK: "1" },
        timeout: deadlineMs,
        killSignal: "SIGKILL",
        maxBuffer: MOST_BYTES,
      },
      (error, stdout, stderr) => (error ? reject(exportError(error, stderr)) : resolve(stdout)),
    );
    child.stdin?.on("error", () => undefined).end();
  });
}

function exportError(error: Error & { code?: string | number | null; killed?: boolean }, stderr: string): ExportError {
  if (error.code === "ENOENT") return new ExportError("no CLI", "");
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return new ExportError("too large", "");
  if (error.killed) return new ExportError("too late", "");
  return new ExportError("refused", lastError(stderr) || `exit code ${error.code}`);
}

/** The line that says what went wrong, among hints and warnings. */
function lastError(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => line.startsWith("error:")) ?? lines.at(-1) ?? "").replace(/^error: /, "");
}
