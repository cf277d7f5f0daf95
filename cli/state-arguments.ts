import { UsageError } from "./usage-error";

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
  return { stacks: unique("stack", values.stack), files: unique("state", values.state), cwd: values.cwd ?? "." };
}

export function unique(name: string, values: string[] = []): string[] {
  if (values.some((value) => value.trim() === "")) throw new UsageError(`--${name} is empty`);
  return [...new Set(values)];
}
