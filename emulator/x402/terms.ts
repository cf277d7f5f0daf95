import { type Call } from "../routes/route";
import { type Hex } from "./chain/bytes";
import { type X402Fault } from "./faults";

/** What is asked for one purchase. */
export interface Terms {
  /** Micro-USDC. */
  amount: bigint;
  payTo: Hex;
  asset: Hex;
  /** Version 1's name, and version 2's. */
  network: string;
  caip: string;
  chainId: number;
}

/** Nobody's: what a wrong offer names. */
const OTHER: Hex = "0x000000000000000000000000000000000000dEaD";

export function termsOf({ world }: Call, amount: bigint): Terms {
  const { network, caip, chainId, address } = world.x402.network;
  return { amount, payTo: world.config.x402.payTo, asset: address, network, caip, chainId };
}

/** Other terms than those that are right: a server that changes its mind, or one that is wrong or evil. */
export function altered(terms: Terms, how: NonNullable<X402Fault["change"]> | "amount"): Terms {
  switch (how) {
    case "payTo":
      return { ...terms, payTo: OTHER };
    case "asset":
      return { ...terms, asset: OTHER };
    case "network":
      return { ...terms, network: "ethereum", caip: "eip155:1", chainId: 1 };
    case "unit":
      return { ...terms, amount: terms.amount + 1n };
    case "price":
      return { ...terms, amount: (terms.amount * 5n + 3n) / 4n };
    case "amount":
      return { ...terms, amount: terms.amount * 2n };
  }
}
