import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";

/** Where a command reads and writes: a test gives its own. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  /** The result of the command, and nothing else. */
  out: (text: string) => void;
  /** Questions, warnings and errors. */
  err: (text: string) => void;
  /** All of standard input. */
  input: () => Promise<string>;
  /** Missing where nobody is there to answer. */
  ask?: (question: string) => Promise<string>;
  /** Size of the screen that standard output is, and that can be drawn over. Missing where it is none. */
  screen?: () => { rows: number; columns: number };
}

export function processTerminal(): Terminal {
  return {
    env: process.env,
    out: (text) => console.log(text),
    err: (text) => console.error(text),
    input: () => text(process.stdin),
    ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
    ...(process.stdout.isTTY && {
      screen: () => ({ rows: process.stdout.rows || 24, columns: process.stdout.columns || 80 }),
    }),
  };
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
