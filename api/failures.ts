import { type Answer, type Call, type Try } from "./call";
import { type Clock } from "./clock";
import { Redactor } from "../text";
import { refusal } from "./refusals";
import { wireFailure } from "./wire-failures";

/**
 * Makes every status that is no success, and every failure of the wire, an ApiError that names the call. `host` is the
 * vendor's, as messages name it.
 */
export function withErrors(send: Try, apiKey: string, host: string, clock: Clock): Try {
  return async (call, timeoutMs) => {
    let answer: Answer;
    try {
      answer = await send(call, timeoutMs);
    } catch (failure) {
      throw wireFailure(call, failure, timeoutMs, host);
    }
    clock.hear(answer.headers.date);
    const redactor = new Redactor([apiKey, ...secretsOf(call)]);
    const requestId = redactor.line(answer.headers["x-request-id"] ?? "") || undefined;
    answer = { ...answer, headers: { ...answer.headers, "x-request-id": requestId } };
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusal(call, answer, redactor, clock.serverNow());
  };
}

/** Body fields whose values no message may repeat. */
const SECRET_FIELDS = ["proxyPassword"];

function secretsOf(call: Call): string[] {
  const fields = SECRET_FIELDS.map((field) => call.body?.[field]).filter((value) => typeof value === "string");
  return [...(call.secrets ?? []), ...fields];
}
