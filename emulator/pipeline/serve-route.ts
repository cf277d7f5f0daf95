import { type Context, type Handler } from "hono";
import { type Core } from "../core";
import { Answer, type Route } from "../routes/route";
import { passTime } from "../rules/passing";
import { notFound, type Problem } from "../rules/problem";
import { authorise } from "./authorise";
import { type Env } from "./env";
import { readJson } from "./read-json";

/** Guard, body, then the route itself: the order of NestJS. */
export function serveRoute(core: Core, route: Route): Handler<Env> {
  return async (context) => {
    context.set("route", route.path);
    if (route.known && !route.known(core.quirks)) throw unknownRoute(context);
    passTime(core.world);
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
      headers: context.req.raw.headers,
      requestId: context.get("requestId"),
      idempotencyKey: context.req.header("idempotency-key"),
    });
    const answer = result instanceof Answer ? result : new Answer(200, result);
    if (answer.status === 204) return context.body(null, 204);
    return context.json(answer.body as object, answer.status, answer.headers);
  };
}

export function unknownRoute(context: Context<Env>): Problem {
  return notFound(`Cannot ${context.req.method} ${new URL(context.req.url).pathname.slice(0, 200)}`);
}
