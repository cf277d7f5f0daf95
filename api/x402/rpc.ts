import { z } from "zod";
import { clean, Redactor } from "../../text";
import { createTransport } from "../transport";
import { type Call } from "../transport/call";
import { ApiError, isApiError } from "../transport/errors";
import { resolveKeyless } from "../transport/options";
import { ChainError, checkRpcUrl, type RpcOptions, secretsOfUrl } from "./node";

/** One call of JSON-RPC, its result read by a schema. Rejects with a ChainError. */
export interface Rpc {
  ask<S extends z.ZodType>(method: string, params: unknown[], result: S): Promise<z.output<S>>;
  /** The node's name, which is all that messages show of its URL. */
  host: string;
  close(): void;
}

/** Each try has 10 s, each call 40 s with all its tries; an answer has 4 MiB at most. */
const BOUNDS = { timeoutMs: 10_000, deadlineMs: 40_000, maxBodyBytes: 4 << 20, maxConcurrent: 4 };

const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string().catch("") }).nullish(),
});

/** @throws ApiError "invalid_input", where the URL is none to use. */
export function createRpc(url: string, options: RpcOptions = {}): Rpc {
  const problem = checkRpcUrl(url);
  if (problem) throw new ApiError({ code: "invalid_input", reason: problem });
  const { origin, pathname, searchParams, host } = new URL(url.trim());
  const at = { path: pathname === "/" ? "" : pathname, query: Object.fromEntries(searchParams) };
  const secrets = secretsOfUrl(url);
  const redactor = new Redactor(secrets);
  const transport = createTransport({ ...resolveKeyless({ ...BOUNDS, ...options }), apiUrl: origin });
  const failed = (method: string, why: string, code: ChainError["code"]) =>
    new ChainError(redactor.line(`the chain's node ${host}: ${method}: ${why}`, { max: 400 }), code);

  return {
    host,
    close: () => transport.close(),
    async ask(method, params, schema) {
      const call: Call = {
        ...{ method: "POST", effect: "none", route: "", outsideV1: true, withoutKey: true, secrets, ...at },
        body: { jsonrpc: "2.0", id: 1, method, params },
      };
      const answer = await transport.send(call).catch((error: unknown) => {
        throw failed(method, isApiError(error) ? error.reason : "it could not be asked", "unreachable");
      });
      const told = answerSchema.safeParse(parsed(answer.text));
      if (!told.success) throw failed(method, "the answer is no JSON-RPC", "bad_answer");
      const { error, result } = told.data;
      if (error) throw failed(method, `it said: ${clean(error.message, { max: 200 })}`, "refused");
      const read = schema.safeParse(result);
      if (!read.success) throw failed(method, "the answer is not as documented", "bad_answer");
      return read.data;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
