import { badRequest } from "../rules/problem";
import { type Call } from "../routes/route";

/** The query, and where a call has a JSON body, its plain fields too: sources show both GET and POST (S K). */
export function inputOf({ query, body }: Call): URLSearchParams {
  const input = new URLSearchParams(query);
  if (body === undefined) return input;
  if (body === null || typeof body !== "object" || Array.isArray(body)) throw badRequest(["body must be an object"]);
  for (const [name, value] of Object.entries(body))
    if (typeof value === "string" || typeof value === "number") input.set(name, String(value));
  return input;
}
