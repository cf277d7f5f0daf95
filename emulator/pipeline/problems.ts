import { type Core } from "../core";
import { Problem } from "../rules/problem";

/** Statuses whose answers have no body. */
const BODILESS = [204, 205, 304];

/** Every refusal is JSON; a body given as text is sent as it is. */
export function problemResponse(core: Core, problem: Problem, body: unknown = problem.body()): Response {
  const headers: Record<string, string> = { "Content-Type": "application/json; charset=utf-8" };
  const wait = problem.retryAfterSeconds;
  if (wait !== undefined && core.quirks.retryAfter !== "none")
    headers["Retry-After"] =
      core.quirks.retryAfter === "date" ? new Date(core.world.clock.now() + wait * 1_000).toUTCString() : String(wait);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(BODILESS.includes(problem.status) ? null : text, { status: problem.status, headers });
}

export function asProblem(error: unknown): Problem | undefined {
  return error instanceof Problem ? error : undefined;
}
