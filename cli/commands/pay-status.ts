import { type Api } from "../../api";
import { clean } from "../../text";
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
import { isPaid, orderFacts, orderIdIn, orderText } from "./pay-order";

const HELP = `Usage: proxies-sx pay status [ORDER] [options]

Where an order stands. Without one: whether payments can be made now, and in which currencies.

${ONE_ACCOUNT_HELP}
The key needs the scope billing:read.

Exit code: 0 it is paid, or payments can be made, 1 it is not, or they cannot, 2 wrong usage, 3 it could not be read.`;

interface StatusArguments extends OneAccountArguments {
  order?: string;
}

/** One order, or the way to pay. */
export function payStatusCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const run = (args: StatusArguments): Promise<number> =>
    withApi(args, terminal, ({ cryptoPayments }) => status(args, cryptoPayments, terminal));
  return runCommand({ name: "pay status", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): StatusArguments | "help" {
  const { values, positionals } = parseArguments(argv, ONE_ACCOUNT_OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  return {
    ...oneAccountArguments(values),
    ...(positionals.length > 0 && { order: orderIdIn(positionals, "status") }),
  };
}

async function status(args: StatusArguments, payments: Api["cryptoPayments"], terminal: Terminal): Promise<number> {
  if (args.order !== undefined) {
    const order = await payments.order(args.order);
    tell(args, terminal, { json: orderFacts(order), text: () => orderText(order) });
    return isPaid(order) ? EXIT.fine : EXIT.attention;
  }
  const info = await payments.status();
  const { available, supportedCurrencies: all = [] } = info;
  const can =
    available === undefined
      ? "The vendor does not tell whether payments can"
      : `Payments ${available ? "can" : "cannot"}`;
  const currencies = all.length > 0 ? `, in ${all.map((one) => clean(one)).join(", ")}` : "";
  tell(args, terminal, { json: info, text: () => `${can} be made now${currencies}.` });
  return available ? EXIT.fine : EXIT.attention;
}
