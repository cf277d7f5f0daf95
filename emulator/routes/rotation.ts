import { portAnswer } from "../answers/port";
import { cooldownAnswer, historyAnswer, rotationResult } from "../answers/rotation";
import { bothShapes } from "../answers/shapes";
import { requirePort } from "../rules/looking";
import { notFound } from "../rules/problem";
import { countOf } from "../rules/query";
import { cooldownOf, rotatePort, rotationTargets } from "../rules/rotation";
import { isUsable } from "../rules/using";
import { type Call, route, type Route } from "./route";

/** The longest history that the config allows. */
const MOST_RECORDS = 10_000;

export const rotationRoutes: Route[] = [
  route("POST", "/ports/:id/rotate", "ports:rotate", rotate),
  route("GET", "/ports/:id/can-rotate", "ports:read", canRotate),
  route("GET", "/ports/:id/rotation-history", "ports:read", history),
  route("GET", "/rotate/:token", "public", rotateByToken),
  route("POST", "/rotate/:token", "public", rotateByToken),
];

function rotate({ world, account, quirks, url, params }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const record = rotatePort(world, port, "manual", quirks.cooldownStatus);
  const result = rotationResult(port, record);
  return bothShapes(quirks, result, portAnswer(world, port, quirks, url), quirks.rotateReturnsPort);
}

function canRotate({ world, account, quirks, params }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const cooldown = cooldownOf(world, port);
  if (cooldown) return cooldownAnswer(quirks, cooldown);
  if (!isUsable(world, port)) return { canRotate: false, reason: "Port is not active." };
  const availableDevices = rotationTargets(world, port);
  return availableDevices > 0
    ? { canRotate: true, availableDevices }
    : { canRotate: false, reason: "No available devices for rotation.", availableDevices };
}

/** Newest first, as the page's sample suggests; limit and offset are the client's. */
function history({ world, account, quirks, params, query }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const newestFirst = [...port.rotation.history].reverse();
  const offset = countOf(query, "offset", 0, MOST_RECORDS) ?? 0;
  const limit = countOf(query, "limit", 1, MOST_RECORDS) ?? 50;
  return historyAnswer(quirks, port, newestFirst.slice(offset, offset + limit), port.rotation.count);
}

/** The page shows no answer; the client reads newIp and newDevice.carrier (M). */
function rotateByToken({ world, quirks, params }: Call): unknown {
  const port = world.portByToken(params["token"] ?? "");
  if (!port) throw notFound("Invalid rotation token");
  requirePort(world, world.account(port.accountId), port.id);
  const record = rotatePort(world, port, "api_token", quirks.cooldownStatus);
  const { carrier, country } = world.placeOf(port);
  return {
    ...rotationResult(port, record),
    newDevice: { _id: port.device.id, name: port.device.name, carrier: carrier.brand, country: country.name },
  };
}
