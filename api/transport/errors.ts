import { type Call, type Method } from "./call";

/**
 * What went wrong. The union is closed:
 * - `invalid_input`: refused here, nothing was sent (also: a proxy of the environment that cannot be used)
 * - `unauthorized` 401, `forbidden` 403, `not_found` 404, `conflict` 409, `rejected` other 3xx and 4xx
 * - `rate_limited`: 429, or not sent since an earlier call was asked to wait longer than calls may take
 * - `server_error`: 5xx
 * - `network`: no connection, also for what a proxy said in the vendor's place, or it was cut
 * - `certificate`: the server's certificate is not trusted
 * - `timeout`: no complete answer in time, or not sent since too many calls waited before it
 * - `interrupted`: not sent, since the run was interrupted, or nobody waited for it any more, before its turn came
 * - `bad_answer`: an answer that is not what the endpoint documents
 */
export type ErrorCode =
  | "invalid_input"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "rate_limited"
  | "rejected"
  | "server_error"
  | "network"
  | "certificate"
  | "timeout"
  | "interrupted"
  | "bad_answer";

/** How far the request came: it never left, the vendor refused it before any work, or it may have been carried out. */
export type Sent = "no" | "refused" | "maybe";

/** What an ApiError is made of. No part may hold a secret. */
export interface ErrorFacts {
  code: ErrorCode;
  /** What happened, one line; the vendor's own words if there are any. */
  reason: string;
  /** What was tried in vain. */
  efforts?: string;
  /** What to do next. */
  hint?: string;
  method?: Method;
  route?: string;
  outsideV1?: boolean;
  status?: number;
  requestId?: string;
  retryAfterSeconds?: number;
  sent?: Sent;
  maybeDone?: boolean;
  tries?: number;
  repeated?: boolean;
}

/**
 * Every failure of the client. The message is one line that holds method, route, the vendor's words, status, code,
 * request id and, where it can be known, what to do next; it never holds the key, a password or a rotation token.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  /** What happened, without the rest of the message: the vendor's own words, secrets removed, if it said any. */
  readonly reason: string;
  /** HTTP verb; undefined when the error belongs to no request (bad options). */
  readonly method?: Method;
  /** The path without its values and without /v1, e.g. `/ports/:id`. */
  readonly route?: string;
  /** HTTP status, if an answer came. */
  readonly status?: number;
  /** The vendor's X-Request-ID, to quote to its support. */
  readonly requestId?: string;
  /** How long the vendor asks to wait, from Retry-After. */
  readonly retryAfterSeconds?: number;
  readonly sent: Sent;
  /**
   * True when a request that changes something may have been carried out although no usable answer came (cut
   * connection, timeout, 5xx, unreadable 2xx): look before you repeat it. False when it certainly was not.
   */
  readonly maybeDone: boolean;
  /**
   * True when an earlier call of this client failed for the same reason, which holds for all (a key that is refused, a
   * scope that is missing, a pause longer than calls may take): report it once. It was mostly not even sent.
   */
  readonly repeated: boolean;
  readonly #facts: ErrorFacts;

  constructor(facts: ErrorFacts) {
    super(messageOf(facts));
    this.#facts = facts;
    this.code = facts.code;
    this.reason = facts.reason;
    this.method = facts.method;
    this.route = facts.route;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.sent = facts.sent ?? "no";
    this.maybeDone = facts.maybeDone ?? false;
    this.repeated = facts.repeated ?? false;
  }

  /** The same error with some facts replaced. @internal */
  but(changes: Partial<ErrorFacts>): ApiError {
    return new ApiError({ ...this.#facts, ...changes });
  }

  /** The public fields and the message. */
  toJSON(): object {
    return { ...this, message: this.message };
  }
}

/** Is it an ApiError, and of this code? */
export function isApiError(error: unknown, code?: ErrorCode): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

/** For `.catch`: an error of this code becomes `undefined`, any other goes on. */
export function undefinedIf(code: ErrorCode): (error: unknown) => undefined {
  return (error) => {
    if (isApiError(error, code)) return undefined;
    throw error;
  };
}

/** The facts of an error that belong to the call; `sent` decides whether the call may have been carried out. */
export function factsOf(
  call: Call,
  sent: Sent,
): Pick<ErrorFacts, "method" | "route" | "outsideV1" | "sent" | "maybeDone"> {
  return {
    method: call.method,
    route: call.route,
    ...(call.outsideV1 ? { outsideV1: true } : {}),
    sent,
    maybeDone: sent === "maybe" && call.effect !== "none",
  };
}

/** A call that was not sent, since nothing more is to be done. */
export const interrupted = (call: Call, reason: string): ApiError =>
  new ApiError({ ...factsOf(call, "no"), code: "interrupted", reason, hint: "Nothing was sent" });

/** Hint for a call that acts once and whose fate is not known. */
export const LOOK_FIRST = "It may have been carried out all the same: look before you repeat it";

function messageOf(facts: ErrorFacts): string {
  const where = facts.method && facts.route ? `${facts.method} ${facts.outsideV1 ? "" : "/v1"}${facts.route}: ` : "";
  const details = [
    [facts.status, facts.code].filter((part) => part !== undefined).join(" "),
    (facts.tries ?? 1) > 1 ? `${facts.tries} tries` : undefined,
    facts.repeated && facts.sent === "no" ? "not sent" : undefined,
    facts.requestId ? `request ${facts.requestId}` : undefined,
  ].filter((part) => part !== undefined);
  const reason = facts.reason.trimEnd().replace(/(?<!\.)\.+$/, "");
  return [`${where}${reason} (${details.join(", ")})`, facts.efforts, facts.hint].filter(Boolean).join(". ");
}

/** "0.25 s", "40 s", "86400 s (24 h)" */
export function inSeconds(ms: number): string {
  const seconds = ms < 10_000 ? Number((ms / 1000).toPrecision(2)) : Math.floor(ms / 1000);
  if (seconds < 600) return `${seconds} s`;
  return seconds < 7200
    ? `${seconds} s (${Math.round(seconds / 60)} min)`
    : `${seconds} s (${Math.round(seconds / 3600)} h)`;
}
