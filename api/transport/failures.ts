import { type Answer, type Attempt, type Call } from "./call";
import { type Clock } from "./clock";
import { ApiError, factsOf, inSeconds, LOOK_FIRST } from "./errors";
import { nameOf, NotConnected } from "./not-connected";
import { Redactor } from "../../text";
import { refusal } from "./refusals";

/**
 * Makes every status that is no success, and every failure of the wire, an ApiError that names the call. `host` is the
 * vendor's, as messages name it.
 */
export function withErrors(send: Attempt, apiKey: string, host: string, clock: Clock): Attempt {
  return async (call, timeoutMs) => {
    let answer: Answer;
    try {
      answer = await send(call, timeoutMs);
    } catch (failure) {
      throw wireFailure(call, failure, timeoutMs, host);
    }
    clock.observe(answer.headers.date);
    const redactor = new Redactor([apiKey, ...secretsOf(call)]);
    const requestId = redactor.line(answer.headers["x-request-id"] ?? "") || undefined;
    answer = { ...answer, headers: { ...answer.headers, "x-request-id": requestId } };
    const isAnswer = answer.status >= 200 && answer.status < 300;
    if (isAnswer || call.answers?.includes(answer.status)) return answer;
    throw refusal(call, answer, redactor, clock.serverNow());
  };
}

/** Body fields whose values no message may repeat. */
const SECRET_FIELDS = ["proxyPassword"];

function secretsOf(call: Call): string[] {
  const fields = SECRET_FIELDS.map((field) => call.body?.[field]).filter((value) => typeof value === "string");
  return [...(call.secrets ?? []), ...fields];
}

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
function wireFailure(call: Call, failure: unknown, timeoutMs: number, host: string): ApiError {
  const { code, message, cause } = (failure ?? {}) as Thrown;
  const unsent = [failure, cause].find((one) => one instanceof NotConnected);
  if (unsent) return new ApiError({ ...factsOf(call, "no"), ...unsent.facts });
  const hint = call.effect === "once" ? LOOK_FIRST : undefined;
  const facts = { ...factsOf(call, "maybe"), hint };
  if (code === "ERR_CANCELED") {
    const reason = `no complete answer from ${host} within ${inSeconds(timeoutMs)}`;
    return new ApiError({ ...facts, code: "timeout", reason });
  }
  if (typeof message === "string" && message.startsWith("maxContentLength")) {
    return new ApiError({ ...facts, code: "bad_answer", reason: "the answer is larger than maxBodyBytes" });
  }
  return new ApiError({ ...facts, code: "network", reason: `the connection to ${host} was cut: ${nameOf(failure)}` });
}
