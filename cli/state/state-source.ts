import { statSync } from "node:fs";
import { CliError, type CliOptions } from "../../provider/hosts/pulumi-cli";
import { readStack } from "../../provider/hosts/stack-export";
import { Redactor } from "../../text";
import { parseState, type StackState, StateError } from "./stack-state";
import { type StateArguments } from "./state-arguments";
import { type Terminal } from "../terminal/terminal";
import { textOfFile } from "../terminal/read-text";

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

interface ExportOptions extends Pick<CliOptions, "deadlineMs"> {
  /** Whether secrets come decrypted. */
  showSecrets?: boolean;
}

/** One after the other: each export is a process of its own. */
export async function readAll<T>(sources: { read: () => Promise<T> }[]): Promise<T[]> {
  const states: T[] = [];
  for (const source of sources) states.push(await source.read());
  return states;
}

/** The states that a command is given, by the arguments that name them. */
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
  options: ExportOptions,
): StateText[] {
  return [
    ...stacks.map((name) => ({ name, read: () => exported(name, { cwd, env: terminal.env, ...options }) })),
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
    return await textOfFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`the state file ${file} cannot be read${code === undefined ? "" : ` (${code})`}`);
  }
}

async function exported(stack: string, options: CliOptions & ExportOptions & { cwd: string }): Promise<string> {
  checkFolder(options.cwd);
  try {
    return await readStack(stack, options);
  } catch (error) {
    throw cliFault(
      error,
      `stack export --stack=${stack}`,
      options.env,
      "export the state elsewhere and give it with --state",
    );
  }
}

/** @throws StateError */
export function checkFolder(cwd: string): void {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new StateError(`--cwd ${cwd} is no folder`);
}

/** Why the CLI failed, in one line without the key. `instead` is what to do without a CLI. */
export function cliFault(error: unknown, command: string, env: NodeJS.ProcessEnv, instead: string): unknown {
  if (!(error instanceof CliError)) return error;
  const said = new Redactor([env.PROXIES_API_KEY]).line(error.said);
  if (error.reason === "no CLI") return new StateError(`${said}: install it, or ${instead}`);
  return new StateError(
    `\`pulumi ${command}\` ${error.reason === "refused" ? `failed: ${said}` : said.replace(/^it /, "")}`,
  );
}
