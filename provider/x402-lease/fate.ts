import { type Chain } from "../../api";
import { type PaymentEntry } from "./journal";

/** What the chain tells of a payment: used, void and never used, or neither yet. */
export type Fate = "paid" | "unpaid" | "undecided";

/** Of a payment whose end the journal does not know. @throws ChainError */
export async function fateOf(
  { payer, nonce, validBefore }: Pick<PaymentEntry, "payer" | "nonce" | "validBefore">,
  chain: Chain,
): Promise<Fate> {
  if (await chain.authorizationState(payer, nonce)) return "paid";
  const final = await chain.finalized();
  // At that block: nodes behind one address are not equally far.
  const isUnpaid = final.time >= validBefore && !(await chain.authorizationState(payer, nonce, final.number));
  return isUnpaid ? "unpaid" : "undecided";
}
