import { differs } from "../../domain/differs";
import { parseDuration } from "../../domain/duration";
import { PLACE_PARTS, type PlaceArgs } from "../../domain/place-names";
import { slotTypeOf } from "../../domain/slot-type";
import { type Port } from "../../api";
import { type PortArgs } from "./args";
import { type PortState } from "./state";
import { type Place } from "../run/reference";
import { type Session } from "../run/session";
import { isUnknown } from "../../domain/unknown";

/**
 * Which parts of a place a run has to change at the vendor. Another spelling of the same country or carrier is no
 * change, and neither is a part that is no longer asked for: a port that stays where it is fulfils that.
 */
export async function movedParts(olds: PortArgs, news: PortArgs, session: Session): Promise<(keyof PlaceArgs)[]> {
  const parts = PLACE_PARTS.filter((part) => news[part] !== undefined && news[part] !== olds[part]);
  const spelt = parts.filter((part) => part === "country" || part === "carrier");
  if (spelt.length === 0 || PLACE_PARTS.some((part) => isUnknown(news[part]))) return parts;
  const isPrivate = news.slotType === "private";
  const to = await session.reference.resolve(news, isPrivate);
  const from = await session.reference.resolve(olds, isPrivate).catch(() => undefined);
  if (!from || from.country.id !== to.country.id) return parts;
  return parts.filter((part) => part !== "country" && (part !== "carrier" || from.carrier?.id !== to.carrier?.id));
}

/** "24h", "1d" and 86400 are one length: an import has it in one form, and a program in another. */
const lengthOf = (value: unknown): unknown => parseDuration(value) ?? value;

/** Inputs whose value is only recorded: nothing at the vendor follows from them until the next lease. */
export function recordedParts(olds: PortArgs, news: PortArgs): (keyof PortArgs)[] {
  const dropped = PLACE_PARTS.filter((part) => news[part] === undefined && olds[part] !== undefined);
  const lengths = (["expiresIn", "renewBefore", "overlap"] as const).filter(
    (name) => lengthOf(news[name]) !== lengthOf(olds[name]),
  );
  return [...dropped, ...lengths, ...(news.onExpired === olds.onExpired ? [] : (["onExpired"] as const))];
}

/**
 * Inputs as the vendor's side has them now, where that differs from what was asked for. A carrier that rotation may
 * change by itself is none, since the user allowed it: automatic rotation without matchCarrier.
 */
export function driftOf(port: Port, olds: Partial<PortState>): Partial<PortArgs> {
  const drift: Partial<PortArgs> = {};
  const [country, brand] = [port.country?.code, port.carrier?.brand];
  const movedCountry = differs(country, olds.countryCode);
  if (movedCountry) drift.country = country;
  const wanders = port.rotationSettings?.enabled === true && port.rotationSettings.matchCarrier !== true;
  const movedCarrier = olds.carrier !== undefined && differs(brand, olds.carrierBrand);
  if (movedCarrier && (movedCountry || !wanders)) drift.carrier = brand;
  if (differs(port.osFingerprint, olds.osFingerprint)) drift.osFingerprint = port.osFingerprint;
  return drift;
}

/** @throws InputError that names the nearest country or carrier that there is */
export function resolvePlace(news: PortArgs, session: Session): Promise<Place> {
  return session.reference.resolve(news, slotTypeOf(news) === "private");
}

/** A place as the vendor takes it. */
export function destination(
  news: PortArgs,
  place: Place,
): { countryId: string; carrierId?: string; cityId?: string; regionId?: string } {
  return {
    countryId: place.country.id,
    ...(place.carrier && { carrierId: place.carrier.id }),
    ...(news.cityId !== undefined && { cityId: news.cityId }),
    ...(news.regionId !== undefined && { regionId: news.regionId }),
  };
}

/** No fingerprint and the vendor's value for none are the same. */
export const fingerprintOf = (args: { osFingerprint?: string }): string => args.osFingerprint ?? "";
