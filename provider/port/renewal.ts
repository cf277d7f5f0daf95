import { type SlotType, slotTypeOf } from "../../domain/slot-type";
import { isoTime, overlapOf, RENEWING, type RetiringPort, serves } from "../../domain/lease";
import { type ApiError, isApiError, type Port } from "../../api";
import { InputError, ProviderError, UnfinishedError } from "../errors";
import { type Hidden } from "../../domain/hidden-inputs";
import { type PortArgs } from "./args";
import { asObtained, buy, buyWithPatience, type Obtained, takeUp } from "./obtain";
import { resolvePlace } from "./place";
import { LostOrderError } from "../purchase/lost-answers";
import { type PortState } from "./state";
import { type Place } from "../run/reference";
import { release, releasePort } from "./retiring";
import { type Session } from "../run/session";
import { isRefused } from "../run/slots";

interface Renewal {
  id: string;
  olds: PortState;
  news: PortArgs;
  hidden: Hidden;
  session: Session;
}

interface Outcome {
  obtained: Obtained;
  state: PortState;
}

/**
 * Renews a lease: another port of the vendor's takes the place of the old one. The journal comes first, since a renewal
 * that was killed may have bought. Then the new port is bought before the old one goes, where a slot is free or a
 * retiring port makes room; else the old one is released first. From its release on the renewal goes on where the run is interrupted.
 *
 * @throws UnfinishedError where the old port was released and no new one bought
 */
export function renew(renewal: Renewal): Promise<Outcome> {
  const { olds, session } = renewal;
  const isReleased = olds.status === RENEWING || session.purchases.wasReleasing(olds.portId);
  return isReleased ? session.owed(() => exchange(renewal)) : exchange(renewal);
}

async function exchange(renewal: Renewal): Promise<Outcome> {
  const { olds, news, hidden, session } = renewal;
  const old = olds.status === RENEWING ? undefined : await session.ports.find(olds.portId);
  let unknown: unknown;
  const place = await placeOf(renewal, old).catch((error: unknown) => void (unknown = error));
  const earlier = await takeUp(news, hidden, place || undefined, session, olds.portId);
  if (!earlier && !place) throw marked(unknown, renewal);
  const { obtained, retiring } = earlier
    ? await taken(earlier, renewal, old)
    : await bought(renewal, place as Place, old).catch((error: unknown) => {
        throw marked(error, renewal);
      });
  const before = {
    ...(!earlier && { slotType: olds.slotType }),
    ...(place && { countryCode: place.country.code, carrierBrand: place.carrier?.brand }),
    retiring,
    // Whose the key is may not be known in this run: it is that of the old port, where it has that.
    ...(old && { __account: olds.__account }),
  };
  return { obtained, state: asObtained(obtained.port, news, before, hidden, session) };
}

/** A new port, and the old ones that serve on. */
interface Renewed {
  obtained: Obtained;
  retiring: RetiringPort[];
}

async function taken(obtained: Obtained, renewal: Renewal, old: Port | undefined): Promise<Renewed> {
  renewal.session.memory.serves(renewal.id, obtained.port.id);
  return { obtained, retiring: await retire(renewal, old) };
}

/** Where to buy. The vendor lists free devices only, and the old port may hold the last one: a release frees it. */
async function placeOf({ olds, news, session }: Renewal, old: Port | undefined): Promise<Place> {
  try {
    return await resolvePlace(news, session);
  } catch (error) {
    const { country, carrier } = old ?? {};
    const isThere = olds.country === news.country && olds.carrier === news.carrier;
    if (!(error instanceof InputError) || !isThere || !country?.id) throw error;
    if (news.carrier === undefined) return { country: { code: "", name: "", ...country, id: country.id } };
    if (!carrier?.id) throw error;
    return {
      country: { code: "", name: "", ...country, id: country.id },
      carrier: { name: "", ...carrier, id: carrier.id },
    };
  }
}

