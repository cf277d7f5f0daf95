import { type Answer, type Call, requestIdOf } from "./call";
import { ApiError, type ErrorCode, factsOf, LOOK_FIRST, type Sent } from "./errors";
import { type Redactor } from "../../text";

const WORDS_OF_THE_ORDER =
  /\b(slots?|stock|quota|balance|credits?|suspend\w*|limit\w*|devices?|subscription|plan|tier)\b/i;
/** Is the refusal for this order or this port, whatever else it says? */
const isOfTheOrder = (reason: string): boolean => WORDS_OF_THE_ORDER.test(reason);

const SCOPE_NAME = /\b[a-z]+:(?:read|write|rotate|full)\b/g;

/**
 * Which later calls a 403 answers too: those of the same scope if the vendor names it, those of the same route if it
 * only speaks of scopes or rights. Undefined when it may be about this order or this port alone.
 */
export function answeredToo(call: Pick<Call, "scope" | "method" | "route">, reason: string): string | undefined {
  if (!call.scope || isOfTheOrder(reason)) return undefined;
  const named = reason.match(SCOPE_NAME);
  if (named) return named.includes(call.scope) ? call.scope : undefined; // else the sources are wrong on this call's scope
  const speaksOfScopes = /\bscopes?\b/i.test(reason);
  const speaksOfRights = /\b(permissions?|privileges?|rights|insufficient access)\b/i.test(reason);
  const isOfOnePort = call.route.includes(":id"); // its rights may be those of another account's port
  return speaksOfScopes || (speaksOfRights && !isOfOnePort) ? `${call.method} ${call.route}` : undefined;
}

/** Does this refusal concern all calls? A 429 of a port's cooldown does not, a 503 does if it says when to come back. */
export function concernsAll(call: Pick<Call, "hasCooldown">, error: Pick<ApiError, "status" | "retryAfterSeconds">) {
  if (error.status === 429) return !call.hasCooldown;
  return error.status === 503 && error.retryAfterSeconds !== undefined;
}

/** The error for an answer that is no success. `redactor` cuts secrets out of the vendor's words. */
export function refusal(call: Call, answer: Answer, redactor: Redactor, serverNow: number | undefined): ApiError {
  const { status } = answer;
  const code = codeOf(status);
  const reason = redactor.line(reasonOf(answer));
  const retryAfterSeconds = retryAfter(answer.headers["retry-after"], serverNow);
  return new ApiError({
    ...factsOf(call, call.isPayment ? "maybe" : sentOf(status)),
    code,
    reason,
    hint: hintOf(call, code, status, reason, retryAfterSeconds),
    status,
    requestId: requestIdOf(answer),
    retryAfterSeconds,
  });
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 409:
      return "conflict";
    case 429:
      return "rate_limited";
    default:
      return status >= 500 ? "server_error" : "rejected";
  }
}

/** 302 and 303 are common answers to a POST that was carried out; 301, 307 and 308 send it elsewhere undone. */
function sentOf(status: number): Sent {
  return status >= 500 || status === 302 || status === 303 ? "maybe" : "refused";
}

/** Nest's error body: `{statusCode, message: string | string[], error?}`. A body that is no JSON is not printed. */
function reasonOf(answer: Answer): string {
  if (answer.status >= 300 && answer.status < 400) return "the API answered with a redirect, which is not followed";
  const body = parsed(answer.text);
  const message = Array.isArray(body?.message)
    ? body.message.filter((part) => typeof part === "string")
    : body?.message;
  const text = Array.isArray(message) ? message.join(", ") : message;
  if (typeof text === "string" && text.trim()) return text;
  if (typeof body?.error === "string" && body.error.trim()) return body.error;
  return "the vendor gave no reason";
}

/** What a body may hold of a reason: a JSON text or number has neither field. */
function parsed(text: string): { message?: unknown; error?: unknown } | null {
  try {
    return JSON.parse(text) as { message?: unknown; error?: unknown } | null;
  } catch {
    return null;
  }
}

function hintOf(
  call: Call,
  code: ErrorCode,
  status: number,
  reason: string,
  retryAfterSeconds?: number,
): string | undefined {
  if (call.isPayment) return LOOK_FIRST;
  if (status >= 300 && status < 400)
    return "Check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)";
  if (code === "unauthorized" && !call.withoutKey) {
    return "Check the API key (apiKey; in Pulumi proxies-sx:apiKey or PROXIES_API_KEY)";
  }
  if (code === "forbidden" && call.scope && !isOfTheOrder(reason))
    return `The scope that this call needs: ${call.scope}`;
  if (code === "rate_limited" && retryAfterSeconds !== undefined) return `Try again in ${retryAfterSeconds} s`;
  if (code === "server_error" && call.effect === "once") return LOOK_FIRST;
  return undefined;
}

/** No vendor means more; a number without end would be "Infinity" in messages. */
const MOST_SECONDS = 1e9;

/** Retry-After as seconds: a number, or an HTTP date, which counts by the vendor's clock and by no other. */
function retryAfter(header: string | undefined, serverNow: number | undefined): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(MOST_SECONDS, Math.ceil(Number(text)));
  const until = Date.parse(text);
  if (serverNow === undefined || Number.isNaN(until) || !/^[A-Z][a-z]{2}/.test(text)) return undefined;
  return Math.min(MOST_SECONDS, Math.max(0, Math.ceil((until - serverNow) / 1000)));
}
