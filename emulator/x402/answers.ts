import { iso } from "../answers/shapes";
import { type Call } from "../routes/route";
import { type Port } from "../world/types";
import { checksum } from "./chain/bytes";
import { toNumber, toText } from "./money";
import { portOf, statusOf, usedBy } from "./sessions";
import { type Payment, type Session } from "./state";

type Json = Record<string, unknown>;

const BYTES = 1_000_000_000;
const round = (gb: number) => Math.round(gb * 1_000) / 1_000;

/** GB have three decimals, bytes are those of a GB of 10⁹. */
export function trafficAnswer({ world }: Call, session: Session) {
  const { allocatedGB } = session;
  const usedGB = usedBy(world, session);
  const remainingGB = round(allocatedGB - usedGB);
  return {
    allowedGB: allocatedGB,
    allocatedGB,
    usedBytes: Math.round(usedGB * BYTES),
    usedGB,
    remainingBytes: Math.round(remainingGB * BYTES),
    remainingGB,
    percentUsed: Math.round((usedGB / allocatedGB) * 1_000) / 10,
  };
}

/** The page's credentials; the client reads the same five under `proxy`. Undefined where the port is deleted. */
function credentials({ world }: Call, session: Session) {
  const port = portOf(world, session);
  if (!port) return undefined;
  const { serverIp: host, httpPort, socksPort, proxyLogin: username, proxyPassword: password } = port;
  return { host, httpPort, socksPort, username, password, expiresAt: iso(session.expiresAt) };
}

export function proxyUrls({ serverIp, httpPort, socksPort, proxyLogin, proxyPassword }: Port) {
  const user = `${proxyLogin}:${proxyPassword}`;
  return { http: `http://${user}@${serverIp}:${httpPort}`, socks5: `socks5://${user}@${serverIp}:${socksPort}` };
}

export function location({ world }: Call, session: Session) {
  const country = world.atlas.country(session.place.countryId);
  const port = portOf(world, session);
  const place = port && world.placeOf(port);
  return {
    country: country?.name,
    countryCode: country?.code,
    ...(place && { city: place.city.name, carrier: place.carrier.brand }),
  };
}

/** A port as the session tools read it (M). */
export function sessionPort(call: Call, session: Session, port: Port): Json {
  const { world, url } = call;
  const left = Math.max(0, Math.floor((session.expiresAt - world.clock.now()) / 1_000));
  return {
    id: port.id,
    displayName: `Proxy #${port.number}`,
    ...proxyUrls(port),
    expiresAt: iso(session.expiresAt),
    expiresInSeconds: left,
    rotationUrl: `${url}/rotate/${port.rotationToken}`,
    status: statusOf(world, session),
    traffic: { usedBytes: Math.round(port.usedGB * BYTES), usedGB: round(port.usedGB) },
  };
}

/** As the session tools read it (M). */
function toolShape(call: Call, session: Session): Json {
  const { world } = call;
  const port = portOf(world, session);
  return {
    sessionId: session.id,
    walletAddress: checksum(session.wallet),
    network: world.x402.network.network,
    txHash: session.txHash,
    amountUSDC: Number(session.amountUSDC),
    tier: session.tier,
    trafficAllocatedGB: session.allocatedGB,
    trafficUsedGB: usedBy(world, session),
    portCount: port ? 1 : 0,
    createdAt: iso(session.createdAt),
    expiresAt: iso(session.expiresAt),
    isActive: statusOf(world, session) === "active",
  };
}

/** As the wallet client reads it (M). */
export function walletShape(call: Call, session: Session): Json {
  const { world, url } = call;
  const port = portOf(world, session);
  return {
    id: session.id,
    status: statusOf(world, session),
    expiresAt: iso(session.expiresAt),
    proxy: credentials(call, session),
    location: location(call, session),
    traffic: trafficAnswer(call, session),
    payment: {
      network: world.x402.network.network,
      transactionHash: session.txHash,
      amountUSDC: session.amountUSDC,
      paidAt: iso(session.createdAt),
    },
    ...(port && { rotationUrl: `${url}/rotate/${port.rotationToken}`, rotationToken: port.rotationToken }),
  };
}

export const portsOf = (call: Call, session: Session): Json[] => {
  const port = portOf(call.world, session);
  return port ? [sessionPort(call, session, port)] : [];
};

/** What GET /x402/manage/session answers to its owner. */
export function ownSession(call: Call, session: Session): Json {
  return { ...walletShape(call, session), ...toolShape(call, session), ports: portsOf(call, session) };
}

/** What is answered of a session that is read without its token: no source says how much. */
export function recovered(call: Call, session: Session, shape: "union" | "tool" | "wallet" = "union"): Json {
  const { x402Recovery: how } = call.quirks;
  const union = { ...ownSession(call, session), sessionToken: session.token };
  const whole = shape === "tool" ? toolShape(call, session) : shape === "wallet" ? walletShape(call, session) : union;
  const hidden = { full: [], noToken: ["sessionToken"], bare: [...CREDENTIALS] }[how];
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !(hidden as string[]).includes(name)));
}

const CREDENTIALS = ["sessionToken", "proxy", "ports", "rotationUrl", "rotationToken"] as const;

/** What a paid request for a proxy answers. */
export function purchaseAnswer(call: Call, session: Session, payment: Payment): Json {
  const page = { credentials: credentials(call, session) };
  const mcp = {
    success: true,
    sessionToken: session.token,
    session: { ...walletShape(call, session), sessionToken: session.token },
    payment: {
      network: call.world.x402.network.network,
      transactionHash: payment.txHash,
      amountPaid: toText(payment.amount),
      currency: "USDC",
    },
  };
  return { union: { ...mcp, ...page }, page, mcp }[call.quirks.x402Answer];
}

export function topupAnswer(call: Call, session: Session, payment: Payment | undefined): Json {
  const expiresAt = iso(session.expiresAt);
  const port = portOf(call.world, session);
  return {
    sessionId: session.id,
    trafficAllocatedGB: session.allocatedGB,
    expiresAt,
    payment: {
      txHash: payment?.txHash ?? "duration-only",
      network: call.world.x402.network.network,
      amountUSDC: toNumber(payment?.amount ?? "0"),
    },
    ports: port ? [{ id: port.id, expiresAt }] : [],
  };
}
