import { type Context, Hono } from "hono";
import { QUIRKS } from "../answers/quirks";
import { type Core } from "../core";
import { type Env } from "../pipeline/env";
import { isFromHere, mayReadSecrets, TOKEN_HEADER } from "../pipeline/guard";
import { problemResponse } from "../pipeline/problems";
import { readJson } from "../pipeline/read-json";
import { badRequest, forbidden, notFound, Problem } from "../rules/problem";
import { validate } from "../world/validate";
import { x402ControlRoutes } from "../x402/control-routes";
import { type CryptoOrder, type Scope } from "../world/types";
import { type Control } from "./control";
import { type FaultRule } from "./faults";
import { redactBody } from "./redaction";
import { CLOCK, CRYPTO_EDIT, KEY, TICKET_ANSWER } from "./requests";

/** /_emulator/: no key, but only from this machine. It is neither logged nor disturbed. */
export function controlRoutes(core: Core, control: Control): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    if (!isFromHere(context)) throw forbidden("The control plane answers to this machine only");
    if (wantsSecrets(context) && !mayReadSecrets(core, context))
      throw forbidden(`Secrets are shown to who sends the header ${TOKEN_HEADER}; the emulator prints it at its start`);
    await next();
  });
  app.onError((error) => problemResponse(core, error instanceof Problem ? error : badRequest(error.message)));
  app.notFound((context) => problemResponse(core, notFound(`Cannot ${context.req.method} ${context.req.path}`)));

  const show = (context: Context<Env>, value: object) =>
    context.json((wantsSecrets(context) ? value : redactBody(value)) as object);
  app.get("/state", (context) => context.json(control.state({ secrets: wantsSecrets(context) })));
  app.post("/reset", async (context) => {
    control.reset(await json(context));
    return context.json(done);
  });
  app.patch("/config", async (context) => {
    control.configure(await json(context));
    return show(context, core.world.config);
  });

  app.get("/clock", (context) => context.json({ now: control.clock.now() }));
  app.post("/clock", async (context) => {
    const step = validate<ClockStep>(CLOCK, await json(context), "");
    if ("set" in step) control.clock.set(step.set);
    else control.clock.advance(typeof step.advance === "number" ? step.advance * 1_000 : step.advance);
    return context.json({ now: control.clock.now() });
  });

  app.get("/ports", (context) => show(context, control.ports(context.req.query("account"))));
  app.post("/ports", async (context) => show(context, control.buyPort(await json(context))));
  app.get("/ports/:id", (context) => show(context, found(control.port(context.req.param("id")))));
  app.patch("/ports/:id", async (context) => {
    found(control.port(context.req.param("id")));
    return show(context, control.editPort(context.req.param("id"), await json(context)));
  });
  app.delete("/ports/:id", (context) => {
    found(control.port(context.req.param("id")));
    control.removePort(context.req.param("id"));
    return context.json(done);
  });
  app.get("/fleet", (context) => {
    const fleet = control.fleet(context.req.query("account"));
    const tag = fleetTag(core);
    if (context.req.header("if-none-match") === tag) return context.body(null, 304);
    context.header("ETag", tag);
    return context.json(fleet);
  });
  app.patch("/orders/:id", async (context) => {
    const { status } = validate<{ status: CryptoOrder["status"] }>(
      CRYPTO_EDIT,
      await json(context),
      "an order has no field",
    );
    return context.json(control.setOrder(context.req.param("id"), status));
  });
  app.post("/tickets/:id/replies", async (context) => {
    const { message } = validate<{ message: string }>(TICKET_ANSWER, await json(context), "an answer has no field");
    return context.json(control.answerTicket(context.req.param("id"), message));
  });
  app.get("/purchases", (context) => context.json(control.purchases()));

  app.get("/requests", (context) => context.json(control.requests()));
  app.delete("/requests", (context) => {
    control.clearRequests();
    return context.json(done);
  });

  app.get("/faults", (context) => context.json(control.faults()));
  app.post("/faults", async (context) => {
    control.addFaults([await json<FaultRule | FaultRule[]>(context)].flat());
    return context.json(control.faults());
  });
  app.delete("/faults", (context) => {
    control.clearFaults();
    return context.json(done);
  });

  app.route("/x402", x402ControlRoutes(control.x402));

  app.get("/quirks", (context) => context.json({ quirks: control.quirks(), documentation: QUIRKS }));
  app.put("/quirks", async (context) => {
    control.setQuirks(await json(context));
    return context.json(control.quirks());
  });

  app.post("/keys", async (context) => {
    const { scopes, account } = validate<KeyOrder>(KEY, await json(context), "a key has no field");
    return context.json({ key: control.keys.addKey(scopes, account) });
  });
  app.delete("/keys/:key", (context) => {
    control.keys.revokeKey(context.req.param("key"));
    return context.json(done);
  });
  return app;
}

type ClockStep = { advance: number | string } | { set: number | string };
interface KeyOrder {
  scopes?: Scope[];
  account?: string;
}

const done = { done: true };

/** Changes with the world, with each request, and every ten seconds, since stages follow from the time. */
const fleetTag = ({ world, requests }: Core): string =>
  `"${world.revision}-${requests.revision}-${Math.floor(world.clock.now() / 10_000)}"`;

const wantsSecrets = (context: Context<Env>) => context.req.query("secrets") === "1";

function found<T>(value: T | undefined): T {
  if (value === undefined) throw notFound("Port not found");
  return value;
}

/** An object, or several; its fields are checked by who takes it. */
async function json<T extends object>(context: Context<Env>): Promise<T> {
  const body = (await readJson(context)) ?? {};
  if (typeof body !== "object") throw badRequest("Request body must be an object");
  return body as T;
}
