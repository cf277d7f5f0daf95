import { type Port, type PortOrder } from "../api";

/** The vendor's clock is known to the second, and an order may take a moment to reach it: ms before an order. */
const EARLY = 2_000;
/** An order may wait its turn for 15 minutes and be tried for 2; what it bought was made by then: ms after it came up. */
export const LATE = (15 + 2 + 1) * 60_000;

/** What makes two orders interchangeable: any port of the one would do for the other. */
export const sameOrder = (order: PortOrder): string =>
  JSON.stringify([
    order.countryId,
    order.carrierId,
    order.cityId,
    order.regionId,
    order.isPrivate ?? false,
    order.expiresInSeconds,
  ]);

/**
 * Whether a port may be what an order bought that was sent at a time of the vendor's clock. A fact that the answer does
 * not tell speaks neither for nor against.
 */
export function fits(port: Port, order: PortOrder, at: number): boolean {
  const differs = (told: string | undefined, wanted: string | undefined): boolean =>
    told !== undefined && wanted !== undefined && told !== wanted;
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
  'If one is yours, adopt it with the resource option { import: "<id>" }; it was not bought again.';
