import { parseDuration } from "./duration";

/** Shortest and longest lease that the vendor sells, in seconds (source: the vendor's MCP client). */
export const LEASE_SECONDS = { min: 60, max: 31_536_000 } as const;

const DAY = 86_400;

/** Where a lease stands. A lease cannot be extended: a renewal is a new port, made before the old one ends. */
export type LeaseState = "running" | "due" | "over";

/**
 * Seconds before the end of a lease from which on a run replaces the port. The default is a tenth of the lease, so
 * that a lease of an hour is not renewed each time, and at most three days, so that a long lease is used.
 */
export function renewBeforeSeconds(lease: { expiresIn: number | string; renewBefore?: number | string }): number {
  if (lease.renewBefore !== undefined) return parseDuration(lease.renewBefore) ?? 0;
  return Math.min(Math.floor((parseDuration(lease.expiresIn) ?? 0) / 10), 3 * DAY);
}

/** When a run first replaces the port, epoch ms. */
export function renewalTime(expiresAt: number, renewBefore: number): number {
  return expiresAt - renewBefore * 1_000;
}

/** Both bounds belong to the later state: at `renewAt` a lease is due, at `expiresAt` it is over. */
export function leaseState(lease: { expiresAt: number; renewBefore: number }, now: number): LeaseState {
  if (now >= lease.expiresAt) return "over";
  return now >= renewalTime(lease.expiresAt, lease.renewBefore) ? "due" : "running";
}
