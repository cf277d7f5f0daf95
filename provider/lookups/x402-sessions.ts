import type * as api from "../../api";
import { InputError } from "../errors";
import { inUsdc } from "./in-usdc";
import { withIsoTimes } from "../../domain/iso-time";
import { type KeylessLookup, TEXT } from "./lookup";

/** How to connect to the proxy of a session. It holds a password in plain text. */
export interface X402Proxy extends Omit<api.ProxyCredentials, "expiresAt"> {
  /** ISO 8601 in UTC. */
  expiresAt?: string;
}

/** A port of a session. Its URLs hold a password in plain text. */
export interface X402SessionPort extends Omit<api.SessionPort, "expiresAt"> {
  /** ISO 8601 in UTC. */
  expiresAt?: string;
}

/** A lease that a wallet paid for, as far as the vendor reports it. */
export interface X402Session extends Omit<api.Session, "paid" | "createdAt" | "expiresAt" | "proxy" | "ports"> {
  /** USDC */
  paid?: number;
  /** ISO 8601 in UTC. */
  createdAt?: string;
  /** ISO 8601 in UTC. */
  expiresAt?: string;
  /** How to connect. */
  proxy?: X402Proxy;
  /** Its ports. */
  ports?: X402SessionPort[];
}

/** What is left of a session. */
export interface X402SessionStatus extends Omit<api.Credit, "expiresAt"> {
  /** ISO 8601 in UTC. */
  expiresAt?: string;
}

/** Args of `getX402Sessions`. */
export interface GetX402SessionsArgs {
  /** The wallet's address, 0x and 40 hexadecimal digits. */
  wallet: string;
  /** @default "active" */
  status?: "active" | "expired" | "all";
}

/** Args of `getX402Session`: one of them. */
export interface GetX402SessionArgs {
  /** Hash of the transaction that paid for the session, or for a top-up of it. */
  transaction?: string;
  /** The session's token. Secret. */
  token?: string;
}

/** Args of `getX402SessionStatus`. */
export interface GetX402SessionStatusArgs {
  /** The session's token. Secret. */
  token: string;
}

export const SESSIONS: KeylessLookup<GetX402SessionsArgs, X402Session[]> = {
  name: "getX402Sessions",
  inputs: {
    wallet: { ...TEXT, required: true },
    status: { ...TEXT, oneOf: ["active", "expired", "all"] },
  },
  list: "sessions",
  keyless: true,
  ask: async ({ api }, { wallet, status = "active" }) => (await api.sessions.byWallet(wallet, status)).map(sessionOf),
  secret: true,
};

export const SESSION: KeylessLookup<GetX402SessionArgs, X402Session> = {
  name: "getX402Session",
  inputs: { transaction: TEXT, token: { ...TEXT, secret: true } },
  keyless: true,
  ask: async ({ api }, { transaction, token }) => {
    if ((transaction === undefined) === (token === undefined))
      throw new InputError("args", "give one of: transaction, token.");
    const asked = token === undefined ? api.sessions.byTransaction(transaction as string) : api.manage.session(token);
    return sessionOf(await asked);
  },
  secret: true,
};

export const STATUS: KeylessLookup<GetX402SessionStatusArgs, X402SessionStatus> = {
  name: "getX402SessionStatus",
  inputs: { token: { ...TEXT, secret: true, required: true } },
  keyless: true,
  ask: async ({ api }, { token }) => withIsoTimes(await api.manage.credit(token), "expiresAt"),
};

function sessionOf({ proxy, ports, ...session }: api.Session): X402Session {
  const { paid, ...told } = withIsoTimes(inUsdc(session, "paid"), "createdAt", "expiresAt");
  return {
    ...told,
    ...(paid !== undefined && { paid }),
    ...(proxy && { proxy: withIsoTimes(proxy, "expiresAt") }),
    ...(ports && { ports: ports.map((port) => withIsoTimes(port, "expiresAt")) }),
  };
}
