import { type Bought, checkTerms, isApiError, type Proof, type ProxyOrder, type Session } from "../../api";
import { isOver } from "../../domain/lease";
import { buyerKey } from "../purchase/owner-key";
import { type WalletSession } from "../run/wallet-session";
import { type Wallet } from "../run/wallet-settings";
import { nameOf } from "../../domain/urn";
import { type Deal, type DealFacts } from "./deal";
import { otherHolder } from "./held";
import { type PaymentEntry } from "./journal";
import { rulesOf } from "./pay";
import { signed } from "./sign";
import { proofsOf, type Settled } from "./used";
import { type OpenPayment, undelivered } from "./words";

export interface Paid {
  nonce: string;
  wallet: Wallet;
  entry: PaymentEntry | undefined;
  settled: Settled;
}

/** What a payment bought, or why it gives nothing any more. */
export type Claimed = { found: Session | Bought } | { passed: string };

/**
 * Gets what is paid for already. Nothing that is sent here can move money: the chain has used the payment's nonce.
 *
 * @param mayTake why a session is not for this resource, if so
 * @throws ProviderError where the vendor does not deliver: it stays to be claimed
 */
export async function claim<Order extends object>(
  deal: Deal<Bought, Order>,
  paid: Paid,
  mayTake: (found: Session | Bought) => Promise<string | undefined>,
  session: WalletSession,
): Promise<Claimed> {
  const { nonce, wallet, entry, settled } = paid;
  const id = { network: deal.network, nonce };
  if (entry?.outcome === "abandoned") return { passed: "it was given up" };
  const hash = settled.use?.hash;
  let reason = "the vendor knows of no session";
  const known = hash === undefined ? undefined : await session.api.sessions.byTransaction(hash).catch(noted);
  const first = known && (await judged(known));
  if (first && "passed" in first) return first;
  if (first && isWhole(first.found)) return delivered(first.found);
  const was = first ? undefined : await deliveredBefore();
  if (was?.taken !== undefined) return { passed: was.taken };

  for (const [proof, order] of await shownTo(deal, paid, session)) {
    const bought = await deal.buy(proof, order).catch(noted);
    const verdict = bought && (await judged(bought));
    if (!verdict) continue;
    return "found" in verdict ? delivered({ ...first?.found, ...bought }) : verdict;
  }
  if (was && was.until <= (await session.now()))
    return { passed: "its session has ended, and the vendor no longer reports it" };
  await reopened();
  throw undelivered(openIn(deal, paid), reason);

  function noted(error: unknown): undefined {
    if (!isApiError(error)) throw error;
    if (error.code !== "not_found") reason = error.message;
    return undefined;
  }

  /** Undefined where it cannot be what was bought. */
  async function judged(found: Session | Bought): Promise<Claimed | undefined> {
    const wrong = await whyWrong(found, deal, entry, session);
    if (wrong === undefined) {
      const passed = await mayTake({ ...found, id: found.id ?? nonce });
      return passed === undefined ? { found } : { passed };
    }
    const until = endOf(entry ?? { at: (await settledAt()) ?? 0, order: deal.order });
    const isToRun = entry?.sessionId === undefined && until > (await session.now());
    if (isToRun) {
      reason = wrong;
      return undefined;
    }
    note(found, entry?.isLeft);
    return { passed: wrong };
  }

  function note(found: Session | Bought, isLeft?: true): void {
    const ids = { sessionId: found.id ?? nonce, ...(hash !== undefined && { transactionHash: hash }) };
    session.journal.note(id, { outcome: "delivered", ...ids, isLeft });
  }

  /** Epoch seconds, by the chain. */
  async function settledAt(): Promise<number | undefined> {
    const { use } = settled;
    return (
      use &&
      session
        .chain(deal.network)
        .timeOf(use.block)
        .catch(() => undefined)
    );
  }

  /** It is to be claimed: a machine that lost its journal knows so from now on, and a person can give it up there. */
  async function reopened(): Promise<void> {
    if (entry) return session.journal.note(id, { outcome: undefined });
    const [at, transfer] = [await settledAt(), transferIn(paid)];
    if (at === undefined || !transfer) return;
    const { purpose, serial, hidden, order } = deal;
    session.journal.recover({
      ...{ ...id, owner: buyerKey(hidden) ?? "", purpose, serial: String(serial), payer: wallet.address, order },
      ...{ payTo: transfer.to, amount: String(transfer.amount), at, validBefore: at },
    });
  }

  /** A vendor that reports no session by its transaction: what the journal and the order show. */
  async function deliveredBefore(): Promise<{ taken: string | undefined; until: number } | undefined> {
    if (entry?.sessionId === undefined) return undefined;
    const { tier } = entry.order as ProxyOrder;
    const taken = await mayTake({ id: entry.sessionId, ...(tier && { tier }) });
    return { taken, until: endOf(entry) };
  }

  function delivered(found: Session | Bought): Claimed {
    note(found);
    return { found };
  }
}

