import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { isKind } from "../../domain/kinds";
import { type WalletSession } from "../run/wallet-session";

/** The URN of another resource that has a session. */
export async function otherHolder(id: string, hidden: Hidden, session: WalletSession): Promise<string | undefined> {
  const held = session.held.get(id);
  if (held !== undefined && held !== hidden.urn) return held;
  const state = await session.stackState.of(stackOf(hidden));
  const isOther = (one: { urn: string; type: string; outputs?: Record<string, unknown> }) =>
    isKind("X402Lease", one.type) && one.outputs?.["sessionId"] === id && one.urn !== hidden.urn;
  return (state?.resources ?? []).find((one) => isOther(one as never))?.urn;
}

/** Whether the engine's state holds a session: of another resource, or of this one, which is being replaced. */
export async function isHeldElsewhere(id: string, hidden: Hidden, session: WalletSession): Promise<boolean> {
  if (session.held.has(id)) return true;
  const state = await session.stackState.of(stackOf(hidden));
  return (state?.resources ?? []).some(
    ({ type, outputs }) => isKind("X402Lease", type) && outputs?.["sessionId"] === id,
  );
}
