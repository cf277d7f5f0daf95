import { iso } from "../answers/shapes";
import { Answer, type Call } from "../routes/route";
import { checksum } from "./chain/bytes";
import { toText } from "./money";
import { SOLANA } from "./networks";
import { type Purchase } from "./payment";
import { type Offer } from "./state";
import { altered, type Terms } from "./terms";

/** What 402 says besides its terms. */
interface Asked {
  purchase: Purchase;
  /** The resource's URL. */
  resource: string;
  description: string;
}

/** 402: the terms in every documented shape, or the one that a quirk leaves. */
export function paymentRequired(call: Call, terms: Terms, asked: Asked, reason?: string): Answer {
  const { quirks } = call;
  const offer = makeOffer(call, terms, asked.purchase);
  const wrong = quirks.x402WrongOffer === "none" ? terms : altered(terms, quirks.x402WrongOffer);
  const inHeader = quirks.x402WrongIn === "body" ? terms : wrong;
  const inBody = quirks.x402WrongIn === "header" ? terms : wrong;

  const error = reason ?? "Payment required";
  const requirement = { x402Version: 1, accepts: acceptsV1(call, inBody, asked) };
  const page = {
    status: 402,
    message: "Payment Required",
    payment: {
      payTo: inBody.payTo,
      amount: toText(inBody.amount),
      currency: "USDC",
      network: inBody.network,
      paymentId: offer.id,
      expires: iso(offer.expiresAt),
    },
  };
  const bodies = {
    page,
    mcp: { statusCode: 402, message: "Payment Required", paymentRequirement: requirement },
    v1: { ...requirement, error },
    v2: {},
    union: { ...requirement, error, statusCode: 402, paymentRequirement: requirement, ...page },
  };
  const header = encoded({
    x402Version: 2,
    error,
    resource: { url: asked.resource, description: asked.description, mimeType: "application/json" },
    accepts: acceptsV2(call, inHeader),
  });
  const hasHeader = quirks.x402Offer === "union" || quirks.x402Offer === "v2";
  return new Answer(402, bodies[quirks.x402Offer], hasHeader ? { "PAYMENT-REQUIRED": header } : {});
}

/** The headers that report a settled payment, of version 1 and of version 2. */
export function paidHeaders({ world }: Call, payer: string, transaction: string): Record<string, string> {
  const { network, caip } = world.x402.network;
  const told = { success: true, transaction, payer: checksum(payer) };
  return {
    "X-PAYMENT-RESPONSE": encoded({ ...told, network }),
    "PAYMENT-RESPONSE": encoded({ ...told, network: caip }),
  };
}

/** The same two headers, of a payment that was refused. */
export function refusedHeaders({ world }: Call, errorReason: string): Record<string, string> {
  const { network, caip } = world.x402.network;
  const told = { success: false, errorReason, transaction: "" };
  return {
    "X-PAYMENT-RESPONSE": encoded({ ...told, network }),
    "PAYMENT-RESPONSE": encoded({ ...told, network: caip }),
  };
}

function makeOffer({ world }: Call, terms: Terms, { key }: Purchase): Offer {
  const now = world.clock.now();
  const offer: Offer = {
    id: `pay_${world.random.hex(12)}`,
    key,
    amount: String(terms.amount),
    payTo: terms.payTo,
    createdAt: now,
    expiresAt: now + world.config.x402.offerSeconds * 1_000,
  };
  world.x402.addOffer(offer);
  world.touch();
  return offer;
}

function acceptsV1(call: Call, terms: Terms, { resource, description }: Asked) {
  const told = { resource, description, mimeType: "application/json", maxTimeoutSeconds: timeoutOf(call) };
  const evm = {
    scheme: "exact",
    network: terms.network,
    chainId: String(terms.chainId),
    maxAmountRequired: String(terms.amount),
    payTo: terms.payTo,
    asset: checksum(terms.asset),
    ...told,
    extra: domainOf(call),
  };
  const { network, payTo, asset } = SOLANA;
  const solana = { scheme: "exact", network, maxAmountRequired: String(terms.amount), payTo, asset, ...told };
  return call.quirks.x402Solana ? [solana, evm] : [evm];
}

function acceptsV2(call: Call, terms: Terms) {
  const shared = { scheme: "exact", amount: String(terms.amount), maxTimeoutSeconds: timeoutOf(call) };
  const asset = checksum(terms.asset);
  const evm = { ...shared, network: terms.caip, asset, payTo: terms.payTo, extra: domainOf(call) };
  const solana = { ...shared, network: SOLANA.caip, asset: SOLANA.asset, payTo: SOLANA.payTo, extra: {} };
  return call.quirks.x402Solana ? [solana, evm] : [evm];
}

/** Name and version of the token's EIP-712 domain. */
function domainOf({ world }: Call) {
  const { name, version } = world.x402.network;
  return { name, version };
}

const timeoutOf = ({ world }: Call) => world.config.x402.offerSeconds;
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");
