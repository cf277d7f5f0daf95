import { choice, off } from "../answers/quirk";

/** Ways in which sources on x402 disagree, or in which a server may be wrong. */
export const X402_QUIRKS = {
  x402Offer: choice(
    ["union", "page", "mcp", "v1", "v2"] as const,
    "S M X",
    "the 402 holds payment (page), paymentRequirement (mcp), accepts in the body (v1) or only the header (v2)",
  ),
  x402Answer: choice(
    ["union", "page", "mcp"] as const,
    "S M",
    "a paid answer holds credentials (page) or session (mcp)",
  ),
  x402Sessions: choice(
    ["union", "tool", "wallet", "array"] as const,
    "M",
    "sessions of a wallet have the fields of the session tools, of the wallet client, or are a bare array",
  ),
  x402Recovery: choice(
    ["full", "noToken", "bare"] as const,
    "I",
    "a session looked up by id, wallet or transaction has no token, or no credentials either",
  ),
  x402Price: choice(
    ["traffic", "hourly", "sharedOnly"] as const,
    "M O S",
    "the time is free, costs by the hour too (page), or there is no private tier (changelog)",
  ),
  x402Proofs: choice(
    ["any", "authorization", "hash", "watch"] as const,
    "M O S X",
    "the one proof of payment that is taken; others are refused and nothing is settled",
  ),
  x402Watch: choice(
    ["paymentId", "request"] as const,
    "S I",
    "a payment that the server saw on the chain is claimed by ?paymentId=, or by the same request again",
  ),
  x402HashAgain: choice(
    ["conflict", "same"] as const,
    "M I",
    "a transaction hash that bought already is 409, or answered with the same session",
  ),
  x402Resend: choice(
    ["delivers", "refuses"] as const,
    "I",
    "an authorization that was settled on the chain, unknown to the server, is delivered or refused",
  ),
  x402TokenIn: choice(["both", "header", "query"] as const, "S M", "where a session token is read"),
  x402Refusal: choice([402, 400] as const, "X I", "status of a payment that is refused"),
  x402WrongOffer: choice(
    ["none", "payTo", "asset", "network", "amount", "unit"] as const,
    "I",
    "an offer names another payee, asset or network, twice the amount, or one micro-USDC more",
  ),
  x402WrongIn: choice(["both", "header", "body"] as const, "I", "where the wrong offer stands; the other one is right"),
  x402Solana: off("S O", "an offer lists Solana too, and first; nothing can be paid there"),
  x402Extend: off("M", "POST /x402/sessions/:id/extend?hours= exists, as the client 2.0.0 believes"),
};
