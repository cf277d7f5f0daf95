import { type Port, type PortOrder } from "../api";

/** The vendor's clock is known to the second, and an order may take a moment to reach it: ms before an order. */
const EARLY = 2_000;
/** An order may wait its turn for 15 minutes and be tried for 2; what it bought was made by then: ms after it came up. */
export const LATE = (15 + 2 + 1) * 60_000;

/** An order, and the vendor's time when it came up. */
export interface Sent {
  order: PortOrder;
  at: number;
}

const differs = (told: string | undefined, wanted: string | undefined): boolean =>
  told !== undefined && wanted !== undefined && told !== wanted;

/** Whether one port could be what either of two orders bought: "DE" and "DE, Vodafone" could share one. */
export const couldShare = (a: PortOrder, b: PortOrder): boolean =>
  (a.isPrivate ?? false) === (b.isPrivate ?? false) &&
  !(["countryId", "carrierId", "cityId", "regionId"] as const).some((part) => differs(a[part], b[part]));

/**
 * Whether a port may be what an order bought that was sent at a time of the vendor's clock. A fact that the answer does
 * not tell speaks neither for nor against.
 */
function fits(port: Port, order: PortOrder, at: number): boolean {
  const made = port.createdAt;
  return !(
    (made !== undefined && (made < at - EARLY || made > at + LATE)) ||
    differs(port.slotType, order.isPrivate ? "private" : "shared") ||
    differs(port.country?.id, order.countryId) ||
    differs(port.carrier?.id, order.carrierId) ||
    differs(port.city?.id, order.cityId) ||
    differs(port.region?.id, order.regionId)
  );
}

/** What to tell where more ports fit than orders were lost. */
export const unclear = (candidates: Port[], lost: number): string =>
  `${candidates.length} new ports fit ${lost === 1 ? "one lost answer" : `${lost} lost answers`}: ` +
  `${candidates.map((port) => port.id).join(", ")}. ` +
  'If one is yours, adopt it with the resource option { import: "<id>" }; it was not bought again. ' +
  `If none is, \`npx proxies-sx disown ${candidates.map((port) => port.id).join(" ")}\` lets the next run buy.`;

/** How far a lease may be from what was ordered to count as exact, in ms: a vendor may round. */
const SLACK = 60_000;

/** Whether a port is what was ordered also in what excludes none: the length of its lease and its fingerprint. */
const isExact = (port: Port, { order }: Sent): boolean =>
  (port.expiresAt === undefined ||
    port.createdAt === undefined ||
    Math.abs(port.expiresAt - port.createdAt - order.expiresInSeconds * 1_000) <= SLACK) &&
  (port.osFingerprint ?? "") === (order.osFingerprint ?? "");

/**
 * The lost orders that could share a port with one of them, directly or through others, and the ports that fit any.
 * Where there are more ports than orders, those that are exactly what was ordered count.
 */
export function together<Lost extends Sent>(one: Lost, all: Lost[], free: Port[]): { orders: Lost[]; ports: Port[] } {
  const orders = [one];
  for (const known of orders) {
    orders.push(...all.filter((other) => !orders.includes(other) && couldShare(known.order, other.order)));
  }
  const ports = free.filter((port) => orders.some(({ order, at }) => fits(port, order, at)));
  const exact = ports.filter((port) => orders.some((sent) => fits(port, sent.order, sent.at) && isExact(port, sent)));
  return { orders, ports: ports.length > orders.length && exact.length > 0 ? exact : ports };
}

/** How much an order asks for: one that any device fulfils can best do without a port that was made for another. */
const demands = ({ order: { carrierId, cityId, regionId } }: Sent): number =>
  [carrierId, cityId, regionId].filter((part) => part !== undefined).length;

/** Gives as many orders as possible a port that fits, exact ones and demanding orders first. */
export function matchUp<Lost extends Sent>(sent: Lost[], ports: Port[]): Map<Lost, Port> {
  const orders = [...sent].sort((a, b) => demands(b) - demands(a));
  const owners = new Map<Port, Lost>();
  const fitting = (port: Port, { order, at }: Lost): boolean => fits(port, order, at);
  const exact = (port: Port, lost: Lost): boolean => fitting(port, lost) && isExact(port, lost);
  /** Takes a free port, or one whose owner finds another. */
  const seek = (lost: Lost, may: typeof fitting, tried: Set<Port>): boolean =>
    ports.some((port) => {
      if (tried.has(port) || !may(port, lost)) return false;
      tried.add(port);
      const owner = owners.get(port);
      if (owner !== undefined && !seek(owner, may, tried)) return false;
      owners.set(port, lost);
      return true;
    });
  for (const lost of orders) seek(lost, exact, new Set());
  const without = orders.filter((lost) => ![...owners.values()].includes(lost));
  for (const lost of without) seek(lost, fitting, new Set());
  return new Map([...owners].map(([port, lost]) => [lost, port]));
}
