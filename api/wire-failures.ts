import { type Call } from "./call";
import { ApiError, factsOf, LOOK_FIRST } from "./errors";
import { nameOf, NotConnected } from "./not-connected";

/** The parts of axios' errors that are looked at; the rest holds headers and must not leave. */
interface Thrown {
  code?: unknown;
  message?: unknown;
  cause?: unknown;
}

/**
 * The error for a call that got no answer, or no complete one. `host` is the vendor's. Only what failed before there was
 * a connection is sure not to have been sent: with TLS 1.3 even a refusal of the handshake may come after the request.
 */
export function wireFailure(call: Call, failure: unknown, timeoutMs: number, host: string): ApiError {
  const { code, message, cause } = (failure ?? {}) as Thrown;
  const unsent = [failure, cause].find((one) => one instanceof NotConnected);
  if (unsent) return new ApiError({ ...factsOf(call, "no"), ...unsent.facts });
  const hint = call.effect === "once" ? LOOK_FIRST : undefined;
  const facts = { ...factsOf(call, "maybe"), hint };
  if (code === "ERR_CANCELED") {
    const reason = `no complete answer from ${host} within ${Number((timeoutMs / 1000).toPrecision(2))} s`;
    return new ApiError({ ...facts, code: "timeout", reason });
  }
  if (typeof message === "string" && message.startsWith("maxContentLength")) {
    return new ApiError({ ...facts, code: "bad_answer", reason: "the answer is larger than maxBodyBytes" });
  }
  return new ApiError({ ...facts, code: "network", reason: `the connection to ${host} was cut: ${nameOf(failure)}` });
}
