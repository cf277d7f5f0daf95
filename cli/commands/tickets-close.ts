import { clean } from "../../text";
import {
  ONE_ACCOUNT_HELP,
  ONE_ACCOUNT_OPTIONS,
  type OneAccountArguments,
  oneAccountArguments,
} from "../state/account-command";
import { withApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { agreed, CONSENT_HELP, CONSENT_OPTIONS, requireConsent } from "../terminal/consent";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { ticketFacts, ticketIdIn } from "./ticket-text";

const HELP = `Usage: proxies-sx tickets close TICKET [options]

Closes a ticket. The vendor documents no way to open it again.

${CONSENT_HELP}
${ONE_ACCOUNT_HELP}
The key needs the scope tickets:write, and tickets:read for the question.

Exit code: 0 it is closed, 1 it is not, 2 wrong usage, 3 it could not be done.`;

const OPTIONS = { ...CONSENT_OPTIONS, ...ONE_ACCOUNT_OPTIONS } as const;

interface CloseArguments extends OneAccountArguments {
  ticket: string;
  yes: boolean;
}

/** The end of a ticket. */
export function ticketsCloseCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "tickets close", help: HELP, read: readArguments, run: close }, argv, terminal);
}

function readArguments(argv: string[]): CloseArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  return { ...oneAccountArguments(values), ticket: ticketIdIn(positionals, "close"), yes: values.yes ?? false };
}

async function close(args: CloseArguments, terminal: Terminal): Promise<number> {
  requireConsent(args, terminal);
  return withApi({ ...args, changes: true }, terminal, async ({ tickets }) => {
    const about = args.yes ? "" : clean((await tickets.get(args.ticket)).subject ?? "");
    if (!(await agreed(args, terminal, `Close the ticket "${about}"?`))) {
      terminal.err("Nothing is closed.");
      return EXIT.attention;
    }
    const ticket = await tickets.close(args.ticket);
    const isClosed = ticket.status === "closed";
    tell(args, terminal, {
      json: ticketFacts(ticket),
      text: () =>
        isClosed
          ? "The ticket is closed."
          : `The ticket is ${clean(ticket.status ?? "in a state that is not reported")}.`,
    });
    return isClosed ? EXIT.fine : EXIT.attention;
  });
}
