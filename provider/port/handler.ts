import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { outputNames } from "../../domain/kinds";
import { slotTypeOf } from "../../domain/slot-type";
import { isGone, isOver, leaseIn, leaseState, RENEWING, type RetiringPort, timeOf } from "../../domain/lease";
import { isApiError, type Port } from "../../api";
import { InputError, ProviderError, UnfinishedError } from "../errors";
import { type Handler } from "../handler";
import { adopt, checkNotRetiring } from "./adopt";
import { checkPortArgs, givenInputs, PORT_INPUTS, type PortArgs } from "./args";
import { decide } from "./decision";
import { inputsOf } from "./declared";
import { asObtained, buy, buyWithPatience, destination, type Obtained, takeUp } from "./obtain";
import { driftOf, movedParts, recordedParts } from "./place";
import { renew } from "./renewal";
import { type PortState, toState } from "./state";
import { type Decision } from "../run/program-memory";
import { type Place } from "../run/reference";
import { release, releasePort, servesNow } from "./retiring";
import { type Session } from "../run/session";
import { isRefused } from "../run/slots";
import { portsIn } from "../run/stack-state";
import { isUnknown } from "../../domain/unknown";
import { nameOf } from "../../domain/urn";

/** Outputs that a move may change. Its id and its login stay. */
const OF_PLACE = ["countryCode", "carrierBrand", "displayName", "serverIp", "httpPort", "socksPort", "status"];

/** How old a port is, by the vendor's clock, from which on one that is missing is gone, in ms. */
const YOUNG = 60_000;
/** Ports that a notice names. */
const MOST_NAMED = 3;

/**
 * A rented proxy port, for as long as it is declared. Bought by create, moved and renewed by update, released by delete.
 * The id is the vendor's of its first port and stays; `portId` is the vendor's port that serves now.
 */
