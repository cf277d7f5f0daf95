import { type Call, type Try } from "./call";
import { type ApiError, factsOf, isApiError } from "./errors";

const WORDS_OF_THE_ORDER =
  /\b(slots?|stock|quota|balance|credits?|suspend\w*|limit\w*|devices?|subscription|plan|tier)\b/i;
/** Is the refusal for this order or this port, whatever else it says? */
export const isOfTheOrder = (reason: string): boolean => WORDS_OF_THE_ORDER.test(reason);

const SCOPE_NAME = /\b[a-z]+:(?:read|write|rotate|full)\b/g;

/**
 * Which later calls a 403 answers too: those of the same scope if the vendor names it, those of the same route if it
 * only speaks of scopes or rights. Undefined when it may be about this order or this port alone.
 */
export function barredBy(call: Pick<Call, "scope" | "method" | "route">, reason: string): string | undefined {
  if (!call.scope || isOfTheOrder(reason)) return undefined;
  const named = reason.match(SCOPE_NAME);
  if (named) return named.includes(call.scope) ? call.scope : undefined; // else the sources are wrong on this call's scope
  const speaksOfScopes = /\bscopes?\b/i.test(reason);
  const speaksOfRights = /\b(permissions?|privileges?|rights|insufficient access)\b/i.test(reason);
  const onePort = call.route.includes(":id"); // its rights may be those of another account's port
  return speaksOfScopes || (speaksOfRights && !onePort) ? routeOf(call) : undefined;
}

const routeOf = ({ method, route }: Pick<Call, "method" | "route">): string => `${method} ${route}`;

/** Remembers that the key was refused, or that it lacks a scope: the same answer need not be asked for again. */
export class Latch {
  private key?: ApiError;
  private readonly shut = new Map<string, ApiError>();

  /** Why the call need not be sent. */
  check(call: Call): ApiError | undefined {
    const known = this.known(call);
    return known?.but({ ...factsOf(call, "no"), tries: 1, repeated: true });
  }

  /** Takes in a refusal; comes back marked if it is known. */
  hear(call: Call, error: ApiError): ApiError {
    if (call.withoutKey) return error;
    if (this.known(call)?.code === error.code) return error.but({ repeated: true });
    if (error.code === "unauthorized") this.key = error;
    const barred = error.code === "forbidden" ? barredBy(call, error.reason) : undefined;
    if (barred !== undefined) this.shut.set(barred, error);
    return error;
  }

  private known(call: Call): ApiError | undefined {
    if (call.withoutKey) return undefined;
    return this.key ?? this.shut.get(call.scope ?? "") ?? this.shut.get(routeOf(call));
  }
}

export function withLatch(send: Try, latch: Latch): Try {
  return async (call, timeoutMs) => {
    try {
      return await send(call, timeoutMs);
    } catch (failure) {
      throw isApiError(failure) ? latch.hear(call, failure) : failure;
    }
  };
}
