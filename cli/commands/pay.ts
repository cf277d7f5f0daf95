import { runSubcommand } from "../terminal/subcommands";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { payCancelCommand } from "./pay-cancel";
import { payCreateCommand } from "./pay-create";
import { payPendingCommand } from "./pay-pending";
import { payStatusCommand } from "./pay-status";
import { payWatchCommand } from "./pay-watch";

const COMMANDS = {
  create: (argv: string[], terminal: Terminal) => payCreateCommand(argv, terminal),
  watch: (argv: string[], terminal: Terminal) => payWatchCommand(argv, terminal),
  pending: payPendingCommand,
  status: payStatusCommand,
  cancel: payCancelCommand,
};

const HELP = `Usage: proxies-sx pay <command>

Pays money into the account's balance by crypto currency, through CoinGate. No command pays: an order has a page where a
person does.

Commands:
  create   open an order, and tell where it is paid
  watch    wait until an order is paid
  pending  orders that are not paid yet
  status   one order, or whether payments can be made now
  cancel   cancel an order that nobody has begun to pay

  --help   this text; after a command, the command's own

Exit code: 0 done, 1 done, with something to look at, 2 wrong usage, 3 it could not be done.`;

/** Payments to the balance by crypto currency. */
export const payCommand = (argv: string[], terminal: Terminal = processTerminal()): Promise<number> =>
  runSubcommand({ name: "pay", help: HELP, commands: COMMANDS }, argv, terminal);
