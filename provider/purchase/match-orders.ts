import { differs } from "../../domain/differs";
import { knownSlotType } from "../../domain/slot-type";
import { type Port, type PortOrder } from "../../api";

/** The vendor's clock is known to the second, and an order may take a moment to reach it: ms that a time may be off. */
const EARLY = 2_000;
/** An order may wait its turn for 15 minutes and be tried for 2; what it bought was made by then: ms after it came up. */
export const LATE = (15 + 2 + 1) * 60_000;

/** An order, and the vendor's time when it came up. */
export interface Sent {
  order: PortOrder;
  at: number;
  /** By when its port was made at the latest, if that is not reported by `at`. */
  until?: number;
  /** Ports that were there before it. */
  before?: ReadonlySet<string>;
}

/** Whether one port could be what either of two orders bought: "DE" and "DE, Vodafone" could share one. */
export const couldShare = (a: PortOrder, b: PortOrder): boolean =>
  (a.isPrivate ?? false) === (b.isPrivate ?? false) &&
  !(["countryId", "carrierId", "cityId", "regionId"] as const).some((part) => differs(a[part], b[part]));

/** Whether a port may be what an order bought that was sent at a time of the vendor's clock. */
export function fits(port: Port, { order, at, until = at + LATE, before }: Sent): boolean {
  const made = port.createdAt;
  return !(
    before?.has(port.id) ||
    leaseError(port, order) > ROUNDING.ms + ROUNDING.part * order.expiresInSeconds * 1_000 ||
    (made !== undefined && (made < at - EARLY || made > until + EARLY)) ||
    differs(knownSlotType(port.slotType), order.isPrivate ? "private" : "shared") ||
    differs(port.country?.id, order.countryId) ||
    differs(port.carrier?.id, order.carrierId) ||
    differs(port.city?.id, order.cityId) ||
    differs(port.region?.id, order.regionId)
  );
}

/** Ports that a text names at most: each resource that is unclear has one. */
const MOST_NAMED = 8;

/** What to report where it is not certain which ports lost orders bought. */
function unclear(candidates: Port[], lost: number): string {
  const ids = candidates.slice(0, MOST_NAMED).map((port) => port.id);
  const more = candidates.length - ids.length;
  return (
    `${candidates.length === 1 ? "1 new port fits" : `${candidates.length} new ports fit`} ` +
    `${lost === 1 ? "one lost answer" : `${lost} lost answers`}: ` +
    `${ids.join(", ")}${more > 0 ? ` and ${more} more, which \`npx proxies-sx orphans\` lists` : ""}. ` +
    'If one is yours, adopt it with the resource option { import: "<id>" }; it was not bought again. ' +
    `If none is, \`npx proxies-sx disown ${more > 0 ? "<id> …" : ids.join(" ")}\` lets the next run buy.`
  );
}

/** How far a lease may be from what was ordered to be the same, in ms: times are known to the second. */
const SLACK = 60_000;
/** A vendor may round leases. One that is further off than this, in ms and in parts of it, was ordered by another. */
const ROUNDING = { ms: 3_600_000, part: 0.05 };

/** How far the lease of a port is from what was ordered, in ms; 0 where the port does not report it. */
function leaseError({ createdAt, expiresAt }: Port, order: PortOrder): number {
  if (createdAt === undefined || expiresAt === undefined) return 0;
  return Math.abs(expiresAt - createdAt - order.expiresInSeconds * 1_000);
}

/** Whether a port is what was ordered in all that it has: then it is taken for the order's, without asking. */
const isExact = (port: Port, sent: Sent): boolean =>
  fits(port, sent) &&
  leaseError(port, sent.order) <= SLACK &&
  (port.osFingerprint === undefined || port.osFingerprint === (sent.order.osFingerprint ?? ""));

/** Whether a port that was made before a time is what an order bought in all that it has. */
export const fitsBefore = (port: Port, order: PortOrder, at: number): boolean =>
  port.createdAt !== undefined && isExact(port, { order, at: 0, until: at });

/** The lost orders that could share a port with one of them, directly or through others. */
export function together<Lost extends Sent>(one: Lost, all: Lost[]): Lost[] {
  const orders = [one];
  for (const known of orders) {
    orders.push(...all.filter((other) => !orders.includes(other) && couldShare(known.order, other.order)));
  }
  return orders;
}

/** How much an order asks for: one that any device fulfils can best do without a port that was made for another. */
const demands = ({ order: { carrierId, cityId, regionId } }: Sent): number =>
  [carrierId, cityId, regionId].filter((part) => part !== undefined).length;

/** Gives as many orders as possible a port that is exactly what was ordered, demanding orders first. */
export function matchUp<Lost extends Sent>(sent: Lost[], ports: Port[]): Map<Lost, Port> {
  const orders = [...sent].sort((a, b) => demands(b) - demands(a));
  const owners = new Map<Port, Lost>();
  /** Takes a free port, or one whose owner finds another. */
  const seek = (lost: Lost, tried: Set<Port>): boolean =>
    ports.some((port) => {
      if (tried.has(port) || !isExact(port, lost)) return false;
      tried.add(port);
      const owner = owners.get(port);
      if (owner !== undefined && !seek(owner, tried)) return false;
      owners.set(port, lost);
      return true;
    });
  for (const lost of orders) seek(lost, new Set());
  return new Map([...owners].map(([port, lost]) => [lost, port]));
}

/**
 * What lost orders bought, by the ports that nobody has: one for each order, where that is certain. Ports of one order
 * are interchangeable, so it is certain where no more ports are exactly what was ordered than orders were lost. An order
 * without one is `unclear`, with what to report, where there are more, or where a port could be its own with a lease that
 * was rounded.
 */
export function settle<Lost extends Sent>(
  orders: Lost[],
  free: Port[],
): { found: Map<Lost, Port>; unclear: Map<Lost, string> } {
  const exact = free.filter((port) => orders.some((sent) => isExact(port, sent)));
  if (exact.length > orders.length) {
    return { found: new Map(), unclear: new Map(orders.map((one) => [one, unclear(exact, orders.length)])) };
  }
  const found = matchUp(orders, exact);
  const taken = new Set(found.values());
  const told = new Map<Lost, string>();
  for (const one of orders.filter((order) => !found.has(order))) {
    const near = free.filter((port) => !taken.has(port) && fits(port, one));
    if (near.length > 0) told.set(one, unclear(near, found.size === 0 ? orders.length : 1));
  }
  return { found, unclear: told };
}
