import { isApiError, type Session } from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type X402LeaseState } from "./state";

export const isTransaction = (name: string): boolean => /^0x[0-9a-fA-F]{64}$/.test(name);
export const isToken = (name: string): boolean => name.startsWith("x402s_");

/** A session by its token, the transaction that bought it, or its id. Undefined where the vendor has none. */
export async function sessionNamed(name: string, { api }: WalletSession): Promise<Session | undefined> {
  try {
    if (isTransaction(name)) return await api.sessions.byTransaction(name);
    return await (isToken(name) ? api.manage.session(name) : api.sessions.get(name));
  } catch (error) {
    if (isApiError(error, "not_found")) return undefined;
    throw error;
  }
}

/** A session as the vendor tells it now; undefined where there is none. */
export async function seen(
  { sessionId, sessionToken }: Pick<X402LeaseState, "sessionId" | "sessionToken">,
  session: WalletSession,
): Promise<Session | undefined> {
  if (sessionToken === undefined) return sessionNamed(sessionId, session);
  try {
    return await session.api.manage.session(sessionToken);
  } catch (error) {
    if (isApiError(error, "not_found")) return undefined;
    throw error;
  }
}
