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
import { parse, stringify } from "yaml";
import { type Emulator, startEmulator } from "../../emulator";
import { type Declared } from "./declared";
import { BY_PASSPHRASE, BY_SERVICE, linkPackages, projectNameOf, writeFreshStack } from "./fresh-stack";
import { useHost } from "./hosts";
import { isPlain, withProgram } from "./programs";
import { environmentIn, isTest } from "./run-environment";
import { stepsOf } from "./run-steps";
import { encrypt, shown } from "./stack-secrets";
import { type State } from "./stack-state";

export type { Declared };

const DEADLINE = 600_000;
/** Commands that take the name of a stack by themselves. */
const NAMES_NO_STACK = /^(login|stack init|state move) /;

/** What a run of the CLI did, by resource: `{ "a": "create" }`, as the engine's own events report it. */
export interface Run {
  code: number;
  output: string;
  steps: Record<string, string>;
}

/** One stack of a program of its own, on the real engine, with a file backend and an emulator of its own. */
export class Project {
  /** The engine starts a process for the program, as it does for users. */
  ownProcess = !isTest;

  private constructor(
    readonly folder: string,
    readonly emulator: Emulator,
    readonly env: Record<string, string>,
    readonly program = join(folder, "program"),
    /** Has the vendor's world, where that is a copy. */
    private readonly vendor?: string,
  ) {}

  /** @param source the program's file, by default one that makes what `declare` was given, or a folder with all of it. */
  static async open(
    emulatorOptions: Parameters<typeof startEmulator>[0] = {},
    source = join(__dirname, "program.js"),
    keys = isTest ? BY_SERVICE : BY_PASSPHRASE,
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
    linkPackages(isTest ? folder : program);
    writeFreshStack(stateDir, program, emulator.url, keys);
    const project = new Project(folder, emulator, await environmentIn(folder));
    // tests/plugin/engine-*.test.ts
    if (process.env.TEST_HOST === "plugin") useHost(project, "plugin");
    return project;
  }

  /**
   * The same stack at the same vendor, as both are now, apart from this one: tests that begin alike share the run that
   * leads there, and nothing else. Faults, quirks and the log of requests begin anew.
   */
  async copy(options: Parameters<typeof startEmulator>[0] = {}): Promise<Project> {
    const [folder, vendor] = ["", "vendor-"].map((what) => mkdtempSync(join(tmpdir(), `proxies-sx-${what}`))) as [
      string,
      string,
    ];
    const data = join(vendor, "world.json");
    writeFileSync(data, JSON.stringify(this.emulator.control.state({ secrets: true })));
    const emulator = await startEmulator({ ...options, data });
    const others = /\/(home|\.pulumi\/(backups|history|locks))$/;
    cpSync(this.folder, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => !others.test(path) });
    const copied = new Project(folder, emulator, await environmentIn(folder), undefined, vendor);
    for (const file of [copied.stateFile(), join(copied.program, "Pulumi.dev.yaml")])
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(this.emulator.url, emulator.url));
    return copied;
  }

  /** Another program, in a folder of its own, with the same backend unless its environment says otherwise. */
  beside(program: string, env = this.env): Project {
    return new Project(this.folder, this.emulator, env, program);
  }

  /** The same program with a stack of its own, in another project of the same backend and vendor. */
  another(name: string): Project {
    const program = join(this.folder, name);
    cpSync(this.program, program, { recursive: true });
    writeFileSync(join(program, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    rmSync(join(program, "Pulumi.dev.yaml"));
    writeFreshStack(join(this.folder, "state"), program, this.emulator.url);
    return this.beside(program);
  }

  /** Each process of Node that the engine starts loads this file before all else. */
  preload(file: string): void {
    this.ownProcess = true;
    this.env.NODE_OPTIONS = `${this.env.NODE_OPTIONS ?? ""} --require ${file}`.trim();
  }

  /** The stack's key and URL. */
  async configure(): Promise<void> {
    const { apiKey, url } = this.emulator;
    const settings = ["--secret", `proxies-sx:apiKey=${apiKey}`, "--plaintext", `proxies-sx:apiUrl=${url}`];
    await this.pulumi(["config", "set-all", ...settings]);
  }

  /** A setting of the stack, as `pulumi config set` and `rm` leave it. One without a colon is the program's own. */
  set(name: string, value?: string, { secret = false } = {}): void {
    const file = join(this.program, "Pulumi.dev.yaml");
    const settings = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const whole = name.includes(":") ? name : `${projectNameOf(this.program)}:${name}`;
    settings.config[whole] = secret && value !== undefined ? { secure: encrypt(value) } : value;
    writeFileSync(file, stringify(settings));
  }

  useKey(key: string): void {
    this.set("proxies-sx:apiKey", key, { secret: true });
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

  /** What `pulumi stack export` prints, as the file backend has it. */
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

  /** What `pulumi stack output --show-secrets` prints. */
  async outputs(): Promise<Record<string, unknown>> {
    const stack = (await this.state()).resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    return shown(stack?.outputs) as Record<string, unknown>;
  }

  /** Changes the state, as `pulumi state` and `pulumi stack import` do. */
  editState(edit: (resources: State["resources"]) => void): void {
    const file = this.stateFile();
    const whole = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: State } };
    edit(whole.checkpoint.latest.resources);
    writeFileSync(file, JSON.stringify(whole));
  }

  /** What `pulumi cancel` does after a run that was killed. */
  unlock(): void {
    rmSync(join(this.folder, "state", ".pulumi", "locks"), { recursive: true, force: true });
  }

  /**
   * A CLI that is killed while it writes leaves half a state, or half of the file with the state's attributes: the file
   * backend writes in place. Beside the state stands the one from before that write, which a person puts back
   * (docs/operations.md). Returns whether that was needed.
   */
  mendState(projectName?: string): boolean {
    const file = this.stateFile(projectName);
    const attributes = `${file}.attrs`;
    if (existsSync(attributes) && !isJson(attributes)) rmSync(attributes);
    if (isJson(file)) return false;
    cpSync(`${file}.bak`, file);
    return true;
  }

  /** Calls that reached the API since this was last called, as "POST /v1/ports". */
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
    for (const folder of [this.folder, this.vendor ?? []].flat()) rmSync(folder, { recursive: true, force: true });
  }

  /** The CLI, with a deadline. Fails on a non-zero end unless `anyEnd`. */
  pulumi(args: string[], anyEnd = false): Promise<{ code: number; output: string }> {
    const [command = ""] = args;
    if (this.ownProcess || !/^(up|preview)$/.test(command) || !isPlain(this.program)) return this.command(args, anyEnd);
    return withProgram(this.program, this.env, (address) => this.command([...args, `--client=${address}`], anyEnd));
  }

  private command(args: string[], anyEnd: boolean): Promise<{ code: number; output: string }> {
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

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
