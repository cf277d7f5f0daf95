import { iso } from "../answers/shapes";
import { type Call, route, type Route } from "../routes/route";
import { badRequest, notFound, Problem } from "../rules/problem";
import { amountOf, choiceOf, countOf } from "../rules/query";
import {
  location,
  ownSession,
  portsOf,
  proxyUrls,
  recovered,
  sessionPort,
  topupAnswer,
  trafficAnswer,
  walletShape,
} from "./answers";
import { checksum, isHash } from "./chain/bytes";
import { inputOf } from "./input";
import { toMicro, toNumber } from "./money";
import { readPlace } from "./order";
import { perGB } from "./pricing";
import { readProof } from "./proof";
import { sell } from "./sale";
import { addTo, portOf, recreatePort, replacePort, statusOf } from "./sessions";
import { type Payment, type Session } from "./state";

/** Looking a session up needs nothing but what the chain shows; to manage one needs its token. */
export const sessionRoutes: Route[] = [
  route("GET", "/x402/session/:id", "public", (call) => recovered(call, requireSession(call))),
  route("GET", "/x402/session/tx/:txHash", "public", (call) => recovered(call, sessionOfTransaction(call))),
  route("GET", "/x402/sessions/wallet/:wallet", "public", sessionsOfWallet),
  route("GET", "/x402/sessions/:id/status", "public", status),
  { ...route("POST", "/x402/sessions/:id/extend", "public", extend), known: (quirks) => quirks.x402Extend },
  route("GET", "/x402/manage/session", "public", (call) => ownSession(call, ownOf(call))),
  route("GET", "/x402/manage/session/credit", "public", credit),
  route("GET", "/x402/manage/session/topup/calculate", "public", calculateTopup),
  route("POST", "/x402/manage/session/topup", "public", topup),
  route("GET", "/x402/manage/ports", "public", ports),
  route("GET", "/x402/manage/ports/:id/status", "public", portStatus),
  route("POST", "/x402/manage/ports/replace", "public", replace),
  route("POST", "/x402/manage/ports/recreate", "public", (call) => swapped(call, ownOf(call), recreatePort)),
];

const HOUR_S = 3_600;
const MOST_GB = 10_000;

function requireSession({ world, params }: Call): Session {
  const session = world.x402.session(params["id"] ?? "");
  if (!session) throw notFound("Session not found");
  return session;
}

/** The transaction that bought it, or one that topped it up. */
function sessionOfTransaction({ world, params }: Call): Session {
  const hash = (params["txHash"] ?? "").toLowerCase();
  const payment = isHash(hash) ? world.x402.payments.get(hash) : undefined;
  const session = world.x402.session(payment?.sessionId ?? "");
  if (!session) throw notFound("Session not found");
  return session;
}

/** Without a status it is the active ones (M). */
function sessionsOfWallet(call: Call): unknown {
  const { world, quirks, params, query } = call;
  const wanted = choiceOf(query, "status", ["active", "expired", "all"]) ?? "active";
  const wallet = (params["wallet"] ?? "").toLowerCase();
  const found = [...world.x402.sessions.values()].filter((session) => {
    const isOver = statusOf(world, session) === "expired";
    return session.wallet === wallet && (wanted === "all" || isOver === (wanted === "expired"));
  });
  const shape = quirks.x402Sessions;
  const sessions = found.map((each) => recovered(call, each, shape === "array" ? "union" : shape));
  return shape === "array" ? sessions : { sessions, total: sessions.length };
}

/** No credentials: the id alone is asked for. */
function status(call: Call): unknown {
  const session = requireSession(call);
  return {
    id: session.id,
    status: statusOf(call.world, session),
    walletAddress: checksum(session.wallet),
    expiresAt: iso(session.expiresAt),
    traffic: trafficAnswer(call, session),
  };
}

/** As the client 2.0.0 asks for it: paid by the hour, as the page has it. */
function extend(call: Call): unknown {
  const session = requireSession(call);
  requireRunning(call, session);
  const hours = countOf(inputOf(call), "hours", 1, 720) ?? 1;
  const { sharedPerHour, privatePerHour } = call.world.config.x402;
  return sell(call, {
    amount: toMicro(hours * (session.tier === "shared" ? sharedPerHour : privatePerHour)),
    purchase: { purpose: "extend", key: `extend/${session.id}/${hours}` },
    resource: `${call.url}/v1/x402/sessions/${session.id}/extend`,
    description: `${hours} h more`,
    deliver: (payment) => {
      give(call, session, payment, 0, hours * HOUR_S);
      return walletShape(call, session);
    },
  });
}

