import {
  type Block,
  checkTerms,
  encodePayment,
  formatUsdc,
  type MicroUsdc,
  type Offer,
  type PaymentRules,
  type Proof,
  signTransfer,
  type Terms,
  type Transfer,
} from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type Wallet } from "../run/wallet-settings";
import { type DealFacts } from "./deal";
import { type PaymentEntry } from "./journal";
import { unpaid } from "./words";

interface Paying {
  deal: Pick<DealFacts, "network">;
  nonce: string;
  wallet: Wallet;
  latest: Block;
  session: WalletSession;
}

/**
 * The offer that is accepted: terms within the rules, what the wallet may spend in a day, and what it has.
 *
 * @throws ProviderError in one line; nothing is signed then
 */
export async function agreed(
  terms: Terms,
  rules: PaymentRules,
  paying: Paying,
): Promise<{ offer: Offer; transfer: Transfer }> {
  const agreement = checkTerms(terms, rules);
  if ("problem" in agreement) throw unpaid(agreement.problem);
  const { amount } = agreement.transfer;
  const fault = await walletFault(amount, paying);
  if (fault !== undefined) throw unpaid(fault);
  return agreement;
}

const DAY = 86_400;

/** Counted on the chain: a cap that a process keeps fails with the next process. */
async function walletFault(amount: MicroUsdc, paying: Paying): Promise<string | undefined> {
  const { deal, wallet, latest, session } = paying;
  const chain = session.chain(deal.network);
  const [balance, pending] = await Promise.all([chain.balanceOf(wallet.address), pendingOf(paying)]);
  const price = `the price is ${formatUsdc(amount)} USDC`;
  if (balance < amount + pending) {
    const also = pending > 0n ? `, of which ${formatUsdc(pending)} are being paid already` : "";
    return `${price}, and the wallet ${wallet.address} has ${formatUsdc(balance)} on ${deal.network}${also}`;
  }
  const { dailyBudget } = session.settings;
  if (dailyBudget === undefined) return undefined;
  const sent = pending + (await chain.sentSince(wallet.address, latest.time - DAY));
  if (sent + amount <= dailyBudget) return undefined;
  return `${price}, and the wallet has spent ${formatUsdc(sent)} of its daily budget of ${formatUsdc(dailyBudget)} USDC within 24 hours`;
}

/** What is signed, may still be settled, and is not yet. */
async function pendingOf({ deal, nonce, wallet, latest, session }: Paying): Promise<MicroUsdc> {
  const chain = session.chain(deal.network);
  const open = session.journal
    .open()
    .filter((one) => one.payer === wallet.address && one.network === deal.network && one.nonce !== nonce)
    .filter(({ proof, validBefore }) => proof !== undefined && validBefore > latest.time);
  const used = await Promise.all(open.map((one) => chain.authorizationState(wallet.address, one.nonce)));
  return open.reduce((sum, { amount }, at) => (used[at] ? sum : sum + BigInt(amount)), 0n);
}

/** Signs what was written down. */
export function signed(
  key: string,
  { nonce, validBefore }: Pick<PaymentEntry, "nonce" | "validBefore">,
  offer: Offer,
  transfer: Transfer,
  rules: PaymentRules,
): Proof & { kind: "authorization" } {
  return encodePayment(signTransfer(key, { transfer, nonce, validBefore: BigInt(validBefore) }, rules), offer);
}