export const port = {
  kind: "Port",

  async check({ olds, news, hidden, session }) {
    checkPortArgs(news);
    const named = [news.country, news.carrier, news.slotType];
    const asBefore =
      olds && named.every((value, index) => value === [olds.country, olds.carrier, olds.slotType][index]);
    // A port that is imported is where it is, whether or not the vendor has other devices there.
    const isImported = !olds && hidden.adopt !== undefined;
    if (isImported && hidden.adopt !== undefined && !session.memory.isHeld(hidden.urn)) {
      own(hidden.adopt, hidden, session);
      session.purchases.imports(hidden.adopt);
    }
    const asked = !asBefore && !isImported && !named.some(isUnknown) ? resolvePlace(news, session) : undefined;
    const mayBuy = !olds && (!isImported || session.memory.isHeld(hidden.urn));
    const whose = !olds && session.account.ask();
    await Promise.all([asked, whose, mayBuy && session.purchases.prepare(hidden)]);
  },

  async diff({ id, olds, news, hidden, session }) {
    stateHolds(olds, session);
    session.memory.cameWith(olds.portId, olds);
    if (session.memory.isHeld(hidden.urn)) {
      own(olds.portId, hidden, session);
      refuseOld(olds.portId, hidden, session);
      await session.account.refuseOther(olds.portId, olds);
    }
    noteOld(olds, hidden, session);
    if (!isUnknown(news.slotType) && slotTypeOf(news) !== olds.slotType) {
      session.memory.willDie(olds.portId, hidden.urn);
      return { changes: true, replaces: ["slotType"] };
    }
    const back = await foundAgain(olds, hidden, session);
    const decision = { ...(await decide(id, back ?? olds, news, hidden, session)), isBack: back !== undefined };
    if (decision.renews) await session.purchases.prepare(hidden);
    session.memory.decide(hidden.urn ?? id, decision);
    session.memory.serves(id, decision.renews ? undefined : olds.portId);
    const isWhole = decision.renews || decision.isBack || olds.status === undefined;
    const recorded = recordedParts(olds, news);
    const moved = await movedParts(olds, news, session);
    const differs = recorded.length > 0 || moved.length > 0 || fingerprintOf(news) !== fingerprintOf(olds);
    return {
      changes: isWhole || decision.releases.length > 0 || differs,
      touches: isWhole
        ? [decision.renews ? "expiresAt" : "status", ...outputNames("Port")]
        : [
            ...(decision.releases.length > 0 ? ["retiring"] : []),
            ...(moved.length > 0 ? OF_PLACE : []),
            ...(recorded.length > 0 ? ["renewAt"] : []),
          ],
    };
  },

  async create({ news, hidden, session }) {
    if (hidden.adopt !== undefined && (await isToAdopt(hidden.adopt, hidden, session))) {
      const { port, place } = await adopt(hidden.adopt, hidden, news, session);
      await session.purchases.adopted(hidden);
      const old = { countryCode: place.country.code, carrierBrand: place.carrier?.brand };
      session.memory.serves(port.id, port.id);
      return { id: port.id, state: finished(asObtained(port, news, old, hidden, session)) };
    }
    await session.refuseElsewhere(hidden);
    const place = await placeToBuy(news, hidden, session);
    const earlier = await takeUp(news, hidden, place, session);
    const obtained = earlier ?? (await buyNew(news, hidden, place, session));
    const old = {
      countryCode: place.country.code,
      carrierBrand: place.carrier?.brand,
      ...(!earlier && { slotType: slotTypeOf(news) }),
    };
    const { id } = obtained.port;
    session.memory.serves(id, id);
    const state = asObtained(obtained.port, news, old, hidden, session);
    return { id, state: await completed(id, obtained, state, news, hidden, session) };
  },

  async read({ id, olds, hidden, session }) {
    const isManaged = olds.portId !== undefined;
    if (isManaged) stateHolds(olds as PortState, session);
    // `pulumi import` goes on after a check that fails. A program that only reads the port looks the same.
    else await checkNotRetiring(id, hidden, session, true);
    const portId = olds.portId ?? id;
    const found = (await session.ports.find(portId)) ?? (await findYoung(portId, olds, session));
    if (!found) await session.account.refuseOther(portId, olds);
    const retiring = await stillThere(olds.retiring ?? [], session);
    const kept = isManaged ? await withMark(id, olds as PortState, session) : olds;
    // A released port that the vendor still reports is not back: the mark alone makes the next run buy.
    if (!found || isGone(found.status) || olds.status === RENEWING) {
      if (!isManaged) return undefined;
      const { retiring: _, ...rest } = kept as PortState;
      const status = olds.status === RENEWING ? RENEWING : "deleted";
      const state = { ...rest, status, ...(retiring.length > 0 && { retiring }) };
      return { state, inputs: givenInputs(rest, PORT_INPUTS), drifted: false };
    }
    if (isManaged && found.status === "suspended") session.notice(suspended(portId), hidden.urn);
    const drift = driftOf(found, olds);
    const drifted = Object.keys(drift).length > 0;
    const args = { ...givenInputs(olds, PORT_INPUTS), ...drift };
    if (!isManaged) await session.account.ask();
    const before = {
      ...kept,
      ...(!isManaged && { __account: session.account.kept() }),
      retiring,
      ...((drift.country ?? drift.carrier) && { carrierBrand: undefined }),
    };
    const state = finished(toState(found, args, session.settings.apiUrl, before));
    return { state, inputs: isManaged ? args : inputsOf(found), drifted };
  },

  async update({ id, olds, news, hidden, session }) {
    stateHolds(olds, session);
    const decision = session.memory.decisionOn(hidden.urn ?? id);
    const retiring = await released(olds, decision, hidden, session);
    const before = { ...olds, retiring, __stack: stackOf(hidden), __account: session.account.kept(olds) };
    if (decision?.renews) {
      const { obtained, state } = await renew({ id, olds: before, news, hidden, session });
      return completed(id, obtained, state, news, hidden, session);
    }
    return changed(id, decision?.isBack ? { ...before, status: undefined } : before, news, session);
  },

  async delete({ id, olds, hidden, session }) {
    stateHolds(olds, session);
    const serving = olds.portId ?? id;
    const retiring = (olds.retiring ?? []).map(({ portId }) => portId);
    const { surely, maybe } = await session.purchases.boughtInstead(serving);
    if (maybe.length > 0 || (olds.__brokeOff && surely.length === 0)) {
      const which = maybe.length > 0 ? maybe.slice(0, MOST_NAMED).join(" or ") : "another";
      const text = `a renewal of it that did not end may have bought ${which}: \`npx proxies-sx orphans\` finds it.`;
      session.notice(`port ${serving}: ${text}`);
    }
    for (const portId of [...retiring, ...surely, serving]) {
      if (session.memory.isAdopted(portId)) {
        session.notice(`port ${portId} is kept: this run imports it under another name.`);
      } else if (isOfAnother(portId, hidden, session)) {
        session.notice(`port ${portId} is kept: "${nameOf(session.memory.ownerOf(portId) ?? "")}" has it.`);
      } else if (session.purchases.wasHandedOut(portId)) {
        session.notice(`port ${portId} is kept: this run has just taken it up.`);
      } else {
        const wasThere = await releasePort(portId, olds.slotType, session);
        if (!wasThere) await session.account.refuseOther(portId, olds);
        session.purchases.letGo(portId);
      }
    }
  },
} satisfies Handler<"Port", PortArgs, PortState>;

