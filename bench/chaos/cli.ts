import { spawn } from "node:child_process";
import { type Project } from "../../tests/engine/project";
import { environmentOf, moveStateTimes, stateFile } from "../world-clock";
import { below, type Row } from "./processes";
import { existsSync } from "node:fs";

const TICK = 20;
/** Longer than any command has a reason to take here: the client gives a call up after two minutes. */
export const DEADLINE = 300_000;

export interface Ended {
  code: number;
  output: string;
  /** It did not end in time, and was killed; these are the processes that it had started. */
  stuck?: Row[];
  /** Killed while it wrote the state: the one from before that write was put back. */
  halfState: boolean;
}

/** A run of a command to whatever end, by the emulator's clock; `tick` sees its process. */
export async function runCli(
  project: Project,
  command: readonly string[],
  tick: (pid: number) => void = () => undefined,
): Promise<Ended> {
  const begun = Date.now();
  const [file = "", ...args] = command;
  const env = environmentOf(project);
  const child = spawn(file, args, { cwd: project.program, env, stdio: ["ignore", "pipe", "pipe"] });
  const pid = child.pid as number;
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const timer = setInterval(() => tick(pid), TICK);
  let stuck: Row[] | undefined;
  const deadline = setTimeout(() => {
    stuck = below(pid);
    child.kill("SIGKILL");
  }, DEADLINE);
  // Not "close": what outlives a killed CLI holds its pipes.
  const code = await new Promise<number>((resolve) => child.on("exit", (ended) => resolve(ended ?? 137)));
  clearInterval(timer);
  clearTimeout(deadline);
  await new Promise((resolve) => setTimeout(resolve, TICK));
  const hasState = existsSync(stateFile(project));
  // First: what is put back has this machine's times too.
  const halfState = hasState && project.mendState();
  if (hasState) moveStateTimes(project, begun);
  return { code, output, halfState, ...(stuck && { stuck }) };
}
