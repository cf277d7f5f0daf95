import { readdirSync, readFileSync } from "node:fs";

/** Who used it: the CLI and its language host, the program, the provider, or what a script starts. */
export type Role = "cli" | "program" | "provider";
export const ROLES: readonly Role[] = ["cli", "program", "provider"];

/** What the processes of a command used. */
export interface Usage {
  /** Seconds of CPU, user and system. */
  cpu: Record<Role, number>;
  /** Most resident memory of one process, MB. */
  memory: Record<Role, number>;
}

interface Seen {
  role: Role;
  cpu: number;
  memory: number;
}

const TICKS_A_SECOND = 100; // of Linux's USER_HZ
const EVERY_MS = 50;

/** Watches a process and all below it, until `end` is called. What a process does after the last poll is not seen. */
export function watch(root: number): { end: () => Usage } {
  const seen = new Map<number, Seen>();
  const look = (): void => {
    for (const pid of below(root)) note(seen, pid);
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    end: () => {
      clearInterval(timer);
      return usageOf([...seen.values()]);
    },
  };
}

function usageOf(all: Seen[]): Usage {
  const usage: Usage = { cpu: { cli: 0, program: 0, provider: 0 }, memory: { cli: 0, program: 0, provider: 0 } };
  for (const { role, cpu, memory } of all) {
    usage.cpu[role] += cpu;
    usage.memory[role] = Math.max(usage.memory[role], memory);
  }
  return usage;
}

/** Of one process up to now: seconds of CPU, and most resident memory in MB. */
export const usageNow = (pid: number): { cpu: number; memory: number } => ({
  cpu: statOf(pid)?.cpu ?? NaN,
  memory: memoryOf(pid) ?? NaN,
});

/** The children that a process has started and that live, at any depth, and itself. */
function below(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = pid > 0 ? statOf(pid)?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function note(seen: Map<number, Seen>, pid: number): void {
  const stat = statOf(pid);
  const memory = memoryOf(pid);
  if (!stat || memory === undefined) return;
  seen.set(pid, { role: roleOf(read(`/proc/${pid}/cmdline`) ?? ""), cpu: stat.cpu, memory });
}

function statOf(pid: number): { parent: number; cpu: number } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // a name may hold blanks
  const [, parent] = fields;
  return { parent: Number(parent), cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND };
}

function memoryOf(pid: number): number | undefined {
  const most = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return most === undefined ? undefined : Number(most) / 1_024;
}

function roleOf(command: string): Role {
  if (command.includes("dynamic-provider") || command.includes("pulumi-resource-")) return "provider";
  if (command.includes("cmd/run") || command.includes("/run/")) return "program";
  return "cli";
}

/** Undefined for a process that has just ended. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
