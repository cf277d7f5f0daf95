import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type * as net from "node:net";
import { type TLSSocket } from "node:tls";
import { notConnected, NotConnected } from "./not-connected";
import { isLoopback, type ResolvedOptions } from "./options";
import { type Proxy, proxyFor } from "./proxy";
import { tunnel } from "./tunnel";

type Done = NonNullable<Parameters<http.Agent["createConnection"]>[1]>;

/** Of a try's time, what making its connection may take: the rest is for the answer. */
const SHARE_OF_TRY = 1 / 2;
const LONGEST_MS = 10_000;

/**
 * Hands out a connection when the other end is known, and not before: for https when TLS has proved it, straight or
 * through the environment's proxy. So a request never meets a proxy's own words, and what fails here was surely not
 * sent. Without keepAlive each call gets a connection of its own.
 */
export function agentFor(resolved: ResolvedOptions, keepAlive: boolean): http.Agent {
  return new URL(resolved.apiUrl).protocol === "https:"
    ? new ProvenAgent(resolved, keepAlive)
    : new LoopbackAgent(resolved, keepAlive);
}

class ProvenAgent extends https.Agent {
  constructor(
    private readonly resolved: ResolvedOptions,
    keepAlive: boolean,
  ) {
    // set here, since NODE_TLS_REJECT_UNAUTHORIZED=0 would turn it off
    super({ keepAlive, rejectUnauthorized: true, ca: resolved.ca });
  }

  override createConnection(options: http.ClientRequestArgs, done?: Done): undefined {
    void hand(done, this.resolved, async (step, signal) => {
      const target = { host: options.host!, port: Number(options.port ?? 443) };
      const proxy = wayTo(target, this.resolved);
      const by = proxy && `the proxy ${proxy.host}:${proxy.port}`;
      const to = new URL(this.resolved.apiUrl).host;
      step(by ?? to, proxy !== undefined);
      const inner = proxy && (await tunnel(proxy, target, signal, this.resolved.ca));
      if (by) step(`${to} by ${by}`, true);
      const socket = super.createConnection({ ...options, ...(inner && { socket: inner }) }) as TLSSocket;
      await opened(socket, "secureConnect", signal);
      if (socket.authorized) return socket;
      socket.destroy();
      throw new NotConnected({ code: "certificate", reason: `${to} proved nothing`, hint: "Nothing was sent" });
    });
  }
}

/** http is for this machine alone. */
class LoopbackAgent extends http.Agent {
  constructor(
    private readonly resolved: ResolvedOptions,
    keepAlive: boolean,
  ) {
    super({ keepAlive });
  }

  override createConnection(options: http.ClientRequestArgs, done?: Done): undefined {
    void hand(done, this.resolved, async (step, signal) => {
      step(new URL(this.resolved.apiUrl).host, false);
      const socket = super.createConnection(options) as net.Socket;
      await opened(socket, "connect", signal);
      return socket;
    });
  }
}

function wayTo({ host, port }: { host: string; port: number }, { apiUrl }: ResolvedOptions): Proxy | undefined {
  return isLoopback(new URL(apiUrl).hostname) ? undefined : proxyFor(host, port);
}

/** Connects within its time; `step` takes the address that it is connecting to. */
async function hand(
  done: Done | undefined,
  { timeoutMs }: ResolvedOptions,
  connect: (step: (to: string, byProxy: boolean) => void, signal: AbortSignal) => Promise<net.Socket>,
): Promise<void> {
  const withinMs = Math.min(LONGEST_MS, timeoutMs * SHARE_OF_TRY);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMs);
  let way = { to: "the API", byProxy: false };
  try {
    const socket = await connect((to, byProxy) => (way = { to, byProxy }), late.signal);
    clearTimeout(timer);
    done?.(null, socket);
  } catch (failure) {
    clearTimeout(timer);
    const error = notConnected(failure, { ...way, ...(late.signal.aborted ? { lateAfterMs: withinMs } : {}) });
    done?.(error, undefined as never);
  }
}

async function opened(socket: net.Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<void> {
  socket.on("error", () => {}); // one that comes before the request listens would end the process
  try {
    await once(socket, event, { signal });
  } catch (failure) {
    socket.destroy();
    throw failure;
  }
}
