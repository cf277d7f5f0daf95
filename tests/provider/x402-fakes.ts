import { ApiError, ChainError, NETWORKS, type Offer, type Proof } from "../../api";
import { typeOf } from "../../domain/kinds";
import { type Hidden } from "../../domain/hidden-inputs";
import { buyerKey } from "../../provider/purchase/owner-key";
import { type PaymentEntry } from "../../provider/x402-lease/journal";
import { KEY, PAYEE, PAYER } from "../lifecycle/x402-keys";

/** The chain's time, epoch seconds. */
export const NOW = 1_700_000_000;
export const USDC = 1_000_000n;
export const WALLET = { key: KEY, address: PAYER.toLowerCase() };
export const urnOf = (name: string): string => `urn:pulumi:dev::shop::${typeOf("X402Lease")}::${name}`;
export const HIDDEN = { urn: urnOf("a") } satisfies Hidden;
export const OFFER: Offer = {
  ...{ source: "accepts", version: 1, network: "base-sepolia", networkAsTold: "base-sepolia", amount: 4n * USDC },
  ...{ payTo: PAYEE, asset: NETWORKS["base-sepolia"].usdc, domain: NETWORKS["base-sepolia"].domain },
};

export const lost = new ApiError({ code: "network", maybeDone: true, reason: "cut" });
export const unknown = new ApiError({ code: "not_found", maybeDone: false, reason: "none" });
export const down = new ChainError("the node is down", "refused");

/** The next of some answers; the last one again and again. */
export const given = <T>(values: (T | Error)[]): T => {
  const value = (values.length > 1 ? values.shift() : values[0]) as T | Error;
  if (value instanceof Error) throw value;
  return value;
};

export const hex = (digit: number): string => `0x${String(digit).repeat(64)}`;
export const proofOf = (payload: string): Proof & { kind: "authorization" } => ({
  ...{ kind: "authorization", version: 1, payload },
});

/** A lease of an hour that was signed a minute ago. */
export const entryOf = (more: Partial<PaymentEntry> = {}): PaymentEntry => ({
  ...{ nonce: hex(1), network: "base-sepolia", owner: buyerKey(HIDDEN) ?? "", purpose: "proxy", serial: "0" },
  ...{ payer: WALLET.address, payTo: PAYEE, amount: "4000000", at: NOW - 60, validBefore: NOW + 240 },
  ...{ order: { country: "DE", durationSeconds: 3_600, tier: "shared" }, proof: proofOf("signed") },
  ...more,
});

/** By which a payment was settled. */
export const HASH = hex(8);
export const TRANSACTION: Proof = { kind: "transaction", hash: HASH, network: "base-sepolia", payer: WALLET.address };

/** An error with this in its message. */
export const said = (text: string): Error =>
  expect.objectContaining({ message: expect.stringContaining(text) as string }) as Error;
