import { randomUUID } from "node:crypto";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { RENEWING } from "../../domain/lease";
import { slotTypeOf } from "../../domain/slot-type";
import { UnfinishedError } from "../errors";
import { givenInputs } from "../input-values";
import { LostOrderError } from "../purchase/lost-answers";
import { type Session } from "../run/session";
import { adopt, isToAdopt } from "./adopt";
import { PORT_INPUTS, type PortArgs } from "./args";
import { asObtained, buyNew, completed, placeToBuy, takeUp } from "./obtain";
import { finished, type PortState } from "./state";

/** Begins the id of a Port whose first order was lost. The Port keeps it, and gets a `portId` when it gets a port. */
const LOST_ORDER = "lost-order-";

/** Whether a state is of such a Port, which has no port of the vendor's yet. Its `portId` is its own id until then. */
export const isOfLostOrder = ({ portId }: Partial<PortState>): boolean => portId?.startsWith(LOST_ORDER) ?? false;

/**
 * The first port of a Port: the one that the program imports, what an earlier run bought for it, or a new one.
 *
 * @param made the id that the state has it by already, where it has no port yet
 * @throws UnfinishedError where the answer to its order is lost: by the state every machine looks for what it bought
 */
export async function obtainFirst(
  made: string | undefined,
  news: PortArgs,
  hidden: Hidden,
  session: Session,
): Promise<{ id: string; state: PortState }> {
  if (hidden.adopt !== undefined && (await isToAdopt(hidden.adopt, hidden, session))) {
    const { port, place } = await adopt(hidden.adopt, hidden, news, session);
    await session.purchases.adopted(hidden);
    const old = { countryCode: place.country.code, carrierBrand: place.carrier?.brand };
    const id = made ?? port.id;
    session.memory.serves(id, port.id);
    return { id, state: finished(asObtained(port, news, old, hidden, session)) };
  }
  await session.refuseElsewhere(hidden);
  const place = await placeToBuy(news, hidden, session);
  const earlier = await takeUp(news, hidden, place, session, made);
  const obtained =
    earlier ??
    (await buyNew(news, hidden, place, session).catch(async (error: unknown) => {
      throw await leftOpen(error, made, news, hidden, session);
    }));
  const old = {
    countryCode: place.country.code,
    carrierBrand: place.carrier?.brand,
    ...(!earlier && { slotType: slotTypeOf(news) }),
  };
  const { port } = obtained;
  const id = made ?? port.id;
  session.memory.serves(id, port.id);
  const state = asObtained(port, news, old, hidden, session);
  return { id, state: await completed(id, obtained, state, news, hidden, session) };
}

/** Of what may be a replacement nothing is left in the state: the engine would delete the old port, which serves. */
async function leftOpen(
  error: unknown,
  made: string | undefined,
  news: PortArgs,
  hidden: Hidden,
  session: Session,
): Promise<unknown> {
  if (!(error instanceof LostOrderError)) return error;
  if (made === undefined && !(await isFirst(hidden, session))) return error;
  const id = made ?? `${LOST_ORDER}${randomUUID()}`;
  const state: PortState = {
    ...(givenInputs(news, PORT_INPUTS) as PortArgs),
    slotType: slotTypeOf(news),
    portId: id,
    status: RENEWING,
    __account: session.account.kept(),
    __stack: stackOf(hidden),
    __brokeOff: error.sent,
  };
  return new UnfinishedError(id, state, error);
}

/** Whether the state surely has no such resource. No earlier call shows a forced replacement. */
async function isFirst(hidden: Hidden, session: Session): Promise<boolean> {
  const { urn } = hidden;
  const state = await session.stackState.of(stackOf(hidden), true);
  return !session.memory.isHeld(urn) && state?.resources.every((one) => one.urn !== urn) === true;
}
