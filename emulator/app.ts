import { Hono } from "hono";
import { type Control } from "./control/control";
import { controlRoutes } from "./control/routes";
import { type Core } from "./core";
import { page } from "./page";
import { apiPath, type Env } from "./pipeline/env";
import { guard } from "./pipeline/guard";
import { CutConnection, injectFaults } from "./pipeline/inject-faults";
import { asProblem, problemResponse } from "./pipeline/problems";
import { limitRate } from "./pipeline/rate-limit";
import { serveRoute, unknownRoute } from "./pipeline/serve-route";
import { stamp } from "./pipeline/stamp";
import { ROUTES } from "./routes";
import { Problem } from "./rules/problem";

/** The whole emulator as a function from request to response; it does not listen. */
export function createApp(core: Core, control: Control): Hono<Env> {
  const api = new Hono<Env>({ getPath: (request) => apiPath(request.url) });
  api.use(stamp(core)); // outermost: sees what every other step made of the request
  api.use(injectFaults(core)); // may keep the call from being carried out
  api.use(limitRate(core));
  for (const route of ROUTES) api.on(route.verb, route.path, serveRoute(core, route));
  api.notFound((context) => problemResponse(core, unknownRoute(context)));
  api.onError((error) => {
    const problem = asProblem(error);
    if (problem) return problemResponse(core, problem);
    if (error instanceof CutConnection) throw error;
    return problemResponse(core, new Problem(500, `The emulator itself failed: ${error.message}`));
  });

  const app = new Hono<Env>();
  app.use(guard(core));
  app.route("/_emulator", controlRoutes(core, control));
  app.get("/", page);
  app.onError((error) => {
    throw error;
  });
  app.all("*", (context) => api.fetch(context.req.raw, context.env));
  return app;
}
