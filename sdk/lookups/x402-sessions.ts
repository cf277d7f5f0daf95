import type * as pulumi from "@pulumi/pulumi";
import {
  SESSION,
  SESSIONS,
  STATUS,
  type GetX402SessionArgs,
  type GetX402SessionsArgs,
  type GetX402SessionStatusArgs,
  type X402Proxy,
  type X402Session,
  type X402SessionPort,
  type X402SessionStatus,
} from "../../provider/lookups/x402-sessions";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export {
  type GetX402SessionArgs,
  type GetX402SessionsArgs,
  type GetX402SessionStatusArgs,
  type X402Proxy,
  type X402Session,
  type X402SessionPort,
  type X402SessionStatus,
};

/**
 * The leases that a wallet paid for. The vendor shows them to whoever knows the address. No key.
 *
 * Each may hold secrets in plain text (`token`, `proxy`, `ports`, `rotationUrl`, `rotationToken`): do not log or export
 * them, or use {@link getX402SessionsOutput}, which is secret.
 *
 * @example
 * export const sessions = proxies.getX402SessionsOutput({ wallet: config.require("wallet") }); // secret
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
 * A lease by the transaction that paid for it, or by its token. Fails where the vendor knows of none: a payment that
 * was
 * taken and not delivered has none either. No key.
 *
 * It may hold secrets in plain text (`token`, `proxy`, `ports`, `rotationUrl`, `rotationToken`): do not log or export
 * them, or use {@link getX402SessionOutput}, which is secret.
 *
 * @example
 * const session = proxies.getX402SessionOutput({ token: config.requireSecret("sessionToken") });
 * export const proxy = session.proxy; // secret
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

/**
 * Traffic and time that are left of a lease, by its token. No key.
 *
 * @example
 * const left = proxies.getX402SessionStatusOutput({ token: config.requireSecret("sessionToken") });
 * export const remainingGB = left.remainingGB; // secret, as the token is
 */
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
