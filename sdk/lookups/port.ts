import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import type * as reference from "../../provider/run/reference";
import { countries } from "./countries";
import { portInfo, type PortInfo, type PortRotation } from "../../provider/port/port-info";
import { type Lookup, type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";
import { isPrivate, type SlotType } from "./reference";

export { type PortInfo, type PortRotation };

/** Args of {@link getPorts}: a port is listed that is all of it. */
export interface GetPortsArgs {
  /** "active", "suspended", "expired", … */
  status?: string;
  slotType?: SlotType;
  /** ISO code, English name, or the vendor's id. */
  country?: string;
}

/** Args of {@link getPort}. */
export interface GetPortArgs {
  /** The vendor's id of the port. */
  port: string;
}

const PORTS: Lookup<GetPortsArgs, PortInfo[]> = {
  name: "getPorts",
  inputs: ["status", "slotType", "country"],
  anywhere: true,
  ask: async (client, { status, slotType, country }) => {
    isPrivate(slotType);
    const { findCountry } = require("../../provider/run/reference") as typeof reference;
    const all = country === undefined ? [] : await countries(client, false);
    const countryId = country === undefined ? undefined : findCountry(all, country).id;
    return (await client.api.ports.list({ status, slotType, countryId })).map(portInfo);
  },
  secret: true,
};

const PORT: Lookup<GetPortArgs, PortInfo> = {
  name: "getPort",
  inputs: ["port"],
  ask: async ({ api }, { port }) => portInfo((await api.ports.get(port)) ?? missing(port)),
  secret: true,
};

/** @throws the ApiError that the other functions of a port fail with. */
function missing(port: string): never {
  const { ApiError } = require("../../api") as typeof api;
  const reason = `there is no port ${port} in this account`;
  throw new ApiError({ code: "not_found", reason, method: "GET", route: "/ports/:id", status: 404, sent: "refused" });
}

/**
 * All ports of the account, or those that are what the args say. Scope ports:read.
 *
 * Each holds secrets in plain text (`proxyPassword`, `rotationToken`, `rotationLink`): do not log or export them, or
 * use {@link getPortsOutput}, which is secret.
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
  typeof args === "object" && args !== null && PORTS.inputs.some((name) => Object.hasOwn(args, name));

/**
 * One port in full: the device that serves it now, its traffic, its health. Fails if there is no port with that id.
 * Scope ports:read.
 *
 * It holds secrets in plain text (`proxyPassword`, `rotationToken`, `rotationLink`): do not log or export them, or use
 * {@link getPortOutput}, which is secret.
 */
export function getPort(args: GetPortArgs, options?: LookupOptions): Promise<PortInfo> {
  return promiseOf(PORT, args, options);
}

/** {@link getPort} as an Output, secret as a whole; `port` may be a Port or an Output. */
export function getPortOutput(args: OutputArgs<GetPortArgs>, options?: LookupOptions): pulumi.Output<PortInfo> {
  return outputOf(PORT, args, options);
}
