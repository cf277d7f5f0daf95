import { z } from "zod";
import { count, host, id, link, listOf, login, portNumber, quantity, requiredId, text, word } from "../fields";
import { present, type Reader, reader } from "../reading";
import { time } from "../time";
import { exactQuantity, hashOrNone, networkName, proxyUrl, token, usdc, walletAddress } from "./fields";
import { canonicalName } from "./networks";
import { type ProxyCredentials, type Session, type SessionPort } from "./session";

export const credentialsSchema = z.object({
  host,
  httpPort: portNumber,
  socksPort: portNumber,
  username: login,
  password: login,
  expiresAt: time,
});

export const locationSchema = z.object({ country: text, countryCode: text, city: text, carrier: text });

export const trafficSchema = z.object({
  allocatedGB: exactQuantity,
  allowedGB: exactQuantity,
  usedGB: exactQuantity,
  remainingGB: exactQuantity,
});

export const portSchema = z.object({
  id: requiredId,
  displayName: text,
  http: proxyUrl,
  socks5: proxyUrl,
  expiresAt: time,
  expiresInSeconds: quantity,
  rotationUrl: link,
  status: word,
  traffic: z.object({ usedBytes: quantity, usedGB: exactQuantity }).nullish(),
});

/** Of the purchase, inside a session and beside it; each name of a source. */
export const paymentSchema = z.object({
  network: networkName.nullish(),
  transactionHash: hashOrNone,
  txHash: hashOrNone,
  amountUSDC: usdc,
  amountPaid: usdc,
  paidAt: time,
});

/** The union of the session tools' fields, the wallet client's, and the vendor page's. */
export const sessionSchema = z.object({
  id,
  sessionId: id,
  sessionToken: token,
  status: word,
  isActive: z.boolean().nullish(),
  tier: word,
  walletAddress,
  network: networkName.nullish(),
  txHash: hashOrNone,
  amountUSDC: usdc,
  trafficAllocatedGB: exactQuantity,
  trafficUsedGB: exactQuantity,
  portCount: count,
  createdAt: time,
  expiresAt: time,
  proxy: credentialsSchema.nullish(),
  location: locationSchema.nullish(),
  traffic: trafficSchema.nullish(),
  payment: paymentSchema.nullish(),
  rotationUrl: link,
  rotationToken: id,
  ports: listOf(portSchema).nullish(),
});

export function toPort({ traffic, ...port }: z.output<typeof portSchema>): SessionPort {
  return present<SessionPort>({ ...port, usedBytes: traffic?.usedBytes, usedGB: traffic?.usedGB });
}

export function toSession(seen: z.output<typeof sessionSchema>): Session {
  const { payment, traffic, proxy } = seen;
  const network = seen.network ?? payment?.network;
  return present<Session>({
    id: seen.sessionId ?? seen.id,
    token: seen.sessionToken,
    status: seen.status,
    isActive: seen.isActive,
    tier: seen.tier,
    wallet: seen.walletAddress,
    network: network && canonicalName(network),
    transactionHash: seen.txHash ?? payment?.transactionHash ?? payment?.txHash,
    paid: seen.amountUSDC ?? payment?.amountUSDC ?? payment?.amountPaid,
    allocatedGB: seen.trafficAllocatedGB ?? traffic?.allocatedGB ?? traffic?.allowedGB,
    usedGB: seen.trafficUsedGB ?? traffic?.usedGB,
    remainingGB: traffic?.remainingGB,
    portCount: seen.portCount,
    createdAt: seen.createdAt ?? payment?.paidAt,
    expiresAt: seen.expiresAt ?? proxy?.expiresAt,
    proxy: proxy && present<ProxyCredentials>(proxy),
    location: seen.location && present(seen.location),
    rotationUrl: seen.rotationUrl,
    rotationToken: seen.rotationToken,
    ports: seen.ports?.map(toPort),
  });
}

/** A session by itself, or as `{session}`. */
export const readSession: Reader<Session> = reader(
  z.preprocess((body) => {
    const inner = (body as { session?: unknown } | null | undefined)?.session;
    return typeof inner === "object" && inner !== null ? inner : body;
  }, sessionSchema),
  (seen, context) => {
    const session = toSession(seen);
    if (session.id === undefined) throw context.broken(["id"], "is missing");
    return session;
  },
);
