import { type Token } from "./chain/authorization";
import { type Hex } from "./chain/bytes";

export type NetworkName = "base-sepolia" | "base";

export interface Network extends Token {
  /** As version 1 of the protocol calls it. */
  network: NetworkName;
  /** As version 2 calls it. */
  caip: string;
}

const network = (name: NetworkName, chainId: number, address: Hex, token: string): Network => ({
  network: name,
  caip: `eip155:${chainId}`,
  chainId,
  address: address.toLowerCase(),
  name: token,
  version: "2",
});

/** Chains and USDC as they are (O, X). The names are those of the tokens' EIP-712 domains. */
export const NETWORKS: Record<NetworkName, Network> = {
  "base-sepolia": network("base-sepolia", 84_532, "0x036CbD53842c5426634e7929541eC2318f3dCF7e", "USDC"),
  base: network("base", 8_453, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", "USD Coin"),
};

/** The vendor's own (O). */
export const PAY_TO: Hex = "0xF8cD900794245fc36CBE65be9afc23CDF5103042";

/** Named in answers; nothing can be paid there (O). */
export const SOLANA = {
  network: "solana",
  caip: "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
  asset: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
  payTo: "6eUdVwsPArTxwVqEARYGCh4S2qwW2zCs7jSEDRpxydnv",
};
