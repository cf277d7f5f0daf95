import { type Call } from "../routes/route";
import { conflict } from "../rules/problem";
import { type World } from "../world/world";
import { isSignedByPayer } from "./chain/authorization";
import { type Hex } from "./chain/bytes";
import { type Transaction } from "./chain/transactions";
import { type Proof, type SignedPayment } from "./proof";
import { type Offer, type Payment } from "./state";
import { type Terms } from "./terms";

/** The payment is refused: 402, with the words of the specification where it has some (X). */
export class PaymentRefused extends Error {}

/** What is paid for. */
export interface Purchase {
  purpose: Payment["purpose"];
  /** Begins with the purpose. */
  key: string;
  /** Refuses what could not be delivered, before any money is moved. */
  ready?: () => void;
}

/** A facilitator wants so many seconds for itself (X). */
const SETTLE_SECONDS = 6;
const LATE_SECONDS = 30;

/**
 * Takes a payment, or finds the one that was taken: who sends the same again pays once.
 * @throws PaymentRefused where nothing was taken, as far as the server knows.
 */
export function takePayment(call: Call, proof: Proof, terms: Terms, purchase: Purchase): Payment {
  const { x402Proofs: only } = call.quirks;
  if (only !== "any" && only !== proof.kind) throw new PaymentRefused("unsupported_payment");
  switch (proof.kind) {
    case "authorization":
      return bySignature(call, proof, terms, purchase);
    case "hash":
      return byHash(call, proof, terms, purchase);
    case "watch":
      return byWatching(call, proof.paymentId, purchase);
    case "word":
      throw new PaymentRefused("invalid_payload");
  }
}

function bySignature({ world, quirks }: Call, proof: SignedPayment, terms: Terms, purchase: Purchase): Payment {
  const { ledger, faults } = world.x402;
  const { authorization, signature } = proof;
  const { from: payer, nonce } = authorization;
  if (proof.scheme !== "exact") throw new PaymentRefused("unsupported_scheme");
  if (!isSignedByPayer(ledger.token, authorization, signature))
    throw new PaymentRefused("invalid_exact_evm_payload_signature");
  const known = world.x402.paymentOf(payer, nonce);
  if (known) requireSame(known, purchase);
  if (known && ledger.transaction(known.txHash)?.status === "success") return known;
  if (!known) {
    requireTerms(proof, terms);
    if (terms.asset !== ledger.token.address) throw new PaymentRefused("invalid_asset");
  }
  if (faults.strike("settleRefused")) throw new PaymentRefused("facilitator_refused");

  const used = ledger.userOf(payer, nonce);
  if (used) {
    const isKnownElsewhere = world.x402.payments.has(used.hash);
    if (quirks.x402Resend === "refuses" || isKnownElsewhere) throw new PaymentRefused("invalid_transaction_state");
    return record(world, { proof: "authorization", payer, nonce }, used, purchase, known);
  }
  if (!known) purchase.ready?.();
  requireTime(world, proof);
  if (ledger.balanceOf(payer) < authorization.value) throw new PaymentRefused("insufficient_funds");
  const late = faults.strike("settleLate");
  const settled = ledger.settle(authorization, signature, late ? (late.seconds ?? LATE_SECONDS) * 1_000 : 0);
  if (settled.status === "reverted") throw new PaymentRefused("invalid_transaction_state");
  if (settled.status === "waiting" || faults.strike("settleLost")) throw new PaymentRefused("settlement timed out");
  return record(world, { proof: "authorization", payer, nonce }, settled, purchase, known);
}

function requireTerms({ authorization, version, network, accepted }: SignedPayment, terms: Terms): void {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  if (network !== (version === 1 ? terms.network : terms.caip)) throw new PaymentRefused("invalid_network");
  if (accepted?.asset !== undefined && !same(accepted.asset, terms.asset)) throw new PaymentRefused("invalid_asset");
  if (!same(authorization.to, terms.payTo)) throw new PaymentRefused("invalid_exact_evm_payload_recipient_mismatch");
  if (authorization.value < terms.amount) throw new PaymentRefused("invalid_exact_evm_payload_authorization_value");
}

function requireTime(world: World, { authorization }: SignedPayment): void {
  const now = BigInt(Math.floor(world.clock.now() / 1_000));
  if (authorization.validAfter >= now) throw new PaymentRefused("invalid_exact_evm_payload_authorization_valid_after");
  if (authorization.validBefore < now + BigInt(SETTLE_SECONDS))
    throw new PaymentRefused("invalid_exact_evm_payload_authorization_valid_before");
}

