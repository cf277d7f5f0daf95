import { formatUsdc, type NetworkName } from "../../api";
import { NotDoneError, ProviderError } from "../errors";
import { isSigned, type PaymentEntry } from "./journal";
import { withoutStop } from "../../text";

/** Nothing was signed, so nothing can be paid. */
export const unpaid = (why: string): NotDoneError => new NotDoneError(`nothing was paid: ${withoutStop(why)}.`);

const shown = ({ amount, payTo, network, nonce }: PaymentEntry): string =>
  `${formatUsdc(BigInt(amount))} USDC to ${payTo} on ${network}, authorization ${nonce}`;

/** Signed and sent, and neither settled nor void. */
export const undecided = (entry: PaymentEntry, reason: string): ProviderError =>
  new ProviderError(
    `whether it is paid is not decided (${shown(entry)}, good until ${new Date(entry.validBefore * 1_000).toISOString()}): ` +
      `${withoutStop(reason)}. The next run asks the chain, and sends the same payment again: it is paid once at most.`,
  );

/** This run signs nothing. What an earlier one signed for the same may still be settled. */
export const refusal = (earlier: PaymentEntry | undefined, why: string): ProviderError =>
  earlier && isSigned(earlier) && earlier.outcome === undefined ? undecided(earlier, why) : unpaid(why);

/** Paid by another wallet or on another network, where alone a run finds it. */
export const ofOther = ({ sessionId, payer, network, nonce }: PaymentEntry): ProviderError =>
  new ProviderError(
    `nothing was paid: an earlier run bought ${sessionId === undefined ? "a session" : `session ${sessionId}`} for this ` +
      `lease with the wallet ${payer} on ${network} (authorization ${nonce}), and the state does not have it. Go back to ` +
      "that wallet and network: then it is taken up. Or import the session, or give the resource another name to buy one.",
  );

export interface OpenPayment {
  nonce: string;
  payer: string;
  network: NetworkName;
  transactionHash?: string;
  amount?: bigint;
}

/** Paid, and not delivered: what a person needs for the vendor's support. */
export const undelivered = (
  { nonce, payer, network, transactionHash, amount }: OpenPayment,
  reason: string,
): ProviderError =>
  new ProviderError(
    `${amount === undefined ? "it" : `${formatUsdc(amount)} USDC`} was paid by ${payer} on ${network}, and the vendor does not deliver: ` +
      `${withoutStop(reason)}. It is not paid again: each run claims it. For the vendor's support: ` +
      `${transactionHash === undefined ? "" : `transaction ${transactionHash}, `}authorization ${nonce}.`,
  );