/** The header X-Session-Token, or a query parameter, as the vendor's client sends it in fact (M). */
function ownOf({ world, quirks, headers, query }: Call): Session {
  const { x402TokenIn: where } = quirks;
  const inQuery = query.get("X-Session-Token") ?? query.get("sessionToken");
  const token = (where !== "query" && headers.get("x-session-token")) || (where !== "header" && inQuery);
  if (!token) throw new Problem(401, "Session token is missing: send it in the header X-Session-Token");
  const session = world.x402.sessionByToken(token);
  if (!session) throw notFound("Session not found");
  return session;
}

function credit(call: Call): unknown {
  const session = ownOf(call);
  const { allocatedGB, usedGB, remainingGB } = trafficAnswer(call, session);
  const enabled = statusOf(call.world, session) === "active";
  return { tier: session.tier, allocatedGB, usedGB, remainingGB, enabled, expiresAt: iso(session.expiresAt) };
}

function ports(call: Call): unknown {
  const all = portsOf(call, ownOf(call));
  return { ports: all, total: all.length };
}

function portStatus(call: Call): unknown {
  const session = ownOf(call);
  const port = portOf(call.world, session);
  if (!port || port.id !== call.params["id"]) throw notFound("Port not found");
  return sessionPort(call, session, port);
}

function replace(call: Call): unknown {
  const session = ownOf(call);
  const input = inputOf(call);
  const portId = input.get("portId");
  if (portId && portId !== session.portId) throw notFound("Port not found");
  const isMoved = ["country", "city", "carrier"].some((name) => input.get(name));
  const at = call.world.atlas.country(session.place.countryId);
  const place = isMoved ? readPlace(call.world, input, at) : undefined;
  return swapped(call, session, (world) => replacePort(world, session, place));
}

function swapped(call: Call, session: Session, swap: typeof recreatePort): unknown {
  requireRunning(call, session);
  const port = swap(call.world, session);
  const { allocatedGB, usedGB, remainingGB } = trafficAnswer(call, session);
  return {
    portId: port.id,
    proxy: { ...proxyUrls(port), expiresAt: iso(session.expiresAt) },
    rotationUrl: `${call.url}/rotate/${port.rotationToken}`,
    traffic: { allocatedGB, usedGB, remainingGB },
    location: location(call, session),
  };
}

interface Addition {
  gigabytes: number;
  seconds: number;
  /** USDC a GB. */
  price: number;
  /** Micro-USDC: the time is free, all sources say. */
  cost: bigint;
}

function readAddition(call: Call, session: Session): Addition {
  const { minDuration, maxDuration, minTrafficGB } = call.world.config.x402;
  const input = inputOf(call);
  const gigabytes = input.get("addTrafficGB") ? amountOf(input, "addTrafficGB", minTrafficGB, MOST_GB) : 0;
  const seconds = input.get("addDurationSeconds")
    ? (countOf(input, "addDurationSeconds", minDuration, maxDuration) ?? 0)
    : 0;
  if (gigabytes + seconds === 0) throw badRequest(["addTrafficGB or addDurationSeconds is needed"]);
  const price = perGB(call, session.tier);
  return { gigabytes, seconds, price, cost: toMicro(gigabytes * price) };
}

function calculateTopup(call: Call): unknown {
  const session = ownOf(call);
  const { gigabytes, seconds, price, cost } = readAddition(call, session);
  return {
    trafficCost: toNumber(cost),
    durationCost: 0,
    totalCost: toNumber(cost),
    breakdown: {
      addTrafficGB: gigabytes,
      addDurationSeconds: seconds,
      trafficPricePerGB: price,
      tier: session.tier,
    },
  };
}

/** A top-up that costs nothing wants a signature too, whatever it says (M). */
function topup(call: Call): unknown {
  const session = ownOf(call);
  requireRunning(call, session);
  const { gigabytes, seconds, cost } = readAddition(call, session);
  if (cost === 0n) {
    if (!readProof(call)) throw badRequest("Payment-Signature is missing: send duration-only");
    addTo(call.world, session, gigabytes, seconds);
    return topupAnswer(call, session, undefined);
  }
  return sell(call, {
    amount: cost,
    purchase: { purpose: "topup", key: `topup/${session.id}/${gigabytes}/${seconds}` },
    resource: `${call.url}/v1/x402/manage/session/topup`,
    description: `${gigabytes} GB and ${seconds} s more`,
    deliver: (payment) => {
      give(call, session, payment, gigabytes, seconds);
      return topupAnswer(call, session, payment);
    },
  });
}

/** One payment gives once. */
function give({ world }: Call, session: Session, payment: Payment, gigabytes: number, seconds: number): void {
  if (payment.sessionId !== undefined) return;
  payment.sessionId = session.id;
  addTo(world, session, gigabytes, seconds);
}

/** What has expired cannot be brought back (inferred). */
function requireRunning({ world }: Call, session: Session): void {
  if (statusOf(world, session) === "expired") throw badRequest("Session has expired");
}
