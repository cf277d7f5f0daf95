import { type Hidden } from "../../domain/hidden-inputs";
import { typeOf } from "../../domain/kinds";
import { type WalletSession } from "../run/wallet-session";

/** Whether the engine's state holds a session: of another resource, or of this one, which is being replaced. */
export async function isHeldElsewhere(id: string, { urn, owner }: Hidden, session: WalletSession): Promise<boolean> {
  if (session.held.has(id)) return true;
  if (urn === undefined) return false;
  const resources = (await session.stackState.resources(urn, owner)) ?? [];
  return resources.some(({ type, outputs }) => type === typeOf("X402Lease") && outputs?.["sessionId"] === id);
}
