import { type ChildProcess, fork } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { BY_SERVICE } from "./fresh-stack";
import { type Project } from "./project";
import { encrypt } from "./stack-secrets";

/** A run in the process of automation.js; see there. */
export interface Job {
  does?: "up" | "preview";
  stackName?: string;
  projectName?: string;
  fleets?: Record<string, object>;
  leases?: Record<string, object>;
  folder?: string;
  /** The program in the folder is an inline one. */
  declared?: boolean;
  /** Of the stack, besides key and URL. */
  config?: Record<string, unknown>;
}
export interface Result {
  output: string;
  events: string;
  /** Of an `up`. */
  outputs?: Record<string, { value: unknown }>;
}

/** Runs groups of jobs in one process of Node, which stands in a folder and has no CLI on its PATH. */
export async function automateIn(project: Project, cwd: string, ...groups: Job[][]): Promise<Result[][]> {
  return startJobs(project, cwd, ...groups).results;
}

/** The same, with the process. */
export function startJobs(
  project: Project,
  cwd: string,
  ...groups: Job[][]
): { child: ChildProcess; results: Promise<Result[][]> } {
  const [bin = "", ...onPath] = (project.env.PATH ?? "").split(delimiter);
  const { apiKey, url } = project.emulator;
  const { secretsprovider: secretsProvider, encryptedkey: encryptedKey } = BY_SERVICE.settings;
  const config = { "proxies-sx:apiKey": { secure: encrypt(apiKey) }, "proxies-sx:apiUrl": url };
  const file = join(project.folder, "job.json");
  const all = groups.map((group) =>
    group.map((one) => ({ ...one, settings: { secretsProvider, encryptedKey, config: { ...config, ...one.config } } })),
  );
  writeFileSync(file, JSON.stringify({ root: dirname(bin), groups: all }));
  const PATH = onPath.filter((one) => !existsSync(join(one, "pulumi"))).join(delimiter);
  const child = fork(join(__dirname, "automation.js"), [file], {
    cwd,
    env: { ...project.env, PATH },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (said += text.toString()));
  const results = new Promise<Result[][]>((resolve) =>
    child.on("message", (message) => resolve(message as Result[][])),
  );
  const ended = new Promise<never>((_, reject) =>
    child.on("close", () => reject(new Error(`the process ended without an answer:\n${said}`))),
  );
  return { child, results: Promise.race([results, ended]) };
}
