import { once } from "node:events";
import * as dns from "node:dns/promises";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { CHECK_PROXY, NotConnected } from "./not-connected";
import { type Proxy } from "./proxy";

interface Target {
  host: string;
  port: number;
}

/** A connection to the target that a proxy passes on. What the proxy itself says never counts as the target's. */
export async function tunnel(proxy: Proxy, target: Target, signal: AbortSignal, ca?: string): Promise<net.Socket> {
  const socket = await (proxy.protocol === "http:" || proxy.protocol === "https:"
    ? byConnect(proxy, target, signal, ca)
    : bySocks(proxy, target, signal));
  if (!signal.aborted) return socket;
  socket.destroy();
  throw new Error("too late");
}

/** Node's own client for CONNECT: it bounds the head of the answer, and can be called off. */
function byConnect(proxy: Proxy, target: Target, signal: AbortSignal, ca?: string): Promise<net.Socket> {
  const authority = `${net.isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const { user, password } = proxy.login ?? {};
  const request = (proxy.protocol === "https:" ? https : http).request({
    method: "CONNECT",
    host: proxy.host,
    port: proxy.port,
    path: authority,
    headers: {
      Host: authority,
      ...(proxy.login
        ? { "Proxy-Authorization": `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` }
        : {}),
    },
    agent: false,
    signal,
    ...(proxy.protocol === "https:" ? { rejectUnauthorized: true, ca } : {}),
  });
  return new Promise((resolve, reject) => {
    request.on("connect", ({ statusCode }, socket: net.Socket, head) => {
      if (statusCode === 200 && head.length === 0) return resolve(socket);
      socket.on("error", () => {}).destroy();
      reject(statusCode === 200 ? spoke(proxy) : refused(proxy, statusCode));
    });
    request.on("error", reject);
    request.end();
  });
}

/** As for curl, socks5 and socks4 want the target's address, the others its name. */
async function bySocks(proxy: Proxy, target: Target, signal: AbortSignal): Promise<net.Socket> {
  const wantsAddress = proxy.protocol === "socks5:" || proxy.protocol === "socks4:";
  const family = proxy.protocol === "socks4:" ? 4 : 0;
  const host = wantsAddress ? (await dns.lookup(target.host, { family })).address : target.host;
  // Few have such a proxy: the others do not wait for it at each start.
  const { SocksClient } = await import("socks");
  const socket = net.connect({ host: proxy.host, port: proxy.port, signal });
  await once(socket, "connect");
  try {
    const { user, password } = proxy.login ?? {};
    await SocksClient.createConnection({
      command: "connect",
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: proxy.protocol.startsWith("socks4") ? 4 : 5,
        ...(proxy.login ? { userId: user, password } : {}),
      },
      destination: { host, port: target.port },
      existing_socket: socket,
    });
    return socket;
  } catch (failure) {
    socket.on("error", () => {}).destroy();
    throw signal.aborted ? failure : saidNo(proxy, failure);
  }
}

function refused(proxy: Proxy, status: number | undefined): NotConnected {
  const hint =
    status === 407
      ? "It wants another login: check user and password in HTTPS_PROXY or ALL_PROXY, with %40 for @ and so on"
      : `Nothing was sent: ${CHECK_PROXY}`;
  return new NotConnected({ code: "network", reason: `${nameOf(proxy)} answered CONNECT with ${status}`, hint });
}

function spoke(proxy: Proxy): NotConnected {
  const reason = `${nameOf(proxy)} answered in the place of the API`;
  return new NotConnected({ code: "network", reason, hint: `Nothing was sent: ${CHECK_PROXY}` });
}

function saidNo(proxy: Proxy, failure: unknown): NotConnected {
  // The library's own sentences; the proxy says no more than a number.
  const why = /authentication|accepted authentication/i.test(String(failure)) ? "did not take the login" : "refused";
  return new NotConnected({
    code: "network",
    reason: `${nameOf(proxy)} ${why}`,
    hint: `Nothing was sent: ${CHECK_PROXY}, and user and password in them`,
  });
}

const nameOf = ({ host, port }: Proxy): string => `the proxy ${host}:${port}`;
