import {
  ONE_ACCOUNT_HELP,
  ONE_ACCOUNT_OPTIONS,
  type OneAccountArguments,
  oneAccountArguments,
} from "../state/account-command";
import { withApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { ticketFacts, ticketTable } from "./ticket-text";

const HELP = `Usage: proxies-sx tickets list [options]

Tickets of the account, the last changed first.

  --status NAME    only open or closed ones, or another word of the vendor's
${ONE_ACCOUNT_HELP}
The key needs the scope tickets:read.

Exit code: 0 done, 1 there is none, 2 wrong usage, 3 the tickets could not be read.`;

const OPTIONS = { status: { type: "string" }, ...ONE_ACCOUNT_OPTIONS } as const;

interface ListArguments extends OneAccountArguments {
  status?: string;
}

/** All tickets. */
export function ticketsListCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "tickets list", help: HELP, read: readArguments, run: list }, argv, terminal);
}

function readArguments(argv: string[]): ListArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { status } = values;
  if (status !== undefined && !/^[a-z_]{1,40}$/.test(status))
    throw new UsageError("--status takes a word of the vendor's, such as open or closed");
  return { ...oneAccountArguments(values), ...(status !== undefined && { status }) };
}

async function list(args: ListArguments, terminal: Terminal): Promise<number> {
  const all = await withApi(args, terminal, (api) => api.tickets.list());
  const wanted = all
    .filter(({ status }) => args.status === undefined || status === args.status)
    .sort((a, b) => (b.updatedAt ?? b.createdAt ?? 0) - (a.updatedAt ?? a.createdAt ?? 0));
  tell(args, terminal, {
    json: wanted.map(ticketFacts),
    text: (width) => (wanted.length > 0 ? ticketTable(wanted, width) : "There is no such ticket."),
  });
  return wanted.length > 0 ? EXIT.fine : EXIT.attention;
}
