import { createHmac } from "node:crypto";
import { walletKey } from "./wallet";

/** One purchase: who names the same one gets the same nonce, on any machine and with no journal. */
export interface PurchaseName {
  /** "proxy" or "topup" */
  purpose: string;
  /** Whose it is: a resource's URN. */
  urn: string;
  /** Where the program's state lives, so that stacks of one name in two places are two. */
  backend: string;
  /** Counts the purchases of one resource, from 0. A top-up's is made of its session and target: any text. */
  serial: number | string;
}

/**
 * The nonce of a purchase's authorization, 0x and 64 hex digits: HMAC-SHA256 under the wallet's key. The chain settles
 * a nonce at most once, so whoever repeats a purchase pays at most once. A contract with every purchase that was ever
 * made: its form never changes.
 */
export function derivedNonce(key: string, { purpose, urn, backend, serial }: PurchaseName): string {
  const text = JSON.stringify(["pulumi-proxies-sx x402 nonce 1", purpose, urn, backend, String(serial)]);
  return `0x${createHmac("sha256", walletKey(key)).update(text, "utf8").digest("hex")}`;
}
