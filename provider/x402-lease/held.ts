import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { isKind } from "../../domain/kinds";
import { type StateResource } from "../run/stack-state";
import { type WalletSession } from "../run/wallet-session";

/** The URN of another resource that has a session. */
export async function otherHolder(id: string, hidden: Hidden, session: WalletSession): Promise<string | undefined> {
  const held = session.held.get(id);
  if (held !== undefined && held !== hidden.urn) return held;
  return (await holders(id, hidden, session)).find(({ urn }) => urn !== hidden.urn)?.urn;
}

/** Whether the engine's state holds a session: of another resource, or of this one, which is being replaced. */
export const isHeldElsewhere = async (id: string, hidden: Hidden, session: WalletSession): Promise<boolean> =>
  session.held.has(id) || (await holders(id, hidden, session)).length > 0;

/** Resources of the stack whose state names a session. */
async function holders(id: string, hidden: Hidden, session: WalletSession): Promise<StateResource[]> {
  const state = await session.stackState.of(stackOf(hidden));
  return (state?.resources ?? []).filter(({ type, outputs }) => isKind("X402Lease", type) && outputs?.sessionId === id);
}
