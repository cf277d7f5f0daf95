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
import { ticketFacts, ticketIdIn, ticketText } from "./ticket-text";

const HELP = `Usage: proxies-sx tickets show TICKET [options]

One ticket with its answers. Each text is one line, whatever lines it was written in.

${ONE_ACCOUNT_HELP}
The key needs the scope tickets:read.

Exit code: 0 done, 2 wrong usage, 3 the ticket could not be read.`;

interface ShowArguments extends OneAccountArguments {
  ticket: string;
}

/** One ticket. */
export function ticketsShowCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "tickets show", help: HELP, read: readArguments, run: show }, argv, terminal);
}

function readArguments(argv: string[]): ShowArguments | "help" {
  const { values, positionals } = parseArguments(argv, ONE_ACCOUNT_OPTIONS, { allowPositionals: true });
  return values.help ? "help" : { ...oneAccountArguments(values), ticket: ticketIdIn(positionals, "show") };
}

async function show(args: ShowArguments, terminal: Terminal): Promise<number> {
  const ticket = await withApi(args, terminal, (api) => api.tickets.get(args.ticket));
  tell(args, terminal, { json: ticketFacts(ticket), text: () => ticketText(ticket) });
  return EXIT.fine;
}
