import { type Port } from "../api";
import { type Hidden } from "./handler";
import { adopt } from "./port-adopt";
import { leaseSeconds, type PortArgs, slotTypeOf } from "./port-args";
import { driftOf } from "./port-place";
import { isWhole } from "./port-reader";
import { type PortState, toState } from "./port-state";
import { type Buyer } from "./purchases";
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

/**
 * Adopts or buys. A resource that the state holds already is being replaced: adopting then would take the very port
 * that is about to be deleted.
 */
export async function obtain(
  news: PortArgs,
  hidden: Hidden,
  place: Place,
  session: Session,
): Promise<{ port: Port; whole: boolean }> {
  if (hidden.adopt !== undefined && !session.memory.isHeld(hidden.urn)) {
    return { port: await adopt(hidden.adopt, hidden.urn, news, place, session), whole: true };
  }
  const order = {
    ...destination(news, place),
    expiresInSeconds: leaseSeconds(news),
    isPrivate: slotTypeOf(news) === "private",
    ...(news.osFingerprint && { osFingerprint: news.osFingerprint }),
  };
  const bought = await session.purchases.buy(order, buyerOf(hidden.urn, session));
  session.ports.bought(bought);
  return { port: bought, whole: isWhole(bought) };
}

/** Stacks of the same name in two backends are two buyers. */
function buyerOf(urn: string | undefined, session: Session): Buyer {
  if (urn === undefined) return { key: "", mayRecover: false };
  return { key: `${process.env.PULUMI_BACKEND_URL ?? ""} ${urn}`, mayRecover: session.memory.mayRecover(urn) };
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
