import { encodePayment, type Offer, type PaymentRules, type Proof, signTransfer, type Transfer } from "../../api";
import { type PaymentEntry } from "./journal";

/** Signs what was agreed on and, but for a claim, written down. */
export function signed(
  key: string,
  { nonce, validBefore }: Pick<PaymentEntry, "nonce" | "validBefore">,
  offer: Offer,
  transfer: Transfer,
  rules: PaymentRules,
): Proof & { kind: "authorization" } {
  return encodePayment(signTransfer(key, { transfer, nonce, validBefore: BigInt(validBefore) }, rules), offer);
}
