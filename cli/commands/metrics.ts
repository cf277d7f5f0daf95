import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type Api, isApiError } from "../../api";
import { type FleetSnapshot, leftOutOf, whyNot } from "../../dashboard/fleet";
import type * as metricsModule from "../../report/metrics";
import { type SnapshotOptions, takeSnapshot } from "../../report/snapshot";
import { parseArguments } from "../terminal/arguments";
import { FLEET_HELP, FLEET_OPTIONS, fleetSource } from "../state/fleet-source";
import { LOOK_OPTIONS, lookArguments } from "../state/look-arguments";
import { isOwnHost } from "./own-host";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { looks, type Pace } from "./looks";
import { interrupted, pause } from "./until-stopped";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { UsageError } from "../terminal/usage-error";
import { messageOf } from "../../text";

const HELP = `Usage: proxies-sx metrics [options]

Serves the figures of the fleet for Prometheus at /metrics, until Ctrl-C. It polls the account at its own interval; a
scrape gets the result of the last poll. No label holds a login, a password or a rotation token.

  --listen ADDRESS host and port to listen on (default 127.0.0.1:9464); port 0 takes a free one
  --host NAME      another name that Prometheus knows this machine by, may be repeated. A request for another host is
                   refused, except by address, by localhost, or by the host of --listen
  --interval TIME  time between two polls, at least 5s (default 60s)
  --histories N    ports whose history of rotations is asked for, one call each (default 20)
${FLEET_HELP}

Exit code: 0 ended, 2 wrong usage, 3 it cannot listen there.`;

/** An endpoint for Prometheus. `stopped` ends it; by itself it ends with Ctrl-C. A test waits its own way. */
export async function metricsCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  stopped: AbortSignal = interrupted(),
  wait = pause,
): Promise<number> {
  const run = async (args: Arguments): Promise<number> => {
    const { open, ...fleet } = await fleetSource(args, terminal);
    const source = { ...fleet, histories: args.histories };
    // Loaded here: other commands are spared what this needs.
    const { FleetMetrics } = require("../../report/metrics") as typeof metricsModule;
    const metrics = new FleetMetrics();
    const server = await listen(args.listen, args.host ?? [], metrics);
    try {
      const { address, port, family } = server.address() as AddressInfo;
      terminal.out(`http://${family === "IPv6" ? `[${address}]` : address}:${port}/metrics`);
      await follow(open, source, metrics, terminal, { stopped, wait: () => wait(args.intervalMs, stopped) });
      return EXIT.fine;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
  return runCommand({ name: "metrics", help: HELP, read: readArguments, run }, argv, terminal);
}

/** A poll that fails is reported once, until one works or it fails in another way; a missing part, until it is there. */
async function follow(
  open: () => Api,
  options: SnapshotOptions,
  metrics: metricsModule.FleetMetrics,
  { err }: Terminal,
  pace: Pace,
): Promise<void> {
  let told = "";
  const look = (api: Api, earlier?: FleetSnapshot) => takeSnapshot(api, { ...options, earlier });
  for await (const { value: fleet, error, earlier, seconds } of looks(open, look, pace)) {
    if (fleet) {
      for (const { part, why } of leftOutOf(fleet)) {
        if (whyNot(earlier?.[part]) === undefined) err(`left out, ${part}: ${why}`);
      }
      metrics.take(fleet, seconds);
      told = "";
    } else {
      metrics.failed();
      const kind = isApiError(error) ? error.code : messageOf(error); // messages have the request's number
      if (kind !== told) err(`no figures: ${messageOf(error)}`);
      told = kind;
    }
  }
}

const REQUEST_MS = 10_000;

function listen(
  { host, port }: { host: string; port: number },
  names: readonly string[],
  metrics: metricsModule.FleetMetrics,
): Promise<Server> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    const { method = "", url = "", headers } = request;
    const path = url.split("?")[0];
    if (!isOwnHost(headers.host, [host, ...names])) return answer(response, 403, "not a name of this server: --host\n");
    if (method !== "GET" && method !== "HEAD") return answer(response, 405, "only GET is served\n");
    if (path !== "/metrics") return answer(response, 404, "see /metrics\n");
    metrics.text().then(
      (text) => answer(response, 200, text, metrics.contentType),
      (error: unknown) => answer(response, 500, `${messageOf(error)}\n`),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const why =
        code === "EADDRINUSE"
          ? "something listens there already. Give another port, or 0 for a free one"
          : `it cannot listen there (${code ?? message})`;
      reject(new Error(`--listen ${host}:${port}: ${why}`));
    });
    server.listen(port, host, () => resolve(server));
  });
}

function answer(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "Content-Type": type, "X-Content-Type-Options": "nosniff" });
  response.end(text);
}

const OPTIONS = {
  listen: { type: "string" },
  host: { type: "string", multiple: true },
  ...LOOK_OPTIONS,
  ...FLEET_OPTIONS,
} as const;

type Arguments = Exclude<ReturnType<typeof readArguments>, "help">;

function readArguments(argv: string[]) {
  const { values } = parseArguments(argv, OPTIONS, { meant: { port: "listen" } });
  if (values.help) return "help";
  const look = lookArguments(values, { least: 5, usual: "60s", examples: '"60s"' });
  return { ...values, listen: addressIn(values.listen), ...look };
}

/** "127.0.0.1:9464", "[::1]:9464" or a port alone. */
function addressIn(text = "127.0.0.1:9464"): { host: string; port: number } {
  const [, host = "127.0.0.1", digits = ""] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port > 65_535) throw new UsageError("--listen is HOST:PORT, or a port from 0 to 65535");
  return { host: host.replace(/^\[|\]$/g, ""), port };
}
