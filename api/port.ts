import { z } from "zod";
import {
  count,
  fingerprint,
  host,
  id,
  isWord,
  kind,
  link,
  listOf,
  login,
  orJust,
  portNumber,
  quantity,
  informingId,
  text,
  word,
} from "./fields";
import { isSafeId } from "./path";
import { type ResponseContext, present, type Reader, reader } from "./reading";
import { eachText } from "./words";
import { asRotationSettings, type RotationSettings, rotationSettingsSchema } from "./rotation-settings";
import { time } from "./time";

/** A place or a carrier as far as the answer names it. */
export interface Named {
  /** The vendor's id. */
  id?: string;
  /** Name. */
  name?: string;
}
/** `code` is the ISO 3166-1 alpha-2 code, e.g. "DE". */
export interface PortCountry extends Named {
  /** ISO 3166-1 alpha-2, e.g. "DE". */
  code?: string;
}
/** `brand` is the short name, e.g. "Vodafone"; `name` the company's, e.g. "Vodafone D2 GmbH". */
export interface PortCarrier extends Named {
  /** Short name, e.g. "Vodafone". */
  brand?: string;
}

/**
 * A proxy port. Everything but `id` may be missing: the answer to a create is documented with seven fields only.
 * JSON-safe: no undefined, no Date. (vendor page, "Port Object Fields" and the samples of GET and POST /v1/ports)
 */
export interface Port {
  /** The vendor's id, 24 hex digits; stable. */
  id: string;
  /** Internal name; changes when a shared port rotates. */
  name?: string;
  /** "Proxy #1": made by the vendor, stable, cannot be set. */
  displayName?: string;
  /** Address to connect to, together with `httpPort` or `socksPort`. */
  serverIp?: string;
  /** TCP port of the HTTP proxy. */
  httpPort?: number;
  /** TCP port of the SOCKS5 proxy. */
  socksPort?: number;
  /** Login of the proxy. */
  proxyLogin?: string;
  /** Secret. */
  proxyPassword?: string;
  /** Secret: whoever has it can rotate the port. */
  rotationToken?: string;
  /** Secret: the URL with the token in it. */
  rotationLink?: string;
  /** "shared" or "private"; other values pass. */
  slotType?: string;
  /**
   * "active", "suspended" or "expired" (vendor page); the MCP client knows more; other values pass. "suspended" also where
   * only the flag beside it says so, unless the port is over.
   */
  status?: string;
  /** Whether the vendor has stopped it. */
  suspended?: boolean;
  /** "" means none, which the API also writes as null. */
  osFingerprint?: string;
  /** End of the lease, epoch ms. */
  expiresAt?: number;
  /** Epoch ms. */
  createdAt?: number;
  /** How it rotates by itself. */
  rotationSettings?: RotationSettings;
  /** Traffic used, in the vendor's undocumented unit (GB, to judge by its sample). */
  usedTraffic?: number;
  /** Where it is. */
  country?: PortCountry;
  /** Whose network it is in. */
  carrier?: PortCarrier;
  /** City, where the vendor says one. */
  city?: Named;
  /** Region, where the vendor says one. */
  region?: Named;
  /** The modem that serves the port now; changes with a rotation. */
  device?: Named;
  /** "healthy", "degraded" or "offline"; other values pass. */
  healthStatus?: string;
  /** Traffic used. */
  trafficSummary?: {
    /** MB. */
    usedMB?: number;
    /** GB. */
    usedGB?: number;
  };
}

type Place = PortCountry & PortCarrier;

const SLOT_TYPES = ["shared", "private"];
/** A port of these does not come back, whether or not it is suspended. */
const OVER = ["expired", "deleted"];
/** The first three are the vendor page's, the others the MCP client's. */
export const PORT_STATUSES = ["active", "suspended", "expired", "expiring_soon", "grace_period", "deleted", "pending"];
/** A shorter password could be part of any word. */
const LEAST_SECRET = 8;
const HEALTH = ["healthy", "degraded", "offline"];
const KNOWN = new Set([...SLOT_TYPES, ...PORT_STATUSES, ...HEALTH]);

const idOf = { _id: id, id };
const named = z.object({ ...idOf, name: text, code: kind, brand: text });
/** An id, or the object of that id filled in. */
const reference = orJust("_id", named.nullish());
type Reference = z.output<typeof reference>;
/** The MCP client's: ids at the port, filled in at the device. */
const references = { countryId: reference, carrierId: reference, cityId: reference, regionId: reference };
/** The vendor page's, at the device. */
const places = {
  country: named.nullish(),
  carrier: named.nullish(),
  city: named.nullish(),
  region: named.nullish(),
};

const portSchema = z.object({
  ...idOf,
  ...references,
  name: text,
  displayName: text,
  serverIp: host,
  httpPort: portNumber,
  socksPort: portNumber,
  proxyLogin: login,
  proxyPassword: login,
  rotationToken: informingId,
  rotationLink: link,
  slotType: kind,
  status: word,
  suspended: z.boolean().nullish(),
  osFingerprint: fingerprint,
  expiresAt: time,
  createdAt: time,
  rotationSettings: rotationSettingsSchema.nullish(),
  usedTraffic: quantity,
  countryName: text,
  carrierName: text,
  cityName: text,
  regionName: text,
  device: z.object({ ...idOf, ...places, ...references, name: text }).nullish(),
  healthStatus: word,
  trafficSummary: z.object({ usedMB: quantity, usedGB: quantity }).nullish(),
});
type WirePort = z.output<typeof portSchema>;

