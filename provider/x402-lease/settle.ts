import { ChainError, decodePayment, type Proof } from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type Wallet } from "../run/wallet-settings";
import { type DealFacts } from "./deal";

/** Between looks for a transaction that was sent, in ms, and how many there are. */
const WAIT = 2_000;
const LOOKS = 15;

/**
 * Settles a signed payment by a transaction of the wallet's own, for a vendor that wants to see one. It is the same
 * authorization, so whoever else settles it, it is paid once.
 *
 * @throws ChainError where it is not known to be mined
 */
export async function settledBy(
  { key, address: payer }: Wallet,
  proof: Proof & { kind: "authorization" },
  { network }: DealFacts,
  session: WalletSession,
): Promise<Proof> {
  const chain = session.chain(network);
  const hash = await chain.settle(key, decodePayment(proof));
  for (let look = 0; look < LOOKS; look++) {
    const receipt = await chain.receipt(hash);
    if (receipt?.success) return { kind: "transaction", hash, network, payer };
    if (receipt) throw new ChainError(`the transaction ${hash} was reverted`, "refused");
    await session.sleep(WAIT);
  }
  throw new ChainError(`the transaction ${hash} is not mined yet`, "refused");
}
