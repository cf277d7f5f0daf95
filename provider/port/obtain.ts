import { type SlotType, slotTypeOf } from "../../domain/slot-type";
import { type Port, type PortOrder } from "../../api";
import { buyerKey } from "../purchase/owner-key";
import { InputError, ProviderError, UnfinishedError } from "../errors";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { givenInputs } from "../input-values";
import { checkPortArgs, leaseSeconds, PORT_INPUTS, type PortArgs } from "./args";
import { destination, driftOf, resolvePlace } from "./place";
import { isWhole } from "../run/port-reader";
import { finished, type PortState, toState } from "./state";
import { type Place } from "../run/reference";
import { type Session } from "../run/session";
import { isRefused } from "../run/slots";

/**
 * The state of a port that was obtained. One that a killed run bought may not be what the program says by now: the
 * state then has what it is, and the next run changes it.
 */
export function asObtained(
  told: Port,
  news: PortArgs,
  old: Partial<PortState>,
  hidden: Hidden,
  session: Session,
): PortState {
  const drift = driftOf(told, { ...news, countryCode: old.countryCode, carrierBrand: old.carrierBrand });
  const isElsewhere = drift.country !== undefined || drift.carrier !== undefined;
  const __account = session.account.kept(old);
  const before = { ...old, ...(isElsewhere && { carrierBrand: undefined }), __account, __stack: stackOf(hidden) };
  const state = toState(told, { ...news, ...drift }, session.settings.apiUrl, before);
  if (Object.keys(drift).length > 0 || state.slotType !== slotTypeOf(news)) {
    session.notice(
      `port ${told.id} is not what the program declares; the next run of \`pulumi up\` changes it.`,
      hidden.urn,
    );
  }
  return state;
}

/** A port, and whether the answer had all of it. */
export interface Obtained {
  port: Port;
  whole: boolean;
}

/** Takes up what a run bought for this resource that did not end well. The place may not be known any more. */
export async function takeUp(
  news: PortArgs,
  hidden: Hidden,
  place: Place | undefined,
  session: Session,
  instead?: string,
): Promise<Obtained | undefined> {
  const ordered = (inputs: object): Promise<PortOrder | undefined> => orderOfInputs(inputs, session);
  const order = place && orderOf(news, place);
  const old = instead ?? (await replacedPort(hidden, session));
  const port = await session.purchases.takeUp(hidden, order, ordered, old, instead === undefined);
  if (!port) return undefined;
  session.notice(`port ${port.id}, which a run bought that did not end well, is taken up.`, hidden.urn);
  return { port, whole: isWhole(port) };
}

/** What an earlier program ordered. Undefined where that cannot be ordered any more. */
async function orderOfInputs(inputs: object, session: Session): Promise<PortOrder | undefined> {
  try {
    const args = givenInputs(inputs as PortArgs, PORT_INPUTS) as PortArgs;
    checkPortArgs(args);
    return orderOf(args, await resolvePlace(args, session));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const orderOf = (news: PortArgs, place: Place): PortOrder => ({
  ...destination(news, place),
  expiresInSeconds: leaseSeconds(news),
  isPrivate: slotTypeOf(news) === "private",
  ...(news.osFingerprint && { osFingerprint: news.osFingerprint }),
});

/** Buys one port, by a renewal `instead` of another. */
export async function buy(
  news: PortArgs,
  hidden: Hidden,
  place: Place,
  session: Session,
  instead?: string,
): Promise<Obtained> {
  const slotType = slotTypeOf(news);
  const order = orderOf(news, place);
  const port = await session.purchases.buy(order, buyerKey(hidden) ?? "", instead);
  session.ports.bought(port);
  if (port.slotType !== undefined && port.slotType !== slotType) {
    session.notice(
      `port ${port.id} was ordered on a ${slotType} slot, and the vendor says ${port.slotType}.`,
      hidden.urn,
    );
  }
  return { port, whole: isWhole(port) };
}

/** Pauses before an order is sent again whose slot was freed just before, in ms: a vendor may free it a little later. */
const AGAIN = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Sends an order until the slot is there that was freed for it. Another purchase may have taken it meanwhile: from the
 * second refusal on `makeRoom` is tried, which shows whether it made any.
 */
export async function buyWithPatience(
  order: () => Promise<Obtained>,
  slotType: SlotType,
  hidden: Hidden,
  session: Session,
  makeRoom: () => Promise<boolean>,
): Promise<Obtained> {
  for (const [at, pause] of AGAIN.entries()) {
    try {
      return await session.slots.taken(slotType, order);
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (at > 0 && (await session.slots.lacks(slotType, error)) && (await makeRoom())) continue;
    }
    session.progress(`waiting for the slot that was freed, ${pause / 1_000} s`, hidden.urn);
    await session.sleep(pause);
  }
  return session.slots.taken(slotType, order);
}

/** Buys a port that the state does not hold. Where no slot is free, a retiring port of the stack makes room. */
export async function buyNew(news: PortArgs, hidden: Hidden, place: Place, session: Session): Promise<Obtained> {
  const slotType = slotTypeOf(news);
  // Should the run be killed, a destroy knows by the old port what was bought.
  const old = await replacedPort(hidden, session);
  const order = (): Promise<Obtained> => buy(news, hidden, place, session, old);
  try {
    return await session.slots.taken(slotType, order);
  } catch (error) {
    if (!isRefused(error) || !(await session.slots.lacks(slotType, error))) throw error;
    const bought = await session.room.make(slotType, hidden, [], true, (releaseAnother) =>
      buyWithPatience(order, slotType, hidden, session, releaseAnother),
    );
    if (bought) return bought;
    if (old === undefined && !session.memory.isHeld(hidden.urn)) throw error;
    throw new ProviderError(
      `${error.message} The new port is bought before the old one is released: set the option deleteBeforeReplace, or free a slot.`,
    );
  }
}

/** The port that a create takes the place of. A forced replacement is compared with nothing: the state shows it. */
async function replacedPort(hidden: Hidden, session: Session): Promise<string | undefined> {
  const { urn } = hidden;
  const dying = session.memory.dyingOf(urn);
  if (dying !== undefined || urn === undefined) return dying;
  const held = (await session.resourcesOf(hidden, true)).find((one) => one.urn === urn && !one.delete);
  return (held?.outputs as Partial<PortState> | undefined)?.portId;
}

/**
 * A replacement that released the old port first may need the very device that this freed, which the lookup from
 * before did not count.
 */
export async function placeToBuy(news: PortArgs, hidden: Hidden, session: Session): Promise<Place> {
  return resolvePlace(news, session).catch((error: unknown) => {
    if (!(error instanceof InputError) || !session.memory.isHeld(hidden.urn)) throw error;
    session.reference.forget();
    return resolvePlace(news, session);
  });
}

/** Reads a port again whose purchase returned only a part of it. */
export async function completed(
  id: string,
  { port: { id: portId }, whole }: Obtained,
  state: PortState,
  news: PortArgs,
  hidden: Hidden,
  session: Session,
): Promise<PortState> {
  if (whole) return state;
  try {
    const complete = await session.ports.complete(portId);
    if (!complete) {
      throw new ProviderError(
        `port ${portId} was bought, but the vendor does not list it yet; the next run reads it again.`,
      );
    }
    session.ports.wrote(portId, complete);
    return finished(asObtained(complete, news, state, hidden, session));
  } catch (error) {
    throw new UnfinishedError(id, { ...state, status: undefined }, error);
  }
}
