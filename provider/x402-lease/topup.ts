import { type Addition, type Session, type ToppedUp } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { ProviderError } from "../errors";
import { isBuyer } from "../purchase/owner-key";
import { type WalletSession } from "../run/wallet-session";
import { type X402LeaseArgs, networkNameOf } from "./args";
import { type Deal, nonceOf } from "./deal";
import { tokenOf } from "./extend";
import { fateOf } from "./fate";
import { isSigned, type PaymentEntry } from "./journal";
import { lacksTraffic } from "./need";
import { capOf } from "./obtain";
import { pay } from "./pay";
import { type Receipt, withReceipt, type X402LeaseState } from "./state";
import { evidenceOf, proofsOf, type Settled } from "./used";
import { undecided, undelivered } from "./words";

/** The least that is added at once (MCP client). */
const LEAST_GB = 0.1;

const rounded = (gigabytes: number): number => Math.round(gigabytes * 1_000) / 1_000;

interface TrafficOrder {
  sessionId: string;
  trafficGB: number;
}

interface TrafficDeal extends Deal<ToppedUp, TrafficOrder> {
  token: string;
}

/**
 * Raises a session's traffic to what the program asks for. The payment's nonce is made of session and target, so
 * whoever raises it to the same target pays once.
 */
export async function raiseTraffic(
  olds: X402LeaseState,
  news: X402LeaseArgs,
  now: Session,
  hidden: Hidden,
  session: WalletSession,
): Promise<{ allocatedGB: number; receipts: Receipt[] }> {
  const wallet = session.wallet();
  if (olds.wallet !== undefined && olds.wallet !== wallet.address)
    throw new ProviderError(
      `nothing was paid: this lease was paid by the wallet ${olds.wallet}, and AGENT_WALLET_KEY is the key of ` +
        `${wallet.address}. Set the other key, or take a new lease by \`pulumi up --replace\`.`,
    );
  const before = await others(trafficDeal(olds, news, now, hidden, session), wallet.address, session);
  const receipts = before.reduce(withReceipt, olds.receipts);
  const { allocatedGB: has } = before.length > 0 ? await session.api.manage.session(tokenOf(olds)) : now;
  if (has !== undefined && !lacksTraffic(has, news.trafficGB)) return { allocatedGB: has, receipts };
  const deal = trafficDeal({ ...olds, receipts }, news, { ...now, allocatedGB: has }, hidden, session);
  const outcome = await pay(deal, wallet, session);
  const { nonce } = outcome;
  const { settled, receipt } = await evidenceOf(deal, nonce, wallet.address, session);
  const allocatedGB =
    "bought" in outcome
      ? (outcome.bought.allocatedGB ?? news.trafficGB)
      : await claimed(deal, { nonce, payer: wallet.address, settled, target: news.trafficGB }, session);
  session.journal.note({ network: deal.network, nonce }, { outcome: "delivered", sessionId: olds.sessionId });
  return { allocatedGB, receipts: withReceipt(receipts, receipt) };
}

/**
 * What runs before paid for this session to bring it to other targets comes first, as it may be what is missing.
 *
 * @returns receipts of what is delivered now
 * @throws ProviderError while such a payment is not decided
 */
async function others(deal: TrafficDeal, payer: string, session: WalletSession): Promise<Receipt[]> {
  const { journal } = session;
  const { network, order, hidden } = deal;
  const isOther = (one: PaymentEntry) =>
    one.purpose === "topup" &&
    isBuyer(one.owner, hidden) &&
    one.network === network &&
    one.payer === payer &&
    isSigned(one) &&
    one.serial !== deal.serial &&
    (one.order as TrafficOrder).sessionId === order.sessionId;
  const found: Receipt[] = [];
  for (const one of journal.open().filter(isOther)) {
    const { nonce } = one;
    const fate = await fateOf(one, session.chain(network));
    if (fate === "undecided") throw undecided(one, "an earlier run ordered another amount of traffic");
    if (fate === "paid") {
      const { settled, receipt } = await evidenceOf(deal, nonce, payer, session);
      const target = Number(one.serial.slice(one.serial.lastIndexOf(":") + 1));
      await claimed(deal, { nonce, payer, settled, target }, session);
      if (receipt) found.push(receipt);
    }
    journal.note(one, fate === "paid" ? { outcome: "delivered", sessionId: order.sessionId } : { outcome: "unpaid" });
  }
  return found;
}

/** Of a payment that brought the session to this target before, if there was one. */
export async function receiptOfRaise(
  olds: X402LeaseState,
  news: X402LeaseArgs,
  now: Session,
  hidden: Hidden,
  session: WalletSession,
): Promise<Receipt | undefined> {
  const wallet = session.wallet();
  const deal = trafficDeal(olds, news, now, hidden, session);
  const nonce = nonceOf(deal, wallet);
  if (!(await session.chain(deal.network).authorizationState(wallet.address, nonce))) return undefined;
  return (await evidenceOf(deal, nonce, wallet.address, session)).receipt;
}

function trafficDeal(
  olds: X402LeaseState,
  news: X402LeaseArgs,
  now: Session,
  hidden: Hidden,
  { api }: WalletSession,
): TrafficDeal {
  const token = tokenOf(olds);
  const missing = rounded(news.trafficGB - (now.allocatedGB ?? olds.trafficAllocatedGB ?? 0));
  const order = { sessionId: olds.sessionId, trafficGB: Math.max(LEAST_GB, missing) };
  const addition = ({ trafficGB }: TrafficOrder): Addition => ({ trafficGB });
  return {
    ...{ purpose: "topup", serial: `${olds.sessionId}:${news.trafficGB}`, hidden, network: networkNameOf(news), order },
    proof: news.proof ?? "authorization",
    maxPrice: capOf(news, olds.receipts),
    token,
    ask: () => api.manage.askTopup(token, addition(order)),
    buy: (proof, ordered) => api.manage.topup(token, addition(ordered), proof),
  };
}

/** What was paid for already: it is there, or it is claimed by what was sent. @returns GB */
async function claimed(
  deal: TrafficDeal,
  { nonce, payer, settled, target }: { nonce: string; payer: string; settled: Settled; target: number },
  session: WalletSession,
): Promise<number> {
  const { network, token, order } = deal;
  const { allocatedGB = 0 } = await session.api.manage.session(token);
  if (!lacksTraffic(allocatedGB, target)) return allocatedGB;
  const entry = session.journal.find({ network, nonce });
  if (entry?.outcome !== undefined) {
    session.notice(
      `session ${order.sessionId} was brought to ${target} GB by authorization ${nonce}, and the vendor reports ` +
        `${allocatedGB} GB now: nothing is paid for the same again. Ask the vendor's support, or ask for another amount.`,
    );
    return allocatedGB;
  }
  const { use } = settled;
  const { sent, transaction } = proofsOf(deal, payer, entry, settled);
  let reason = "it gives no reason";
  for (const [proof, ordered] of [...sent, ...transaction]) {
    const bought = await deal.buy(proof, ordered).catch((error: Error) => void (reason = error.message));
    if (bought) return bought.allocatedGB ?? target;
  }
  const open = { nonce, payer, network, ...(use && { transactionHash: use.hash }) };
  throw undelivered({ ...open, ...(entry && { amount: BigInt(entry.amount) }) }, reason);
}
