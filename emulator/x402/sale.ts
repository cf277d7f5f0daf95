import { Answer, type Call } from "../routes/route";
import { badRequest } from "../rules/problem";
import { paidHeaders, paymentRequired, refusedHeaders } from "./offer";
import { PaymentRefused, type Purchase, seenPayment, takePayment } from "./payment";
import { readProof } from "./proof";
import { type Payment } from "./state";
import { altered, type Terms, termsOf } from "./terms";

/** Something that has a price. */
export interface Sale {
  /** Micro-USDC. */
  amount: bigint;
  purchase: Purchase;
  resource: string;
  description: string;
  /** Gives what was paid for, once for each payment, and reports it. */
  deliver: (payment: Payment) => unknown;
}

/** Without a proof of payment the terms; with one what was bought. */
export function sell(call: Call, sale: Sale): Answer {
  const { quirks, world } = call;
  const terms = termsOf(call, sale.amount);
  const proof = readProof(call);
  if (!proof) {
    const seen = quirks.x402Watch === "request" ? seenPayment(call, sale.purchase.key) : undefined;
    if (seen) return delivered(call, sale, seen);
    sale.purchase.ready?.();
    return paymentRequired(call, terms, sale);
  }
  const fault = world.x402.faults.strike("terms");
  const current = fault ? altered(terms, fault.change ?? "price") : terms;
  try {
    return delivered(call, sale, takePayment(call, proof, current, sale.purchase));
  } catch (error) {
    if (error instanceof PaymentRefused) return refused(call, sale, current, error.message);
    throw error;
  }
}

function delivered(call: Call, sale: Sale, payment: Payment): Answer {
  return new Answer(200, sale.deliver(payment), paidHeaders(call, payment.payer, payment.txHash));
}

function refused(call: Call, sale: Sale, terms: Terms, reason: string): Answer {
  if (call.quirks.x402Refusal === 400) throw badRequest(`Payment verification failed: ${reason}`);
  const { status, body, headers } = paymentRequired(call, terms, sale, reason);
  return new Answer(status, body, { ...headers, ...refusedHeaders(call, reason) });
}
