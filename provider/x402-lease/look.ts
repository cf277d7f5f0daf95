import { isApiError, type Session } from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type X402LeaseState } from "./state";

export const isTransaction = (name: string): boolean => /^0x[0-9a-fA-F]{64}$/.test(name);
export const isToken = (name: string): boolean => name.startsWith("x402s_");

/** A session by its token, the transaction that bought it, or its id. Undefined where the vendor has none. */
export const sessionNamed = (name: string, { api }: WalletSession): Promise<Session | undefined> =>
  known(
    isTransaction(name)
      ? api.sessions.byTransaction(name)
      : isToken(name)
        ? api.manage.session(name)
        : api.sessions.get(name),
  );

/**
 * A session as the vendor tells it now. Undefined where the vendor denies it by token and by id: what is gone is bought
 * anew. One that the vendor never named cannot be denied, and only its time ends it.
 */
export async function seen(
  {
    sessionId,
    sessionToken,
    receipts = [],
  }: Pick<X402LeaseState, "sessionId" | "sessionToken"> & Partial<X402LeaseState>,
  session: WalletSession,
): Promise<Session | undefined> {
  const found = sessionToken === undefined ? undefined : await known(session.api.manage.session(sessionToken));
  if (found) return found;
  const unnamed = receipts.find(({ nonce }) => nonce === sessionId);
  if (!unnamed) return sessionNamed(sessionId, session);
  const told = unnamed.tx === undefined ? undefined : await sessionNamed(unnamed.tx, session);
  return told ?? (sessionToken === undefined ? {} : undefined);
}

async function known(asked: Promise<Session>): Promise<Session | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isApiError(error, "not_found")) return undefined;
    throw error;
  }
}
