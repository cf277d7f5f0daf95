import { type Api } from "../../api";
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
import { orderFacts, orderIdIn, orderText, statusText } from "./pay-order";

const HELP = `Usage: proxies-sx pay cancel ORDER [options]

Cancels an order that is new. One that somebody has begun to pay is refused.

${CONSENT_HELP}
${ONE_ACCOUNT_HELP}
The key needs the scopes billing:read and billing:write.

Exit code: 0 it is cancelled, 1 it is not, 2 wrong usage, 3 it could not be done.`;

const OPTIONS = { ...CONSENT_OPTIONS, ...ONE_ACCOUNT_OPTIONS } as const;

interface CancelArguments extends OneAccountArguments {
  order: string;
  yes: boolean;
}

/** An order that nobody pays. */
export function payCancelCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const run = async (args: CancelArguments): Promise<number> => {
    requireConsent(args, terminal);
    return withApi({ ...args, changes: true }, terminal, ({ cryptoPayments }) =>
      cancel(args, cryptoPayments, terminal),
    );
  };
  return runCommand({ name: "pay cancel", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): CancelArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  return { ...oneAccountArguments(values), order: orderIdIn(positionals, "cancel"), yes: values.yes ?? false };
}

async function cancel(args: CancelArguments, payments: Api["cryptoPayments"], terminal: Terminal): Promise<number> {
  const before = await payments.order(args.order);
  if (before.status === "new") {
    terminal.err(orderText(before));
    if (!(await agreed(args, terminal, "Cancel it?"))) {
      terminal.err("Nothing is cancelled.");
      return EXIT.attention;
    }
    await payments.cancel(args.order).catch(async (error: unknown) => {
      // A call that is repeated after a lost answer is refused: the order shows what became of it.
      if ((await payments.order(args.order)).status === "new") throw error;
    });
    return result(args, await payments.order(args.order), terminal);
  }
  return result(args, before, terminal);
}

function result(
  args: CancelArguments,
  order: Awaited<ReturnType<Api["cryptoPayments"]["order"]>>,
  terminal: Terminal,
): number {
  const isCancelled = order.status === "canceled";
  tell(args, terminal, {
    json: orderFacts(order),
    text: () => (isCancelled ? "The order is cancelled." : `The order is not cancelled: it is ${statusText(order)}.`),
  });
  return isCancelled ? EXIT.fine : EXIT.attention;
}