const transferIn = ({ settled, wallet }: Paid) =>
  settled.receipt?.transfers.find(({ from }) => from === wallet.address);

/** What is known of a payment that is paid. */
export function openIn({ network }: DealFacts, paid: Paid): OpenPayment {
  const { nonce, wallet, entry, settled } = paid;
  const amount = transferIn(paid)?.amount ?? (entry && BigInt(entry.amount));
  const { use } = settled;
  return {
    ...{ nonce, payer: wallet.address, network },
    ...(use && { transactionHash: use.hash }),
    ...(amount !== undefined && { amount }),
  };
}

/** Why a session cannot be what a payment has just bought. */
export async function whyWrong(
  { id, status, isActive, expiresAt }: Session | Bought,
  { hidden }: DealFacts,
  entry: PaymentEntry | undefined,
  session: WalletSession,
): Promise<string | undefined> {
  if (isActive === false || isOver({ status, expiresAt }, await session.now()))
    return "the session that it gives has ended";
  const wasDelivered = entry === undefined || entry.sessionId !== undefined;
  const other = id === undefined || wasDelivered ? undefined : await otherHolder(id, hidden, session);
  return other === undefined ? undefined : `the session that it gives is that of "${nameOf(other)}"`;
}

/** When what was ordered ends, epoch ms, unless time was added. */
export const endOf = ({ at, order }: Pick<PaymentEntry, "at" | "order">): number =>
  (at + ((order as ProxyOrder).durationSeconds ?? 0)) * 1_000;

/** Whether it can be used and managed. */
const isWhole = ({ id, token, proxy, ports }: Session | Bought): boolean =>
  id !== undefined && token !== undefined && (proxy?.password !== undefined || ports?.[0]?.http !== undefined);

/** The same authorization signed anew comes last, for a machine that lost its journal. */
async function shownTo<Order extends object>(
  deal: Deal<Bought, Order>,
  { nonce, wallet, entry, settled }: Paid,
  session: WalletSession,
): Promise<[Proof, Order][]> {
  const { ordered, sent, transaction } = proofsOf(deal, wallet.address, entry, settled);
  if (sent.length > 0) return deal.proof === "transfer" ? [...transaction, ...sent] : [...sent, ...transaction];
  const anew = await signedAnew(deal, nonce, wallet, session).catch(() => undefined);
  return anew ? [...transaction, [anew, ordered]] : transaction;
}

async function signedAnew(
  deal: Deal<Bought>,
  nonce: string,
  wallet: Wallet,
  session: WalletSession,
): Promise<Proof | undefined> {
  const offered = await deal.ask();
  if ("bought" in offered) return undefined;
  const latest = await session.chain(deal.network).latest();
  const rules = rulesOf(deal, session);
  const agreement = checkTerms(offered.terms, rules);
  if ("problem" in agreement) return undefined;
  const { offer, transfer } = agreement;
  return signed(wallet.key, { nonce, validBefore: latest.time + 300 }, offer, transfer, rules);
}
