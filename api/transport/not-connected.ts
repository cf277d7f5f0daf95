import { type ErrorFacts, inSeconds } from "./errors";

type Facts = Required<Pick<ErrorFacts, "code" | "reason" | "hint">>;

/** There was no connection whose other end had proved to be the vendor, so nothing of the call was sent. */
export class NotConnected extends Error {
  constructor(readonly facts: Facts) {
    super(facts.reason);
  }
}

/** The way on which it failed. */
interface Way {
  /** Whom it was to reach, e.g. `api.proxies.sx`. */
  to: string;
  byProxy: boolean;
  /** Milliseconds that connecting could take, where they were not enough. */
  lateAfterMs?: number;
}

const CHECK_URL = "check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)";
export const CHECK_PROXY = "check HTTPS_PROXY, ALL_PROXY and NO_PROXY";

/** Names of what fails before and during the handshake: OpenSSL's and Node's. */
const OF_CERTIFICATES =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|HOSTNAME_MISMATCH|PATH_LENGTH|ERR_TLS_CERT)/;
const OF_TLS = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

/** The failure as one line that names who did not answer, why, and what to do. */
export function notConnected(failure: unknown, { to, byProxy, lateAfterMs }: Way): NotConnected {
  if (failure instanceof NotConnected) return failure;
  const check = byProxy ? CHECK_PROXY : CHECK_URL;
  if (lateAfterMs !== undefined) {
    const reason = `no connection to ${to} within ${inSeconds(lateAfterMs)}`;
    return new NotConnected({ code: "timeout", reason, hint: `Nothing was sent: ${check} and the network` });
  }
  const name = nameOf(failure);
  if (OF_CERTIFICATES.test(name)) {
    return new NotConnected({
      code: "certificate",
      reason: `the certificate of ${to} is not trusted: ${name}`,
      hint: "Nothing was sent. Where a company's gateway opens TLS, name the file of its CA in NODE_EXTRA_CA_CERTS",
    });
  }
  return new NotConnected({ code: "network", reason: `no connection to ${to}: ${name}`, hint: hintFor(name, check) });
}

function hintFor(name: string, check: string): string {
  if (name === "ENOTFOUND" || name === "EAI_AGAIN") return `The name is not known here: ${check} and the network`;
  if (name === "ECONNREFUSED") return `Nothing listens there: ${check}`;
  if (OF_TLS.test(name)) return `What answers there does not agree on TLS: ${check}`;
  return `Nothing was sent: ${check} and the network`;
}

/** The code of Node's error. Where several addresses were tried, that of the first. */
export function nameOf(failure: unknown): string {
  const { code, errors } = (failure ?? {}) as { code?: unknown; errors?: unknown };
  if (typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return Array.isArray(errors) && errors.length > 0 ? nameOf(errors[0]) : "unknown";
}
