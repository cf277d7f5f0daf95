import { PAYMENT_AMOUNT } from "../../api";
import {
  ONE_ACCOUNT_HELP,
  ONE_ACCOUNT_OPTIONS,
  type OneAccountArguments,
  oneAccountArguments,
} from "../state/account-command";
import { accountOf, openApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { agreed, CONSENT_HELP, CONSENT_OPTIONS, requireConsent } from "../terminal/consent";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { madeOnce } from "./made-once";
import { orderFacts, orderText } from "./pay-order";
import { WAIT_OPTIONS, type WaitArguments, waitArguments, type Waiting, watchOrder } from "./pay-watch";

const { min, max } = PAYMENT_AMOUNT;

const HELP = `Usage: proxies-sx pay create --amount N [options]

Opens an order, and shows the page where a person pays it. After a lost response the list of pending orders shows
whether it was opened: no order is opened twice.

  --amount N       what the balance gets, ${min} to ${max}
  --currency CODE  its currency (default: the vendor's, USD)
  --watch          wait until it is paid
  --for TIME       with --watch: how long to wait at most (default 1h)
  --interval TIME  with --watch: time between two polls (default 15s)
${CONSENT_HELP}
${ONE_ACCOUNT_HELP}
The key needs the scopes billing:read and billing:write.

Exit code: 0 it is open, with --watch: paid, 1 it is not, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = {
  amount: { type: "string" },
  currency: { type: "string" },
  watch: { type: "boolean" },
  ...WAIT_OPTIONS,
  ...CONSENT_OPTIONS,
  ...ONE_ACCOUNT_OPTIONS,
} as const;

interface CreateArguments extends OneAccountArguments {
  amount: number;
  currency?: string;
  /** Missing: nobody waits. */
  wait?: WaitArguments;
  yes: boolean;
}

/** A new order. */
export function payCreateCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  waiting?: Waiting,
): Promise<number> {
  const run = (args: CreateArguments): Promise<number> => {
    requireConsent(args, terminal);
    return create(args, terminal, waiting);
  };
  return runCommand({ name: "pay create", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): CreateArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { amount = "", currency, watch = false, yes = false } = values;
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(amount) || Number(amount) < min || Number(amount) > max)
    throw new UsageError(`--amount is a sum from ${min} to ${max}, with two decimals at most: --amount 50`);
  if (currency !== undefined && !/^[A-Za-z]{3,10}$/.test(currency))
    throw new UsageError("--currency is the code of a currency: --currency USD");
  if (!watch && (values.for ?? values.interval) !== undefined)
    throw new UsageError("--for and --interval go with --watch only");
  return {
    ...oneAccountArguments(values),
    amount: Number(amount),
    ...(currency !== undefined && { currency: currency.toUpperCase() }),
    ...(watch && { wait: waitArguments(values) }),
    yes,
  };
}

async function create(args: CreateArguments, terminal: Terminal, waiting?: Waiting): Promise<number> {
  const { amount, currency, wait } = args;
  const account = await accountOf({ ...args, changes: true }, terminal);
  const open = () => openApi(account, terminal);
  if (!(await agreed(args, terminal, `Open an order over ${amount} ${currency ?? "USD"}?`))) {
    terminal.err("No order is opened.");
    return EXIT.attention;
  }
  const api = open();
  try {
    const { cryptoPayments: payments } = api;
    const order = await madeOnce({
      list: () => payments.pending(),
      make: () => payments.create(amount, currency),
      isIt: (one) => one.amount === amount && (currency === undefined || one.currency === currency),
      what: "the order",
      where: "proxies-sx pay pending",
    });
    if (wait !== undefined) {
      terminal.err(orderText(order));
      return await watchOrder(order.id, { ...wait, json: args.json }, open, terminal, waiting, order);
    }
    tell(args, terminal, { json: orderFacts(order), text: () => orderText(order) });
    return EXIT.fine;
  } finally {
    api.close();
  }
}
