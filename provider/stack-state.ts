import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

const DEADLINE_MS = 60_000;
const MOST_BYTES = 256 << 20;
/** The engine saves the state while it is read, and Pulumi's file backend writes in place: half a state is read again. */
const TRIES = 4;
const WAIT_MS = 250;

/** A resource as `pulumi stack export` shows it. Secrets in it are encrypted. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** Whether it was replaced, and is to be deleted. */
  delete?: boolean;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** When the engine last changed it, in ISO form. */
  modified?: string;
}

/** An operation that the state knows the beginning of, and not the end. */
export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: StateResource;
}

interface Deployment {
  manifest?: { time?: string };
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

/** The CLI's end: what it wrote, or why it did not. */
type Exported = string | { why: string; mayPass: boolean };

/**
 * The state of the stack that this process works for: what it was before this run, with what this run has saved by the
 * time of the first question. Read once a process, and only where somebody asks. Where it cannot be read, one warning
 * says so and all answers are undefined.
 */
export class StackState {
  private readonly read = new Map<string, Promise<Deployment | undefined>>();

  constructor(
    private readonly warn: (text: string) => void = () => undefined,
    private readonly exported: (stack: string) => Promise<Exported> = exportStack,
    private readonly sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** All resources of the stack that a resource belongs to, in the engine's order. */
  async resources(urn: string, owner?: string): Promise<readonly StateResource[] | undefined> {
    const state = await this.of(urn, owner);
    return state && (state.resources ?? []);
  }

  async pendingOperations(urn: string, owner?: string): Promise<readonly PendingOperation[] | undefined> {
    const state = await this.of(urn, owner);
    return state && (state.pending_operations ?? []);
  }

  /** When the state was last saved before the question, epoch ms by the clock of the machine that did. */
  async savedAt(urn: string, owner?: string): Promise<number | undefined> {
    const time = (await this.of(urn, owner))?.manifest?.time;
    return time === undefined ? undefined : Date.parse(time);
  }

  private of(urn: string, owner = "organization"): Promise<Deployment | undefined> {
    const [, , stack, project] = urn.split(":").filter((part) => part !== "");
    const name = `${owner}/${project}/${stack}`;
    const known = this.read.get(name) ?? this.load(name);
    this.read.set(name, known);
    return known;
  }

  private async load(name: string): Promise<Deployment | undefined> {
    let why = "";
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await this.sleep(WAIT_MS);
      const text = await this.exported(name);
      if (typeof text === "string") {
        try {
          return (JSON.parse(text) as { deployment?: Deployment | null }).deployment ?? {};
        } catch {
          why = "it is no JSON";
        }
      } else {
        why = text.why;
        if (!text.mayPass) break;
      }
    }
    this.warn(`the state of stack ${name} cannot be read (${why}), so what an earlier run left in it is not known.`);
    return undefined;
  }
}

/** Takes no lock, so it works in the middle of a run. Reads no secret. */
function exportStack(stack: string): Promise<Exported> {
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
    return running === undefined ? result : run(running);
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

/** The CLI that started this process, at whatever distance, where the system tells (Linux does). */
function cliAbove(): string | undefined {
  try {
    for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) {
      const file = readlinkSync(`/proc/${pid}/exe`);
      if (basename(file) === "pulumi") return file;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/** The name of a process, which stands before its parent's number, may hold anything but ends with the last bracket. */
function parentOf(pid: number): number {
  return Number(/.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? 0);
}
