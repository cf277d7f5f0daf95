import { type Chain, type ChainReceipt, type Proof, type Use } from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type DealFacts } from "./deal";
import { type PaymentEntry } from "./journal";
import { type Receipt, receiptOf } from "./state";

/** What the chain shows of a payment that it settled. */
export interface Settled {
  use?: Use;
  receipt?: ChainReceipt;
}

/** Sessions of a wallet that are looked through for a payment that the node's log does not show. */
const MOST_SESSIONS = 50;

/** By which transaction a payment was settled: by the chain's log, else by what the vendor names. */
async function settledOf(
  { network }: Pick<DealFacts, "network">,
  nonce: string,
  payer: string,
  entry: PaymentEntry | undefined,
  session: WalletSession,
): Promise<Settled> {
  const chain = session.chain(network);
  const use =
    (await chain.useOf(payer, nonce, entry?.at).catch(() => undefined)) ??
    (await namedByVendor(chain, nonce, payer, session).catch(() => undefined));
  const receipt = use && (await chain.receipt(use.hash).catch(() => undefined));
  return { ...(use && { use }), ...(receipt && { receipt }) };
}

/** The log of old blocks is not shown by every node, a transaction that is known is. */
async function namedByVendor(
  chain: Chain,
  nonce: string,
  payer: string,
  { api }: WalletSession,
): Promise<Use | undefined> {
  const sessions = await api.sessions.byWallet(payer, "all");
  for (const { transactionHash } of sessions.slice(-MOST_SESSIONS).reverse()) {
    const found = transactionHash === undefined ? undefined : await chain.receipt(transactionHash);
    if (found?.uses.some((one) => one.payer === payer && one.nonce === nonce))
      return { hash: found.hash, block: found.block };
  }
  return undefined;
}

/** The receipt of a payment: what this machine signed, else what the chain moved. Undefined where neither has it. */
function receiptFor(
  { network }: Pick<DealFacts, "network">,
  nonce: string,
  payer: string,
  entry: PaymentEntry | undefined,
  { use, receipt }: Settled,
  seconds: number,
): Receipt | undefined {
  const moved = receipt?.transfers.find(({ from }) => from === payer);
  const payTo = moved?.to ?? entry?.payTo;
  const amount = moved?.amount ?? (entry && BigInt(entry.amount));
  if (payTo === undefined || amount === undefined) return undefined;
  return receiptOf({ nonce, network, payTo, amount, seconds, ...(use && { tx: use.hash }) });
}

/** What chain and journal show of a payment, and the receipt for it. */
export async function evidenceOf(
  deal: Pick<DealFacts, "network">,
  nonce: string,
  payer: string,
  session: WalletSession,
): Promise<{ entry?: PaymentEntry; settled: Settled; receipt?: Receipt }> {
  const entry = session.journal.find({ network: deal.network, nonce });
  const settled = await settledOf(deal, nonce, payer, entry, session);
  const seconds = entry?.at ?? Math.floor((await session.now()) / 1_000);
  const receipt = receiptFor(deal, nonce, payer, entry, settled, seconds);
  return { ...(entry && { entry }), settled, ...(receipt && { receipt }) };
}

/**
 * What shows the vendor that a payment was made: all that was signed of its nonce, each good for its own order, as any
 * of it may be what was settled; and the transaction that did it.
 */
export function proofsOf<Order extends object>(
  { network, order }: Pick<DealFacts<Order>, "network" | "order">,
  payer: string,
  entry: PaymentEntry | undefined,
  { use }: Settled,
): { ordered: Order; sent: [Proof, Order][]; transaction: [Proof, Order][] } {
  const ordered = (entry?.order as Order | undefined) ?? order;
  return {
    ordered,
    sent: [entry, ...(entry?.earlier ?? [])].flatMap((one): [Proof, Order][] =>
      one?.proof ? [[one.proof, one.order as Order]] : [],
    ),
    transaction: use ? [[{ kind: "transaction", hash: use.hash, network, payer }, ordered]] : [],
  };
}
