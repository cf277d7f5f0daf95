import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { printable } from "../api/redact";
import { ExportError, exportStack } from "../sdk/stack-export";
import { parseState, type StackState, StateError } from "./stack-state";
import { type Terminal } from "./terminal";

/** A state that can be read, and read again. */
export interface StateSource {
  name: string;
  read(): Promise<StackState>;
}

const DEADLINE_MS = 60_000;

/** One after the other: each export is a process of its own. */
export async function readAll(sources: StateSource[]): Promise<StackState[]> {
  const states: StackState[] = [];
  for (const source of sources) states.push(await source.read());
  return states;
}

export function stackSource(name: string, cwd: string, env: NodeJS.ProcessEnv, deadlineMs = DEADLINE_MS): StateSource {
  return { name, read: async () => parseState(name, await readStack(name, cwd, env, deadlineMs)) };
}

/** "-" is standard input, which can be read once: its text is kept. */
export function fileSource(name: string, terminal: Terminal): StateSource {
  if (name !== "-") return { name, read: async () => parseState(name, await readText(name)) };
  let text: Promise<string> | undefined;
  return { name, read: async () => parseState(name, await (text ??= terminal.input())) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`the state file ${file} cannot be read${code === undefined ? "" : ` (${code})`}`);
  }
}

async function readStack(name: string, cwd: string, env: NodeJS.ProcessEnv, deadlineMs: number): Promise<string> {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new StateError(`--cwd ${cwd} is no folder`);
  try {
    return await exportStack({ stack: name, cwd, env, deadlineMs });
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    const hint =
      error.reason === "no CLI" ? ": install it, or export the state elsewhere and give it with --state" : "";
    throw new StateError(error.explain(name, deadlineMs, printable(error.said, [env.PROXIES_API_KEY ?? ""])) + hint);
  }
}
