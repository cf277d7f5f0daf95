import type * as api from "../../api";
import { type SlotType } from "../../domain/slot-type";
import { portInfo, type PortInfo } from "../port/port-info";
import { type Lookup, PORT_ID, SLOT_TYPE, TEXT } from "./lookup";
import { countryCalled } from "./reference";

/** Args of `getPorts`: a port is listed that is all of it. */
export interface GetPortsArgs {
  /** "active", "suspended", "expired", … */
  status?: string;
  /** Of which slot type. @default both */
  slotType?: SlotType;
  /** ISO code, English name, or the vendor's id. */
  country?: string;
}

/** Args of `getPort`. */
export interface GetPortArgs {
  /** The vendor's id of the port. */
  port: string;
}

export const PORTS: Lookup<GetPortsArgs, PortInfo[]> = {
  name: "getPorts",
  inputs: { status: TEXT, slotType: SLOT_TYPE, country: TEXT },
  list: "ports",
  ask: async (client, { status, slotType, country }) => {
    const countryId = country === undefined ? undefined : (await countryCalled(client, country)).id;
    return (await client.api.ports.list({ status, slotType, countryId })).map(portInfo);
  },
  secret: true,
};

export const PORT: Lookup<GetPortArgs, PortInfo> = {
  name: "getPort",
  inputs: { port: PORT_ID },
  ask: async ({ api }, { port }) => portInfo((await api.ports.get(port)) ?? missing(port)),
  secret: true,
};

/** @throws the ApiError that the other functions of a port fail with. */
function missing(port: string): never {
  const { ApiError } = require("../../api") as typeof api;
  const reason = `there is no port ${port} in this account`;
  throw new ApiError({ code: "not_found", reason, method: "GET", route: "/ports/:id", status: 404, sent: "refused" });
}
