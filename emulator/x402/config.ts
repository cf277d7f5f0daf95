import { type NetworkName, PAY_TO } from "./networks";

export interface X402Config {
  /** "base" only for the vendor's own client, which knows no other: what is signed for it is real money elsewhere. */
  network: NetworkName;
  /** Who is paid. */
  payTo: string;
  /** USDC a GB. */
  sharedPerGB: number;
  privatePerGB: number;
  /** USDC an hour, with the quirk x402Price "hourly". */
  sharedPerHour: number;
  privatePerHour: number;
  /** Seconds that may be bought at once. */
  minDuration: number;
  maxDuration: number;
  minTrafficGB: number;
  /** How long an offer holds, in seconds. */
  offerSeconds: number;
  /** How often a session's port is replaced. */
  replacements: number;
  blockSeconds: number;
  /** So many of the last blocks can still be replaced. */
  finalityBlocks: number;
}

/** Prices, limits and replacements are the vendor's (S M); offerSeconds is the specification's (X), finality inferred. */
export const DEFAULT_X402: X402Config = {
  network: "base-sepolia",
  payTo: PAY_TO,
  sharedPerGB: 4,
  privatePerGB: 8,
  sharedPerHour: 0.1,
  privatePerHour: 0.25,
  minDuration: 3_600,
  maxDuration: 2_592_000,
  minTrafficGB: 0.1,
  offerSeconds: 300,
  replacements: 3,
  blockSeconds: 2,
  finalityBlocks: 12,
};

/** What the ledger is built upon: laid at the start and at a reset. */
export const OF_THE_LEDGER = ["network", "blockSeconds", "finalityBlocks"] as const;
