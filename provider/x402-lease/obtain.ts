import { type Bought, ChainError, formatUsdc, type MicroUsdc, type ProxyOrder, type Session } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { isBuyer } from "../purchase/owner-key";
import { ProviderError } from "../errors";
import { type WalletSession } from "../run/wallet-session";
import { type Wallet } from "../run/wallet-settings";
import { networkNameOf, secondsOf, tierOf, usdcOf, type X402LeaseArgs } from "./args";
import { claim, type Claimed, endOf, openIn, type Paid, whyWrong } from "./claim";
import { type Deal, type DealFacts, nonceOf } from "./deal";
import { fateOf } from "./fate";
import { isHeldElsewhere } from "./held";
import { isSigned, type PaymentEntry, type PaymentId } from "./journal";
import { pay } from "./pay";
import { type Receipt, totalOf, withReceipt } from "./state";
import { evidenceOf } from "./used";
import { ofOther, refusal, undelivered, unpaid } from "./words";

/** A session that is paid for. */
export interface Obtained {
  found: (Session | Bought) & { id: string };
  serial: number;
  wallet: string;
  /** The country that was paid for, as far as this machine knows. */
  ordered?: string;
  /** What was paid for it, and for what came before it and is in no state, as far as it is known. */
  receipts: Receipt[];
}

/** What the resource has behind it. */
export interface Before {
  /** Of the first purchase that may be its next. */
  serial: number;
  receipts: readonly Receipt[];
  /** Whether this resource made all purchases from `serial` on; else they may be one's that was destroyed. */
  isOurs: boolean;
  /** It is this purchase: later ones that are paid are for somebody else. */
  isExact?: true;
}

/**
 * Gets a lease: what an earlier run paid for, else a purchase. The purchases of a resource have numbers, and the chain
 * shows which are paid: the last one's session is claimed, if it lives and nobody has it; else the next one is bought.
 */
export async function obtain(
  news: X402LeaseArgs,
  hidden: Hidden,
  before: Before,
  session: WalletSession,
): Promise<Obtained> {
  const wallet = session.wallet();
  let receipts: Receipt[] = [];
  const dealOf = (serial: number) => proxyDeal(news, hidden, serial, [...before.receipts, ...receipts], session);
  const first = dealOf(before.serial);
  const chain = session.chain(first.network);
  await requireNoOther(wallet, first, session);
  const nonceAt = (serial: number) => nonceOf({ ...first, serial }, wallet);
  const isUsed = async (serial: number) => {
    if (serial - before.serial > MOST_PURCHASES) throw new ChainError(ALL_PAID, "bad_answer");
    return chain.authorizationState(wallet.address, nonceAt(serial));
  };
  const asked = (at: number) => isUsed(at).catch((error) => notAsked(error, first, session));
  let serial = before.isExact ? before.serial : await lastUsed(before.serial, asked);
  for (let at = before.serial; before.isOurs && at < serial; at++) {
    const { receipt } = await evidenceOf(first, nonceAt(at), wallet.address, session);
    receipts = withReceipt(receipts, receipt);
  }
  for (;;) {
    const deal = dealOf(serial);
    const outcome = await pay(deal, wallet, session);
    const { claiming, paid, receipt } = await claimOf(deal, outcome.nonce, wallet, news, session);
    const { entry } = paid;
    const id = { network: deal.network, nonce: outcome.nonce };
    const bought = "bought" in outcome ? outcome.bought : undefined;
    const isRight = bought && (await whyWrong(bought, deal, entry, session)) === undefined;
    const claimed = isRight ? await completed(bought, id, claiming, session) : await claiming();
    if ("found" in claimed) {
      const found = named(claimed.found, outcome.nonce, entry);
      session.held.set(found.id, hidden.urn);
      return { serial, wallet: wallet.address, receipts: withReceipt(receipts, receipt), found, ...orderedIn(entry) };
    }
    // A run pays once: what it just paid for is never passed by.
    if (!("paid" in outcome && outcome.paid === "earlier")) throw undelivered(openIn(deal, paid), claimed.passed);
    if (before.isOurs || entry?.outcome === "abandoned") receipts = withReceipt(receipts, receipt);
    serial += 1;
  }
}

