import { isApiError, type Port } from "../api";
import { InputError, ProviderError, UnfinishedError } from "./errors";
import { type Handler, type Hidden } from "./handler";
import { adopt } from "./port-adopt";
import { checkPortArgs, givenInputs, PORT_INPUTS, type PortArgs, slotTypeOf } from "./port-args";
import { isGone, leaseReplacement } from "./port-lease";
import { driftOf, movedParts, recordedParts } from "./port-place";
import { asObtained, destination, obtain } from "./port-obtain";
import { PORT_SECRETS, type PortState, timeOf, toState } from "./port-state";
import { type Place } from "./reference";
import { type Session } from "./session";
import { isUnknown } from "./unknown";

/** How old a port is, by the vendor's clock, from which on one that is missing is gone, in ms. */
const YOUNG = 60_000;

/** A rented proxy port. Bought by create, moved by update, replaced when its lease is due, released by delete. */
export const port = {
  type: "pulumi-nodejs:dynamic/proxies-sx:Port",
  inputs: PORT_INPUTS,
  secrets: PORT_SECRETS,

  async check({ olds, news, hidden, session }) {
    checkPortArgs(news);
    const { urn } = hidden;
    if (
      urn !== undefined &&
      !olds &&
      !session.memory.isHeld(urn) &&
      hidden.adopt === undefined &&
      !isUnknown(news.slotType)
    ) {
      session.slots.need(urn, slotTypeOf(news));
    }
    const named = [news.country, news.carrier, news.slotType];
    const asBefore =
      olds && named.every((value, index) => value === [olds.country, olds.carrier, olds.slotType][index]);
    // A port that is imported is where it is, whether or not the vendor has other devices there.
    const isImported = !olds && hidden.adopt !== undefined;
    const asked = !asBefore && !isImported && !named.some(isUnknown) ? resolvePlace(news, session) : undefined;
    await Promise.all([asked, !olds && !isImported && session.purchases.prepare(hidden)]);
  },

  async diff({ id, olds, news, hidden, session }) {
    session.purchases.earlier.held(id);
    if (hidden.urn !== undefined) session.memory.wasCompared(hidden.urn);
    const reasons: string[] = [];
    if (!isUnknown(news.slotType) && slotTypeOf(news) !== olds.slotType) reasons.push("slotType");
    const unknown = isUnknown(news.expiresIn) || isUnknown(news.renewBefore) || isUnknown(news.onExpired);
    // A refresh compares too, with no check before it. It only records: a lease that is over must not make it fail.
    const acts = hidden.urn === undefined || session.memory.isHeld(hidden.urn);
    const ended = unknown || !acts ? undefined : leaseReplacement(id, olds, news, await session.now(), hidden.hold);
    if (ended && hidden.isProtected)
      session.notice(`port ${id} is due and protected: the next run renews it.`, hidden.urn);
    else if (ended) reasons.push(ended);
    if (reasons.length > 0) {
      session.memory.willDie(id);
      // An old port that frees a slot of the other type is no help: only one of the same type can make room.
      const makesRoom =
        !reasons.includes("slotType") && !(await session.slots.take(hidden.urn ?? id, slotTypeOf(news)));
      return { changes: true, replaces: reasons, deleteBeforeReplace: makesRoom };
    }
    const unfinished = olds.status === undefined;
    const changes =
      unfinished ||
      recordedParts(olds, news).length > 0 ||
      fingerprintOf(news) !== fingerprintOf(olds) ||
      (await movedParts(olds, news, session)).length > 0;
    return { changes };
  },

  async create({ news, hidden, session }) {
    // A resource that the state holds already is being replaced: adopting then would take the port that dies next.
    if (hidden.adopt !== undefined && !session.memory.isHeld(hidden.urn)) {
      const { port, place } = await adopt(hidden.adopt, hidden.urn, news, session);
      const old = { countryCode: place.country.code, carrierBrand: place.carrier?.brand };
      return { id: port.id, state: finished(asObtained(port, news, old, hidden, session)) };
    }
    const place = await placeToBuy(news, hidden, session);
    const { port, whole, bought } = await obtain(news, hidden, place, session);
    const old = {
      countryCode: place.country.code,
      carrierBrand: place.carrier?.brand,
      ...(bought && { slotType: slotTypeOf(news) }),
    };
    const state = (told: Port): PortState => asObtained(told, news, old, hidden, session);
    if (whole) return { id: port.id, state: state(port) };
    try {
      const complete = await session.ports.complete(port.id);
      if (!complete)
        throw new ProviderError(
          `port ${port.id} was bought, but the vendor does not list it yet; the next run reads it again.`,
        );
      session.ports.wrote(port.id, complete);
      return { id: port.id, state: finished(asObtained(complete, news, state(port), hidden, session)) };
    } catch (error) {
      throw new UnfinishedError(port.id, { ...state(port), status: undefined }, error);
    }
  },

  async read({ id, olds, session }) {
    if (olds.portId !== undefined) session.purchases.earlier.held(id);
    const found = (await session.ports.find(id)) ?? (await findYoung(id, olds, session));
    if (!found || isGone(found.status)) {
      if ((olds.onExpired ?? "replace") === "replace" || olds.portId === undefined) return undefined;
      return { state: { ...(olds as PortState), status: "deleted" } };
    }
    const drift = driftOf(found, olds);
    const drifted = Object.keys(drift).length > 0;
    const args = { ...givenInputs(olds, PORT_INPUTS), ...drift };
    const before = (drift.country ?? drift.carrier) ? { ...olds, carrierBrand: undefined } : olds;
    const state = finished(toState(found, args, session.settings.apiUrl, before));
    return drifted ? { state, inputs: args } : { state };
  },

  async update({ id, olds, news, session }) {
    session.purchases.earlier.held(id);
    const moved = (await movedParts(olds, news, session)).length > 0;
    const fingerprint = fingerprintOf(news);
    if (!moved && fingerprint === fingerprintOf(olds) && olds.status !== undefined) {
      return toState({ id }, news, session.settings.apiUrl, olds);
    }
    const old = { ...olds };
    if (moved) {
      const place = await resolvePlace(news, session);
      session.ports.wrote(id, await existing(id, session.api.ports.reconfigure(id, destination(news, place))));
      Object.assign(old, { countryCode: place.country.code, carrierBrand: place.carrier?.brand });
    }
    try {
      if (fingerprint !== fingerprintOf(olds)) {
        session.ports.wrote(id, await existing(id, session.api.ports.setOsFingerprint(id, fingerprint)));
      }
      const now = await session.ports.find(id);
      if (!now) throw gone(id);
      return finished(toState(now, news, session.settings.apiUrl, old));
    } catch (error) {
      if (!moved) throw error;
      const reached = toState({ id }, { ...news, osFingerprint: olds.osFingerprint }, session.settings.apiUrl, old);
      throw new UnfinishedError(id, reached, error);
    }
  },

  async delete({ id, session }) {
    session.purchases.earlier.held(id);
    if (session.memory.isAdopted(id)) {
      session.notice(`port ${id} is kept: this run imports it under another name.`);
      return;
    }
    await session.api.ports.delete(id);
    session.ports.removed(id);
  },
} satisfies Handler<PortArgs, PortState>;