/** A transfer that its payer made: taken once, from 98 % of the price on (M). */
function byHash(call: Call, proof: Proof & { kind: "hash" }, terms: Terms, purchase: Purchase): Payment {
  const { ledger, faults, payments, network } = call.world.x402;
  const known = payments.get(proof.hash);
  if (known) {
    if (known.sessionId !== undefined && call.quirks.x402HashAgain === "conflict")
      throw conflict("This transaction was used already");
    requireSame(known, purchase);
    return known;
  }
  if (proof.network !== undefined && proof.network !== network.network && proof.network !== network.caip)
    throw new PaymentRefused("invalid_network");
  const found = ledger.transaction(proof.hash);
  if (!found || found.status === "waiting") throw new PaymentRefused("transaction_not_found");
  if (found.status === "reverted") throw new PaymentRefused("transaction_failed");
  if (faults.strike("hashRefused")) throw new PaymentRefused("transaction_not_found");
  if (terms.asset !== ledger.token.address || terms.network !== network.network || !fits(found, terms))
    throw new PaymentRefused("payment_mismatch");
  const payer = found.effect?.from as Hex;
  if (proof.payer !== undefined && proof.payer.toLowerCase() !== payer) throw new PaymentRefused("payer_mismatch");
  return record(call.world, { proof: "hash", payer }, found, purchase);
}

/** The page: "Server detects on-chain payment automatically". The offer's id says which one. */
function byWatching({ world }: Call, paymentId: string, purchase: Purchase): Payment {
  const offer = world.x402.offers.get(paymentId);
  if (offer?.key !== purchase.key) throw new PaymentRefused("unknown_payment_id");
  const found = paymentFor(world, offer);
  if (!found) throw new PaymentRefused("payment_not_seen");
  return found;
}

/** With the quirk x402Watch "request": any payment that answers an open offer for the same thing. */
export function seenPayment({ world }: Call, key: string): Payment | undefined {
  for (const offer of world.x402.offers.values()) {
    const found = offer.key === key ? paymentFor(world, offer) : undefined;
    if (found) return found;
  }
  return undefined;
}

function paymentFor(world: World, offer: Offer): Payment | undefined {
  const { ledger, payments } = world.x402;
  if (offer.txHash !== undefined) return payments.get(offer.txHash);
  const amount = BigInt(offer.amount);
  const found = ledger.transactions().find((each) => {
    if (each.status !== "success" || each.block === null || payments.has(each.hash)) return false;
    const at = ledger.timeOf(each.block);
    return at >= offer.createdAt && at <= offer.expiresAt && fits(each, { amount, payTo: offer.payTo });
  });
  if (!found) return undefined;
  offer.txHash = found.hash;
  const purpose = offer.key.split("/")[0] as Payment["purpose"];
  return record(world, { proof: "watch", payer: found.effect?.from as Hex }, found, { purpose, key: offer.key });
}

function fits({ effect }: Transaction, { amount, payTo }: Pick<Terms, "amount" | "payTo">): boolean {
  if (!effect || effect.to.toLowerCase() !== payTo.toLowerCase()) return false;
  return BigInt(effect.value) * 100n >= amount * 98n;
}

function requireSame(known: Payment, purchase: Purchase): void {
  if (known.purpose !== purchase.purpose || known.key !== purchase.key)
    throw conflict("This payment was used for something else");
}

/** @param before The same payment in a transaction that a reorganisation has taken away. */
function record(
  world: World,
  by: Pick<Payment, "proof" | "payer" | "nonce">,
  transaction: Transaction,
  { purpose, key }: Purchase,
  before?: Payment,
): Payment {
  const { payments, sessions } = world.x402;
  const payment: Payment = {
    ...by,
    txHash: transaction.hash,
    amount: transaction.effect?.value ?? "0",
    at: world.clock.now(),
    purpose,
    key,
    ...(before?.sessionId !== undefined && { sessionId: before.sessionId }),
  };
  if (before) {
    payments.delete(before.txHash);
    const session = sessions.get(before.sessionId ?? "");
    if (session?.txHash === before.txHash) session.txHash = payment.txHash;
  }
  payments.set(payment.txHash, payment);
  world.touch();
  return payment;
}
