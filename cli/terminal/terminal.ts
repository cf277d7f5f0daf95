import { createInterface } from "node:readline/promises";
import { cleanLines, Redactor, withoutCommands } from "../../text";
import { textOf } from "./read-text";

/**
 * Where a command reads and writes. What it writes shows all that it has, holds no key, and commands no CI. Words from
 * outside are made one line before they become a part of it: see `clean`.
 */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  /** The result of the command, and nothing else. */
  out: (text: string) => void;
  /** Questions, warnings and errors. */
  err: (text: string) => void;
  /** All of standard input. */
  input: () => Promise<string>;
  /** Cuts a secret that was read elsewhere than in `env` out of all that is written from now on. */
  hide: (secret: string | undefined) => void;
  /** Missing where nobody is there to answer. */
  ask?: (question: string) => Promise<string>;
  /** Of the screen that a result is shown on. Missing where there is none. */
  columns?: () => number;
  /** Shows a text in place of all that the screen shows, cut to its size. Missing where there is none. */
  draw?: (text: string) => void;
}

/** What is below a terminal: it writes each text as it is. A test gives its own. */
export interface Device extends Omit<Terminal, "draw" | "columns" | "hide"> {
  /** Size of the screen that standard output is, and that can be drawn over. Missing where it is none. */
  screen?: () => { rows: number; columns: number };
}

export function terminalOn({ env, out, err, input, ask, screen }: Device): Terminal {
  const { PROXIES_API_KEY, AGENT_WALLET_KEY } = env;
  let redactor = new Redactor([PROXIES_API_KEY, AGENT_WALLET_KEY?.replace(/^0x/i, "")]);
  const safe = (text: string): string => withoutCommands(cleanLines(redactor.cut(text)));
  return {
    env,
    input,
    hide: (secret) => (redactor = redactor.and(secret)),
    out: (text) => out(safe(text)),
    err: (text) => err(safe(text)),
    ...(ask && { ask: (question) => ask(safe(question)) }),
    ...(screen && { columns: () => screen().columns, draw: (text) => out(over(safe(text), screen())) }),
  };
}

/** From the top left corner on, each line and the screen cleared behind it. */
function over(text: string, { rows, columns }: { rows: number; columns: number }): string {
  const lines = text.split("\n").slice(0, Math.max(1, rows - 2));
  return `\u001b[H${lines.map((line) => `${line.slice(0, columns - 1)}\u001b[K\n`).join("")}\u001b[J`;
}

/** @param env its keys are written nowhere */
export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  return terminalOn({
    env,
    out: written,
    err: (text) => console.error(text),
    input: () => textOf(process.stdin),
    ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
    ...(process.stdout.isTTY && {
      screen: () => ({ rows: process.stdout.rows || 24, columns: process.stdout.columns || 80 }),
    }),
  });
}

/**
 * A full disk must not pass for an empty result. A pipe whose reader has gone is no fault.
 *
 * @throws Error where a file or a device could not be written
 */
function written(text: string): void {
  console.log(text);
  const fault = process.stdout.errored as NodeJS.ErrnoException | null | undefined;
  if (!fault || fault.code === "EPIPE") return;
  throw new Error(`the result could not be written to standard output: ${fault.message}`, { cause: fault });
}

/** The answer; empty where the input ends without one. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}