/** @throws ProviderError where two Ports of the program have one port: the first that renews it would release it. */
function own(portId: string, { urn }: Hidden, session: Session): void {
  const other = urn === undefined ? undefined : session.memory.own(portId, urn);
  if (other === undefined) return;
  throw new ProviderError(
    `port ${portId} is the port of "${nameOf(other)}" and of "${nameOf(urn ?? "")}": keep one. ` +
      "If the state holds both, take the other out with `pulumi state delete`, which releases nothing.",
  );
}

/**
 * Whether a create takes the port of its option import. The option stays in programs: where the resource is replaced, it
 * most often names the port that it had at first, which is gone, or the one that dies next. Then another is bought.
 */
async function isToAdopt(portId: string, hidden: Hidden, session: Session): Promise<boolean> {
  const { urn } = hidden;
  const state = await session.stackState.of(stackOf(hidden), true);
  if (!state) return !session.memory.isHeld(urn);
  // Under a new name the state does not have it yet, but was compared.
  const isReplaced = session.memory.isHeld(urn) || state.resources.some((one) => one.urn === urn && !one.delete);
  if (!isReplaced) return true;
  if (portsIn(state).includes(portId)) return false;
  const port = await session.ports.find(portId);
  return port !== undefined && !isOver(port, await session.now());
}

/** Whether another Port of the program has it; `pulumi import` may have given it one. */
function isOfAnother(portId: string, { urn }: Hidden, session: Session): boolean {
  const owner = session.memory.ownerOf(portId);
  return owner !== undefined && urn !== undefined && owner !== urn;
}

/** Old ports of a Port. What another Port has as well is released by neither in passing. */
function noteOld({ retiring = [] }: PortState, hidden: Hidden, session: Session): void {
  if (hidden.urn === undefined || !session.memory.isHeld(hidden.urn)) return;
  for (const { portId } of retiring) {
    session.memory.leaves(portId, hidden.urn);
    if (!isOfAnother(portId, hidden, session)) continue;
    session.notice(oldOf(portId, hidden.urn, session.memory.ownerOf(portId) ?? ""), hidden.urn);
  }
}

/** @throws ProviderError where the port is an old one of another Port */
function refuseOld(portId: string, { urn }: Hidden, session: Session): void {
  const leaver = session.memory.leftBy(portId);
  if (urn !== undefined && leaver !== undefined && leaver !== urn) throw new ProviderError(oldOf(portId, leaver, urn));
}

const oldOf = (portId: string, of: string, other: string): string =>
  `port ${portId} is an old port of "${nameOf(of)}", and the port of "${nameOf(other)}": it is kept. Take ` +
  `"${nameOf(other)}" out of the state with \`pulumi state delete\`, which releases nothing.`;

/** A state with a mark, where an update of a lease that is due did not end: after a refresh the engine reports it no more. */
async function withMark(id: string, olds: PortState, session: Session): Promise<PortState> {
  if (leaseState(leaseIn(olds), olds, await session.now()) === "running") return olds;
  const __brokeOff = await session.purchases.updateOf(id, olds);
  return __brokeOff ? { ...olds, __brokeOff } : olds;
}

/** The engine's state holds these ports: their purchases are done with. */
function stateHolds({ portId, status, retiring = [] }: PortState, session: Session): void {
  for (const id of [portId, ...retiring.map((one) => one.portId)]) session.purchases.stateHolds(id);
  if (status === RENEWING) session.purchases.stateTellsRelease(portId);
}

/** Releases what the comparison decided on. Gives the retiring ports that are left. */
async function released(
  { retiring = [], slotType }: PortState,
  decision: Decision | undefined,
  hidden: Hidden,
  session: Session,
): Promise<RetiringPort[]> {
  const ids = (decision?.releases ?? []).map(({ portId }) => portId);
  const due = new Set(ids.filter((portId) => !session.memory.isContested(portId)));
  const there = retiring.filter(({ portId }) => !session.memory.isReleased(portId));
  const [going, staying] = [true, false].map((goes) => there.filter(({ portId }) => due.has(portId) === goes));
  return [...(staying ?? []), ...(await release(going ?? [], slotType, session, hidden.urn))];
}

/** Those that a refresh finds. */
async function stillThere(retiring: readonly RetiringPort[], session: Session): Promise<RetiringPort[]> {
  const found = await Promise.all(
    retiring.map(async (one) => {
      const port = await session.ports.find(one.portId);
      return port && !isGone(port.status) ? [one] : [];
    }),
  );
  return found.flat();
}

