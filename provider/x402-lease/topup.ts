import { type Addition, type Session, type ToppedUp } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { ProviderError } from "../errors";
import { type WalletSession } from "../run/wallet-session";
import { type X402LeaseArgs, networkNameOf } from "./args";
import { type Deal, nonceOf } from "./deal";
import { lacksTraffic } from "./need";
import { capOf } from "./obtain";
import { pay } from "./pay";
import { type Receipt, type X402LeaseState } from "./state";
import { evidenceOf, type Settled } from "./used";
import { undelivered } from "./words";

/** The least that is added at once (MCP client). */
const LEAST_GB = 0.1;
const LEAST_SECONDS = 3_600;
const MOST_SECONDS = 2_592_000;
/** A difference that is none. */
const SLACK_SECONDS = 60;

const rounded = (gigabytes: number): number => Math.round(gigabytes * 1_000) / 1_000;

interface TrafficOrder {
  sessionId: string;
  trafficGB: number;
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
): Promise<{ allocatedGB: number; receipt?: Receipt }> {
  const wallet = session.wallet();
  if (olds.wallet !== undefined && olds.wallet !== wallet.address)
    throw new ProviderError(
      `nothing was paid: this lease was paid by the wallet ${olds.wallet}, and AGENT_WALLET_KEY is the key of ` +
        `${wallet.address}. Set the other key, or take a new lease by \`pulumi up --replace\`.`,
    );
  const deal = trafficDeal(olds, news, now, hidden, session);
  const outcome = await pay(deal, wallet, session);
  const { nonce } = outcome;
  const { settled, receipt } = await evidenceOf(deal, nonce, wallet.address, session);
  const allocatedGB =
    "bought" in outcome
      ? (outcome.bought.allocatedGB ?? news.trafficGB)
      : await claimed(deal, nonce, wallet.address, settled, olds, news, session);
  session.journal.note(nonce, { outcome: "delivered", sessionId: olds.sessionId });
  return { allocatedGB, ...(receipt && { receipt }) };
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
): Deal<ToppedUp, TrafficOrder> {
  const token = tokenOf(olds);
  const missing = rounded(news.trafficGB - (now.allocatedGB ?? olds.trafficAllocatedGB ?? 0));
  const order = { sessionId: olds.sessionId, trafficGB: Math.max(LEAST_GB, missing) };
  const addition = ({ trafficGB }: TrafficOrder): Addition => ({ trafficGB });
  return {
    ...{ purpose: "topup", serial: `${olds.sessionId}:${news.trafficGB}`, hidden, network: networkNameOf(news), order },
    proof: news.proof ?? "authorization",
    maxPrice: capOf(news, olds.receipts),
    ask: () => api.manage.askTopup(token, addition(order)),
    buy: (proof, ordered) => api.manage.topup(token, addition(ordered), proof),
  };
}

/** What was paid for already: it is there, or it is claimed by what was sent. */
async function claimed(
  deal: Deal<ToppedUp, TrafficOrder>,
  nonce: string,
  payer: string,
  settled: Settled,
  olds: X402LeaseState,
  news: X402LeaseArgs,
  session: WalletSession,
): Promise<number> {
  const { allocatedGB = 0 } = await session.api.manage.session(tokenOf(olds));
  if (!lacksTraffic(allocatedGB, news.trafficGB)) return allocatedGB;
  const entry = session.journal.find(nonce);
  if (entry?.outcome !== undefined) return allocatedGB;
  const { use } = settled;
  const sent = entry?.proof ? [entry.proof] : [];
  const transaction = use ? [{ kind: "transaction" as const, hash: use.hash, network: deal.network, payer }] : [];
  let reason = "it tells no reason";
  for (const proof of [...sent, ...transaction]) {
    const order = (entry?.order as TrafficOrder | undefined) ?? deal.order;
    const bought = await deal.buy(proof, order).catch((error: Error) => void (reason = error.message));
    if (bought) return bought.allocatedGB ?? news.trafficGB;
  }
  const open = { nonce, payer, network: deal.network, ...(use && { transactionHash: use.hash }) };
  throw undelivered({ ...open, ...(entry && { amount: BigInt(entry.amount) }) }, reason);
}

/**
 * Adds time, which is free. Acts once, so what is missing is looked up just before; a lost answer is found by the next look.
 *
 * @param until epoch ms
 * @returns the end, epoch ms
 */
export async function extendUntil(
  until: number,
  olds: X402LeaseState,
  now: Session,
  session: WalletSession,
): Promise<number | undefined> {
  const { expiresAt } = now;
  if (expiresAt === undefined) return undefined;
  const missing = Math.ceil((until - expiresAt) / 1_000);
  if (missing <= SLACK_SECONDS) return expiresAt;
  const durationSeconds = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, missing));
  const added = await session.api.manage.topup(tokenOf(olds), { durationSeconds }, { kind: "nothing" });
  return added.expiresAt ?? expiresAt + durationSeconds * 1_000;
}

/** @throws ProviderError */
export function tokenOf({ sessionId, sessionToken }: Pick<X402LeaseState, "sessionId" | "sessionToken">): string {
  if (sessionToken !== undefined) return sessionToken;
  throw new ProviderError(
    `session ${sessionId} cannot be changed: the vendor never told its token. Import it by the token, or replace it.`,
  );
}
