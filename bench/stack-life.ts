import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApi } from "../api";
import { BACKENDS } from "../tests/engine/backend";
import { useHost } from "../tests/engine/hosts";
import { Project } from "../tests/engine/project";
import { type Case, type Contender, type Job } from "./case";
import { run } from "./command";
import { type Figures, type Life } from "./figures";
import { startJournalService } from "./journal-service";
import { requestsIn, storm, worldOf } from "./vendor";

/** What a contender without an answer to a job leaves out. */
const WITHOUT: Partial<Record<Contender, readonly Job[]>> = {
  random: ["10 % changed", "up in a storm of 429"],
  naive: ["all due"],
};

/** One stack from its first `up` to `destroy`, and another through a storm. */
export async function stackLife(contender: Contender, which: Case, jobs: readonly Job[]): Promise<Life> {
  const life: Life = {};
  const does = (job: Job): boolean => jobs.includes(job) && !WITHOUT[contender]?.includes(job);
  const stack = await open(contender, which);
  const { project } = stack;
  try {
    life["first up"] = await job(stack, "up", "--skip-preview");
    if (does("empty preview")) life["empty preview"] = await job(stack, "preview");
    if (does("empty up")) life["empty up"] = await job(stack, "up");
    if (does("refresh")) life.refresh = await job(stack, "refresh", "--skip-preview");
    if (does("10 % changed")) {
      project.env.CHANGED = String(Math.ceil(which.ports / 10));
      life["10 % changed"] = await job(stack, "up", "--skip-preview");
    }
    if (does("all due")) {
      project.emulator.control.clock.advance("29d");
      project.env.DUE = "now";
      life["all due"] = await job(stack, "up", "--skip-preview");
    }
    if (does("destroy")) life.destroy = await job(stack, "destroy", "--skip-preview");
  } finally {
    await close(stack);
  }
  if (does("up in a storm of 429")) life["up in a storm of 429"] = await inStorm(contender, which);
  return life;
}

async function inStorm(contender: Contender, which: Case): Promise<Figures> {
  const stack = await open(contender, which);
  const { project } = stack;
  const calm = storm(project.emulator.control);
  try {
    return await job(stack, "up", "--skip-preview");
  } finally {
    calm();
    await close(stack);
  }
}

async function close({ project, served }: Stack): Promise<void> {
  await served?.close();
  await project.close();
}

interface Stack {
  project: Project;
  cold: boolean;
  served?: Served;
}

/** A server of the case's own that keeps the state. */
interface Served {
  url: string;
  env: Record<string, string>;
  /** Of the state, where it can be known. */
  bytes(): number | undefined;
  close(): Promise<void> | void;
}

/** Undefined for a state in a file. */
async function serve({ journalMs, backend }: Case): Promise<Served | undefined> {
  if (journalMs !== undefined) {
    return { env: { PULUMI_ACCESS_TOKEN: "a-token-of-the-bench" }, ...(await startJournalService(journalMs)) };
  }
  if (backend === undefined || backend === "a file") return undefined;
  const { start, how } = BACKENDS[backend];
  const server = await start();
  if (!server) throw new Error(`there is no ${backend} (${how})`);
  return { ...server, bytes: () => undefined, close: () => server.stop() };
}

async function open(contender: Contender, which: Case): Promise<Stack> {
  // One program for both hosts: the stack's configuration names the other.
  const program = contender === "plugin" ? "ours" : contender;
  const project = await Project.open(worldOf(which), join(__dirname, "contenders", `${program}.js`));
  if (contender === "plugin") useHost(project, "plugin");
  const api = createApi({ apiKey: project.emulator.apiKey, apiUrl: project.emulator.url });
  const countries = await api.reference.countries();
  api.close();
  Object.assign(project.env, {
    PORTS: String(which.ports),
    CHANGED: "0",
    DUE: "later",
    COUNTRY: countries.find(({ code }) => code === "DE")?.id,
    ...(which.skipCheckpoints && { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" }),
  });
  const served = await serve(which);
  if (served) await moveTo(served, project);
  return { project, cold: which.cold, served };
}

async function moveTo({ url, env }: Served, project: Project): Promise<void> {
  Object.assign(project.env, env, {
    PULUMI_BACKEND_URL: url,
    PULUMI_CREDENTIALS_PATH: project.folder, // the CLI keeps tokens, and hides their texts in all it prints from then on
  });
  rmSync(join(project.program, "Pulumi.dev.yaml"));
  await project.pulumi(["stack", "init", "dev", "--secrets-provider", "passphrase"]);
  await project.configure();
}

/** `pulumi` as a person runs it, on a terminal that shows no progress. */
async function job({ project, cold, served }: Stack, ...args: string[]): Promise<Figures> {
  const { control } = project.emulator;
  control.clearRequests();
  if (cold) forgetFiles();
  const yes = args[0] === "preview" ? [] : ["--yes"];
  const { output, ...took } = await run({
    file: "pulumi",
    args: [...args, ...yes, "--non-interactive", "--color=never", "--suppress-outputs", "-s", "dev"],
    cwd: project.program,
    env: project.env,
  });
  if (took.failed) console.error(output);
  const inFile = (): number =>
    readFileSync(join(project.folder, "state", ".pulumi", "stacks", "test", "dev.json")).length;
  const stateBytes = served ? served.bytes() : inFile();
  return { ...took, requests: requestsIn(control), stateBytes };
}

/** What a machine that has just started has in memory: nothing of the disk. Linux, as root. */
function forgetFiles(): void {
  execFileSync("sync");
  writeFileSync("/proc/sys/vm/drop_caches", "3");
}
