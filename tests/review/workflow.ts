import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const ENVIRONMENTS = join(__dirname, "../../examples/environments");
const FOLDER = join(ENVIRONMENTS, ".github/workflows");

export interface Step {
  id?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
export interface Job {
  if?: string;
  needs?: string;
  env?: unknown;
  environment?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps: Step[];
}
export interface Workflow {
  on: Record<string, unknown>;
  env?: unknown;
  permissions?: Record<string, string>;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

export const workflowNames = (): string[] => readdirSync(FOLDER).sort();
export const workflowText = (name: string): string => readFileSync(join(FOLDER, name), "utf8");
export const workflow = (name: string): Workflow => parse(workflowText(name)) as Workflow;

/** The step of a job that does its work: its last one. */
export function lastStep(name: string, job: string): Step {
  const step = workflow(name).jobs[job]?.steps.at(-1);
  if (!step?.run) throw new Error(`${name} has no job ${job} that ends with a script`);
  return step;
}

/** As a runner runs it. */
export function runStep(
  { run = "" }: Step,
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: 600_000, maxBuffer: 64 << 20 };
    execFile("bash", ["--noprofile", "--norc", "-e", "-c", run], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
}

/** What a step gave to later ones: `{ text: "…" }`. */
export function outputsIn(file: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = readFileSync(file, "utf8").split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const [, name = "", end] = /^(\w+)<<(.+)$/.exec(lines[at] ?? "") ?? [];
    const single = /^(\w+)=(.*)$/.exec(lines[at] ?? "");
    if (end !== undefined) {
      const stop = lines.indexOf(end, at);
      outputs[name] = lines.slice(at + 1, stop).join("\n");
      at = stop;
    } else if (single) outputs[single[1] ?? ""] = single[2] ?? "";
  }
  return outputs;
}
