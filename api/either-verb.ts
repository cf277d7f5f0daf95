import { isApiError } from "./transport/errors";

type Verb = "put" | "patch";

/**
 * Where sources disagree on the verb of a write, the first is tried and on 404 or 405 the other; the one that worked is
 * remembered. A 404 may also mean that the port is gone: then it stands, and nothing more is sent.
 */
export function eitherVerb(first: Verb, exists: (id: string) => Promise<boolean>) {
  let verb = first;
  return async <T>(id: string, send: (verb: Verb) => Promise<T>): Promise<T> => {
    const used = verb;
    try {
      return await send(used);
    } catch (error) {
      if (!isWrongVerb(error) || (isApiError(error, "not_found") && !(await exists(id)))) throw error;
      const other = used === "put" ? "patch" : "put";
      const answer = await send(other).catch((second: unknown) => {
        throw isWrongVerb(second) ? error : second; // neither is known: the first says more
      });
      verb = other;
      return answer;
    }
  };
}

function isWrongVerb(error: unknown): boolean {
  return isApiError(error) && (error.status === 404 || error.status === 405);
}
