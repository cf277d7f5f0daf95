import { z } from "zod";
import { type Call } from "../routes/route";
import { type Authorization } from "./chain/authorization";
import { fromHex, type Hex, isAddress, isBytes, isHash } from "./chain/bytes";

export interface SignedPayment {
  kind: "authorization";
  version: 1 | 2;
  scheme: string;
  /** As the payload names it: "base-sepolia" in version 1, "eip155:84532" in version 2. */
  network: string;
  /** What version 2 says that it accepts. */
  accepted?: { asset?: string; payTo?: string; amount?: string };
  authorization: Authorization;
  signature: Uint8Array;
}

export type Proof =
  | SignedPayment
  | { kind: "hash"; hash: Hex; network?: string; payer?: string }
  /** "duration-only", or what is no proof of anything. */
  | { kind: "word" }
  | { kind: "watch"; paymentId: string };

const word256 = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)
  .refine((value) => value < 1n << 256n);
const address = z
  .string()
  .refine(isAddress)
  .transform((text) => text.toLowerCase());
const hash = z
  .string()
  .refine(isHash)
  .transform((text) => text.toLowerCase());
const terms = z.object({ scheme: z.string(), network: z.string() });
const body = z.object({
  signature: z.string().max(1_000).refine(isBytes),
  authorization: z.object({
    from: address,
    to: address,
    value: word256,
    validAfter: word256,
    validBefore: word256,
    nonce: hash,
  }),
});
const V1 = terms.extend({ x402Version: z.literal(1), payload: body });
const accepted = terms.extend({
  asset: z.string().optional(),
  payTo: z.string().optional(),
  amount: z.string().optional(),
});
const V2 = z.object({ x402Version: z.literal(2), accepted, payload: body });
const HASH = z.object({ transactionHash: hash, network: z.string().optional(), payer: z.string().optional() });

/** The names of headers and query parameters that carry a payment; the vendor's client sends one of them as a query (M). */
const CARRIERS = ["payment-signature", "x-payment"];

/** Whether a request says that it pays. */
export function carriesPayment(headers: Headers, query: URLSearchParams): boolean {
  return textOf(headers, query) !== undefined || paymentIdOf(headers, query) !== undefined;
}

/**
 * Every documented way to prove a payment: a signed authorization as base64 of JSON, version 1 or 2; a transaction's
 * hash, bare or in JSON; or the id of an offer whose payment the server saw by itself.
 */
export function readProof({ headers, query }: Call): Proof | undefined {
  const text = textOf(headers, query);
  if (text !== undefined) return parse(text.trim());
  const paymentId = paymentIdOf(headers, query);
  return paymentId === undefined ? undefined : { kind: "watch", paymentId };
}

function textOf(headers: Headers, query: URLSearchParams): string | undefined {
  for (const name of CARRIERS) {
    const text = headers.get(name) || [...query].find(([each]) => each.toLowerCase() === name)?.[1];
    if (text) return text;
  }
  return undefined;
}

const paymentIdOf = (headers: Headers, query: URLSearchParams) =>
  headers.get("x-payment-id") || query.get("paymentId") || undefined;

function parse(text: string): Proof {
  if (text.length === 66 && isHash(text)) return { kind: "hash", hash: text.toLowerCase() };
  const json = jsonOf(text.startsWith("{") ? text : Buffer.from(text, "base64").toString("utf8"));
  const byHash = HASH.safeParse(json);
  if (byHash.success) {
    const { transactionHash, network, payer } = byHash.data;
    return { kind: "hash", hash: transactionHash, ...(network && { network }), ...(payer && { payer }) };
  }
  const v1 = V1.safeParse(json);
  if (v1.success) return signed(1, v1.data, v1.data.payload);
  const v2 = V2.safeParse(json);
  if (v2.success) return { ...signed(2, v2.data.accepted, v2.data.payload), accepted: v2.data.accepted };
  return { kind: "word" };
}

function signed(
  version: 1 | 2,
  { scheme, network }: z.infer<typeof terms>,
  { signature, authorization }: z.infer<typeof body>,
): SignedPayment {
  return { kind: "authorization", version, scheme, network, authorization, signature: fromHex(signature) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
