import { isDeepStrictEqual } from "node:util";
import { ApiError, ChainError, checkTerms, checkTransfer, NETWORKS, type PaymentRules, type Proof } from "../../api";
import { ProviderError } from "../errors";
import { buyerKey } from "../purchase/owner-key";
import { ENDED } from "../run/wanted";
import { type WalletSession } from "../run/wallet-session";
import { type Wallet } from "../run/wallet-settings";
import { type Deal, type DealFacts, nonceOf } from "./deal";
import { isSigned, type PaymentEntry } from "./journal";
import { settledBy } from "./settle";
import { signed } from "./sign";
import { walletFault } from "./spending";
import { refusal, undecided } from "./words";

/** What came of a payment: what was bought, or that it was paid, and the answer is not known. */
export type Outcome<T> = { nonce: string; bought: T } | { nonce: string; paid: "now" | "earlier" };

/** Time that a payment needs on its way, in seconds: one that is void sooner is not sent again. */
const SPARE = 15;
/** Between tries, in ms. Facilitators settle within half a minute. */
const WAITS = [2_000, 5_000, 10_000, 20_000];

/**
 * Pays for a deal unless the chain shows that it is paid. Any answer but what was bought leaves it open: then the chain
 * decides, and the same payment is sent again, some times. Each authorization of a deal has the deal's nonce, so of all
 * that were ever signed for it the chain settles one at most.
 *
 * @throws ProviderError where nothing was signed, or where it is not decided
 */
export async function pay<T, Order extends object>(
  deal: Deal<T, Order>,
  wallet: Wallet,
  session: WalletSession,
): Promise<Outcome<T>> {
  const nonce = nonceOf(deal, wallet);
  const chain = session.chain(deal.network);
  const isUsed = () => chain.authorizationState(wallet.address, nonce);
  const before = session.journal.find({ network: deal.network, nonce });
  /** Nothing is paid blindly. */
  const notAsked = (error: unknown): never => {
    throw error instanceof ChainError ? refusal(before, error.message) : error;
  };
  if (await isUsed().catch(notAsked)) return { nonce, paid: "earlier" };
  const ready = await session.inTurn(() => readied(deal, nonce, wallet, session).catch(notAsked));
  if ("bought" in ready) return { nonce, bought: ready.bought };

  let reason = "";
  for (const wait of [...WAITS, 0]) {
    try {
      const proof = deal.proof === "transfer" ? await settledBy(wallet, ready.proof, deal, session) : ready.proof;
      const bought = await deal.buy(proof, deal.order);
      return { nonce, bought };
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof ChainError || error instanceof ProviderError)) throw error;
      reason = error.message;
    }
    if (await isUsed().catch(() => false)) return { nonce, paid: "now" };
    // It is signed, also where the run no longer waits.
    await session.sleep(wait).catch(() => {
      throw undecided(ready.entry, reason);
    });
  }
  if (await isUsed().catch(() => false)) return { nonce, paid: "now" };
  throw undecided(ready.entry, reason);
}

type Ready<T> = { bought: T } | { entry: PaymentEntry; proof: Proof & { kind: "authorization" } };

/** The payment of an earlier try, while it is good for the same; else a new one of the same nonce. */
async function readied<T, Order extends object>(
  deal: Deal<T, Order>,
  nonce: string,
  wallet: Wallet,
  session: WalletSession,
): Promise<Ready<T>> {
  const latest = await session.chain(deal.network).latest();
  const entry = session.journal.find({ network: deal.network, nonce });
  const valid = entry && isSigned(entry) && entry.validBefore > latest.time ? entry : undefined;
  const requireWanted = async (): Promise<void> => {
    if (!(await session.isWanted())) throw refusal(valid, ENDED);
  };
  await requireWanted();
  if (entry?.proof && isGood(entry, deal, wallet, session) && entry.validBefore > latest.time + SPARE)
    return { entry, proof: entry.proof };
  session.journal.tidy(latest.time);
  const offered = await deal.ask();
  if ("bought" in offered) return offered;
  const rules = rulesOf(deal, session);
  const agreement = checkTerms(offered.terms, rules);
  if ("problem" in agreement) throw refusal(valid, agreement.problem);
  const { offer, transfer } = agreement;
  await requireWanted();
  const intent = session.journal.write({
    ...{ nonce, owner: buyerKey(deal.hidden) ?? "", purpose: deal.purpose, serial: String(deal.serial) },
    ...{ payer: wallet.address, network: deal.network, payTo: transfer.payTo, amount: String(transfer.amount) },
    ...{ order: deal.order, at: latest.time },
    // Not before what was signed of this nonce is void: only then it is decided.
    validBefore: Math.max(latest.time + secondsOf(offer.maxTimeoutSeconds), valid?.validBefore ?? 0),
    earlier: earlierOf(entry),
  });
  // Others see the intent by now, and this one theirs: of two that are too much together, one at least is refused.
  const notSigned = (why: ProviderError | ChainError): never => {
    session.journal.write(entry ?? { ...intent, outcome: "unpaid" });
    throw why;
  };
  const fault = await walletFault(intent, deal.proof, latest, session).catch(notSigned);
  if (fault !== undefined) notSigned(refusal(valid, fault));
  const proof = signed(wallet.key, intent, offer, transfer, rules);
  return { proof, entry: session.journal.write({ ...intent, proof }) };
}

const MOST_EARLIER = 5;

/** What was signed of this nonce before, the newest first: any of it may be the one that was settled. */
const earlierOf = (entry: PaymentEntry | undefined): PaymentEntry["earlier"] =>
  [...(entry?.proof ? [{ order: entry.order, proof: entry.proof }] : []), ...(entry?.earlier ?? [])].slice(
    0,
    MOST_EARLIER,
  );

/** How long a payment is good. Long enough for a facilitator, and short enough to be decided soon. */
const secondsOf = (asked = 300): number => Math.min(900, Math.max(60, asked));

export const rulesOf = (
  { network, maxPrice }: Pick<DealFacts, "network" | "maxPrice">,
  { settings }: WalletSession,
): PaymentRules => ({
  apiUrl: settings.apiUrl,
  network,
  maxPrice,
  payees: settings.payees,
});

/** Whether a payment of an earlier try is what would be signed now: the program may order something else by now. */
function isGood(entry: PaymentEntry, deal: DealFacts, wallet: Wallet, session: WalletSession): boolean {
  const transfer = { network: NETWORKS[entry.network], payTo: entry.payTo, amount: BigInt(entry.amount) };
  return (
    entry.payer === wallet.address &&
    isDeepStrictEqual(entry.order, deal.order) &&
    checkTransfer(transfer, rulesOf(deal, session)) === undefined
  );
}
