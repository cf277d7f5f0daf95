import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, PORT_ID } from "./lookup";

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

/** Args of `getPortStatus`, `getPortIp`, `pingPort` and `speedTestPort`. */
export interface PortCheckArgs {
  /** The vendor's id of the port. */
  port: string;
}

export const STATUS: Lookup<PortCheckArgs, PortStatus> = {
  name: "getPortStatus",
  inputs: { port: PORT_ID },
  ask: async ({ api }, { port }) => withIsoTimes(await api.ports.status(port), "lastChecked", "expiresAt"),
};

export const IP: Lookup<PortCheckArgs, api.PortIp> = {
  name: "getPortIp",
  inputs: { port: PORT_ID },
  ask: ({ api }, { port }) => api.ports.ip(port),
};

export const PING: Lookup<PortCheckArgs, PingResult> = {
  name: "pingPort",
  inputs: { port: PORT_ID },
  ask: async ({ api }, { port }) => withIsoTimes(await api.ports.ping(port), "testTime"),
};

export const SPEED: Lookup<PortCheckArgs, SpeedTest> = {
  name: "speedTestPort",
  inputs: { port: PORT_ID },
  ask: async ({ api }, { port }) => withIsoTimes(await api.ports.speedTest(port), "testedAt"),
};
