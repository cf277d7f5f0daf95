import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { withIsoTimes } from "./iso-time";
import { type Lookup, type LookupOptions, type NoArgs, type OutputArgs, outputOf, promiseOf } from "./lookup";

/** A port as the vendor has it now. What the vendor does not tell is undefined. */
export interface PortInfo extends Omit<api.Port, "expiresAt" | "createdAt" | "rotationSettings"> {
  /** End of the lease, ISO 8601 in UTC. */
  expiresAt?: string;
  /** Time of the purchase, ISO 8601 in UTC. */
  createdAt?: string;
  rotationSettings?: PortRotation;
}

/** How a port rotates by itself, and when it last did. */
export interface PortRotation extends Omit<api.RotationSettings, "lastRotatedAt"> {
  /** ISO 8601 in UTC. */
  lastRotatedAt?: string;
}

/** Args of {@link getPort}. */
export interface GetPortArgs {
  /** The vendor's id of the port. */
  port: string;
}

const PORTS: Lookup<NoArgs, PortInfo[]> = {
  name: "getPorts",
  inputs: [],
  ask: async ({ api }) => (await api.ports.list()).map(portInfo),
  secret: true,
};

const PORT: Lookup<GetPortArgs, PortInfo> = {
  name: "getPort",
  inputs: ["port"],
  ask: async ({ api }, { port }) => portInfo((await api.ports.get(port)) ?? missing(port)),
  secret: true,
};

function portInfo({ rotationSettings, ...port }: api.Port): PortInfo {
  const rotation = rotationSettings && withIsoTimes(rotationSettings, "lastRotatedAt");
  return { ...withIsoTimes(port, "expiresAt", "createdAt"), ...(rotation && { rotationSettings: rotation }) };
}

/** @throws the ApiError that the other look-ups of a port fail with. */
function missing(port: string): never {
  const { ApiError } = require("../../api") as typeof api;
  const reason = `there is no port ${port} in this account`;
  throw new ApiError({ code: "not_found", reason, method: "GET", route: "/ports/:id", status: 404, sent: "refused" });
}

/**
 * All ports of the account. Scope ports:read.
 *
 * Each holds secrets in plain text (`proxyPassword`, `rotationToken`, `rotationLink`): do not log or export them, or
 * use {@link getPortsOutput}, which is secret.
 */
export function getPorts(options?: LookupOptions): Promise<PortInfo[]> {
  return promiseOf(PORTS, {}, options);
}

/** {@link getPorts} as an Output. It is secret as a whole. */
export function getPortsOutput(options?: LookupOptions): pulumi.Output<PortInfo[]> {
  return outputOf(PORTS, {}, options);
}

/**
 * One port in all its details: what it serves from now, its traffic, its health. Fails where there is none of that id.
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
