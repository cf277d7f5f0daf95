import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Redactor } from "../text";
import { ExportError, type ExportSource, exportStack } from "./stack-export";
import { parseState, type StackState, StateError } from "./stack-state";
import { type StateArguments } from "./state-arguments";
import { type Terminal } from "./terminal";

/** A state that can be read, and read again. */
export interface StateSource {
  name: string;
  read(): Promise<StackState>;
}

/** The text of a state. */
export interface StateText {
  name: string;
  read: () => Promise<string>;
}

const DEADLINE_MS = 60_000;

/** One after the other: each export is a process of its own. */
export async function readAll<T>(sources: { read: () => Promise<T> }[]): Promise<T[]> {
  const states: T[] = [];
  for (const source of sources) states.push(await source.read());
  return states;
}

/** The states that a command is given, as it was told where they are. */
export function stateSources(args: StateArguments, terminal: Terminal, deadlineMs?: number): StateSource[] {
  return stateTexts(args, terminal, { deadlineMs }).map(({ name, read }) => ({
    name,
    read: async () => parseState(name, await read()),
  }));
}

/** Their texts. With `showSecrets` the secrets of stacks are in clear: for what writes them, and for nothing else. */
export function stateTexts(
  { stacks, files, cwd }: StateArguments,
  terminal: Terminal,
  options: Pick<ExportSource, "deadlineMs" | "showSecrets">,
): StateText[] {
  return [
    ...stacks.map((name) => ({ name, read: () => readStack(name, { cwd, env: terminal.env, ...options }) })),
    ...files.map((name) => fileText(name, terminal)),
  ];
}

/** "-" is standard input, which can be read once: its text is kept. */
function fileText(name: string, terminal: Terminal): StateText {
  if (name !== "-") return { name, read: () => readText(name) };
  let text: Promise<string> | undefined;
  return { name, read: () => (text ??= terminal.input()) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`the state file ${file} cannot be read${code === undefined ? "" : ` (${code})`}`);
  }
}

async function readStack(stack: string, options: Omit<ExportSource, "stack">): Promise<string> {
  const { cwd, env, deadlineMs = DEADLINE_MS } = options;
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new StateError(`--cwd ${cwd} is no folder`);
  try {
    return await exportStack({ ...options, stack, deadlineMs });
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    const hint =
      error.reason === "no CLI" ? ": install it, or export the state elsewhere and give it with --state" : "";
    throw new StateError(error.explain(stack, deadlineMs, new Redactor([env.PROXIES_API_KEY]).line(error.said)) + hint);
  }
}
