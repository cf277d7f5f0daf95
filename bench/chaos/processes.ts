import { execFileSync } from "node:child_process";

export interface Row {
  pid: number;
  parent: number;
  args: string;
}

function table(): Row[] {
  return execFileSync("ps", ["-ww", "-eo", "pid=,ppid=,args="], { maxBuffer: 16 << 20 })
    .toString()
    .split("\n")
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .filter((row) => row !== null)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args: args ?? "" }));
}

/** Every process below one. */
export function below(pid: number, all = table()): Row[] {
  return all.filter(({ parent }) => parent === pid).flatMap((row) => [row, ...below(row.pid, all)]);
}

/** Of either host; the plugin's one file may be started by Node. */
export const isProvider = ({ args }: Row): boolean =>
  args.includes("node") && /dynamic-provider\/index|pulumi-resource-proxies-sx/.test(args);

/** The CLI of an inline program, which the Automation API starts. */
export const isEngine = ({ args }: Row): boolean => /^\S*pulumi up\b/.test(args);

/** Those of these processes that still run: the same number with the same arguments. */
export function stillRunning(rows: Row[]): Row[] {
  if (rows.length === 0) return [];
  const running = new Map(table().map(({ pid, args }) => [pid, args]));
  return rows.filter(({ pid, args }) => running.get(pid) === args);
}

export function endLeftovers(rows: Row[]): void {
  for (const { pid } of stillRunning(rows)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      continue; // it has just ended
    }
  }
}