/** A page of ports: a bare array (vendor page), or `{data, total, page, limit}` (MCP client's types). */
export interface PortPage {
  ports: Port[];
  /** Of the answer, in characters. */
  size: number;
  total?: number;
  limit?: number;
}

const asArray = reader(listOf(portSchema), (wire, context) => wire.map((port, at) => asPort(port, context, [at])));
const asPage = reader(z.object({ data: listOf(portSchema), total: count, limit: count }), (page, context) =>
  present<PortPage>({
    ports: page.data.map((port, at) => asPort(port, context, ["data", at])),
    size: context.size,
    total: page.total,
    limit: page.limit,
  }),
);

export const readPorts: Reader<PortPage> = (body, context) =>
  Array.isArray(body) || !isObject(body)
    ? { ports: asArray(body, context), size: context.size }
    : asPage(body, context);

const readBarePort = reader(portSchema, (wire, context) => asPort(wire, context, []));

/** A port, bare or as `{port, message}` (the MCP client expects either of a create). */
export const readPort: Reader<Port> = (body, context) =>
  isObject(body) && isObject(body.port) ? readBarePort(body.port, context) : readBarePort(body, context);

/** For a write whose answer the vendor's page does not show: the port if it is one, undefined if it is something else. */
export const readPortIfAny: Reader<Port | undefined> = (body, context) =>
  idIn(body) === undefined ? undefined : readPort(body, context);

/** The answer to an order. With its id readable the port is bought, so no other fault may lose it. */
export const readNewPort: Reader<Port> = (body, context) => {
  const id = idIn(body);
  try {
    return readPort(body, context);
  } catch (fault) {
    if (id === undefined) throw fault;
    context.notice(`${(fault as Error).message}: only the id of the new port is taken from it`);
    return { id };
  }
};

function idIn(body: unknown): string | undefined {
  const port = isObject(body) && isObject(body.port) ? body.port : body;
  const id = isObject(port) ? port._id || port.id : undefined;
  return isSafeId(id) ? id : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asPort(
  { proxyLogin, proxyPassword, rotationToken, rotationLink, ...wire }: WirePort,
  context: ResponseContext,
  at: PropertyKey[],
): Port {
  const id = wire._id || wire.id;
  if (!id) throw context.broken([...at, "_id"], "is missing");
  eachText(wire, without([proxyPassword, rotationToken]));
  const known = (field: string, value: string | null | undefined, values: string[]) =>
    context.known(field, value ? (isWord(value) ? value : "unknown") : undefined, values);
  const device = wire.device ?? undefined;
  return present<Port>({
    id,
    name: wire.name,
    displayName: wire.displayName,
    serverIp: wire.serverIp,
    httpPort: wire.httpPort,
    socksPort: wire.socksPort,
    proxyLogin,
    proxyPassword,
    rotationToken,
    rotationLink,
    slotType: known("slotType", wire.slotType, SLOT_TYPES),
    status: known(
      "status",
      wire.suspended && !OVER.includes(wire.status ?? "") ? "suspended" : wire.status,
      PORT_STATUSES,
    ),
    suspended: wire.suspended,
    osFingerprint: wire.osFingerprint === null ? "" : wire.osFingerprint,
    expiresAt: wire.expiresAt,
    createdAt: wire.createdAt,
    rotationSettings: asRotationSettings(wire.rotationSettings),
    usedTraffic: wire.usedTraffic,
    country: merged(wire.countryName, device?.country, device?.countryId, wire.countryId),
    carrier: merged(wire.carrierName, device?.carrier, device?.carrierId, wire.carrierId),
    city: merged(wire.cityName, device?.city, device?.cityId, wire.cityId),
    region: merged(wire.regionName, device?.region, device?.regionId, wire.regionId),
    device: device && filled({ id: device._id || device.id, name: device.name }),
    healthStatus: known("healthStatus", wire.healthStatus, HEALTH),
    trafficSummary: wire.trafficSummary && filled(wire.trafficSummary),
  });
}

/** Cuts what is secret of a port out of its other words, unless it is a word that the vendor documents. */
function without(secrets: (string | null | undefined)[]): (text: string) => string {
  const long = secrets.filter((secret) => typeof secret === "string" && secret.length >= LEAST_SECRET) as string[];
  return (text) => (KNOWN.has(text) ? text : long.reduce((left, secret) => left.replaceAll(secret, "[secret]"), text));
}

/** What an answer's references to one place say together; the first to name a thing counts, the flat name last. */
function merged(flatName: string | null | undefined, ...references: Reference[]): Place | undefined {
  const place: Place = {};
  for (const reference of references) {
    if (reference) {
      place.id ??= reference._id ?? reference.id ?? undefined;
      place.code ??= reference.code ?? undefined;
      place.brand ??= reference.brand ?? undefined;
      place.name ??= reference.name ?? undefined;
    }
  }
  place.name ??= flatName ?? undefined;
  return filled(place);
}

/** The object without its empty fields; undefined if nothing is left. */
function filled<T extends object>(value: { [K in keyof T]: T[K] | null | undefined }): T | undefined {
  const kept = present<T>(value);
  for (const _ in kept) return kept;
  return undefined;
}
