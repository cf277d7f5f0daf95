import { portAnswer } from "../answers/port";
import { defaultQuirks } from "../answers/quirks";
import { setRotation } from "../rules/auto-rotation";
import { expectEnd } from "../rules/ending";
import { movePort } from "../rules/moving";
import { useTraffic } from "../rules/traffic";
import { type Port, type PortRotation } from "../world/types";
import { parseInstant } from "../world/clock";
import { quoted, validate } from "../world/validate";
import { type World } from "../world/world";
import { findCarrier, findCountry } from "./places";
import { EDIT } from "./requests";

/** A change that no call of the customer made. Other fields of a port's answer are laid over it as they are. */
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
  /** "suspended" suspends; any other word is answered whatever the clock says; null undoes that. */
  status?: string | null;
  /** Epoch milliseconds, ISO or a Date. */
  expiresAt?: number | string | Date;
  /** GB so far, of no day: each period has it. The port uses no more, unless `trafficPerDayGB` says so. */
  usedTraffic?: number;
  /** GB a day, on average, from now on; null is what the config says. */
  trafficPerDayGB?: number | null;
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

export function editPort(world: World, port: Port, given: PortEdit): void {
  const edit = validate<PortEdit>(EDIT, given, "a port has no field");
  const { country, carrier, rotationSettings, expiresAt, status, usedTraffic, trafficPerDayGB, ...rest } = edit;
  requireFields(
    world,
    port,
    Object.keys(given).filter((name) => !Object.hasOwn(EDIT.shape, name)),
  );
  const end = expiresAt === undefined ? undefined : parseInstant(expiresAt);
  if (country !== undefined || carrier !== undefined) move(world, port, country, carrier); // may be refused: it is the first
  if (rotationSettings) setRotation(world, port, rotationSettings);
  if (usedTraffic !== undefined) useTraffic(port, usedTraffic);
  if (trafficPerDayGB !== undefined) port.traffic.perDayGB = trafficPerDayGB;
  if (end !== undefined) {
    port.expiresAt = end;
    expectEnd(world, port);
  }
  if (status !== undefined) port.suspended = status === "suspended";
  if (status !== undefined && status !== "suspended") overlay(port, "status", status);
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    if (PLAIN.includes(name)) Object.assign(port, { [name]: value });
    else overlay(port, name, value);
  }
  port.updatedAt = world.clock.now();
  world.touch();
}

/** A misspelt field would change nothing, and nobody would see it. */
function requireFields(world: World, port: Port, names: string[]): void {
  const answer = portAnswer(world, port, defaultQuirks(), "");
  const unknown = names.find((name) => !Object.hasOwn(answer, name));
  if (unknown !== undefined)
    throw new Error(`a port has no field ${quoted(unknown)}; it has ${Object.keys(answer).sort().join(", ")}`);
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