function resolvePlace(news: PortArgs, session: Session): Promise<Place> {
  return session.reference.resolve(news, slotTypeOf(news) === "private");
}

/**
 * A replacement that released the old port first may need the very device that this freed, which the look-up from
 * before did not count.
 */
async function placeToBuy(news: PortArgs, hidden: Hidden, session: Session): Promise<Place> {
  return resolvePlace(news, session).catch((error: unknown) => {
    if (!(error instanceof InputError) || !session.memory.isHeld(hidden.urn)) throw error;
    session.reference.forget();
    return resolvePlace(news, session);
  });
}

/** A port that the state has not had for long is asked for again before it counts as gone. */
async function findYoung(id: string, olds: Partial<PortState>, session: Session): Promise<Port | undefined> {
  const createdAt = timeOf(olds.createdAt);
  const isYoung = createdAt !== undefined && (await session.now()) - createdAt < YOUNG;
  return isYoung ? session.ports.askYoung(id) : undefined;
}

/** No fingerprint and the vendor's value for none are the same. */
const fingerprintOf = (args: { osFingerprint?: string }): string => args.osFingerprint ?? "";

/** A port that was read counts as finished, whatever the answer left out. */
const finished = (state: PortState): PortState => ({ ...state, status: state.status ?? "active" });

async function existing<T>(id: string, call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw isApiError(error, "not_found") ? gone(id) : error;
  });
}

const gone = (id: string): ProviderError =>
  new ProviderError(
    `port ${id} does not exist any more. Run \`pulumi up --refresh\`: onExpired decides what replaces it.`,
  );
