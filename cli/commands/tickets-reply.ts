import { type Ticket, TICKET_TEXT } from "../../api";
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
import { messageIn, refuseSecret, ticketFacts, ticketIdIn, ticketText } from "./ticket-text";

const HELP = `Usage: proxies-sx tickets reply TICKET --message TEXT [options]

Adds to a ticket. After a lost response the ticket shows whether it was added: nothing is added twice. A text that
holds the key of the account or of a wallet is refused.

  --message TEXT   10 to 5,000 characters; - is standard input
${CONSENT_HELP}
${ONE_ACCOUNT_HELP}
The key needs the scopes tickets:read and tickets:write.

Exit code: 0 it is added, 1 you did not agree, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = { message: { type: "string" }, ...CONSENT_OPTIONS, ...ONE_ACCOUNT_OPTIONS } as const;

interface ReplyArguments extends OneAccountArguments {
  ticket: string;
  message: string;
  yes: boolean;
}

/** An addition to a ticket. */
export function ticketsReplyCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "tickets reply", help: HELP, read: readArguments, run: reply }, argv, terminal);
}

function readArguments(argv: string[]): ReplyArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  const { message, yes = false } = values;
  const ticket = ticketIdIn(positionals, "reply");
  if (message === undefined) throw new UsageError("say something: --message TEXT");
  return { ...oneAccountArguments(values), ticket, message, yes };
}

async function reply(args: ReplyArguments, terminal: Terminal): Promise<number> {
  requireConsent(args, terminal);
  const message = await messageIn(args.message, "reply", terminal);
  return withApi({ ...args, changes: true }, terminal, async ({ tickets }, { apiKey }) => {
    refuseSecret([message], apiKey, terminal);
    if (!(await agreed(args, terminal, `Add to ticket ${args.ticket}?`))) {
      terminal.err("Nothing is added.");
      return EXIT.attention;
    }
    let ticket: Ticket | undefined;
    const entries = (now: Ticket): Entry[] => (ticket = now).replies.map((one, at) => ({ id: String(at), ...one }));
    await madeOnce<Entry>({
      list: async () => entries(await tickets.get(args.ticket)),
      make: async () => entries(await tickets.reply(args.ticket, message)).at(-1) ?? {},
      isIt: (one) => !one.isFromSupport && inOneLine(one.message ?? "") === inOneLine(message),
      what: "your addition",
      where: "proxies-sx tickets show",
    });
    if (ticket) tell(args, terminal, { json: ticketFacts(ticket), text: () => ticketText(ticket as Ticket) });
    return EXIT.fine;
  });
}

type Entry = Partial<Ticket["replies"][number]>;

/** As the client reads it back. */
const inOneLine = (text: string): string => clean(text, { max: TICKET_TEXT.reply[1] });
