import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { type Figures } from "./figures";
import { watch } from "./usage";

/** Longer than any job has a reason to take. */
const DEADLINE_MS = 3_600_000;

interface Command {
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Runs a command to its end, and reports what it took. `output` is what it said. */
export async function run(
  command: Command,
): Promise<Pick<Figures, "seconds" | "cpu" | "memory" | "failed"> & { output: string }> {
  const { file, args, cwd, env } = command;
  const start = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: DEADLINE_MS });
  const watched = watch(child.pid as number);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-4_000)));
  const code = await new Promise<number>((resolve) => child.on("close", (ended) => resolve(ended ?? 1)));
  return { seconds: (performance.now() - start) / 1_000, ...watched.end(), failed: code !== 0, output };
}
