import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { runError } from "../engine/run-error";
import { inUsdc } from "./in-usdc";
import { withIsoTimes } from "../../domain/iso-time";
import { type KeylessLookup, type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

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
  proxy?: X402Proxy;
  ports?: X402SessionPort[];
}

/** What is left of a session. */
export interface X402SessionStatus extends Omit<api.Credit, "expiresAt"> {
  /** ISO 8601 in UTC. */
  expiresAt?: string;
}

/** Args of {@link getX402Sessions}. */
export interface GetX402SessionsArgs {
  /** The wallet's address, 0x and 40 hexadecimal digits. */
  wallet: string;
  /** @default "active" */
  status?: "active" | "expired" | "all";
}

/** Args of {@link getX402Session}: one of them. */
export interface GetX402SessionArgs {
  /** Hash of the transaction that paid for the session, or for a top-up of it. */
  transaction?: string;
  /** The session's token. Secret. */
  token?: string;
}

/** Args of {@link getX402SessionStatus}. */
export interface GetX402SessionStatusArgs {
  /** The session's token. Secret. */
  token: string;
}

const SESSIONS: KeylessLookup<GetX402SessionsArgs, X402Session[]> = {
  name: "getX402Sessions",
  inputs: ["wallet", "status"],
  keyless: true,
  ask: async ({ api }, { wallet, status = "active" }) => {
    if (!["active", "expired", "all"].includes(status))
      throw runError("getX402Sessions: status: is unknown. Give one of: active, expired, all.");
    return (await api.sessions.byWallet(wallet, status)).map(sessionOf);
  },
  secret: true,
};

const SESSION: KeylessLookup<GetX402SessionArgs, X402Session> = {
  name: "getX402Session",
  inputs: ["transaction", "token"],
  keyless: true,
  ask: async ({ api }, { transaction, token }) => {
    if ((transaction === undefined) === (token === undefined))
      throw runError("getX402Session: args: give one of: transaction, token.");
    const asked = token === undefined ? api.sessions.byTransaction(transaction as string) : api.manage.session(token);
    return sessionOf(await asked);
  },
  secret: true,
};

const STATUS: KeylessLookup<GetX402SessionStatusArgs, X402SessionStatus> = {
  name: "getX402SessionStatus",
  inputs: ["token"],
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

/**
 * The leases that a wallet paid for. The vendor shows them to whoever knows the address. No key.
 *
 * Each may hold secrets in plain text (`token`, `proxy`, `ports`, `rotationUrl`, `rotationToken`): do not log or export
 * them, or use {@link getX402SessionsOutput}, which is secret.
 */
export function getX402Sessions(args: GetX402SessionsArgs, options?: LookupOptions): Promise<X402Session[]> {
  return promiseOf(SESSIONS, args, options);
}

/** {@link getX402Sessions} as an Output, of args that may be Outputs. It is secret as a whole. */
export function getX402SessionsOutput(
  args: OutputArgs<GetX402SessionsArgs>,
  options?: LookupOptions,
): pulumi.Output<X402Session[]> {
  return outputOf(SESSIONS, args, options);
}

/**
 * A lease by the transaction that paid for it, or by its token. Fails where the vendor knows of none: a payment that was
 * taken and not delivered has none either. No key.
 *
 * It may hold secrets in plain text (`token`, `proxy`, `ports`, `rotationUrl`, `rotationToken`): do not log or export
 * them, or use {@link getX402SessionOutput}, which is secret.
 */
export function getX402Session(args: GetX402SessionArgs, options?: LookupOptions): Promise<X402Session> {
  return promiseOf(SESSION, args, options);
}

/** {@link getX402Session} as an Output, of args that may be Outputs. It is secret as a whole. */
export function getX402SessionOutput(
  args: OutputArgs<GetX402SessionArgs>,
  options?: LookupOptions,
): pulumi.Output<X402Session> {
  return outputOf(SESSION, args, options);
}

/** Traffic and time that are left of a lease, by its token. No key. */
export function getX402SessionStatus(
  args: GetX402SessionStatusArgs,
  options?: LookupOptions,
): Promise<X402SessionStatus> {
  return promiseOf(STATUS, args, options);
}

/** {@link getX402SessionStatus} as an Output, of args that may be Outputs. */
export function getX402SessionStatusOutput(
  args: OutputArgs<GetX402SessionStatusArgs>,
  options?: LookupOptions,
): pulumi.Output<X402SessionStatus> {
  return outputOf(STATUS, args, options);
}
