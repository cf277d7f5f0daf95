import { type Path } from "./path";
import { type Notice, type Reader, responseContext } from "./reading";
import { createTransport } from "./transport";
import { type Call, type Scope } from "./transport/call";
import { type Clock } from "./transport/clock";
import { ApiError, factsOf } from "./transport/errors";
import { type ResolvedOptions } from "./transport/options";
import { fitToKeep } from "./words";
import { Redactor } from "../text";

/** What an endpoint may add to its line. */
export type Extras = Pick<
  Call,
  | "query"
  | "body"
  | "idempotencyKey"
  | "headers"
  | "answers"
  | "isPayment"
  | "outsideV1"
  | "anyBody"
  | "hasCooldown"
  | "secrets"
  | "effect"
>;

/** `scope` is what the key needs; "keyless": the endpoint takes no key, so none is sent. */
type Ask = <T>(scope: Scope | "keyless", path: Path, read: Reader<T>, extras?: Partial<Extras>) => Promise<T>;

/** One method per HTTP verb: scope of the key, path, reader of the answer. */
export interface Http {
  get: Ask;
  post: Ask;
  put: Ask;
  patch: Ask;
  delete: Ask;
  clock: Clock;
  /** In ms; only differences count. */
  now: ResolvedOptions["now"];
  close(): void;
}

export function createHttp(options: ResolvedOptions): Http {
  const transport = createTransport(options);
  const { clock } = transport;
  const redactor = new Redactor([options.apiKey]);
  const notice = onceEach((text) => options.onNotice(redactor.line(text, { max: 600 })));

  const verb =
    (method: Call["method"], effect: Call["effect"]): Ask =>
    async (scope, { path, route, problem }, read, extras) => {
      const key = scope === "keyless" ? { withoutKey: true } : { scope };
      const call: Call = { method, effect, path, route, ...key, ...extras };
      if (problem) throw new ApiError({ ...factsOf(call, "no"), code: "invalid_input", reason: problem });
      const answer = await transport.send(call);
      const secrets = call.secrets ? redactor.and(...call.secrets) : redactor;
      const context = responseContext(call, answer, notice, clock.serverNow(), secrets);
      const body = bodyOf(answer.text, () => context.broken([], "is no JSON"), call.anyBody);
      return read(fitToKeep(body, answer.text, secrets), context);
    };

  return {
    get: verb("GET", "none"),
    post: verb("POST", "once"),
    put: verb("PUT", "repeatable"),
    patch: verb("PATCH", "repeatable"),
    delete: verb("DELETE", "repeatable"),
    clock,
    now: options.now,
    close: () => transport.close(),
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

/** So that answers full of ever new values cannot fill the memory or the screen. */
const MOST = 100;

/** Says each text once. */
function onceEach(say: Notice): Notice {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text) || said.size >= MOST) return;
    said.add(text);
    say(text);
  };
}
