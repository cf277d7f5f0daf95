import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import {
  IP,
  PING,
  SPEED,
  STATUS,
  type PingResult,
  type PortCheckArgs,
  type PortStatus,
  type SpeedTest,
} from "../../provider/lookups/port-checks";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export { type PingResult, type PortCheckArgs, type PortStatus, type SpeedTest };

/**
 * Whether a port is online, as the vendor last saw it. Scope ports:read.
 *
 * @example
 * const status = proxies.getPortStatusOutput({ port });
 * export const isOnline = status.isOnline;
 */
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

/**
 * The public address of a port now, and the one to connect to. Rotation changes the first. Scope ports:read.
 *
 * @example
 * const address = proxies.getPortIpOutput({ port });
 * export const publicIp = address.publicIp;
 */
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
 *
 * @example
 * const ping = proxies.pingPortOutput({ port });
 * export const answers = ping.success;
 * export const milliseconds = ping.responseTime;
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
 *
 * @example
 * const speed = proxies.speedTestPortOutput({ port });
 * export const downloadMbps = speed.downloadMbps;
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
