import * as pulumi from "@pulumi/pulumi";
import * as proxies from "pulumi-proxies-sx";

/**
 * A proxy that a wallet pays for. No account and no API key is needed, only the wallet's key, in the environment of
 * `pulumi up`: AGENT_WALLET_KEY. docs/x402.md explains how that works, and how to try it on the emulator.
 *
 * The network is a test network, unless you say otherwise. Real money needs two settings:
 *
 *   pulumi config set network base
 *   pulumi config set proxies-sx:walletMainnet true
 */
const config = new pulumi.Config();
const network = config.get<"base" | "base-sepolia">("network") ?? "base-sepolia";
const trafficGB = config.getNumber("trafficGB") ?? 1;
const duration = "24h";

const lease = new proxies.X402Lease("scraper", {
  country: config.get("country") ?? "DE",
  trafficGB,
  duration,
  maxPrice: "5.00", // for one payment: a higher price is refused, and nothing is paid
  maxTotal: "20.00", // for all payments of this lease: its purchase, top-ups, and what follows it
  network,
});

export const url = lease.httpUrl; // secret
export const endsAt = lease.expiresAt;
/** What an order like this costs now, in USDC. */
export const price = proxies.getX402QuoteOutput({ trafficGB, duration }).total;
/** What was paid, and by which transaction. */
export const payments = lease.receipts.apply((receipts) => receipts.map(({ amount, tx }) => `${amount} USDC, ${tx}`));
