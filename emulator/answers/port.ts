import { type Quirks } from "./quirks";
import { isOver, stageOf, statusOf } from "../rules/life";
import { gigabytes } from "../rules/traffic";
import { isUsable } from "../rules/using";
import { type Port } from "../world/types";
import { type World } from "../world/world";
import { rotationSettings, type WireRotationSettings } from "./rotation-settings";
import { bothShapes, iso } from "./shapes";

/** A port as the API answers it by default. */
export interface WirePort {
  _id: string;
  id: string;
  name: string;
  displayName: string;
  httpPort: number;
  socksPort: number;
  serverIp: string;
  proxyLogin: string;
  proxyPassword: string;
  slotType: "shared" | "private";
  exclusive: boolean;
  osFingerprint: string | null;
  suspended: boolean;
  status: string;
  healthStatus: string;
  expiresAt: number;
  createdAt: number;
  updatedAt: number;
  rotationToken: string;
  rotationLink: string;
  rotationSettings: WireRotationSettings;
  usedTraffic: number;
  trafficSummary: { usedMB: number; usedGB: number };
  device: {
    _id: string;
    name: string;
    country: { _id: string; name: string; code: string };
    carrier: { _id: string; name: string; brand: string };
    region: { _id: string; name: string };
    city: { _id: string; name: string };
    [mcp: string]: unknown;
  };
  countryId: string;
  carrierId: string;
  cityId: string;
  regionId: string;
  countryName: string;
  carrierName: string;
  customerId: string;
  isExpired: boolean;
  [other: string]: unknown;
}

export function portAnswer(world: World, port: Port, quirks: Quirks, url: string): Record<string, unknown> {
  const now = world.clock.now();
  const { country, carrier, city, region } = world.placeOf(port);
  const stage = stageOf(port, world.config.life, now);
  const page = {
    _id: port.id,
    id: port.id,
    name: port.name,
    displayName: `Proxy #${port.number}`,
    httpPort: port.httpPort,
    socksPort: port.socksPort,
    serverIp: port.serverIp,
    proxyLogin: port.proxyLogin,
    proxyPassword: port.proxyPassword,
    slotType: port.slotType,
    exclusive: port.slotType === "private",
    osFingerprint: quirks.nullFingerprint && port.osFingerprint === "" ? null : port.osFingerprint,
    suspended: port.suspended,
    status: quirks.statusUnknown ? "maintenance" : statusOf(port, world.config.life, now),
    healthStatus: isUsable(world, port) ? "healthy" : "offline",
    expiresAt: port.expiresAt,
    createdAt: port.createdAt,
    rotationToken: port.rotationToken,
    rotationLink: `${url}/rotate/${port.rotationToken}`,
    rotationSettings: rotationSettings(port, quirks),
    usedTraffic: gigabytes(port.usedGB),
    trafficSummary: { usedMB: Math.round(port.usedGB * 1_024), usedGB: gigabytes(port.usedGB) },
    device: bothShapes(
      quirks,
      {
        _id: port.device.id,
        name: port.device.name,
        country: { _id: country.id, name: country.name, code: country.code },
        carrier: { _id: carrier.id, name: carrier.name, brand: carrier.brand },
        region: { _id: region.id, name: region.name },
      },
      {
        imei: port.device.imei,
        city: { _id: city.id, name: city.name },
        countryId: { _id: country.id, name: country.name, code: country.code },
        carrierId: { _id: carrier.id, name: carrier.name },
        regionId: { _id: region.id, name: region.name },
        cityId: { _id: city.id, name: city.name },
      },
    ),
  };
  const mcp = {
    customerId: port.accountId,
    deviceId: port.device.id,
    originalPortName: port.originalName,
    countryId: country.id,
    countryName: country.name,
    carrierId: carrier.id,
    carrierName: carrier.name,
    cityId: city.id,
    cityName: city.name,
    regionId: region.id,
    regionName: region.name,
    syncStatus: "synced",
    isExpired: isOver(stage),
    rotationTokenExpiresAt: iso(port.expiresAt),
    updatedAt: port.updatedAt,
  };
  return { ...bothShapes(quirks, page, mcp), ...port.overrides };
}

/** GET and list, where the quirk `noPassword` keeps the password back. */
export function portReadAnswer(world: World, port: Port, quirks: Quirks, url: string): Record<string, unknown> {
  const answer = portAnswer(world, port, quirks, url);
  if (quirks.noPassword) delete answer["proxyPassword"];
  return answer;
}

const SAMPLE_OF_CREATE = [
  "_id",
  "displayName",
  "serverIp",
  "httpPort",
  "socksPort",
  "proxyLogin",
  "proxyPassword",
  "expiresAt",
];

/** POST /ports: a whole port, unless a quirk says less or wraps it. */
export function createdPortAnswer(world: World, port: Port, quirks: Quirks, url: string): Record<string, unknown> {
  const whole = portAnswer(world, port, quirks, url);
  const answer = quirks.sparseCreate
    ? Object.fromEntries(SAMPLE_OF_CREATE.map((field) => [field, whole[field]]))
    : whole;
  return quirks.createWrapped ? { port: answer, message: "Port created successfully" } : answer;
}
