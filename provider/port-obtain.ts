import { type Port } from "../api";
import { buyerKey } from "./buyer";
import { type Hidden } from "./handler";
import { leaseSeconds, type PortArgs, slotTypeOf } from "./port-args";
import { driftOf } from "./port-place";
import { isWhole } from "./port-reader";
import { type PortState, toState } from "./port-state";
import { type Place } from "./reference";
import { type Session } from "./session";

/**
 * The state of a port that was obtained. One that a killed run bought may not be what the program says by now: the
 * state then tells what it is, and the next run changes it.
 */
export function asObtained(
  told: Port,
  news: PortArgs,
  old: Partial<PortState>,
  hidden: Hidden,
  session: Session,
): PortState {
  const drift = driftOf(told, { ...news, countryCode: old.countryCode, carrierBrand: old.carrierBrand });
  const differs = drift.country !== undefined || drift.carrier !== undefined;
  const before = differs ? { ...old, carrierBrand: undefined } : old;
  const state = toState(told, { ...news, ...drift }, session.settings.apiUrl, before);
  if (Object.keys(drift).length > 0 || state.slotType !== slotTypeOf(news)) {
    session.notice(
      `port ${told.id} is not what the program declares; the next run of \`pulumi up\` changes it.`,
      hidden.urn,
    );
  }
  return state;
}

/** Takes up what a killed run bought for this resource, or buys. */
export async function obtain(
  news: PortArgs,
  hidden: Hidden,
  place: Place,
  session: Session,
): Promise<{ port: Port; whole: boolean; bought: boolean }> {
  const slotType = slotTypeOf(news);
  const order = {
    ...destination(news, place),
    expiresInSeconds: leaseSeconds(news),
    isPrivate: slotType === "private",
    ...(news.osFingerprint && { osFingerprint: news.osFingerprint }),
  };
  const mayRecover = session.memory.mayRecover(hidden.urn ?? "");
  const earlier = mayRecover ? await session.purchases.takeUp(hidden, order) : undefined;
  if (earlier) {
    session.notice(`port ${earlier.id}, which a run bought that did not end well, is taken up.`, hidden.urn);
    return { port: earlier, whole: isWhole(earlier), bought: false };
  }
  const port = await session.purchases.buy(order, buyerKey(hidden) ?? "");
  session.ports.bought(port);
  session.slots.took(hidden.urn ?? port.id, slotType);
  if (port.slotType !== undefined && port.slotType !== slotType) {
    session.notice(
      `port ${port.id} was ordered on a ${slotType} slot, and the vendor says ${port.slotType}.`,
      hidden.urn,
    );
  }
  return { port, whole: isWhole(port), bought: true };
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
