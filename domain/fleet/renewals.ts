import { type SettledFleet } from "./args";
import { type KnownMember } from "./members";

/** An even spread, whatever the size: multiples of the golden ratio never crowd. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Seconds before the end of its lease at which a member is due: its own, always the same, in whole minutes. */
export function renewBeforeOfMember(number: number, { lease }: SettledFleet): number {
  const { renewBeforeSeconds, staggerSeconds } = lease;
  const own = Math.floor(((number * GOLDEN) % 1) * staggerSeconds);
  return renewBeforeSeconds + (staggerSeconds >= 3_600 ? own - (own % 60) : own);
}

/** From when on a run renews a member, epoch ms. At once: 0. Infinity where it is over and kept, or was never read. */
export function renewsAt({ renewAt = "", lease = "running" }: KnownMember, fleet: SettledFleet): number {
  if (lease === "renewing") return 0;
  if (lease === "over") return (fleet.lease.onExpired ?? "replace") === "replace" ? 0 : Infinity;
  return Date.parse(renewAt) || Infinity;
}

/**
 * Members whose renewal waits for another run: all but the most urgent ones, as many as one run may renew. What serves
 * no more does not wait, and counts. Which of the others are due is for the provider to say, by the vendor's clock.
 */
export function heldBack(before: readonly KnownMember[], fleet: SettledFleet): Set<number> {
  const renewing = before
    .map((member) => ({ number: member.number, at: renewsAt(member, fleet) }))
    .filter(({ at }) => at < Infinity)
    .sort((a, b) => a.at - b.at || a.number - b.number);
  const later = renewing.slice(fleet.lease.maxRenewalsPerUpdate);
  return new Set(later.filter(({ at }) => at > 0).map(({ number }) => number));
}
