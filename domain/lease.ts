import { parseDuration } from "./duration";

/** Shortest and longest lease that the vendor sells, in seconds (source: the vendor's MCP client). */
export const LEASE_SECONDS = { min: 60, max: 31_536_000 } as const;

const DAY = 86_400;

/** What a program says of a lease: lengths of time in seconds, or as texts ("30d"). */
export interface LeaseTerms {
  expiresIn: number | string;
  renewBefore?: number | string;
}

/** What is known of a port's lease: the vendor's word for its status, or one of ours, and its times, epoch ms. */
export interface Lease {
  status?: string;
  createdAt?: number;
  expiresAt?: number;
}

/** Where a lease stands. A lease cannot be extended: a renewal is a new port, made before the old one ends. */
export type LeaseState = "running" | "due" | "over";

/** Status of ours: the old port was released, and the new one is not bought yet. A later run buys it. */
export const RENEWING = "renewing" as const;
/** Words under which there is no port at the vendor (source: the vendor's MCP client knows "deleted"). */
const GONE = ["deleted", RENEWING];
/** Words for a lease that is over (source: the vendor's page). A port that is suspended may serve again. */
const OVER = [...GONE, "expired"];

/** A time of a state, ISO 8601, in epoch ms. Undefined for what is none. */
export function timeOf(iso: unknown): number | undefined {
  const time = typeof iso === "string" ? Date.parse(iso) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The other way round. */
export const isoTime = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

/** Answers may have one time in ms and in whole seconds, so what differs by less than a second is the same. */
export const toldTime = (told: number | undefined, before: number | undefined): number | undefined =>
  told !== undefined && before !== undefined && Math.abs(told - before) < 1_000 ? before : (told ?? before);

/** The lease that a state holds, by its outputs. */
export const leaseIn = (outputs: { status?: unknown; createdAt?: unknown; expiresAt?: unknown }): Lease => ({
  status: typeof outputs.status === "string" ? outputs.status : undefined,
  createdAt: timeOf(outputs.createdAt),
  expiresAt: timeOf(outputs.expiresAt),
});

/** Whether the vendor has no such port any more. */
export const isGone = (status: string | undefined): boolean => status !== undefined && GONE.includes(status);

/** Whether a lease is over by its word: the time may not be known, and a port can be gone before it. */
export const hasOverStatus = (status: string | undefined): boolean => status !== undefined && OVER.includes(status);

/** Whether a port does not serve again. At its very end a lease is over. */
export const isOver = ({ status, expiresAt }: Lease, now: number): boolean =>
  hasOverStatus(status) || (expiresAt !== undefined && expiresAt <= now);

/** Whether clients can use a port: its lease runs, and it is not suspended. */
export const serves = (lease: Lease, now: number): boolean => !isOver(lease, now) && lease.status !== "suspended";

/** Both bounds belong to the later state: at `renewalTime` a lease is due, at its end it is over. */
export function leaseState(lease: Lease, terms: LeaseTerms, now: number): LeaseState {
  if (isOver(lease, now)) return "over";
  return now >= (renewalTime(lease, terms) ?? Infinity) ? "due" : "running";
}

/** When a run first renews the port, epoch ms. Undefined where the end is not known. */
export const renewalTime = ({ createdAt, expiresAt }: Lease, terms: Partial<LeaseTerms>): number | undefined =>
  expiresAt === undefined ? undefined : expiresAt - renewBeforeOf(terms, lengthOf(createdAt, expiresAt)) * 1_000;

/** In seconds. Infinite where the begin is not known. */
const lengthOf = (createdAt: number | undefined, expiresAt: number): number =>
  createdAt === undefined ? Infinity : (expiresAt - createdAt) / 1_000;

/**
 * Seconds before the end of a lease from which on a run renews the port. The default is a tenth of the lease, so that a
 * lease of an hour is not renewed each time, and at most three days, so that a long lease is used.
 */
export function renewBeforeSeconds({ expiresIn, renewBefore }: LeaseTerms): number {
  if (renewBefore !== undefined) return parseDuration(renewBefore) ?? 0;
  return Math.min(Math.floor((parseDuration(expiresIn) ?? 0) / 10), 3 * DAY);
}

/**
 * The same for a port that is really rented for `length` seconds: a new expiresIn is for the next lease and must not
 * make the running one due, and neither must a renewBefore that is longer than the running lease.
 */
function renewBeforeOf({ expiresIn = 0, renewBefore }: Partial<LeaseTerms>, length: number): number {
  const wanted = renewBeforeSeconds({ expiresIn, renewBefore });
  if (!Number.isFinite(length)) return wanted;
  const usual = renewBeforeSeconds({ expiresIn: Math.max(0, Math.floor(length)) });
  return renewBefore === undefined ? Math.min(wanted, usual) : wanted < length ? wanted : usual;
}

/** A port of before a renewal, as states hold it. Times are ISO 8601. */
export interface RetiringPort {
  portId: string;
  /** When it was renewed. */
  since: string;
  /** End of its own lease. */
  expiresAt?: string;
}

/** What a program says of old ports. */
interface OverlapTerms {
  overlap?: unknown;
}

/** How long the old port of a renewal serves on, in seconds; undefined: until the next run. Infinity: not known yet. */
export const overlapOf = ({ overlap }: OverlapTerms): number | undefined =>
  overlap === undefined || overlap === null ? undefined : (parseDuration(overlap) ?? Infinity);

/**
 * From when on a run releases a retiring port, epoch ms: when its overlap has passed, at the latest at the end of its
 * own lease. Without an overlap the next run does, whatever the time is.
 */
export function releaseTime({ since, expiresAt }: RetiringPort, terms: OverlapTerms): number {
  return Math.min((timeOf(since) ?? 0) + (overlapOf(terms) ?? 0) * 1_000, timeOf(expiresAt) ?? Infinity);
}

/** Whether a port's own lease has ended: it serves nobody, and may hold its slot still. */
export const hasEnded = ({ expiresAt }: RetiringPort, now: number): boolean => now >= (timeOf(expiresAt) ?? Infinity);

/**
 * Which retiring ports of a state a run releases: their time has passed, or their own lease has ended. Until another
 * port serves clients may use the old ones, so then it is only those of which nobody has anything.
 */
export function releasesDue(
  outputs: { status?: unknown; expiresAt?: unknown; retiring?: readonly RetiringPort[] },
  terms: OverlapTerms,
  now: number,
): RetiringPort[] {
  const isReplaced = isServing(outputs, now);
  const hasPassed = (one: RetiringPort): boolean => overlapOf(terms) === undefined || now >= releaseTime(one, terms);
  return (outputs.retiring ?? []).filter((one) => hasEnded(one, now) || (isReplaced && hasPassed(one)));
}

/** Whether clients can use the port that a state holds. One that was never read may not. */
export const isServing = (outputs: { status?: unknown; expiresAt?: unknown }, now: number): boolean =>
  typeof outputs.status === "string" && serves(leaseIn(outputs), now);
