import { type Block, formatUsdc, type MicroUsdc } from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type DealFacts } from "./deal";
import { type PaymentEntry } from "./journal";

const DAY = 86_400;

/**
 * Why a wallet may not pay what is intended, in one line; undefined where it may. Counted on the chain, and by the
 * journal for what is under way: a cap that a process keeps fails with the next process.
 */
export async function walletFault(
  intent: PaymentEntry,
  proof: DealFacts["proof"],
  latest: Block,
  session: WalletSession,
): Promise<string | undefined> {
  const { payer, network } = intent;
  const [amount, chain] = [BigInt(intent.amount), session.chain(network)];
  const [balance, pending] = await Promise.all([chain.balanceOf(payer), pendingBeside(intent, latest, session)]);
  const price = `the price is ${formatUsdc(amount)} USDC`;
  if (balance < amount + pending) {
    const also = pending > 0n ? `, of which ${formatUsdc(pending)} are being paid already` : "";
    return `${price}, and the wallet ${payer} has ${formatUsdc(balance)} on ${network}${also}`;
  }
  if (proof === "transfer" && (await chain.gasMoneyOf(payer)) === 0n)
    return `proof "transfer" needs ETH for gas, and the wallet ${payer} has none on ${network}; "authorization" needs none`;
  const { dailyBudget } = session.settings;
  if (dailyBudget === undefined) return undefined;
  const sent = pending + (await chain.sentSince(payer, latest.time - DAY));
  if (sent + amount <= dailyBudget) return undefined;
  return `${price}, and the wallet has spent ${formatUsdc(sent)} of its daily budget of ${formatUsdc(dailyBudget)} USDC within 24 hours`;
}

/** What else is intended or signed, may still be settled, and is not yet. */
async function pendingBeside(intent: PaymentEntry, latest: Block, session: WalletSession): Promise<MicroUsdc> {
  const { payer, network, nonce } = intent;
  const chain = session.chain(network);
  const open = session.journal
    .open()
    .filter((one) => one.payer === payer && one.network === network && one.nonce !== nonce)
    .filter(({ validBefore }) => validBefore > latest.time);
  const used = await Promise.all(open.map((one) => chain.authorizationState(payer, one.nonce)));
  return open.reduce((sum, { amount }, at) => (used[at] ? sum : sum + BigInt(amount)), 0n);
}
