import { createHash, timingSafeEqual } from "node:crypto";
import { BlockList, isIP } from "node:net";
import { type Context, type MiddlewareHandler } from "hono";
import { type Core } from "../core";
import { forbidden, Problem } from "../rules/problem";
import { type Env } from "./env";
import { problemResponse } from "./problems";

/** Opens what shows secrets. */
export const TOKEN_HEADER = "X-Emulator-Token";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/**
 * First of all steps: keeps web pages of others out. A name that was rebound to this address is refused by its Host,
 * a page of another origin by what browsers say of it. Programs such as curl send neither Origin nor Sec-Fetch-Site.
 */
export function guard(core: Core): MiddlewareHandler<Env> {
  return async (context, next) => {
    const problem = refusalOf(core, context);
    if (problem) return problemResponse(core, problem);
    await next();
    return undefined;
  };
}

/** Control calls come from this machine. A call in process has no address. */
export function isFromHere(context: Context<Env>): boolean {
  const from = context.env?.incoming?.socket.remoteAddress;
  return from === undefined || isLoopback(from);
}

/** In process whoever calls has the emulator in hand, so only a call over a socket needs the token. */
export function mayReadSecrets(core: Core, context: Context<Env>): boolean {
  if (context.env?.incoming === undefined) return true;
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(context.req.header(TOKEN_HEADER) ?? ""), hash(core.token));
}

function refusalOf(core: Core, context: Context<Env>): Problem | undefined {
  const host = hostOf(context);
  if (host === undefined || !isOwnHost(core, context, host))
    return forbidden("The emulator answers to the names and addresses that it listens on only: see Host");
  const { method, path } = context.req;
  if (method === "GET" && path === "/") return undefined; // a link may lead to the page; nothing is read or done by it
  const site = context.req.header("sec-fetch-site");
  const origin = context.req.header("origin");
  const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
  if (isForeign || (origin !== undefined && urlOf(origin)?.host !== host.host))
    return forbidden("The emulator does not answer to pages of another origin");
  const isBrowser = site !== undefined || origin !== undefined;
  const type = context.req.header("content-type");
  if (isBrowser && method !== "GET" && type !== undefined && !/^application\/json\s*(;|$)/i.test(type))
    return new Problem(415, "A page sends application/json");
  return undefined;
}

/** The host that the caller means to talk to; undefined where it cannot be one. */
function hostOf(context: Context<Env>): URL | undefined {
  const said = context.req.header("host");
  if (said === undefined) return urlOf(context.req.url);
  const host = /[/?#@\\]/.test(said) ? undefined : urlOf(`http://${said}`);
  return context.env?.incoming && urlOf(context.req.url)?.host !== host?.host ? undefined : host;
}

function isOwnHost(core: Core, context: Context<Env>, { hostname }: URL): boolean {
  const incoming = context.env?.incoming;
  if (!incoming && context.req.header("host") === undefined) return true;
  const name = hostname.replace(/^\[|\]$/g, "");
  if (name === "localhost" || isLoopback(name)) return true;
  return name === core.host || isSameAddress(name, incoming?.socket.localAddress);
}

function isSameAddress(name: string, address: string | undefined): boolean {
  if (address === undefined || isIP(name) === 0 || isIP(address) === 0) return false;
  const list = new BlockList();
  list.addAddress(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return list.check(name, isIP(name) === 6 ? "ipv6" : "ipv4");
}

function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? "ipv6" : "ipv4");
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
