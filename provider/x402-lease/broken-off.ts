import { type ProxyOrder } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { isBuyer } from "../purchase/owner-key";
import { type WalletSession } from "../run/wallet-session";
import { endOf } from "./claim";
import { fateOf } from "./fate";
import { isSigned, type PaymentEntry, type PaymentJournal } from "./journal";
import { type X402LeaseState } from "./state";
import { ofOther, undecided } from "./words";

/**
 * What a run that did not end signed to replace this session, by the journal: a later purchase of the same resource than
 * the one of the state. Nobody asks for it a second time.
 *
 * @param now epoch ms
 */
export function brokenOff(
  { __serial: serial, sessionId, network, tier }: X402LeaseState,
  hidden: Hidden,
  now: number,
  { journal }: WalletSession,
): PaymentEntry | undefined {
  if (serial === undefined) return undefined;
  const isLater = (one: PaymentEntry) =>
    one.purpose === "proxy" &&
    isBuyer(one.owner, hidden) &&
    one.network === network &&
    Number(one.serial) > serial &&
    (one.order as ProxyOrder).tier === tier;
  const isOpen = (one: PaymentEntry) =>
    !one.isLeft &&
    (one.outcome === undefined ? isSigned(one) : one.outcome === "delivered" && one.sessionId !== sessionId);
  return earlierIn(journal).find(
    (one) => isLater(one) && isOpen(one) && (endOf(one) > now || one.outcome === undefined),
  );
}

/** Of runs before this process: read once, as each lease asks. */
function earlierIn(journal: PaymentJournal): PaymentEntry[] {
  const known = earlier.get(journal) ?? journal.all();
  earlier.set(journal, known);
  return known;
}
const earlier = new WeakMap<PaymentJournal, PaymentEntry[]>();

/** Whether that one is paid, so that its session costs nothing. One that is not decided is reported, and left. */
export async function isPaid(one: PaymentEntry, hidden: Hidden, session: WalletSession): Promise<boolean> {
  const wallet = session.wallet();
  const fate = one.outcome === "delivered" ? "paid" : await fateOf(one, session.chain(one.network));
  if (fate === "unpaid") session.journal.note(one, { outcome: "unpaid" });
  const isOurs = one.payer === wallet.address;
  if (fate === "undecided")
    session.notice(undecided(one, "a run that was to replace this lease did not end").message, hidden.urn);
  if (fate === "paid" && !isOurs) session.notice(ofOther(one).message, hidden.urn);
  return fate === "paid" && isOurs;
}
