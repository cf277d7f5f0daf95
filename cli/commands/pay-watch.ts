import { type Api, type CryptoPayment, isApiError } from "../../api";
import { formatDuration, parseDuration } from "../../domain/duration";
import {
  ONE_ACCOUNT_HELP,
  ONE_ACCOUNT_OPTIONS,
  type OneAccountArguments,
  oneAccountArguments,
} from "../state/account-command";
import { accountOf, openApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { looks } from "./looks";
import { isEnded, isPaid, orderFacts, orderIdIn, orderText, statusText } from "./pay-order";
import { interrupted, pause } from "./until-stopped";
import { messageOf } from "../../text";

const HELP = `Usage: proxies-sx pay watch ORDER [options]

Waits until an order is paid and the balance has the money, until it can be paid no more, or until the time is over.
Ctrl-C ends it; the order stays as it is.

  --for TIME       how long to wait at most: 90s to 7d (default 1h)
  --interval TIME  time between two polls: 5s to 1h (default 15s)
${ONE_ACCOUNT_HELP}
The key needs the scope billing:read.

Exit code: 0 it is paid, 1 it is not, 2 wrong usage, 3 the order could not be read.`;

/** Options of what waits for an order, for parseArguments. */
export const WAIT_OPTIONS = { for: { type: "string" }, interval: { type: "string" } } as const;

const OPTIONS = { ...WAIT_OPTIONS, ...ONE_ACCOUNT_OPTIONS } as const;

export interface WaitArguments {
  forMs: number;
  intervalMs: number;
}

interface WatchArguments extends OneAccountArguments, WaitArguments {
  order: string;
}

/** How a command waits. A test waits its own way. */
export interface Waiting {
  /** Ends it; by itself it ends with Ctrl-C. */
  stopped: AbortSignal;
  wait: (ms: number, stopped: AbortSignal) => Promise<void>;
  /** In ms; only differences count. */
  now: () => number;
}

/** Until an order is paid. */
export function payWatchCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  waiting?: Waiting,
): Promise<number> {
  const run = async (args: WatchArguments): Promise<number> => {
    const account = await accountOf(args, terminal);
    return watchOrder(args.order, args, () => openApi(account, terminal), terminal, waiting);
  };
  return runCommand({ name: "pay watch", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): WatchArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  return { ...oneAccountArguments(values), ...waitArguments(values), order: orderIdIn(positionals, "watch") };
}

/** @throws UsageError */
export function waitArguments({
  for: most = "1h",
  interval = "15s",
}: {
  for?: string;
  interval?: string;
}): WaitArguments {
  const [forSeconds, seconds] = [parseDuration(most) ?? 0, parseDuration(interval) ?? 0];
  if (forSeconds < 90 || forSeconds > 7 * 86_400) throw new UsageError('--for is a time from 90s to 7d, such as "2h"');
  if (seconds < 5 || seconds > 3_600) throw new UsageError('--interval is a time from 5s to 1h, such as "30s"');
  return { forMs: forSeconds * 1_000, intervalMs: seconds * 1_000 };
}

/**
 * Polls until it is decided, and gives the exit code. A poll that fails is reported, and the next one tries again.
 *
 * @param created the order as it was made, if it was just now
 */
export async function watchOrder(
  id: string,
  { forMs, intervalMs, json }: WaitArguments & { json: boolean },
  open: () => Api,
  terminal: Terminal,
  waiting: Waiting = { stopped: interrupted(), wait: pause, now: () => performance.now() },
  created?: CryptoPayment,
): Promise<number> {
  const { stopped, wait, now } = waiting;
  const until = now() + forMs;
  const pace = { stopped, wait: () => wait(Math.min(intervalMs, Math.max(0, until - now())), stopped) };
  let last = created;
  let told = "";
  for await (const { value, error } of looks(open, (api) => api.cryptoPayments.order(id), pace)) {
    if (value) {
      if (last === undefined || statusText(last) !== statusText(value)) terminal.err(`status: ${statusText(value)}`);
      last = value;
      told = "";
      if (isPaid(value) || isEnded(value)) break;
    } else {
      if (last === undefined) throw error;
      const kind = isApiError(error) ? error.code : messageOf(error); // messages have the request's number
      if (kind !== told) terminal.err(`no answer at the moment: ${messageOf(error)}`);
      told = kind;
    }
    if (now() >= until) break;
  }
  return result(last, { json, forMs, isStopped: stopped.aborted }, terminal);
}

function result(
  order: CryptoPayment | undefined,
  { json, forMs, isStopped }: { json: boolean; forMs: number; isStopped: boolean },
  terminal: Terminal,
): number {
  if (order !== undefined) tell({ json }, terminal, { json: orderFacts(order), text: () => orderText(order) });
  if (order !== undefined && isPaid(order)) return EXIT.fine;
  if (order === undefined || !isEnded(order)) {
    const why = isStopped ? "Stopped" : `Not paid within ${formatDuration(forMs / 1_000)}`;
    terminal.err(`${why}. The order stays as it is: \`proxies-sx pay watch\` waits on.`);
  }
  return EXIT.attention;
}
