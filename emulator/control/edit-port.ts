import { setRotation } from "../rules/auto-rotation";
import { expectEnd } from "../rules/ending";
import { movePort } from "../rules/moving";
import { type Port, type PortRotation } from "../world/types";
import { parseInstant } from "../world/clock";
import { type World } from "../world/world";
import { findCarrier, findCountry } from "./places";

/** A change that no call of the customer made. Fields not named here are laid over the port's answer as they are. */
export interface PortEdit {
  /** ISO code: another device there. */
  country?: string;
  /** Brand. */
  carrier?: string;
  proxyLogin?: string;
  proxyPassword?: string;
  osFingerprint?: string;
  rotationSettings?: Partial<
    Pick<PortRotation, "enabled" | "intervalSeconds" | "matchCarrier" | "matchCity" | "excludedDeviceIds">
  >;
  suspended?: boolean;
  /** "suspended" suspends; anything else is said whatever the clock says; null takes that back. */
  status?: string | null;
  /** Epoch milliseconds, ISO or a Date. */
  expiresAt?: number | string | Date;
  usedTraffic?: number;
  /** null takes an overlaid field back. */
  [field: string]: unknown;
}

const PLAIN = [
  "proxyLogin",
  "proxyPassword",
  "osFingerprint",
  "suspended",
  "serverIp",
  "httpPort",
  "socksPort",
  "publicIp",
];

export function editPort(world: World, port: Port, edit: PortEdit): void {
  const { country, carrier, rotationSettings, expiresAt, status, usedTraffic, ...rest } = edit;
  if (country !== undefined || carrier !== undefined) move(world, port, country, carrier);
  if (rotationSettings) setRotation(world, port, rotationSettings);
  if (usedTraffic !== undefined) port.usedGB = usedTraffic;
  if (expiresAt !== undefined) {
    port.expiresAt = parseInstant(expiresAt);
    expectEnd(world, port);
  }
  if (status === "suspended") port.suspended = true;
  else if (status !== undefined) overlay(port, "status", status);
  for (const [name, value] of Object.entries(rest)) {
    if (PLAIN.includes(name)) Object.assign(port, { [name]: value });
    else overlay(port, name, value);
  }
  port.updatedAt = world.clock.now();
  world.touch();
}

function move(world: World, port: Port, code: string | undefined, brand: string | undefined): void {
  const country = code === undefined ? world.placeOf(port).country : findCountry(world, code);
  const carrierId = brand === undefined ? undefined : findCarrier(country, brand).id;
  movePort(world, port, { countryId: country.id, ...(carrierId && { carrierId }) });
}

function overlay(port: Port, name: string, value: unknown): void {
  if (value === null) delete port.overrides[name];
  else port.overrides[name] = value;
}
