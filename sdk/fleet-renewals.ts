import { type SettledFleet } from "./fleet-args";
import { type KnownMember } from "./fleet-state";

/** An even spread, whatever the size: multiples of the golden ratio never crowd. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Seconds before the end of its lease at which a member is due: its own, always the same, in whole minutes. */
export function renewBeforeOfMember(number: number, { lease }: SettledFleet): number {
  const { renewBeforeSeconds, staggerSeconds } = lease;
  const own = Math.floor(((number * GOLDEN) % 1) * staggerSeconds);
  return renewBeforeSeconds + (staggerSeconds >= 3_600 ? own - (own % 60) : own);
}

/**
 * Members whose renewal waits for another run: all but the most urgent ones, as many as one run may renew. Which of
 * them are due is for the provider to say, by the vendor's clock.
 */
export function heldBack(before: readonly KnownMember[], { lease }: SettledFleet): Set<number> {
  const dueAt = ({ renewAt = "" }: KnownMember): number => Date.parse(renewAt) || 0;
  // What is over and kept renews no more, and must not stand before others.
  const renewing = before.filter(({ serves }) => serves || (lease.onExpired ?? "replace") === "replace");
  const byUrgency = renewing.sort((a, b) => dueAt(a) - dueAt(b) || a.number - b.number);
  return new Set(byUrgency.slice(lease.maxRenewalsPerUpdate).map(({ number }) => number));
}
