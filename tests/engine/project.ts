import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineEnvironment } from "../../engine/environment";
import { type Emulator, startEmulator } from "../../emulator";
import { linkPackages, projectNameOf, writeFreshStack } from "./fresh-stack";
import { useHost } from "./hosts";

const DEADLINE = 600_000;
const QUICK_START = join(__dirname, "quick-start.js");
/** Commands that take the name of a stack by themselves. */
const NAMES_NO_STACK = /^(login|stack init|state move) /;

/** A resource of the program, as data: `{ $port: name }` stands for that Port of the program. */
export interface Declared {
  type:
    | "Port"
    | "RotationSettings"
    | "Credentials"
    | "OsFingerprint"
    | "Rotation"
    | "Account"
    | "TrafficPurchase"
    | "X402Lease"
    | "ProxyFleet"
    /** A component of the program's own, and a transformation of the whole stack that protects. */
    | "Group"
    | "Protection";
  name: string;
  args: Record<string, unknown>;
  /** Options as data: program.js says how. */
  options?: Record<string, unknown>;
}

/** What a run of the CLI did, by resource: `{ "a": "create" }`, as the engine's own events tell it. */
export interface Run {
  code: number;
  output: string;
  steps: Record<string, string>;
}

interface State {
  resources: {
    urn: string;
    type: string;
    id?: string;
    protect?: boolean;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
    sourcePosition?: string;
    stackTrace?: { sourcePosition?: string }[];
  }[];
}

/** One stack of a program of its own, on the real engine, with a file backend and an emulator of its own. */
export class Project {
  private constructor(
    readonly folder: string,
    readonly emulator: Emulator,
    readonly env: Record<string, string>,
    readonly program = join(folder, "program"),
  ) {}

