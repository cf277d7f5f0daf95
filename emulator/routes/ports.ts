import { createdPortAnswer, portAnswer, portReadAnswer } from "../answers/port";
import { flag, integer, objectId, offPage, oneOf, readBody, required } from "../rules/body";
import { buyPort } from "../rules/buying";
import { endPort } from "../rules/ending";
import { FINGERPRINT_VALUES } from "../rules/fingerprints";
import { statusOf } from "../rules/life";
import { currentPorts, deletedPort, requirePort } from "../rules/looking";
import { movePort } from "../rules/moving";
import { type Place } from "../rules/placing";
import { badRequest } from "../rules/problem";
import { type Port } from "../world/types";
import { type Call, created, disputed, noContent, route, type Route } from "./route";

const DAY_MS = 86_400_000;

export const portRoutes: Route[] = [
  route("GET", "/ports", "ports:read", listPorts),
  route("POST", "/ports", "ports:write", createPort),
  route("GET", "/ports/:id", "ports:read", getPort),
  route("DELETE", "/ports/:id", "ports:write", deletePort),
  ...disputed("/ports/:id/reconfigure", "ports:write", "reconfigureVerb", reconfigurePort),
];

/** A bare array of all ports; paged only for a client that asks for a page or a limit. */
function listPorts({ world, account, quirks, url, query }: Call): unknown {
  const fits = filterOf(world, query);
  const ports = currentPorts(world, account).filter(fits);
  const limit = countOf(query, "limit", 100);
  const page = countOf(query, "page", Infinity) ?? 1;
  const size = limit ?? (query.has("page") ? 100 : Math.max(1, ports.length));
  const data = ports.slice((page - 1) * size, page * size).map((port) => portReadAnswer(world, port, quirks, url));
  if (!quirks.listPaged) return data;
  return { data, total: ports.length, page, limit: size, totalPages: Math.ceil(ports.length / size) };
}

function filterOf(world: Call["world"], query: URLSearchParams): (port: Port) => boolean {
  const now = world.clock.now();
  const wanted = (name: string, value: string) => !query.get(name) || query.get(name) === value;
  return (port) =>
    wanted("type", port.slotType) &&
    wanted("status", statusOf(port, world.config.life, now)) &&
    wanted("countryId", port.device.countryId) &&
    wanted("carrierId", port.device.carrierId);
}

function countOf(query: URLSearchParams, name: string, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count)) throw badRequest([`${name} must be an integer number`]);
  if (count < 1) throw badRequest([`${name} must not be less than 1`]);
  if (count > most) throw badRequest([`${name} must not be greater than ${most}`]);
  return count;
}

interface CreateBody extends Place {
  expiresAt: number;
  osFingerprint?: string;
  isPrivate?: boolean;
}

function createPort(call: Call): unknown {
  const { world, account, quirks, url, key, requestId, idempotencyKey } = call;
  const body = readBody<CreateBody>(
    call.body,
    {
      countryId: required(objectId()),
      expiresAt: required(integer(60, world.config.maxLeaseSeconds)),
      carrierId: objectId(),
      osFingerprint: oneOf(FINGERPRINT_VALUES),
      isPrivate: offPage(flag()),
      cityId: offPage(objectId()),
      regionId: offPage(objectId()),
    },
    quirks.strictBody,
  );
  const replay = quirks.idempotency && idempotencyKey ? boughtWith(call, idempotencyKey) : undefined;
  if (replay) return created(createdPortAnswer(world, replay, quirks, url));
  const { expiresAt, isPrivate, ...place } = body;
  const port = buyPort(
    world,
    { ...place, leaseSeconds: expiresAt, slotType: isPrivate ? "private" : "shared" },
    { account, by: "api", keyName: key?.name ?? "session", requestId, idempotencyKey },
  );
  return created(createdPortAnswer(world, port, quirks, url));
}

function boughtWith({ world, account }: Call, idempotencyKey: string): Port | undefined {
  const since = world.clock.now() - DAY_MS;
  const purchase = world.purchases.find(
    (each) =>
      each.idempotencyKey === idempotencyKey && each.account === account.name && Date.parse(each.boughtAt) > since,
  );
  return purchase && (world.port(purchase.portId) ?? world.graves.get(purchase.portId));
}

function getPort({ world, account, quirks, url, params }: Call): unknown {
  const id = params["id"] ?? "";
  const gone = quirks.deletedVisible && deletedPort(world, account, id);
  if (gone) return { ...portReadAnswer(world, gone, quirks, url), status: "deleted" };
  return portReadAnswer(world, requirePort(world, account, id), quirks, url);
}

function deletePort({ world, account, quirks, params }: Call): unknown {
  endPort(world, requirePort(world, account, params["id"] ?? ""), "api");
  return quirks.deleteEmpty ? noContent() : { message: "Port deleted successfully" };
}

function reconfigurePort({ world, account, quirks, url, params, body }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const place = readBody<Place>(
    body,
    {
      countryId: required(objectId()),
      carrierId: objectId(),
      cityId: offPage(objectId()),
      regionId: offPage(objectId()),
    },
    quirks.strictBody,
  );
  movePort(world, port, place);
  return portAnswer(world, port, quirks, url);
}
