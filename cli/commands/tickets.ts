import { runSubcommand } from "../terminal/subcommands";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { ticketsCloseCommand } from "./tickets-close";
import { ticketsCreateCommand } from "./tickets-create";
import { ticketsListCommand } from "./tickets-list";
import { ticketsReplyCommand } from "./tickets-reply";
import { ticketsShowCommand } from "./tickets-show";

const COMMANDS = {
  list: ticketsListCommand,
  show: ticketsShowCommand,
  create: ticketsCreateCommand,
  reply: ticketsReplyCommand,
  close: ticketsCloseCommand,
};

const HELP = `Usage: proxies-sx tickets <command>

Questions to the vendor's support, and its answers.

Commands:
  list    all tickets of the account
  show    one ticket with its answers
  create  open a ticket
  reply   add to a ticket
  close   close a ticket

  --help  this text; after a command, the command's own

Exit code: 0 done, 1 done, with something to look at, 2 wrong usage, 3 it could not be done.`;

/** Questions to the vendor's support. */
export const ticketsCommand = (argv: string[], terminal: Terminal = processTerminal()): Promise<number> =>
  runSubcommand({ name: "tickets", help: HELP, commands: COMMANDS }, argv, terminal);
