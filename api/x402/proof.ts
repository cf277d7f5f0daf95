import { z } from "zod";
import { type SignedAuthorization } from "./authorization";
import { isAddress, isNetworkName, isTransactionHash } from "./fields";
import { encodedHeader } from "./header";
import { type Offer } from "./terms";
import { type Call } from "../transport/call";

/** Shows the vendor that a thing is paid. One purchase has one proof: never a second kind after the first. */
export type Proof =
  /** `payload` is from `encodePayment`: a text, so that it can be kept and sent again as it is. */
  | { kind: "authorization"; version: 1 | 2; payload: string }
  /** A transfer that is on the chain. */
  | { kind: "transaction"; hash: string; network: string; payer?: string }
  /** A transfer that the vendor saw by itself, claimed by the id of its offer (vendor page). */
  | { kind: "watched"; paymentId: string }
  /** There is nothing to pay, and a signature is wanted all the same (MCP client): a top-up of time alone. */
  | { kind: "nothing" };

/** The signed payment for an offer, in the version of the protocol that the offer has. */
export function encodePayment(
  { authorization, signature }: SignedAuthorization,
  offer: Offer,
): Proof & { kind: "authorization" } {
  const payload = { signature, authorization };
  const whole =
    offer.version === 2
      ? { x402Version: 2, accepted: offer.verbatim, payload }
      : { x402Version: 1, scheme: "exact", network: offer.networkAsTold, payload };
  return { kind: "authorization", version: offer.version, payload: encodedHeader(whole) };
}

const signedSchema = z.object({
  payload: z.object({
    signature: z.string(),
    authorization: z.object({
      ...{ from: z.string(), to: z.string(), nonce: z.string() },
      ...{ value: z.coerce.bigint(), validAfter: z.coerce.bigint(), validBefore: z.coerce.bigint() },
    }),
  }),
});

/** The signed payment in a proof that `encodePayment` made. @throws for any other */
export const decodePayment = ({ payload }: Proof & { kind: "authorization" }): SignedAuthorization =>
  signedSchema.parse(JSON.parse(Buffer.from(payload, "base64").toString("utf8"))).payload;

/**
 * What a call takes of a proof. A transaction goes by X-Payment with a proxy's order, and by Payment-Signature with a
 * top-up (MCP client).
 */
export function proofIn(
  what: "proxy" | "topup",
  proof: Proof,
): Pick<Call, "headers" | "secrets"> & { problem?: string } {
  switch (proof.kind) {
    case "authorization": {
      const { version, payload } = proof;
      if (!/^[A-Za-z0-9+/]{1,16384}={0,2}$/.test(payload)) return { problem: "the signed payment must be base64" };
      return {
        headers: { [version === 1 ? "X-PAYMENT" : "PAYMENT-SIGNATURE"]: payload },
        secrets: [payload, ...signatureIn(payload)],
      };
    }
    case "transaction": {
      const { hash, network, payer } = proof;
      if (!isTransactionHash(hash)) return { problem: "a transaction's hash must be 0x and 64 hexadecimal digits" };
      if (!isNetworkName(network)) return { problem: "the network must have a name such as base" };
      if (payer !== undefined && !isAddress(payer)) return { problem: "the payer must be an address" };
      if (what === "topup") return { headers: { "Payment-Signature": hash } };
      return { headers: { "X-Payment": JSON.stringify({ transactionHash: hash, network, ...(payer && { payer }) }) } };
    }
    case "watched":
      if (!/^[\w-]{1,64}$/.test(proof.paymentId))
        return { problem: "a payment's id must be 1 to 64 letters, digits, _ or -" };
      return { headers: { "X-Payment-Id": proof.paymentId } };
    case "nothing":
      return { headers: { "Payment-Signature": "duration-only" } };
  }
}

function signatureIn(payload: string): string[] {
  const found = /"signature":"(0x[0-9a-f]+)"/.exec(Buffer.from(payload, "base64").toString("utf8"));
  return found?.[1] ? [found[1]] : [];
}
