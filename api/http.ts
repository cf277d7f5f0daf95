import { type Call, type Scope, type Send } from "./call";
import { type Clock, serverClock } from "./clock";
import { ApiError, factsOf } from "./errors";
import { withErrors } from "./failures";
import { Latch, withLatch } from "./latch";
import { Limiter } from "./limit";
import { onceEach } from "./notices";
import { type Settings } from "./options";
import { type Path } from "./path";
import { heardFrom, type Reader } from "./reading";
import { withRetry } from "./retry";
import { axiosSender } from "./sender";
import { fitToKeep } from "./words";
import { Redactor } from "../text";

/** What an endpoint may add to its line. */
export type Extras = Pick<
  Call,
  "query" | "body" | "idempotencyKey" | "outsideV1" | "withoutKey" | "anyBody" | "hasCooldown" | "secrets" | "effect"
>;

type Ask = <T>(scope: Scope | undefined, path: Path, read: Reader<T>, extras?: Partial<Extras>) => Promise<T>;

/** One method per HTTP verb: scope of the key, path, reader of the answer. */
export interface Http {
  get: Ask;
  post: Ask;
  put: Ask;
  patch: Ask;
  delete: Ask;
  clock: Clock;
  /** In ms; only differences count. */
  now: Settings["now"];
  close(): void;
}

export function createHttp(settings: Settings): Http {
  const clock = serverClock(settings.now);
  const wire = axiosSender(settings); // closest to the network
  const { host } = new URL(settings.apiUrl);
  const tried = withErrors(wire.send, settings.apiKey, host, clock); // a 4xx, a 5xx or a cut connection becomes an ApiError
  const latch = new Latch();
  const latched = withLatch(tried, latch); // a refused key or a missing scope is remembered
  const limiter = new Limiter(settings, (call) => latch.check(call)); // one for all calls
  const send: Send = withRetry(latched, limiter, settings); // each try in its turn, only what is safe to repeat
  const redactor = new Redactor([settings.apiKey]);
  const notice = onceEach((text) => settings.onNotice(redactor.line(text, { max: 600 })));

  const verb =
    (method: Call["method"], effect: Call["effect"]): Ask =>
    async (scope, { path, route, problem }, read, extras) => {
      const call: Call = { method, effect, path, route, ...(scope ? { scope } : {}), ...extras };
      if (problem) throw new ApiError({ ...factsOf(call, "no"), code: "invalid_input", reason: problem });
      const answer = await send(call);
      const heard = heardFrom(call, answer, notice, clock.serverNow());
      const body = bodyOf(answer.text, () => heard.broken([], "is no JSON"), call.anyBody);
      return read(fitToKeep(body, answer.text, call.secrets ? redactor.and(...call.secrets) : redactor), heard);
    };

  return {
    get: verb("GET", "none"),
    post: verb("POST", "once"),
    put: verb("PUT", "repeatable"),
    patch: verb("PATCH", "repeatable"),
    delete: verb("DELETE", "repeatable"),
    clock,
    now: settings.now,
    close: () => wire.close(),
  };
}

function bodyOf(text: string, broken: () => ApiError, anyBody = false): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (anyBody) return undefined;
    throw broken();
  }
}
