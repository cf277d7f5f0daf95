import { formatUsdc } from "../../api";
import { type PaymentEntry } from "../../provider/x402-lease/journal";
import { clean } from "../../text";
import { X402_HELP, X402_OPTIONS, type X402Arguments, x402Arguments } from "../state/open-x402";
import { journalOf, paymentFacts } from "../state/payments";
import { walletSettingsOf } from "../state/wallet-node";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";

const HELP = `Usage: proxies-sx x402 receipts [options]

The payments that runs on this machine have made, the newest first: for which lease, how much, to whom, by which
transaction. Nobody is asked: they stand in the journal, which keeps them for 40 days. The state of a stack has those of
its leases for good: the output \`receipts\`.

${X402_HELP}

Exit code: 0 done, 1 this machine remembers no payment, 2 wrong usage, 3 the journal could not be read.`;

/** Payments that this machine remembers. */
export function receiptsCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "x402 receipts", help: HELP, read: readArguments, run: receipts }, argv, terminal);
}

function readArguments(argv: string[]): X402Arguments | "help" {
  const { values } = parseArguments(argv, X402_OPTIONS);
  return values.help ? "help" : x402Arguments(values);
}

const STATES: Record<NonNullable<PaymentEntry["outcome"]> | "open", string> = {
  delivered: "delivered",
  unpaid: "not paid",
  abandoned: "given up",
  open: "open: see x402 claims",
};
const stateOf = ({ outcome }: PaymentEntry): string => STATES[outcome ?? "open"];

async function receipts(args: X402Arguments, terminal: Terminal): Promise<number> {
  const settings = await walletSettingsOf(args, terminal);
  const entries = journalOf(settings, terminal).all();
  tell(args, terminal, {
    json: entries.map((entry) => ({ ...paymentFacts(entry), state: stateOf(entry).split(":")[0] })),
    text: (width) => (entries.length === 0 ? "" : textOf(entries, width)),
  });
  if (entries.length > 0) return EXIT.fine;
  terminal.err(`This machine remembers no payment at ${settings.apiUrl}.`);
  return EXIT.attention;
}

function textOf(entries: PaymentEntry[], width: number): string {
  const rows = entries.map((entry) => {
    const { at = "", lease, stack = "-", network, session = "-", transaction = "-" } = paymentFacts(entry);
    const when = at.replace(/:\d\d\.\d+Z$/, "Z");
    return [
      when,
      clean(lease),
      clean(stack),
      formatUsdc(BigInt(entry.amount)),
      network,
      stateOf(entry),
      session,
      transaction,
    ];
  });
  const heads = ["TIME", "LEASE", "STACK", "USDC", "NETWORK", "STATE", "SESSION", "TRANSACTION"];
  return `${table(heads, rows, width)}\n\n${sumsOf(entries)}`;
}

/** "delivered: 8.00 USDC on base" */
function sumsOf(entries: PaymentEntry[]): string {
  const paid = entries.filter(({ outcome }) => outcome === "delivered" || outcome === "abandoned");
  const networks = [...new Set(paid.map(({ network }) => network))];
  const sum = (on: string) =>
    paid.filter(({ network }) => network === on).reduce((total, { amount }) => total + BigInt(amount), 0n);
  return networks.length === 0
    ? "Paid: nothing"
    : `Paid: ${networks.map((on) => `${formatUsdc(sum(on))} USDC on ${on}`).join(", ")}`;
}
