import { buyPort } from "../rules/buying";
import { endPort, expectEnd } from "../rules/ending";
import { badRequest, conflict } from "../rules/problem";
import { useTraffic } from "../rules/traffic";
import { openAccount } from "../world/seed";
import { type Account, type Port } from "../world/types";
import { type World } from "../world/world";
import { toText } from "./money";
import { type Order, type PlaceOrder } from "./order";
import { type Payment, type Session } from "./state";

export type SessionStatus = "active" | "suspended" | "expired";

/** Owner of all ports that wallets paid for. */
const ACCOUNT = "x402";
const MANY_SLOTS = 1_000_000;
const MB = 1_000;

/** Delivers what was paid for: once. */
export function openSession(world: World, order: Order, payment: Payment): Session {
  const { faults, sessions } = world.x402;
  const had = sessions.get(payment.sessionId ?? "");
  if (had) return had;
  if (faults.strike("outOfStock")) throw conflict(`No free ${order.tier} device in ${order.country.name}`);
  const now = world.clock.now();
  const place = placeOf(order);
  const session: Session = {
    id: world.random.objectId(now),
    token: `x402s_${world.random.alphanumeric(32)}`,
    wallet: payment.payer,
    tier: order.tier,
    place,
    allocatedGB: order.gigabytes,
    portId: "",
    retiredGB: 0,
    replaced: 0,
    createdAt: now,
    expiresAt: now + order.seconds * 1_000,
    amountUSDC: toText(payment.amount),
    txHash: payment.txHash,
  };
  session.portId = newPort(world, session, place).id;
  world.x402.addSession(session);
  payment.sessionId = session.id;
  world.touch();
  return session;
}

export function portOf(world: World, session: Session): Port | undefined {
  return world.port(session.portId);
}

/** GB, to the MB, of all its ports; no more than was paid for. */
export function usedBy(world: World, session: Session): number {
  const used = session.retiredGB + (portOf(world, session)?.usedGB ?? 0);
  return Math.min(session.allocatedGB, Math.round(used * MB) / MB);
}

/** That a session without traffic is suspended and not ended is the client's word (M); what it then does is inferred. */
export function statusOf(world: World, session: Session): SessionStatus {
  if (session.expiresAt <= world.clock.now()) return "expired";
  return usedBy(world, session) >= session.allocatedGB ? "suspended" : "active";
}

/** Suspends the ports of sessions whose traffic is used up, whenever traffic has been counted. */
export function limitTraffic(world: World): void {
  const { x402, trafficUntil } = world;
  if (x402.limitedUntil === trafficUntil) return;
  x402.limitedUntil = trafficUntil;
  for (const session of x402.sessions.values()) holdToTraffic(world, session);
}

export function addTo(world: World, session: Session, gigabytes: number, seconds: number): void {
  session.allocatedGB = Math.round((session.allocatedGB + gigabytes) * MB) / MB;
  session.expiresAt += seconds * 1_000;
  const port = portOf(world, session);
  if (port) {
    port.expiresAt = session.expiresAt;
    expectEnd(world, port);
  }
  holdToTraffic(world, session);
  world.touch();
}

/** Another device, and another port: the old one is gone (M). */
export function replacePort(world: World, session: Session, to: PlaceOrder | undefined): Port {
  const most = world.config.x402.replacements;
  if (session.replaced >= most) throw badRequest(`A session has ${most} replacements at most`);
  const port = swapPort(world, session, to);
  session.replaced++;
  return port;
}

/** Only where the port is gone (M: "Recreate deleted port"). */
export function recreatePort(world: World, session: Session): Port {
  if (portOf(world, session)) throw badRequest("The port of this session is not deleted");
  return swapPort(world, session, undefined);
}

/** Sets what a session has used in total. */
export function setUsed(world: World, session: Session, gigabytes: number): void {
  session.retiredGB = 0;
  const port = portOf(world, session);
  if (port) useTraffic(port, gigabytes);
  else session.retiredGB = gigabytes;
  holdToTraffic(world, session);
  world.touch();
}

function holdToTraffic(world: World, session: Session): void {
  const port = portOf(world, session);
  if (port) port.suspended = statusOf(world, session) === "suspended";
}

function swapPort(world: World, session: Session, to: PlaceOrder | undefined): Port {
  const old = portOf(world, session);
  const place = to ? placeOf(to) : session.place;
  const port = newPort(world, session, place); // while the old one holds its device: it is another one
  if (old) {
    session.retiredGB += old.usedGB;
    endPort(world, old, "api");
  }
  Object.assign(session, { place, portId: port.id });
  world.touch();
  return port;
}

function newPort(world: World, session: Session, place: Session["place"]): Port {
  const leaseSeconds = Math.max(1, (session.expiresAt - world.clock.now()) / 1_000);
  const order = { ...place, slotType: session.tier, leaseSeconds };
  const port = buyPort(world, order, { account: accountOf(world), by: "api" });
  port.proxyLogin = `x402_${port.proxyLogin}`;
  return port;
}

function accountOf(world: World): Account {
  const known = [...world.accounts.values()].find(({ name }) => name === ACCOUNT);
  if (known) return known;
  const account = openAccount(world, ACCOUNT);
  for (const slots of Object.values(account.slots)) slots.total = MANY_SLOTS;
  return account;
}

function placeOf({ country, carrier, city }: PlaceOrder): Session["place"] {
  return { countryId: country.id, ...(carrier && { carrierId: carrier.id }), ...(city && { cityId: city.id }) };
}