/** A session that is paid for already, by an earlier run. Undefined where it is none to take. Pays nothing. */
export async function taken(
  { serial: told, nonce }: PaymentEntry,
  news: X402LeaseArgs,
  hidden: Hidden,
  session: WalletSession,
): Promise<Obtained | undefined> {
  const [wallet, serial] = [session.wallet(), Number(told)];
  const deal = proxyDeal(news, hidden, serial, [], session);
  const { claiming, paid, receipt } = await claimOf(deal, nonce, wallet, news, session);
  const claimed = await claiming();
  if (!("found" in claimed)) return undefined;
  const found = named(claimed.found, nonce, paid.entry);
  session.held.set(found.id, hidden.urn);
  return { serial, wallet: wallet.address, receipts: withReceipt([], receipt), found, ...orderedIn(paid.entry) };
}

/** What is known of a payment, and how to get what it bought. */
async function claimOf(
  deal: Deal<Bought, ProxyOrder>,
  nonce: string,
  wallet: Wallet,
  news: X402LeaseArgs,
  session: WalletSession,
) {
  const { entry, settled, receipt } = await evidenceOf(deal, nonce, wallet.address, session);
  const mayTake = (found: Session | Bought) => whyNotOurs(found, news, deal.hidden, session);
  const paid: Paid = { nonce, wallet, entry, settled };
  return { paid, receipt, claiming: () => claim(deal, paid, mayTake, session) };
}

const orderedIn = (entry: PaymentEntry | undefined): Pick<Obtained, "ordered"> =>
  entry ? { ordered: (entry.order as ProxyOrder).country } : {};

/** Completed from the order, where the vendor does not report it. */
function named(found: Session | Bought, nonce: string, entry: PaymentEntry | undefined): Obtained["found"] {
  const { id = nonce, allocatedGB = (entry?.order as ProxyOrder | undefined)?.trafficGB } = found;
  return { ...found, id, ...(allocatedGB !== undefined && { allocatedGB }) };
}

/** Which purchase is the last one is not known, so any that is open may be it. */
function notAsked(error: unknown, { hidden, purpose }: DealFacts, { journal }: WalletSession): never {
  const open = journal.open().find((one) => isBuyer(one.owner, hidden) && one.purpose === purpose && isSigned(one));
  throw refusal(open, error instanceof Error ? error.message : "the chain could not be asked");
}

/** What an answer leaves out, such as the token, may come with a second read. */
async function completed(
  bought: Bought,
  { network, nonce }: PaymentId,
  claiming: () => Promise<Claimed>,
  { journal }: WalletSession,
): Promise<Claimed> {
  const { id, token, settlement, transactionHash } = bought;
  const looked = id !== undefined && token !== undefined ? undefined : await claiming().catch(() => undefined);
  if (looked && "found" in looked) return { found: { ...bought, ...looked.found } };
  const tx = settlement?.transactionHash ?? transactionHash;
  const ids = { sessionId: id ?? nonce, ...(tx !== undefined && { transactionHash: tx }) };
  journal.note({ network, nonce }, { outcome: "delivered", ...ids });
  return { found: bought };
}

const orderOf = (args: X402LeaseArgs): ProxyOrder => ({
  country: args.country.toUpperCase(),
  durationSeconds: secondsOf(args),
  trafficGB: args.trafficGB,
  tier: tierOf(args),
  ...(args.carrier !== undefined && { carrier: args.carrier }),
  ...(args.city !== undefined && { city: args.city }),
});

