import { type Answer, type Call, type Try } from "./call";
import { type Clock } from "./clock";
import { ApiError, type ErrorCode, type ErrorFacts, type Sent } from "./errors";
import { printable } from "./redact";

/** Makes every status that is no success, and every failure of the wire, an ApiError that names the call. */
export function withErrors(send: Try, apiKey: string, clock: Clock): Try {
  return async (call, timeoutMs) => {
    let answer: Answer;
    try {
      answer = await send(call, timeoutMs);
    } catch (failure) {
      throw wireError(call, failure, timeoutMs);
    }
    clock.hear(answer.headers.date);
    const secrets = [apiKey, ...secretsOf(call)];
    const requestId = printable(answer.headers["x-request-id"] ?? "", secrets) || undefined;
    answer = { ...answer, headers: { ...answer.headers, "x-request-id": requestId } };
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw statusError(call, answer, secrets);
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

/** X-Request-ID: on every answer (pool-starter docs; the emulator too). */
export function requestIdOf(answer: Answer): string | undefined {
  const id = answer.headers["x-request-id"];
  return id !== undefined && /^[\x21-\x7e]{1,100}$/.test(id) ? id : undefined;
}

/** Body fields whose values no message may repeat. */
const SECRET_FIELDS = ["proxyPassword"];

function secretsOf(call: Call): string[] {
  const fields = SECRET_FIELDS.map((field) => call.body?.[field]).filter((value) => typeof value === "string");
  return [...(call.secrets ?? []), ...fields];
}

// ---- an answer that is no success ----

function statusError(call: Call, answer: Answer, secrets: string[]): ApiError {
  const { status } = answer;
  const code = codeOf(status);
  const retryAfterSeconds = retryAfter(answer);
  return new ApiError({
    ...factsOf(call, sentOf(status)),
    code,
    reason: printable(reasonOf(answer), secrets),
    hint: hintOf(call, code, status, retryAfterSeconds),
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

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function hintOf(call: Call, code: ErrorCode, status: number, retryAfterSeconds?: number): string | undefined {
  if (status >= 300 && status < 400)
    return "Check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)";
  if (code === "unauthorized" && !call.withoutKey) {
    return "Check the API key (apiKey; in Pulumi proxies-sx:apiKey or PROXIES_API_KEY)";
  }
  if (code === "forbidden" && call.scope) return `This call needs a key with the scope ${call.scope}`;
  if (code === "rate_limited" && retryAfterSeconds !== undefined) return `Try again in ${retryAfterSeconds} s`;
  if (code === "server_error" && call.effect === "once") return LOOK_FIRST;
  return undefined;
}

const LOOK_FIRST = "It may have been carried out all the same: look before you repeat it";

/** Retry-After as seconds: a number, or an HTTP date, which counts from the answer's own Date. */
export function retryAfter(answer: Answer): number | undefined {
  const text = answer.headers["retry-after"]?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  const until = Date.parse(text);
  const sentAt = Date.parse(answer.headers.date ?? "");
  const seconds = Math.ceil((until - (Number.isNaN(sentAt) ? Date.now() : sentAt)) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

// ---- no answer, or no complete one ----

interface WireFailure {
  code?: unknown;
  message?: unknown;
  syscall?: unknown;
  cause?: unknown;
  errors?: unknown;
}

function wireError(call: Call, failure: unknown, timeoutMs: number): ApiError {
  const { code, message } = (failure ?? {}) as WireFailure;
  if (code === "ERR_CANCELED") {
    return new ApiError({
      ...factsOf(call, "maybe"),
      code: "timeout",
      reason: `no complete answer within ${Number((timeoutMs / 1000).toPrecision(2))} s`,
      hint: call.effect === "once" ? LOOK_FIRST : undefined,
    });
  }
  if (typeof message === "string" && message.startsWith("maxContentLength")) {
    return new ApiError({
      ...factsOf(call, "maybe"),
      code: "bad_answer",
      reason: "the answer is larger than maxBodyBytes",
    });
  }
  const name = typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "unknown";
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(name)) {
    const reason = `the server's certificate is not trusted: ${name}`;
    return new ApiError({ ...factsOf(call, "no"), code: "certificate", reason, hint: "Nothing was sent" });
  }
  const sent = neverConnected(failure) ? "no" : "maybe";
  return new ApiError({
    ...factsOf(call, sent),
    code: "network",
    reason: sent === "no" ? `no connection to the API: ${name}` : `the connection was cut: ${name}`,
    hint: sent === "maybe" && call.effect === "once" ? LOOK_FIRST : undefined,
  });
}

/** Did it fail before a byte could leave: the name was not resolved, or the connection not made? */
function neverConnected(failure: unknown): boolean {
  if (typeof failure !== "object" || failure === null) return false;
  const { code, syscall, cause, errors } = failure as WireFailure;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ECONNREFUSED") return true;
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(neverConnected);
  return neverConnected(cause);
}
