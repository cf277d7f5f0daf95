/** A chain on which we can pay, and its USDC. */
export interface Network {
  /** As version 1 of the protocol names it. */
  name: NetworkName;
  /** As version 2 names it (CAIP-2). */
  caip: string;
  chainId: number;
  /** The token's contract, in small letters. */
  usdc: string;
  /** Name and version of the token's EIP-712 domain. */
  domain: { name: string; version: string };
  /** What is signed for it is real money. */
  isMainnet: boolean;
}

export type NetworkName = "base" | "base-sepolia";

const network = (name: NetworkName, chainId: number, usdc: string, token: string, isMainnet: boolean): Network => ({
  name,
  caip: `eip155:${chainId}`,
  chainId,
  usdc: usdc.toLowerCase(),
  domain: { name: token, version: "2" },
  isMainnet,
});

/** Contracts and domains as they are on the chains (other files of the vendor's owner; x402 specification). */
export const NETWORKS: Record<NetworkName, Network> = {
  base: network("base", 8_453, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", "USD Coin", true),
  "base-sepolia": network("base-sepolia", 84_532, "0x036CbD53842c5426634e7929541eC2318f3dCF7e", "USDC", false),
};

/** The vendor's published recipients: on Base, and on Solana, where we cannot pay (other files of the vendor's owner). */
export const VENDOR_PAYEES = [
  "0xF8cD900794245fc36CBE65be9afc23CDF5103042",
  "6eUdVwsPArTxwVqEARYGCh4S2qwW2zCs7jSEDRpxydnv",
] as const;

/** A network by the name of either version; undefined for one on which we cannot pay. */
export function networkOf(name: string): Network | undefined {
  return Object.values(NETWORKS).find((one) => one.name === name || one.caip === name);
}

const SOLANA = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";

/** One name for one chain, whichever version named it, also for those on which we cannot pay. */
export function canonicalName(name: string): string {
  if (name === SOLANA) return "solana";
  return networkOf(name)?.name ?? name;
}
