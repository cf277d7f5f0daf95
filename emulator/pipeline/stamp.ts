import { randomUUID } from "node:crypto";
import { type Context, type MiddlewareHandler } from "hono";
import { type Core } from "../core";
import { type Env } from "./env";

/** Outermost: X-Request-ID and Date on every answer, and one line in the request log. */
export function stamp(core: Core): MiddlewareHandler<Env> {
  return async (context, next) => {
    const requestId = randomUUID();
    context.set("requestId", requestId);
    const { world } = core;
    try {
      await next();
    } finally {
      core.requests.add(
        {
          time: new Date(world.clock.now()).toISOString(),
          method: context.req.method,
          path: new URL(context.req.url).pathname,
          ...(context.get("route") && { route: context.get("route") }),
          query: context.req.query(),
          status: context.get("lost") ? 0 : context.res.status,
          requestId,
          ...(context.get("keyName") && { keyName: context.get("keyName") }),
          ...(context.req.header("idempotency-key") && { idempotencyKey: context.req.header("idempotency-key") }),
          ...(context.get("body") !== undefined && { body: context.get("body") }),
          ...(context.get("fault") && { fault: true as const }),
        },
        sentBy(context),
      );
    }
    if (context.get("lost")) return;
    context.header("X-Request-ID", requestId);
    context.header("Date", new Date(core.world.clock.now()).toUTCString());
  };
}

/** What the caller authorised itself or paid with. */
function sentBy(context: Context<Env>): string[] {
  const { req } = context;
  const names = ["x-api-key", "x-session-token", "x-payment", "payment-signature"];
  return [...names.map((name) => req.header(name)), req.header("authorization")?.replace(/^Bearer /, "")].filter(
    (each) => each !== undefined,
  );
}
