import { type Context, type Handler } from "hono";
import { type Core } from "../core";
import { Answer, type Route } from "../routes/route";
import { endOverduePorts } from "../rules/ending";
import { badRequest, notFound, Problem } from "../rules/problem";
import { authorise } from "./authorise";
import { type Env } from "./env";

const MOST_BYTES = 1_000_000;

/** Guard, body, then the route itself: the order of NestJS. */
export function serveRoute(core: Core, route: Route): Handler<Env> {
  return async (context) => {
    context.set("route", route.path);
    if (route.known && !route.known(core.quirks)) throw unknownRoute(context);
    endOverduePorts(core.world);
    const caller = authorise(core.world, route, context.req.raw.headers);
    if (caller.key) context.set("keyName", caller.key.name);
    const body = await readJson(context);
    context.set("body", body);
    const result = route.run({
      ...caller,
      world: core.world,
      quirks: core.quirks,
      url: core.url,
      params: context.req.param(),
      query: new URL(context.req.url).searchParams,
      body,
      requestId: context.get("requestId"),
      idempotencyKey: context.req.header("idempotency-key"),
    });
    const answer = result instanceof Answer ? result : new Answer(200, result);
    if (answer.status === 204) return context.body(null, 204);
    return context.json(answer.body as object, answer.status);
  };
}

export function unknownRoute(context: Context<Env>): Problem {
  return notFound(`Cannot ${context.req.method} ${new URL(context.req.url).pathname}`);
}

/** An empty body is none, whatever its Content-Type: the vendor's client announces JSON on every call (M). */
async function readJson(context: Context<Env>): Promise<unknown> {
  if (context.req.method === "GET") return undefined;
  if (Number(context.req.header("content-length") ?? 0) > MOST_BYTES)
    throw new Problem(413, "request entity too large");
  const text = await context.req.text();
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("Request body is not valid JSON");
  }
}
