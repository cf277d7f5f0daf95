import { type Context, Hono } from "hono";
import { QUIRKS, type Quirks } from "../answers/quirks";
import { type Core } from "../core";
import { type Env } from "../pipeline/env";
import { problemResponse } from "../pipeline/problems";
import { badRequest, forbidden, notFound, Problem } from "../rules/problem";
import { type ConfigPatch } from "../world/config";
import { type Scope } from "../world/types";
import { type Control, type OtherOrder } from "./control";
import { type PortEdit } from "./edit-port";
import { type FaultRule } from "./faults";
import { redactBody } from "./redaction";

/** /_emulator/: no key, but only from this machine. It is neither logged nor disturbed. */
export function controlRoutes(core: Core, control: Control): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    const from = context.env?.incoming?.socket.remoteAddress;
    if (from !== undefined && !/^(127\.|::1$|::ffff:127\.)/.test(from))
      throw forbidden("The control plane answers to this machine only");
    await next();
  });
  app.onError((error) => problemResponse(core, error instanceof Problem ? error : badRequest(error.message)));
  app.notFound((context) => problemResponse(core, notFound(`Cannot ${context.req.method} ${context.req.path}`)));

  app.get("/state", (context) => context.json(control.state({ secrets: wantsSecrets(context) })));
  app.post("/reset", async (context) => {
    control.reset(await json<ConfigPatch & { seed?: number }>(context));
    return context.json(done);
  });
  app.patch("/config", async (context) => {
    control.configure(await json<ConfigPatch>(context));
    return context.json(core.world.config);
  });

  app.get("/clock", (context) => context.json({ now: control.clock.now() }));
  app.post("/clock", async (context) => {
    const { advance, set } = await json<{ advance?: number | string; set?: string | number }>(context);
    if (advance !== undefined) control.clock.advance(typeof advance === "number" ? advance * 1_000 : advance);
    else if (set !== undefined) control.clock.set(set);
    else throw badRequest('send {"advance": seconds or "2d"} or {"set": ISO time}');
    return context.json({ now: control.clock.now() });
  });

  const show = (context: Context<Env>, value: object) =>
    context.json((wantsSecrets(context) ? value : redactBody(value)) as object);
  app.get("/ports", (context) => show(context, control.ports(context.req.query("account"))));
  app.post("/ports", async (context) => show(context, control.buyPort(await json<OtherOrder>(context))));
  app.get("/ports/:id", (context) => show(context, found(control.port(context.req.param("id")))));
  app.patch("/ports/:id", async (context) => {
    found(control.port(context.req.param("id")));
    return show(context, control.editPort(context.req.param("id"), await json<PortEdit>(context)));
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
  app.get("/purchases", (context) => context.json(control.purchases()));

  app.get("/requests", (context) => context.json(control.requests()));
  app.delete("/requests", (context) => {
    control.clearRequests();
    return context.json(done);
  });

  app.get("/faults", (context) => context.json(control.faults()));
  app.post("/faults", async (context) => {
    for (const rule of [await json<FaultRule | FaultRule[]>(context)].flat()) control.addFault(rule);
    return context.json(control.faults());
  });
  app.delete("/faults", (context) => {
    control.clearFaults();
    return context.json(done);
  });

  app.get("/quirks", (context) => context.json({ quirks: control.quirks(), documentation: QUIRKS }));
  app.put("/quirks", async (context) => {
    control.setQuirks(await json<Partial<Quirks>>(context));
    return context.json(control.quirks());
  });

  app.post("/keys", async (context) => {
    const { scopes, account } = await json<{ scopes?: Scope[]; account?: string }>(context);
    return context.json({ key: control.keys.addKey(scopes, account) });
  });
  app.delete("/keys/:key", (context) => {
    control.keys.revokeKey(context.req.param("key"));
    return context.json(done);
  });
  return app;
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

async function json<T>(context: Context<Env>): Promise<T> {
  const text = await context.req.text();
  try {
    return (text.trim() === "" ? {} : JSON.parse(text)) as T;
  } catch {
    throw badRequest("Request body is not valid JSON");
  }
}
