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
import { orderFacts, orderTable } from "./pay-order";

const HELP = `Usage: proxies-sx pay pending [options]

Orders of the account that are new, pending or confirming.

${ONE_ACCOUNT_HELP}
The key needs the scope billing:read.

Exit code: 0 done, 1 there is none, 2 wrong usage, 3 the orders could not be read.`;

/** Orders that are not paid yet. */
export function payPendingCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "pay pending", help: HELP, read: readArguments, run: pending }, argv, terminal);
}

function readArguments(argv: string[]): OneAccountArguments | "help" {
  const { values } = parseArguments(argv, ONE_ACCOUNT_OPTIONS);
  return values.help ? "help" : oneAccountArguments(values);
}

async function pending(args: OneAccountArguments, terminal: Terminal): Promise<number> {
  const orders = await withApi(args, terminal, (api) => api.cryptoPayments.pending());
  tell(args, terminal, {
    json: orders.map(orderFacts),
    text: (width) => (orders.length > 0 ? orderTable(orders, width) : "No order is pending."),
  });
  return orders.length > 0 ? EXIT.fine : EXIT.attention;
}
