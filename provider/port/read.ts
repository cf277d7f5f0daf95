import { type Hidden } from "../../domain/hidden-inputs";
import { isGone, leaseIn, leaseState, RENEWING, type RetiringPort, timeOf } from "../../domain/lease";
import { type Port } from "../../api";
import { type ReadResult } from "../handler";
import { type Session } from "../run/session";
import { givenInputs } from "../input-values";
import { PORT_INPUTS } from "./args";
import { inputsOf } from "./declared";
import { driftOf } from "./place";
import { finished, type PortState, toState } from "./state";

/** How old a port is, by the vendor's clock, from which on one that is missing is gone, in ms. */
const YOUNG = 60_000;

/** A Port of the state as the vendor has it now. */
export async function readManaged(
  id: string,
  olds: PortState,
  hidden: Hidden,
  session: Session,
): Promise<ReadResult<PortState>> {
  const { portId } = olds;
  const found = (await session.ports.find(portId)) ?? (await findYoung(portId, olds, session));
  if (!found) await session.account.refuseOther(portId, olds);
  const retiring = await stillThere(olds.retiring ?? [], session);
  const kept = await withMark(id, olds, session);
  // A released port that the vendor still reports is not back: the mark alone makes the next run buy.
  if (!found || isGone(found.status) || olds.status === RENEWING) {
    const { retiring: _, ...rest } = kept;
    const status = olds.status === RENEWING ? RENEWING : "deleted";
    const state = { ...rest, status, ...(retiring.length > 0 && { retiring }) };
    return { state, inputs: givenInputs(rest, PORT_INPUTS), drifted: false };
  }
  if (found.status === "suspended") session.notice(suspended(portId), hidden.urn);
  const drift = driftOf(found, olds);
  const inputs = { ...givenInputs(olds, PORT_INPUTS), ...drift };
  const before = { ...kept, retiring, ...((drift.country ?? drift.carrier) && { carrierBrand: undefined }) };
  const state = finished(toState(found, inputs, session.settings.apiUrl, before));
  return { state, inputs, drifted: Object.keys(drift).length > 0 };
}

/** A port that no state holds yet, for an import or a program that only reads it. Undefined where it is gone. */
export async function readNew(id: string, session: Session): Promise<ReadResult<PortState> | undefined> {
  const found = await session.ports.find(id);
  if (!found || isGone(found.status)) return undefined;
  await session.account.ask();
  const state = toState(found, {}, session.settings.apiUrl, { __account: session.account.kept() });
  return { state: finished(state), inputs: inputsOf(found), drifted: false };
}

/** A port that the state has not had for long is asked for again before it counts as gone. */
async function findYoung(id: string, { createdAt: bought }: PortState, session: Session): Promise<Port | undefined> {
  const createdAt = timeOf(bought);
  const isYoung = createdAt !== undefined && (await session.now()) - createdAt < YOUNG;
  return isYoung ? session.ports.askYoung(id) : undefined;
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

/** A state with a mark, where an update of a lease that is due did not end: after a refresh the engine reports it no more. */
async function withMark(id: string, olds: PortState, session: Session): Promise<PortState> {
  if (leaseState(leaseIn(olds), olds, await session.now()) === "running") return olds;
  const __brokeOff = await session.purchases.updateOf(id, olds);
  return __brokeOff ? { ...olds, __brokeOff } : olds;
}

const suspended = (id: string): string =>
  `port ${id} is suspended by the vendor and does not serve: see to the account's balance and traffic.`;
