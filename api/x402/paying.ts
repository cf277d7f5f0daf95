import { z } from "zod";
import { text } from "../fields";
import { type Extras } from "../http";
import { present, type Reader, type ResponseContext } from "../reading";
import { LOOK_FIRST } from "../transport/errors";
import { transactionHash } from "./fields";
import { NO_OBJECT, objectIn } from "./header";
import { type Proof, proofIn } from "./proof";
import { readTerms, type Terms } from "./terms";

/** What a server says of the settling of a payment, in X-PAYMENT-RESPONSE or PAYMENT-RESPONSE. */
export interface Settlement {
  success?: boolean;
  transactionHash?: string;
  errorReason?: string;
}

/** An unpaid request is answered with terms; one whose payment the vendor saw by itself, with what was bought. */
export type Offered<T> = { terms: Terms } | { bought: T };

/** For a call that pays, or would. */
export function payingBy(what: "proxy" | "topup", proof: Proof): Partial<Extras> & { problem?: string } {
  return { ...proofIn(what, proof), effect: "once", isPayment: true, answers: [402] };
}

/** What is bought, or the terms. */
export function offered<T>(read: Reader<T>): Reader<Offered<T>> {
  return (body, context) =>
    context.status === 402 ? { terms: readTerms(body, context) } : { bought: read(body, context) };
}

/** What is bought. That 402 comes does not mean that nothing was paid: it may be settled late, or be settled already. */
export function paid<T>(read: Reader<T>): Reader<T> {
  return (body, context) => {
    if (context.status !== 402) return read(body, context);
    const reason = refusalIn(body, context) ?? "the vendor gave no reason";
    throw context
      .broken([], "")
      .but({ code: "rejected", reason: `the payment was refused: ${reason}`, hint: LOOK_FIRST });
  };
}

const wordsOf = z.object({ error: text.catch(undefined) }).catch({ error: undefined });

function refusalIn(body: unknown, context: ResponseContext): string | undefined {
  const { error } = wordsOf.parse(body);
  return (
    settlementIn(context)?.errorReason ??
    error ??
    wordsOf.parse(headerIn("payment-required", context)).error ??
    undefined
  );
}

/** Both headers say the same. What they say informs: one that is broken does not undo what was bought. */
export function settlementIn(context: ResponseContext): Settlement | undefined {
  const told = headerIn("payment-response", context) ?? headerIn("x-payment-response", context);
  if (!told) return undefined;
  const { success, transaction, errorReason } = told;
  const reason = text.safeParse(errorReason);
  const hash = transactionHash.safeParse(transaction);
  return present<Settlement>({
    success: typeof success === "boolean" ? success : undefined,
    transactionHash: hash.success ? hash.data : undefined,
    errorReason: reason.success ? reason.data || undefined : undefined,
  });
}

function headerIn(name: string, context: ResponseContext): Record<string, unknown> | undefined {
  const told = objectIn(context.header(name));
  if (told === null) context.leftOut([name.toUpperCase()], NO_OBJECT);
  return told ? context.fit(told) : undefined;
}
