import { type Attempt, type Call } from "./call";
import { type ApiError, factsOf, isApiError } from "./errors";
import { answeredToo } from "./refusals";

const THE_KEY = "the key";

/** Remembers that the key was refused, or that it lacks a scope: the same answer need not be asked for again. */
export class AuthFailureCache {
  private readonly failures = new Map<string, ApiError>();

  /** Why the call need not be sent. */
  find(call: Call): ApiError | undefined {
    if (call.withoutKey) return undefined;
    const ofScope = this.failures.get(call.scope ?? "") ?? this.failures.get(`${call.method} ${call.route}`);
    return (this.failures.get(THE_KEY) ?? ofScope)?.but({ ...factsOf(call, "no"), tries: 1, repeated: true });
  }

  /** The attempt with its failures remembered; one that is known comes back marked as `repeated`. */
  remembering(send: Attempt): Attempt {
    return (call, timeoutMs) =>
      send(call, timeoutMs).catch((failure: unknown) => {
        throw isApiError(failure) ? this.remembered(call, failure) : failure;
      });
  }

  private remembered(call: Call, error: ApiError): ApiError {
    if (call.withoutKey) return error;
    if (this.find(call)?.code === error.code) return error.but({ repeated: true });
    const answers = error.code === "forbidden" ? answeredToo(call, error.reason) : undefined;
    if (error.code === "unauthorized") this.failures.set(THE_KEY, error);
    else if (answers !== undefined) this.failures.set(answers, error);
    return error;
  }
}
