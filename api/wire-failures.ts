import { type Call } from "./call";
import { ApiError, factsOf, LOOK_FIRST } from "./errors";

/** The parts of axios' and Node's errors that are looked at; the rest holds headers and must not leave. */
interface Thrown {
  code?: unknown;
  message?: unknown;
  syscall?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/** The error for a call that got no answer, or no complete one. */
export function wireFailure(call: Call, failure: unknown, timeoutMs: number): ApiError {
  const { code, message } = (failure ?? {}) as Thrown;
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
  const { code, syscall, cause, errors } = failure as Thrown;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ECONNREFUSED") return true;
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(neverConnected);
  return neverConnected(cause);
}
