import { type Bought, createX402Api } from "../../../api";
import { type Emulator } from "../../../emulator";

/** An address whose key everybody knows. */
export const PAYER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

/** A lease of an hour and a GB in Germany, paid by a transfer of 4 USDC from a wallet that is given 100 first. */
export async function rented(emulator: Emulator): Promise<Bought> {
  const chain = emulator.control.x402;
  chain.faucet(PAYER);
  const { payTo, network } = chain.ledgerView();
  const { hash } = chain.transfer({ from: PAYER, to: payTo, usdc: 4 });
  const x402 = createX402Api({ apiUrl: emulator.url });
  try {
    const proof = { kind: "transaction", hash, network, payer: PAYER } as const;
    return await x402.buyProxy({ country: "DE", durationSeconds: 3_600, trafficGB: 1 }, proof);
  } finally {
    x402.close();
  }
}
