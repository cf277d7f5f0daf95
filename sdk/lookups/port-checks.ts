import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

/** Is a port reachable? */
export interface PortStatus extends Omit<api.PortStatus, "lastChecked" | "expiresAt"> {
  /** ISO 8601 in UTC. */
  lastChecked?: string;
  /** End of the lease, ISO 8601 in UTC. */
  expiresAt?: string;
}

/** One test through a proxy. A failed one is an answer too: `success` false with `error`. */
export interface PingResult extends Omit<api.PingResult, "testTime"> {
  /** ISO 8601 in UTC. */
  testTime?: string;
}

/** A measurement through a proxy. */
export interface SpeedTest extends Omit<api.SpeedTest, "testedAt"> {
  /** ISO 8601 in UTC. */
  testedAt?: string;
}

/** Args of {@link getPortStatus}, {@link getPortIp}, {@link pingPort} and {@link speedTestPort}. */
export interface PortCheckArgs {
  /** The vendor's id of the port. */
  port: string;
}

const STATUS: Lookup<PortCheckArgs, PortStatus> = {
  name: "getPortStatus",
  inputs: ["port"],
  ask: async ({ api }, { port }) => withIsoTimes(await api.ports.status(port), "lastChecked", "expiresAt"),
};

const IP: Lookup<PortCheckArgs, api.PortIp> = {
  name: "getPortIp",
  inputs: ["port"],
  ask: ({ api }, { port }) => api.ports.ip(port),
};

const PING: Lookup<PortCheckArgs, PingResult> = {
  name: "pingPort",
  inputs: ["port"],
  ask: async ({ api }, { port }) => withIsoTimes(await api.ports.ping(port), "testTime"),
};

const SPEED: Lookup<PortCheckArgs, SpeedTest> = {
  name: "speedTestPort",
  inputs: ["port"],
  ask: async ({ api }, { port }) => withIsoTimes(await api.ports.speedTest(port), "testedAt"),
};

/** Whether a port is online, as the vendor last saw it. Scope ports:read. */
export function getPortStatus(args: PortCheckArgs, options?: LookupOptions): Promise<PortStatus> {
  return promiseOf(STATUS, args, options);
}

/** {@link getPortStatus} as an Output; `port` may be a Port or an Output. */
export function getPortStatusOutput(
  args: OutputArgs<PortCheckArgs>,
  options?: LookupOptions,
): pulumi.Output<PortStatus> {
  return outputOf(STATUS, args, options);
}

/** The public address of a port now, and the one to connect to. Rotation changes the first. Scope ports:read. */
export function getPortIp(args: PortCheckArgs, options?: LookupOptions): Promise<api.PortIp> {
  return promiseOf(IP, args, options);
}

/** {@link getPortIp} as an Output; `port` may be a Port or an Output. */
export function getPortIpOutput(args: OutputArgs<PortCheckArgs>, options?: LookupOptions): pulumi.Output<api.PortIp> {
  return outputOf(IP, args, options);
}

/**
 * Has the vendor send a request through a port, each time: in a preview too. `responseTime` is in milliseconds. A port
 * that does not answer is no error: look at `success`. Scope ports:read.
 */
export function pingPort(args: PortCheckArgs, options?: LookupOptions): Promise<PingResult> {
  return promiseOf(PING, args, options);
}

/** {@link pingPort} as an Output; `port` may be a Port or an Output. */
export function pingPortOutput(args: OutputArgs<PortCheckArgs>, options?: LookupOptions): pulumi.Output<PingResult> {
  return outputOf(PING, args, options);
}

/**
 * Measures speed and latency through the proxy, which takes a while and some of its traffic. Scope ports:read. (MCP
 * client only)
 */
export function speedTestPort(args: PortCheckArgs, options?: LookupOptions): Promise<SpeedTest> {
  return promiseOf(SPEED, args, options);
}

/** {@link speedTestPort} as an Output; `port` may be a Port or an Output. */
export function speedTestPortOutput(
  args: OutputArgs<PortCheckArgs>,
  options?: LookupOptions,
): pulumi.Output<SpeedTest> {
  return outputOf(SPEED, args, options);
}
