import {
  type Bought,
  formatUsdc,
  type MicroUsdc,
  type NetworkName,
  NETWORKS,
  parseUsdc,
  type Session,
} from "../../api";
import { inputNames } from "../../domain/kinds";
import { isoTime, renewalTime, timeOf, toldTime } from "../../domain/lease";
import { type SlotType } from "../../domain/slot-type";
import { givenInputs } from "../input-values";
import { networkNameOf, tierOf, type X402LeaseArgs } from "./args";

/** What was paid, as states hold it. */
export interface Receipt {
  /** The transaction, 0x and 64 hex digits; missing where neither vendor nor chain has reported it yet. */
  tx?: string;
  /** Of the authorization. */
  nonce: string;
  network: NetworkName;
  /** The token's contract. */
  asset: string;
  payTo: string;
  /** USDC, "4.00". */
  amount: string;
  /** ISO 8601 in UTC. */
  at: string;
}

/** Outputs of an X402Lease: its inputs as given, and what vendor and chain show. */
export interface X402LeaseState extends X402LeaseArgs {
  tier: SlotType;
  network: NetworkName;
  sessionId: string;
  sessionToken?: string;
  /** Who paid, 0x and 40 hex digits. */
  wallet?: string;
  host?: string;
  httpPort?: number;
  socksPort?: number;
  username?: string;
  password?: string;
  rotationUrl?: string;
  status?: string;
  expiresAt?: string;
  renewAt?: string;
  createdAt?: string;
  countryCode?: string;
  trafficAllocatedGB?: number;
  receipts: Receipt[];
  /** Which purchase of the resource the session is of: its nonce is made of it. Missing where it was imported. */
  __serial?: number;
}

const INPUTS = inputNames("X402Lease");

/** The only place that knows both shapes. What an answer does not report stays as it was in `old`. */
export function toState(
  found: Session | Bought,
  args: X402LeaseArgs,
  old: Partial<X402LeaseState>,
  more: Partial<X402LeaseState> = {},
): X402LeaseState {
  const { proxy = portIn(found) } = found;
  const told = {
    sessionId: found.id ?? old.sessionId ?? "",
    sessionToken: found.token ?? old.sessionToken,
    wallet: found.wallet ?? old.wallet,
    host: proxy?.host ?? old.host,
    httpPort: proxy?.httpPort ?? old.httpPort,
    socksPort: proxy?.socksPort ?? old.socksPort,
    username: proxy?.username ?? old.username,
    password: proxy?.password ?? old.password,
    rotationUrl: found.rotationUrl ?? found.ports?.[0]?.rotationUrl ?? old.rotationUrl,
    status: found.status ?? (found.isActive === false ? "expired" : (old.status ?? "active")),
    expiresAt: isoTime(toldTime(found.expiresAt ?? proxy?.expiresAt, timeOf(old.expiresAt))),
    createdAt: isoTime(toldTime(found.createdAt, timeOf(old.createdAt))),
    countryCode: found.location?.countryCode ?? old.countryCode,
    trafficAllocatedGB: found.allocatedGB ?? old.trafficAllocatedGB,
    receipts: old.receipts ?? [],
    ...(old.__serial !== undefined && { __serial: old.__serial }),
    ...more,
  };
  return { ...withRenewal(args, told), ...told };
}

function withRenewal(args: X402LeaseArgs, { expiresAt }: Pick<X402LeaseState, "expiresAt">) {
  const { duration: expiresIn, renewBefore } = args;
  const terms = { expiresIn, ...(renewBefore !== undefined && { renewBefore }) };
  return {
    ...(givenInputs(args, INPUTS) as X402LeaseArgs),
    tier: tierOf(args),
    network: networkNameOf(args),
    ...(expiresIn !== undefined && { renewAt: isoTime(renewalTime({ expiresAt: timeOf(expiresAt) }, terms)) }),
  };
}

/** Credentials, where a session reports them by its port's URLs alone. */
function portIn({ ports = [] }: Pick<Session, "ports">): Session["proxy"] {
  return credentialsIn(ports[0] ?? {});
}

/** `http://user:password@host:port` and the same of socks5, in parts. */
export function credentialsIn({ http, socks5 }: { http?: string; socks5?: string }): Session["proxy"] {
  const [one, two] = [http, socks5].map((url) => (url === undefined ? undefined : new URL(url)));
  const any = one ?? two;
  if (!any) return undefined;
  return {
    host: any.hostname.replace(/^\[|\]$/g, ""),
    ...(one && { httpPort: Number(one.port) }),
    ...(two && { socksPort: Number(two.port) }),
    username: decodeURIComponent(any.username),
    password: decodeURIComponent(any.password),
  };
}

/** What the receipts of a lease come to. */
export const totalOf = (receipts: readonly Receipt[]): MicroUsdc =>
  receipts.reduce((sum, { amount }) => sum + (parseUsdc(amount) ?? 0n), 0n);

/** With one that is new; the same payment has one receipt. */
export function withReceipt(receipts: readonly Receipt[], added: Receipt | undefined): Receipt[] {
  return added ? [...receipts.filter(({ nonce }) => nonce !== added.nonce), added] : [...receipts];
}

export const receiptOf = (of: {
  nonce: string;
  network: NetworkName;
  payTo: string;
  amount: MicroUsdc;
  seconds: number;
  tx?: string;
}): Receipt => ({
  ...(of.tx !== undefined && { tx: of.tx }),
  nonce: of.nonce,
  network: of.network,
  asset: NETWORKS[of.network].usdc,
  payTo: of.payTo,
  amount: formatUsdc(of.amount),
  at: new Date(of.seconds * 1_000).toISOString(),
});
