import { z } from "zod";
import { listOf } from "../fields";
import { type Http } from "../http";
import { path, type Path } from "../path";
import { type Reader, reader } from "../reading";
import { isAddress, isTransactionHash } from "./fields";
import { type Session } from "./session";
import { readSession, sessionSchema, toSession } from "./session-schema";

/** Looking up what was bought, without a session's token. Whether answers hold tokens and credentials is not known. */
export interface SessionsApi {
  get(id: string): Promise<Session>;
  /** By the transaction that bought it. "not_found" where the vendor knows of no session, paid or not. */
  byTransaction(hash: string): Promise<Session>;
  /** Those of a wallet. @param status @default "active" */
  byWallet(address: string, status?: "active" | "expired" | "all"): Promise<Session[]>;
  /** Its id, state, wallet, end and traffic. */
  status(id: string): Promise<Session>;
}

export function sessionsApi(http: Http): SessionsApi {
  return {
    get: async (id) => http.get("keyless", path`/x402/session/${id}`, readSession),
    byTransaction: async (hash) =>
      http.get("keyless", pathBy("/x402/session/tx/", hash, isTransactionHash(hash), HASH), readSession),
    byWallet: async (address, status) =>
      http.get("keyless", pathBy("/x402/sessions/wallet/", address, isAddress(address), ADDRESS), readSessions, {
        query: { status },
      }),
    status: async (id) => http.get("keyless", path`/x402/sessions/${id}/status`, readSession),
  };
}

const HASH = "a transaction's hash must be 0x and 64 hexadecimal digits";
const ADDRESS = "a wallet's address must be 0x and 40 hexadecimal digits";

/** What names a thing on a chain is longer than an id. */
function pathBy(start: string, name: string, fits: boolean, rule: string): Path {
  return { path: fits ? start + name : "", route: `${start}:id`, ...(!fits && { problem: rule }) };
}

/** `{sessions, total}`, or bare. */
const readSessions: Reader<Session[]> = reader(
  z.preprocess(
    (body) => (Array.isArray(body) ? { sessions: body as unknown[] } : body),
    z.object({ sessions: listOf(sessionSchema) }),
  ),
  ({ sessions }, context) =>
    sessions.map((one, index) => {
      const session = toSession(one);
      if (session.id === undefined) throw context.broken(["sessions", index, "id"], "is missing");
      return session;
    }),
);
