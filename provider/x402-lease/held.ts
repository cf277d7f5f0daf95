import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { isKind } from "../../domain/kinds";
import { type WalletSession } from "../run/wallet-session";

/** Whether the engine's state holds a session: of another resource, or of this one, which is being replaced. */
export async function isHeldElsewhere(id: string, hidden: Hidden, session: WalletSession): Promise<boolean> {
  if (session.held.has(id)) return true;
  const state = await session.stackState.of(stackOf(hidden));
  return (state?.resources ?? []).some(
    ({ type, outputs }) => isKind("X402Lease", type) && outputs?.["sessionId"] === id,
  );
}
