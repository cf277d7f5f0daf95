import { setTimeout as sleep } from "node:timers/promises";
import { type Context, type MiddlewareHandler } from "hono";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type FaultRule } from "../control/faults";
import { type Core } from "../core";
import { Problem } from "../rules/problem";
import { carriesPayment } from "../x402/proof";
import { apiPath, type Env } from "./env";
import { problemResponse } from "./problems";

/** What a cut connection is to a caller in process. */
export class CutConnection extends TypeError {
  constructor() {
    super("fetch failed: the emulator cut the connection");
  }
}

/** Lets the call through, spoils its answer, or keeps it from being carried out. */
export function injectFaults(core: Core): MiddlewareHandler<Env> {
  return async (context, next) => {
    const { method, url, raw } = context.req;
    const paid = carriesPayment(raw.headers, new URL(url).searchParams);
    const rule = core.faults.strike(method, apiPath(url), paid);
    if (!rule) return next();
    context.set("fault", true);
    if (rule.latencyMs) await pause(core, rule.latencyMs);
    if (carriesOut(rule)) await next();
    if (rule.cut) return cut(context);
    if (rule.hang) return hang(core, context);
    if (rule.truncate) return truncate(context);
    if (rule.status !== undefined || rule.body !== undefined) return replace(core, context, rule);
    for (const [name, value] of Object.entries(rule.headers ?? {})) context.res.headers.set(name, value);
    return undefined;
  };
}

function carriesOut(rule: FaultRule): boolean {
  if (rule.cut) return rule.cut === "after";
  if (rule.hang) return rule.hang === "after";
  if (rule.truncate) return true;
  return rule.commit ?? rule.status === undefined;
}

async function pause(core: Core, ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false, signal: core.closing.signal }).catch(() => undefined);
}

/** In process there is no connection to cut: the call rejects as fetch would. */
function cut(context: Context<Env>): Response {
  context.set("lost", true);
  const socket = context.env?.incoming?.socket;
  if (!socket) throw new CutConnection();
  socket.destroy();
  return swap(context, RESPONSE_ALREADY_SENT.clone());
}

/** Until the caller gives up or the emulator closes. */
async function hang(core: Core, context: Context<Env>): Promise<Response> {
  context.set("lost", true);
  const { signal } = core.closing;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    context.env?.incoming?.socket.once("close", () => resolve());
    context.req.raw.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return cut(context);
}

async function truncate(context: Context<Env>): Promise<Response> {
  const text = await context.res.text();
  const half = text.slice(0, Math.ceil(text.length / 2));
  const { status } = context.res;
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  return swap(context, new Response(half, { status, headers }));
}

function replace(core: Core, context: Context<Env>, rule: FaultRule): Response {
  const problem = new Problem(rule.status ?? 200, "The emulator is set to fail", rule.retryAfter);
  const response = problemResponse(core, problem, rule.body);
  for (const [name, value] of Object.entries(rule.headers ?? {})) response.headers.set(name, value);
  return swap(context, response);
}

/** Setting a response over another would keep the headers of the first. */
function swap(context: Context<Env>, response: Response): Response {
  context.res = undefined;
  return (context.res = response);
}
