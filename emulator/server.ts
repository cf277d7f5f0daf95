import { type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type Core } from "./core";

export interface Listening {
  url: string;
  close(): Promise<void>;
}

type Fetch = Parameters<typeof createAdaptorServer>[0]["fetch"];

/** Listens; close() cuts every connection, idle or not, so nothing keeps the process alive. */
export async function listen(fetch: Fetch, core: Core, port: number): Promise<Listening> {
  const { host } = core;
  const server = createAdaptorServer({ fetch }) as Server;
  server.keepAliveTimeout = 65_000; // longer than any client's own, so it is never the server that hangs up
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        core.closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