/** Buys a port that the state does not hold. Where no slot is free, a retiring port of the stack makes room. */
async function buyNew(news: PortArgs, hidden: Hidden, place: Place, session: Session): Promise<Obtained> {
  const slotType = slotTypeOf(news);
  // Should the run be killed, a destroy knows by the old port what was bought.
  const order = (): Promise<Obtained> => buy(news, hidden, place, session, session.memory.dyingOf(hidden.urn));
  try {
    return await session.slots.taken(slotType, order);
  } catch (error) {
    if (!isRefused(error) || !(await session.slots.lacks(slotType, error))) throw error;
    const bought = await session.room.make(slotType, hidden, [], true, (releaseAnother) =>
      buyWithPatience(order, slotType, hidden, session, releaseAnother),
    );
    if (bought) return bought;
    if (!(await isReplacement(hidden, session))) throw error;
    throw new ProviderError(
      `${error.message} The new port is bought before the old one is released: set the option deleteBeforeReplace, or free a slot.`,
    );
  }
}

/** Whether the state holds the resource already. No earlier call shows a forced replacement. */
async function isReplacement(hidden: Hidden, session: Session): Promise<boolean> {
  const { urn } = hidden;
  if (urn === undefined || session.memory.isHeld(urn)) return urn !== undefined;
  return (await session.resourcesOf(hidden)).some((one) => one.urn === urn);
}

/** Reads a port again whose purchase returned only a part of it. */
async function completed(
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

/** Moves a port and sets its fingerprint, where the program asks for others. */
async function changed(id: string, olds: PortState, news: PortArgs, session: Session): Promise<PortState> {
  const { portId } = olds;
  const moved = (await movedParts(olds, news, session)).length > 0;
  const fingerprint = fingerprintOf(news);
  if (!moved && fingerprint === fingerprintOf(olds) && olds.status !== undefined) {
    return toState({ id: portId }, news, session.settings.apiUrl, olds);
  }
  const old = { ...olds };
  if (moved) {
    const place = await resolvePlace(news, session);
    session.ports.wrote(
      portId,
      await existing(portId, session.api.ports.reconfigure(portId, destination(news, place))),
    );
    Object.assign(old, { countryCode: place.country.code, carrierBrand: place.carrier?.brand });
  }
  try {
    if (fingerprint !== fingerprintOf(olds)) {
      session.ports.wrote(portId, await existing(portId, session.api.ports.setOsFingerprint(portId, fingerprint)));
    }
    const now = await session.ports.find(portId);
    if (!now) throw gone(portId);
    return finished(toState(now, news, session.settings.apiUrl, old));
  } catch (error) {
    if (!moved) throw error;
    const args = { ...news, osFingerprint: olds.osFingerprint };
    throw new UnfinishedError(id, toState({ id: portId }, args, session.settings.apiUrl, old), error);
  }
}

function resolvePlace(news: PortArgs, session: Session): Promise<Place> {
  return session.reference.resolve(news, slotTypeOf(news) === "private");
}

/**
 * A replacement that released the old port first may need the very device that this freed, which the lookup from
 * before did not count.
 */
async function placeToBuy(news: PortArgs, hidden: Hidden, session: Session): Promise<Place> {
  return resolvePlace(news, session).catch((error: unknown) => {
    if (!(error instanceof InputError) || !session.memory.isHeld(hidden.urn)) throw error;
    session.reference.forget();
    return resolvePlace(news, session);
  });
}

/**
 * The state of a port that serves, where a refresh took it for gone, as one with a key of another account does. Undefined
 * for any other. What the run itself releases is marked otherwise.
 */
async function foundAgain(olds: PortState, { urn }: Hidden, session: Session): Promise<PortState | undefined> {
  const isTakenForGone = isGone(olds.status) && olds.status !== RENEWING;
  if (!isTakenForGone || urn === undefined || !session.memory.isHeld(urn)) return undefined;
  if (!(await servesNow(olds.portId, session))) return undefined;
  session.info(`port ${olds.portId}, which a refresh took for gone, serves: no other is bought for that.`, urn);
  return { ...olds, status: undefined };
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

const suspended = (id: string): string =>
  `port ${id} is suspended by the vendor and does not serve: see to the account's balance and traffic.`;

const gone = (id: string): ProviderError =>
  new ProviderError(
    `port ${id} does not exist any more. Run \`pulumi up --refresh\`: onExpired decides what replaces it.`,
  );
