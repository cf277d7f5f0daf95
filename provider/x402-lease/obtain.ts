import { type Bought, type Chain, formatUsdc, type MicroUsdc, type ProxyOrder, type Session } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { buyerKey } from "../purchase/owner-key";
import { ProviderError } from "../errors";
import { type WalletSession } from "../run/wallet-session";
import { type Wallet } from "../run/wallet-settings";
import { networkNameOf, secondsOf, tierOf, usdcOf, type X402LeaseArgs } from "./args";
import { claim, type Claimed } from "./claim";
import { type Deal, nonceOf } from "./deal";
import { isHeldElsewhere } from "./held";
import { pay } from "./pay";
import { type Receipt, totalOf } from "./state";
import { evidenceOf } from "./used";
import { unpaid } from "./words";

/** A session that is paid for. */
export interface Obtained {
  found: Session | Bought;
  serial: number;
  wallet: string;
  /** Missing where nothing was paid, or nobody tells what. */
  receipt?: Receipt;
}

/** What the resource has behind it. */
export interface Before {
  /** Of the first purchase that may be its next. */
  serial: number;
  receipts: readonly Receipt[];
}

/**
 * Gets a lease: what an earlier run paid for, else a purchase. The purchases of a resource have numbers, and the chain
 * tells which are paid: the last one's session is claimed, if it lives and nobody has it; else the next one is bought.
 */
export async function obtain(
  news: X402LeaseArgs,
  hidden: Hidden,
  before: Before,
  session: WalletSession,
): Promise<Obtained> {
  const wallet = session.wallet();
  const dealOf = (serial: number) => proxyDeal(news, hidden, serial, before.receipts, session);
  const chain = session.chain(networkNameOf(news));
  await requireNoOther(wallet, dealOf(before.serial), chain, session);
  const isUsed = (serial: number) => chain.authorizationState(wallet.address, nonceOf(dealOf(serial), wallet));
  let serial = await lastUsed(before.serial, (at) => isUsed(at).catch(notAsked));
  for (;;) {
    const deal = dealOf(serial);
    const outcome = await pay(deal, wallet, session);
    const { nonce } = outcome;
    const { entry, settled, receipt } = await evidenceOf(deal, nonce, wallet.address, session);
    const got = { serial, wallet: wallet.address, ...(receipt && { receipt }) };
    const mayTake = (found: Session | Bought) => whyNotOurs(found, news, hidden, session);
    const claiming = () => claim(deal, { nonce, wallet, entry, settled }, mayTake, session);
    const claimed = "bought" in outcome ? await completed(outcome.bought, nonce, claiming, session) : await claiming();
    if ("found" in claimed) {
      session.held.set(claimed.found.id ?? nonce, hidden.urn);
      return { ...got, found: { ...claimed.found, id: claimed.found.id ?? nonce } };
    }
    serial += 1;
  }
}

const notAsked = (error: unknown): never => {
  throw unpaid(error instanceof Error ? error.message : "the chain could not be asked");
};

/** What an answer leaves out, such as the token, may be told by a second look. */
async function completed(
  bought: Bought,
  nonce: string,
  claiming: () => Promise<Claimed>,
  { journal }: WalletSession,
): Promise<Claimed> {
  const { id, token, settlement, transactionHash } = bought;
  const looked = id !== undefined && token !== undefined ? undefined : await claiming().catch(() => undefined);
  if (looked && "found" in looked) return { found: { ...bought, ...looked.found } };
  const tx = settlement?.transactionHash ?? transactionHash;
  const ids = { ...(id !== undefined && { sessionId: id }), ...(tx !== undefined && { transactionHash: tx }) };
  journal.note(nonce, { outcome: "delivered", ...ids });
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
 * Another wallet derives other nonces, and knows nothing of what this one's predecessor paid.
 *
 * @throws ProviderError while a payment of another wallet for the same resource is not decided, or not delivered
 */
async function requireNoOther(
  wallet: Wallet,
  { hidden, purpose }: Deal<Bought, ProxyOrder>,
  chain: Chain,
  { journal }: WalletSession,
): Promise<void> {
  const owner = buyerKey(hidden);
  for (const one of journal.open()) {
    if (one.owner !== owner || one.purpose !== purpose || one.payer === wallet.address || !one.proof) continue;
    if (one.network !== chain.network.name) continue;
    const final = await chain.finalized().catch(notAsked);
    const isVoid =
      final.time >= one.validBefore &&
      !(await chain.authorizationState(one.payer, one.nonce, final.number).catch(notAsked));
    if (isVoid) journal.note(one.nonce, { outcome: "unpaid" });
    else
      throw new ProviderError(
        `nothing was paid: an earlier run has a payment of the wallet ${one.payer} for this lease under way ` +
          `(authorization ${one.nonce}). Set AGENT_WALLET_KEY to that wallet's key again, or wait until it is void and final.`,
      );
  }
}
