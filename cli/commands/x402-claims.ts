import { formatUsdc } from "../../api";
import { type PaymentEntry, type PaymentJournal } from "../../provider/x402-lease/journal";
import { asJson, clean, messageOf } from "../../text";
import { X402_HELP, X402_OPTIONS, type X402Arguments, x402Arguments } from "../state/open-x402";
import { type Fate, journalOf, paymentFacts, withFates } from "../state/payments";
import { walletSettingsOf } from "../state/wallet-node";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const HELP = `Usage: proxies-sx x402 claims [options]

Payments of runs on this machine that are not settled: paid and not delivered, or not decided yet. The chain is asked
what became of each. What is shown is what the vendor's support needs. The next \`pulumi up\` claims them again, and pays
nothing for them.

  --give-up NONCE  do not claim this payment any more: the next run buys anew. Only for a purchase that the chain has settled
${X402_HELP}

Exit code: 0 there is none, or it is given up, 1 there are some, 2 wrong usage, 3 the chain could not be asked.`;

const OPTIONS = { "give-up": { type: "string" }, ...X402_OPTIONS } as const;

interface ClaimsArguments extends X402Arguments {
  giveUp?: string;
}

/** Payments whose end is open. */
export function claimsCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "x402 claims", help: HELP, read: readArguments, run: claims }, argv, terminal);
}

function readArguments(argv: string[]): ClaimsArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const giveUp = values["give-up"]?.toLowerCase();
  if (giveUp !== undefined && !/^0x[0-9a-f]{64}$/.test(giveUp))
    throw new UsageError("--give-up takes the nonce of an authorization: 0x and 64 hexadecimal digits");
  return { ...x402Arguments(values), ...(giveUp !== undefined && { giveUp }) };
}

type Claim = { entry: PaymentEntry; told: Fate };

async function claims(args: ClaimsArguments, terminal: Terminal): Promise<number> {
  const settings = await walletSettingsOf(args, terminal);
  const journal = journalOf(settings, terminal);
  const { giveUp } = args;
  const open = journal.open().filter(({ nonce }) => giveUp === undefined || nonce === giveUp);
  if (giveUp !== undefined && open.length === 0) throw new Error(NO_PAYMENT);
  if (giveUp !== undefined && open[0]?.purpose !== "proxy")
    throw new Error(
      "this payment is for a top-up, which cannot be given up: remove the lease, or go back to less traffic",
    );
  const found = (await withFates(open, settings, terminal)).filter(({ told }) => told.fate !== "unpaid");
  if (giveUp !== undefined) {
    const paid = found.filter(({ told }) => told.fate === "paid");
    if (paid.length === 0)
      throw new Error("the chain has not settled this payment: there is nothing to give up. The next run decides it");
    for (const { entry } of paid) giveUpOn(entry, journal);
    const where = paid.map(({ entry }) => entry.network).join(" and ");
    terminal.out(`Given up: ${giveUp} on ${where}. The next \`pulumi up\` buys anew.`);
    return EXIT.fine;
  }
  tell(args, terminal, {
    json: found.map(({ entry, told }) => ({ ...factsOf({ entry, told }), state: told.fate })),
    text: () => found.map(textOf).join("\n\n"),
  });
  if (found.length > 0) return EXIT.attention;
  terminal.err("No payment of this machine is open.");
  return EXIT.fine;
}

/** Not repeated: a wallet's key looks like a nonce. */
const NO_PAYMENT = "this machine has no open payment of that authorization";

function giveUpOn(entry: PaymentEntry, journal: PaymentJournal): void {
  try {
    journal.write({ ...entry, outcome: "abandoned" });
  } catch (error) {
    throw new Error(`not given up: ${messageOf(error)}`, { cause: error });
  }
}

function factsOf({ entry, told }: Claim) {
  const transaction = told.fate === "paid" ? told.transaction : undefined;
  const facts = paymentFacts(entry);
  return { ...facts, transaction: transaction ?? facts.transaction, validUntil: validUntil(entry) };
}

const validUntil = ({ validBefore }: PaymentEntry): string => new Date(validBefore * 1_000).toISOString();

function textOf(claim: Claim): string {
  const {
    lease,
    stack = "-",
    transaction = "not known",
    payer,
    payTo,
    network,
    authorization,
    at,
    order,
  } = factsOf(claim);
  const amount = `${formatUsdc(BigInt(claim.entry.amount))} USDC on ${network}`;
  const state =
    claim.told.fate === "paid"
      ? "paid, not delivered"
      : `not decided: the vendor may still use it until ${validUntil(claim.entry)}`;
  return [
    `${clean(lease)} in stack ${clean(stack)}: ${state}`,
    `  amount         ${amount}`,
    `  transaction    ${transaction}`,
    `  from           ${payer}`,
    `  to             ${payTo}`,
    `  authorization  ${authorization}`,
    `  time           ${at}`,
    `  order          ${clean(asJson(order, 0), { max: 300 })}`,
  ].join("\n");
}
