import { type Session } from "../../api";
import { ProviderError } from "../errors";
import { type WalletSession } from "../run/wallet-session";
import { type X402LeaseState } from "./state";

/** What is added at once (MCP client). */
const LEAST_SECONDS = 3_600;
const MOST_SECONDS = 2_592_000;
/** A difference that is none. */
const SLACK_SECONDS = 60;

/**
 * Adds time, which is free. Acts once, so what is missing is looked up just before; a lost answer is found by the next look.
 *
 * @param until epoch ms
 * @returns the end, epoch ms
 */
export async function extendUntil(
  until: number,
  olds: X402LeaseState,
  now: Session,
  session: WalletSession,
): Promise<number | undefined> {
  const { expiresAt } = now;
  if (expiresAt === undefined) return undefined;
  const missing = Math.ceil((until - expiresAt) / 1_000);
  if (missing <= SLACK_SECONDS) return expiresAt;
  const durationSeconds = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, missing));
  const added = await session.api.manage.topup(tokenOf(olds), { durationSeconds }, { kind: "nothing" });
  return added.expiresAt ?? expiresAt + durationSeconds * 1_000;
}

/** @throws ProviderError */
export function tokenOf({ sessionId, sessionToken }: Pick<X402LeaseState, "sessionId" | "sessionToken">): string {
  if (sessionToken !== undefined) return sessionToken;
  throw new ProviderError(
    `session ${sessionId} cannot be changed: the vendor never told its token. Import it by the token, or replace it.`,
  );
}
