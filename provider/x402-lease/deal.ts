import { derivedNonce, type MicroUsdc, type NetworkName, type Offered, type Proof } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { backendKey } from "../purchase/owner-key";
import { ProviderError } from "../errors";
import { type Wallet } from "../run/wallet-settings";

/** What a payment is for. */
export interface DealFacts<Order extends object = object> {
  purpose: "proxy" | "topup";
  /** Counts the purchases of a resource; of a top-up its session and target. */
  serial: number | string;
  hidden: Hidden;
  network: NetworkName;
  /** What is ordered, for the journal: no secret. */
  order: Order;
  /** The most for this payment. */
  maxPrice: MicroUsdc;
  proof: "authorization" | "transfer";
}

/** Something that is paid for once, however often it is tried. */
export interface Deal<T, Order extends object = object> extends DealFacts<Order> {
  /** Its terms. */
  ask(): Promise<Offered<T>>;
  /** @param order that of the payment, which may be one of an earlier run's */
  buy(proof: Proof, order: Order): Promise<T>;
}

/** By which the chain knows a deal: the same one for the same deal, on any machine. */
export function nonceOf({ purpose, serial, hidden }: DealFacts, { key }: Wallet): string {
  const { urn, boughtAs = urn } = hidden;
  if (boughtAs === undefined) throw new ProviderError("the resource has no URN, so nothing is paid for it.");
  return derivedNonce(key, { purpose, urn: boughtAs, backend: backendKey(hidden), serial });
}