function proxyDeal(
  args: X402LeaseArgs,
  hidden: Hidden,
  serial: number,
  receipts: readonly Receipt[],
  { api }: WalletSession,
): Deal<Bought, ProxyOrder> {
  const order = orderOf(args);
  return {
    ...{ purpose: "proxy", serial, hidden, network: networkNameOf(args), order, proof: args.proof ?? "authorization" },
    maxPrice: capOf(args, receipts),
    ask: () => api.askProxy(order),
    buy: (proof, ordered) => api.buyProxy(ordered, proof),
  };
}

/** The most that the next payment may cost. @throws ProviderError where maxTotal is used up */
export function capOf({ maxPrice, maxTotal }: X402LeaseArgs, receipts: readonly Receipt[]): MicroUsdc {
  const most = usdcOf(maxPrice);
  if (maxTotal === undefined) return most;
  const spent = totalOf(receipts);
  const left = usdcOf(maxTotal) - spent;
  if (left <= 0n)
    throw unpaid(`this lease has cost ${formatUsdc(spent)} USDC, and maxTotal is ${formatUsdc(usdcOf(maxTotal))}`);
  return left < most ? left : most;
}

/** No resource has bought as many: a node that says so says it of all, and would be asked without end. */
const MOST_PURCHASES = 1_000_000;
const ALL_PAID = "the chain's node says of every authorization that it was used: name another node";

/** The last of the paid purchases from this one on; this one where it is not paid. They are paid in order. */
async function lastUsed(from: number, isUsed: (serial: number) => Promise<boolean>): Promise<number> {
  if (!(await isUsed(from))) return from;
  let [used, step] = [from, 1];
  while (await isUsed(used + step)) [used, step] = [used + step, step * 2];
  for (let unused = used + step; unused - used > 1;) {
    const middle = Math.floor((used + unused) / 2);
    if (await isUsed(middle)) used = middle;
    else unused = middle;
  }
  return used;
}

/** Why a session that is paid for is none to take, if so. One that is elsewhere is moved later, for nothing. */
async function whyNotOurs(
  found: Session | Bought,
  news: X402LeaseArgs,
  hidden: Hidden,
  session: WalletSession,
): Promise<string | undefined> {
  const { id, tier = tierOf(news) } = found;
  if (tier !== tierOf(news)) {
    session.notice(`session ${id} is ${tier}: it is left, and runs until its end.`, hidden.urn);
    return `it is ${tier}`;
  }
  return id !== undefined && (await isHeldElsewhere(id, hidden, session)) ? "the state has it" : undefined;
}

/**
 * Another wallet derives other nonces, and another chain settles the same ones once more.
 *
 * @throws ProviderError while a payment by another wallet or on another chain is not decided, or not delivered; and where
 *   another wallet bought the last session, which runs, and no state came to have it
 */
async function requireNoOther(
  wallet: Wallet,
  { hidden, purpose, network, order: { tier } }: DealFacts<ProxyOrder>,
  session: WalletSession,
): Promise<void> {
  const { journal } = session;
  const all = journal.all().filter((one) => isBuyer(one.owner, hidden) && one.purpose === purpose);
  for (const one of all) {
    if (one.outcome !== undefined || !isSigned(one)) continue;
    if (one.payer === wallet.address && one.network === network) continue;
    const fate = await fateOf(one, session.chain(one.network)).catch((error) => {
      throw refusal(one, (error as Error).message);
    });
    if (fate === "paid") throw ofOther(one);
    if (fate === "undecided")
      throw new ProviderError(
        `nothing was paid: an earlier run has a payment of the wallet ${one.payer} on ${one.network} for this lease under ` +
          `way (authorization ${one.nonce}). Go back to that wallet and network, or wait until it is void and final.`,
      );
    journal.note(one, { outcome: "unpaid" });
  }
  const last = all.find(({ outcome }) => outcome === "delivered");
  if (!last || last.isLeft || last.payer === wallet.address || last.network !== network) return;
  if ((last.order as ProxyOrder).tier !== tier || endOf(last) <= (await session.now())) return;
  if (!(await isHeldElsewhere(last.sessionId ?? last.nonce, hidden, session))) throw ofOther(last);
}
