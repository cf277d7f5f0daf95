import { UsageError } from "../terminal/usage-error";

/** Options of every command that reads states, for parseArgs. */
export const STATE_OPTIONS = {
  stack: { type: "string", multiple: true },
  state: { type: "string", multiple: true },
  cwd: { type: "string" },
} as const;

/** Which states a command reads, each once. */
export interface StateArguments {
  stacks: string[];
  files: string[];
  /** Folder of the stacks' project. */
  cwd: string;
}

export function stateArguments(values: { stack?: string[]; state?: string[]; cwd?: string }): StateArguments {
  const { stack = [], state = [], cwd } = values;
  if (cwd !== undefined && stack.length === 0) throw new UsageError("--cwd goes with --stack only");
  return { stacks: [...new Set(stack)], files: [...new Set(state)], cwd: cwd ?? "." };
}