/** Buys the new port before the old one goes where that can be, and else after. */
async function bought(renewal: Renewal, place: Place, old: Port | undefined): Promise<Renewed> {
  const { olds, news, hidden, session } = renewal;
  const slotType = slotTypeOf(news);
  const order = (): Promise<Obtained> => buy(news, hidden, place, session, olds.portId);
  const patiently = async (makeRoom: () => Promise<boolean>): Promise<Renewed> =>
    taken(await buyWithPatience(order, slotType, hidden, session, makeRoom), renewal, old);
  const first = async (): Promise<Renewed> => taken(await order(), renewal, old);
  const isServing = old !== undefined && serves(old, await session.now());
  let refusal: ApiError | undefined;
  const atOnce = session.slots.ifFree(slotType, () => session.room.renewing(first()));
  const renewed = await atOnce.catch(async (error: unknown) => {
    if (!isRefused(error)) throw error;
    if (await session.slots.lacks(slotType, error)) return undefined;
    if (isServing) throw error;
    refusal = error;
    return undefined;
  });
  if (renewed) return renewed;
  // An old port that serves no more makes room itself: retiring ones may have clients.
  if (!refusal && (isServing || !old)) {
    const made = await session.room.make(slotType, hidden, olds.retiring ?? [], isServing, patiently);
    if (made) return made;
  }
  if (isServing && !session.slots.wouldFree(slotType)) throw kept(old.id, slotType);
  if (old) {
    session.purchases.releasing(old.id);
    await releasePort(old.id, slotType, session).catch((error: unknown) => {
      if (!isApiError(error) || !error.maybeDone) session.purchases.notReleased(old.id);
      throw error;
    });
    session.info(
      refusal
        ? `the purchase was refused (${refusal.reason}): port ${old.id}, which serves no more, was released, and the purchase is tried again.`
        : `no slot was free: port ${old.id} was released before the purchase.`,
      hidden.urn,
    );
  }
  const makeRoom = async (): Promise<boolean> =>
    (await session.room.make(slotType, hidden, olds.retiring ?? [], false, async () => true)) ?? false;
  return session.owed(() => patiently(makeRoom)); // clients have no port until it is there
}

const kept = (portId: string, slotType: SlotType): ProviderError =>
  new ProviderError(
    `no ${slotType} slot is free, and to release port ${portId} would free none: the account uses more than it has, as ` +
      "after a change to a smaller tariff. The port is kept, and the next run tries again. Get more slots, or release " +
      "other ports.",
  );

/**
 * An error that leaves marks in the state. Where the old port is released, the next run buys, whatever else holds. Where
 * an order was lost, it looks for that first, on another machine too.
 */
function marked(error: unknown, { id, olds, session }: Renewal): unknown {
  const isReleased = olds.status === RENEWING || session.memory.isReleased(olds.portId);
  const lost = error instanceof LostOrderError ? { __brokeOff: error.sent } : undefined;
  if (!isReleased && !lost) return error;
  const retiring = stillRetiring(olds, session);
  const left = { ...olds, ...lost, retiring: retiring.length > 0 ? retiring : undefined };
  return new UnfinishedError(id, { ...left, ...(isReleased && { status: RENEWING }) }, error);
}

/** What becomes of the old port. Only what still serves retires; the rest is released at once. */
async function retire({ olds, news, hidden, session }: Renewal, old: Port | undefined): Promise<RetiringPort[]> {
  const before = stillRetiring(olds, session);
  if (!old || session.memory.isReleased(old.id)) return before;
  const expiresAt = isoTime(old.expiresAt) ?? olds.expiresAt;
  const one = { portId: old.id, since: new Date(await session.now()).toISOString(), ...(expiresAt && { expiresAt }) };
  if (overlapOf(news) === 0 || !serves(old, await session.now())) {
    return [...before, ...(await release([one], olds.slotType, session, hidden.urn))];
  }
  session.memory.retires(one, olds.slotType);
  return [...before, one];
}

const stillRetiring = ({ retiring = [] }: PortState, session: Session): RetiringPort[] =>
  retiring.filter(({ portId }) => !session.memory.isReleased(portId));
