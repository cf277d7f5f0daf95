import { createdPortAnswer, portAnswer, portReadAnswer } from "../answers/port";
import { flag, integer, objectId, offPage, oneOf, readBody, required } from "../rules/body";
import { buyPort } from "../rules/buying";
import { endPort } from "../rules/ending";
import { FINGERPRINT_VALUES } from "../rules/fingerprints";
import { STATUSES, statusOf } from "../rules/life";
import { currentPorts, deletedPort, requirePort } from "../rules/looking";
import { movePort } from "../rules/moving";
import { type Place } from "../rules/placing";
import { choiceOf, countOf, idOf } from "../rules/query";
import { type Port } from "../world/types";
import { type Call, created, disputed, noContent, route, type Route } from "./route";

const DAY_MS = 86_400_000;
const MOST_PAGES = 1_000_000;

export const portRoutes: Route[] = [
  route("GET", "/ports", "ports:read", listPorts),
  route("POST", "/ports", "ports:write", createPort),
  route("GET", "/ports/:id", "ports:read", getPort),
  route("DELETE", "/ports/:id", "ports:write", deletePort),
  ...disputed("/ports/:id/reconfigure", "ports:write", "reconfigureVerb", reconfigurePort),
];

/** A bare array of all ports; paged only for a client that asks for a page or a limit. */
function listPorts({ world, account, quirks, url, query }: Call): unknown {
  const all = currentPorts(world, account);
  const ports = all.filter(filterOf(world, query, all));
  const limit = countOf(query, "limit", 1, 100);
  const page = countOf(query, "page", 1, MOST_PAGES) ?? 1;
  const size = limit ?? (query.has("page") ? 100 : Math.max(1, ports.length));
  const data = ports.slice((page - 1) * size, page * size).map((port) => portReadAnswer(world, port, quirks, url));
  if (!quirks.listPaged) return data;
  return { data, total: ports.length, page, limit: size, totalPages: Math.ceil(ports.length / size) };
}

function filterOf(world: Call["world"], query: URLSearchParams, ports: Port[]): (port: Port) => boolean {
  const now = world.clock.now();
  const said = (port: Port) => statusOf(port, world.config.life, now);
  const type = choiceOf(query, "type", ["shared", "private"]);
  const status = choiceOf(query, "status", [
    ...STATUSES,
    ...ports.map(said).filter((each) => !STATUSES.includes(each)),
  ]);
  const countryId = idOf(query, "countryId");
  const carrierId = idOf(query, "carrierId");
  return (port) =>
    (type === undefined || type === port.slotType) &&
    (status === undefined || status === said(port)) &&
    (countryId === undefined || countryId === port.device.countryId) &&
    (carrierId === undefined || carrierId === port.device.carrierId);
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
