import { parseArgs } from "node:util";
import { type Api } from "../api";
import { parseDuration } from "../provider/duration";
import { type FleetSnapshot } from "../report/fleet";
import { type SnapshotOptions, takeSnapshot } from "../report/snapshot";
import { FLEET_HELP, FLEET_OPTIONS, fleetSource } from "./fleet-source";
import { openApi } from "./open-api";
import { processTerminal, type Terminal } from "./terminal";
import { UsageError, usageError } from "./usage-error";
import { watchText } from "./watch-text";

const HELP = `Usage: proxies-sx watch [options]

Shows the figures of the fleet again and again, until Ctrl-C. Traffic and rotations are asked for once a minute.

  --interval TIME  time from one look to the next, 1s at least (default 5s)
  --once           look once
  --histories N    ports whose history of rotations is asked for, once a minute (default 20)
${FLEET_HELP}

Exit code: 0 it was ended, 2 wrong usage, 3 with --once, or at the first look: nothing could be had.`;

/** The fleet on the terminal. `stopped` ends it; by itself it ends with Ctrl-C. A test waits its own way. */
export async function watchCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  stopped: AbortSignal = interrupted(),
  wait = pause,
): Promise<number> {
  let api: Api | undefined;
  try {
    const args = readArguments(argv);
    if (args === "help") {
      terminal.out(HELP);
      return 0;
    }
    api = openApi(args["api-url"], terminal);
    await watch(api, args, { ...fleetSource(args, terminal), histories: args.histories }, terminal, {
      stopped,
      wait: () => wait(args.intervalMs, stopped),
    });
    return 0;
  } catch (error) {
    terminal.err(`proxies-sx watch: ${messageOf(error)}`);
    return error instanceof UsageError ? 2 : 3;
  } finally {
    api?.close();
  }
}

interface Pace {
  stopped: AbortSignal;
  /** Until the next look. */
  wait: () => Promise<void>;
}

/** A look that fails after the first is told, and the next one tries again. */
async function watch(
  api: Api,
  { once }: { once: boolean },
  options: SnapshotOptions,
  terminal: Terminal,
  { stopped, wait }: Pace,
): Promise<void> {
  let earlier: FleetSnapshot | undefined;
  while (!stopped.aborted) {
    let text: string;
    try {
      const looked = await orStopped(takeSnapshot(api, { ...options, earlier }), stopped);
      if (!looked) return;
      earlier = looked;
      text = watchText(earlier);
    } catch (error) {
      if (once || !earlier) throw error;
      text = `No figures at the moment: ${messageOf(error)}\n\n${watchText(earlier)}`;
    }
    if (once) return terminal.out(text);
    draw(text, terminal);
    await wait();
  }
}

/** Over what is there, on a screen; else below it. */
function draw(text: string, { out, screen }: Terminal): void {
  if (!screen) return out(`${text}\n`);
  const { rows, columns } = screen();
  const lines = text.split("\n").slice(0, Math.max(1, rows - 2));
  out(`\u001b[H${lines.map((line) => `${line.slice(0, columns - 1)}\u001b[K\n`).join("")}\u001b[J`);
}

/** What the work brings, or undefined as soon as it is to stop; nobody waits for the work then. */
function orStopped<T>(work: Promise<T>, stopped: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    stopped.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => stopped.removeEventListener("abort", stop));
  });
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stopped.addEventListener("abort", done);
  });
}

/** The first Ctrl-C asks it to end, a second one ends the process at once. A reader that goes away ends it too. */
function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.stdout.once("error", () => stop.abort());
  return stop.signal;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const OPTIONS = {
  interval: { type: "string" },
  once: { type: "boolean" },
  histories: { type: "string" },
  ...FLEET_OPTIONS,
} as const;

function readArguments(argv: string[]) {
  const { values } = parse(argv);
  if (values.help) return "help";
  const { interval = "5s", once = false, histories = "20" } = values;
  const seconds = parseDuration(interval) ?? 0;
  if (seconds < 1 || seconds > 86_400) throw new UsageError('--interval is a time from 1s to 1d, such as "5s" or "2m"');
  if (!/^\d{1,3}$/.test(histories)) throw new UsageError("--histories is a whole number from 0 to 999");
  return { ...values, once, intervalMs: seconds * 1_000, histories: Number(histories) };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS });
  } catch (error) {
    throw usageError(error);
  }
}