  /** @param source the program's file, by default one that makes what `declare` was given, or a folder with all of it. */
  static async open(
    emulatorOptions: Parameters<typeof startEmulator>[0] = {},
    source = join(__dirname, "program.js"),
  ): Promise<Project> {
    const emulator = await startEmulator(emulatorOptions);
    const folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
    const stateDir = join(folder, "state");
    mkdirSync(stateDir);
    const program = join(folder, "program");
    if (statSync(source).isDirectory()) {
      cpSync(source, program, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
    } else {
      mkdirSync(program);
      writeFileSync(join(program, "package.json"), '{ "main": "index.js" }\n');
      writeFileSync(join(program, "index.js"), readFileSync(source));
    }
    // The quickstart's stands at the root of the repository.
    const about = join(program, "Pulumi.yaml");
    if (!existsSync(about)) writeFileSync(about, "name: test\nruntime: nodejs\n");
    linkPackages(program);
    writeFreshStack(stateDir, program, emulator.url);
    const env = { ...engineEnvironment({ stateDir }), PULUMI_DEBUG_COMMANDS: "1" };
    const project = new Project(folder, emulator, env);
    if (process.env.JEST_WORKER_ID) project.startQuickly();
    // tests/plugin/engine-*.test.ts
    if (process.env.TEST_HOST === "plugin") useHost(project, "plugin");
    return project;
  }

  /** Another program, in a folder of its own, with the same backend unless its environment says otherwise. */
  beside(program: string, env = this.env): Project {
    return new Project(this.folder, this.emulator, env, program);
  }

  /** Benchmarks run the engine as users do. Its CLI ends within seconds, and may as well keep its garbage. */
  private startQuickly(): void {
    this.preload(QUICK_START);
    this.env.GOGC = "400";
  }

  /** Each process of Node that the engine starts loads this file before all else. */
  preload(file: string): void {
    this.env.NODE_OPTIONS = `${this.env.NODE_OPTIONS ?? ""} --require ${file}`.trim();
  }

  /** The stack's key and URL. */
  async configure(): Promise<void> {
    const { apiKey, url } = this.emulator;
    const settings = ["--secret", `proxies-sx:apiKey=${apiKey}`, "--plaintext", `proxies-sx:apiUrl=${url}`];
    await this.pulumi(["config", "set-all", ...settings]);
  }

  async useKey(key: string): Promise<void> {
    await this.pulumi(["config", "set", "--secret", "proxies-sx:apiKey", "--", key]);
  }

  /** Writes what the program declares. */
  declare(...resources: Declared[]): void {
    writeFileSync(join(this.program, "resources.json"), JSON.stringify(resources));
  }

  /** A run that must succeed. */
  async run(...args: string[]): Promise<Run> {
    const run = await this.tryRun(...args);
    if (run.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${run.output}`);
    return run;
  }

  /** A run that must succeed, without the engine's event log: as a person runs it, for timings. */
  async quietly(...args: string[]): Promise<void> {
    await this.pulumi([...args, ...(args[0] === "preview" ? [] : ["--yes"])]);
  }

  /** `pulumi up`, `preview`, `refresh` or `destroy`, whatever its end. */
  async tryRun(...args: string[]): Promise<Run> {
    const log = join(this.folder, "events.json");
    rmSync(log, { force: true });
    const yes = args[0] === "preview" || args.includes("--preview-only") ? [] : ["--yes"];
    const { code, output } = await this.pulumi([...args, ...yes, "--event-log", log], true);
    return { code, output, steps: stepsOf(log) };
  }

  up(...args: string[]): Promise<Run> {
    return this.run("up", "--skip-preview", ...args);
  }

  refresh(...args: string[]): Promise<Run> {
    return this.run("refresh", "--skip-preview", ...args);
  }

  /** What `pulumi stack export` tells, as the file backend has it. */
  async state(): Promise<State> {
    const { checkpoint } = JSON.parse(readFileSync(this.stateFile(), "utf8")) as { checkpoint: { latest: State } };
    return checkpoint.latest;
  }

  private stateFile(projectName = projectNameOf(this.program)): string {
    return join(this.folder, "state", ".pulumi", "stacks", projectName, "dev.json");
  }

  /** The id that the state holds for a resource. */
  async id(name: string): Promise<string> {
    const found = (await this.state()).resources.find(({ urn }) => urn.endsWith(`::${name}`));
    if (!found?.id) throw new Error(`no ${name} in the state`);
    return found.id;
  }

  /** The vendor's port that serves for a Port now. */
  async portId(name: string): Promise<string> {
    const found = (await this.state()).resources.find(({ urn }) => urn.endsWith(`::${name}`));
    return String(found?.outputs.portId);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.pulumi(["stack", "output", "--json", "--show-secrets"])).output) as Record<
      string,
      unknown
    >;
  }

  /**
   * A CLI that is killed while it writes leaves half a state, or half of the file with the state's attributes: the file
   * backend writes in place. Beside the state stands the one from before that write, which a person puts back
   * (docs/operations.md). Tells whether that was needed.
   */
  mendState(projectName?: string): boolean {
    const file = this.stateFile(projectName);
    const attributes = `${file}.attrs`;
    if (existsSync(attributes) && !isJson(attributes)) rmSync(attributes);
    if (isJson(file)) return false;
    cpSync(`${file}.bak`, file);
    return true;
  }

  /** Calls that reached the API since the last look, as "POST /v1/ports". */
  calls(): string[] {
    const calls = this.emulator.control.requests().map(({ method, path }) => `${method} ${path}`);
    this.emulator.control.clearRequests();
    return calls;
  }

  writes(): string[] {
    return this.calls().filter((call) => !call.startsWith("GET "));
  }

  /** Every file of the project and its state, to search for what must not be there. */
  files(): { path: string; text: string }[] {
    const found = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, text: readFileSync(path, "utf8") }));
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The CLI, with a deadline. Fails on a non-zero end unless `anyEnd`. */
  pulumi(args: string[], anyEnd = false): Promise<{ code: number; output: string }> {
    const all = [
      ...args,
      "--non-interactive",
      "--color",
      "never",
      ...(NAMES_NO_STACK.test(args.join(" ")) ? [] : ["-s", "dev"]),
    ];
    return new Promise((resolve, reject) => {
      execFile(
        "pulumi",
        separate(all),
        { cwd: this.program, env: this.env, timeout: DEADLINE, maxBuffer: 64 << 20 },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
          if (code !== 0 && !anyEnd) reject(new Error(`pulumi ${args.join(" ")}:\n${stdout}${stderr}`));
          else resolve({ code, output: anyEnd ? stdout + stderr : stdout });
        },
      );
    });
  }
}

/** Moves what follows "--" to the end, behind the options that were added. */
function separate(args: string[]): string[] {
  const at = args.indexOf("--");
  if (at < 0) return args;
  return [...args.slice(0, at), ...args.slice(at + 2), "--", args[at + 1] as string];
}

interface EngineEvent {
  resOutputsEvent?: { metadata: { op: string; urn: string } };
  resourcePreEvent?: { metadata: { op: string; urn: string } };
}

function stepsOf(log: string): Record<string, string> {
  const steps: Record<string, string> = {};
  const text = existsSync(log) ? readFileSync(log, "utf8") : "";
  for (const line of text.split("\n").filter(Boolean)) {
    const { resOutputsEvent: done, resourcePreEvent: begun } = JSON.parse(line) as EngineEvent;
    const metadata = done?.metadata ?? begun?.metadata;
    if (!metadata || metadata.urn.includes("pulumi:pulumi:Stack") || metadata.urn.includes("pulumi:providers:"))
      continue;
    const name = metadata.urn.slice(metadata.urn.lastIndexOf("::") + 2);
    // A replacement is told in several steps: the one that says so stays.
    if (!/^(replace|create-replacement)$/.test(steps[name] ?? "")) steps[name] = metadata.op;
  }
  for (const [name, op] of Object.entries(steps)) if (op === "create-replacement") steps[name] = "replace";
  return steps;
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
