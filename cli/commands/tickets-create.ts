import { type NewTicket, TICKET_CATEGORIES, TICKET_PRIORITIES } from "../../api";
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
import { UsageError } from "../terminal/usage-error";
import { madeOnce } from "./made-once";
import { checkedText, messageIn, refuseSecret, ticketFacts, ticketText } from "./ticket-text";

const HELP = `Usage: proxies-sx tickets create --subject TEXT --message TEXT [options]

Opens a ticket. After a lost response the list of tickets shows whether it was opened: none is opened twice. A text
that holds the key of the account or of a wallet is refused.

  --subject TEXT   5 to 200 characters
  --message TEXT   20 to 5,000 characters; - is standard input
  --category NAME  ${TICKET_CATEGORIES.join(", ")} (default: technical)
  --priority NAME  ${TICKET_PRIORITIES.join(", ")} (default: medium)
${CONSENT_HELP}
${ONE_ACCOUNT_HELP}
The key needs the scopes tickets:read and tickets:write.

Exit code: 0 it is open, 1 you did not agree, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = {
  subject: { type: "string" },
  message: { type: "string" },
  category: { type: "string" },
  priority: { type: "string" },
  ...CONSENT_OPTIONS,
  ...ONE_ACCOUNT_OPTIONS,
} as const;

interface CreateArguments extends OneAccountArguments, NewTicket {
  yes: boolean;
}

/** A new ticket. */
export function ticketsCreateCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "tickets create", help: HELP, read: readArguments, run: create }, argv, terminal);
}

function readArguments(argv: string[]): CreateArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { subject = "", message, yes = false } = values;
  if (message === undefined) throw new UsageError("say what it is about: --subject TEXT --message TEXT");
  return {
    ...oneAccountArguments(values),
    subject: checkedText(subject.trim(), "subject", "--subject"),
    message,
    category: oneOf("category", TICKET_CATEGORIES, values.category ?? "technical"),
    priority: oneOf("priority", TICKET_PRIORITIES, values.priority ?? "medium"),
    yes,
  };
}

function oneOf<T extends string>(option: string, names: readonly T[], given: string): T {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new UsageError(`--${option} takes one of: ${names.join(", ")}`);
  return found;
}

async function create(args: CreateArguments, terminal: Terminal): Promise<number> {
  requireConsent(args, terminal);
  const { subject, category, priority } = args;
  const message = await messageIn(args.message, "message", terminal);
  return withApi({ ...args, changes: true }, terminal, async ({ tickets }, { apiKey }) => {
    refuseSecret([subject, message], apiKey, terminal);
    if (!(await agreed(args, terminal, `Open a ticket about "${clean(subject)}"?`))) {
      terminal.err("No ticket is opened.");
      return EXIT.attention;
    }
    const ticket = await madeOnce({
      list: () => tickets.list(),
      make: () => tickets.create({ subject, message, category, priority }),
      isIt: (one) => clean(one.subject ?? "") === clean(subject),
      what: "the ticket",
      where: "proxies-sx tickets list",
    });
    tell(args, terminal, { json: ticketFacts(ticket), text: () => ticketText(ticket) });
    return EXIT.fine;
  });
}
