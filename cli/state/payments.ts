import { readdirSync } from "node:fs";
import { type Chain, type NetworkName } from "../../api";
import { nameOf } from "../../domain/urn";
import { walletFolder } from "../../provider/run/account-folder";
import { type WalletSettings } from "../../provider/run/wallet-settings";
import { fateOf } from "../../provider/x402-lease/fate";
import { type PaymentEntry, PaymentJournal } from "../../provider/x402-lease/journal";
import { type Terminal } from "../terminal/terminal";
import { usdcOf } from "./open-x402";
import { withChain } from "./wallet-node";
import { isoTime } from "../../domain/lease";

/** Payments that this machine remembers. @throws Error where they cannot be read: a run asks the chain, a person only these */
export function journalOf(settings: WalletSettings, { env }: Terminal): PaymentJournal {
  const folder = walletFolder(settings, env);
  try {
    readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT")
      throw new Error(
        `the journal of payments in ${folder} cannot be read (${code}): run this as the user whose runs pay`,
        { cause: error },
      );
  }
  return new PaymentJournal(folder);
}

/** What became of a payment whose end the journal does not know. */
export type Fate =
  /** The chain has used the authorization: what it bought is to be claimed. */
  | { fate: "paid"; transaction?: string }
  /** Void and final, and never used. */
  | { fate: "unpaid" }
  /** It may still be used. */
  | { fate: "undecided" };

/** Each of these payments with what the chain shows of it. */
export async function withFates(
  entries: PaymentEntry[],
  settings: WalletSettings,
  terminal: Terminal,
): Promise<{ entry: PaymentEntry; told: Fate }[]> {
  const networks = [...new Set(entries.map(({ network }) => network))];
  const found: { entry: PaymentEntry; told: Fate }[] = [];
  for (const network of networks) found.push(...(await fatesOn(network, entries, settings, terminal)));
  return found;
}

const fatesOn = (network: NetworkName, entries: PaymentEntry[], settings: WalletSettings, terminal: Terminal) =>
  withChain(network, settings, terminal, async (chain) => {
    const found: { entry: PaymentEntry; told: Fate }[] = [];
    for (const entry of entries.filter((one) => one.network === network))
      found.push({ entry, told: await toldOf(entry, chain) });
    return found;
  });

async function toldOf(entry: PaymentEntry, chain: Chain): Promise<Fate> {
  const fate = await fateOf(entry, chain);
  if (fate !== "paid") return { fate };
  const use = await chain.useOf(entry.payer, entry.nonce, entry.at).catch(() => undefined);
  return { fate, ...(use && { transaction: use.hash }) };
}

/** A payment for a program, without the signed message. */
export function paymentFacts({ nonce, owner, purpose, payer, network, payTo, amount, at, ...entry }: PaymentEntry) {
  const urn = owner.slice(owner.indexOf(" ") + 1);
  return {
    at: isoTime(at * 1_000),
    lease: nameOf(urn),
    stack: /^urn:pulumi:([^:]+)::/.exec(urn)?.[1],
    for: purpose,
    amountUSDC: usdcOf(BigInt(amount)),
    network,
    payer,
    payTo,
    authorization: nonce,
    transaction: entry.transactionHash,
    session: entry.sessionId,
    order: entry.order,
  };
}
