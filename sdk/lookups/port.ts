import type * as pulumi from "@pulumi/pulumi";
import { PORT, PORTS, type GetPortArgs, type GetPortsArgs } from "../../provider/lookups/port";
import { type PortInfo, type PortRotation } from "../../provider/port/port-info";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export { type GetPortArgs, type GetPortsArgs, type PortInfo, type PortRotation };

/**
 * All ports of the account, or those that are what the args say. Scope ports:read.
 *
 * Each holds secrets in plain text (`proxyPassword`, `rotationToken`, `rotationLink`): do not log or export them, or
 * use {@link getPortsOutput}, which is secret.
 *
 * @example
 * export const germanPorts = proxies.getPortsOutput({ country: "DE" }); // secret
 */
export function getPorts(filter?: GetPortsArgs | LookupOptions, options?: LookupOptions): Promise<PortInfo[]> {
  return isFilter(filter)
    ? promiseOf(PORTS, filter, options)
    : promiseOf(PORTS, {}, filter === undefined ? options : filter);
}

/** {@link getPorts} as an Output, of args that may be Outputs. It is secret as a whole. */
export function getPortsOutput(
  filter?: OutputArgs<GetPortsArgs> | LookupOptions,
  options?: LookupOptions,
): pulumi.Output<PortInfo[]> {
  return isFilter(filter)
    ? outputOf(PORTS, filter, options)
    : outputOf(PORTS, {}, filter === undefined ? options : filter);
}

/** Options alone may stand in the place of args. */
const isFilter = <Args extends OutputArgs<GetPortsArgs>>(args: Args | LookupOptions | undefined): args is Args =>
  typeof args === "object" && args !== null && Object.keys(PORTS.inputs).some((name) => Object.hasOwn(args, name));

/**
 * One port in full: the device that serves it now, its traffic, its health. Fails if there is no port with that id.
 * Scope ports:read.
 *
 * It holds secrets in plain text (`proxyPassword`, `rotationToken`, `rotationLink`): do not log or export them, or use
 * {@link getPortOutput}, which is secret.
 *
 * @example
 * const serving = proxies.getPortOutput({ port });
 * export const carrier = serving.carrier; // secret
 */
export function getPort(args: GetPortArgs, options?: LookupOptions): Promise<PortInfo> {
  return promiseOf(PORT, args, options);
}

/** {@link getPort} as an Output, secret as a whole; `port` may be a Port or an Output. */
export function getPortOutput(args: OutputArgs<GetPortArgs>, options?: LookupOptions): pulumi.Output<PortInfo> {
  return outputOf(PORT, args, options);
}
