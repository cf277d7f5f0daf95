import { isSetting, kindOfType } from "../../domain/kinds";
import { type SlotType } from "../../domain/slot-type";
import { isServing, type RetiringPort, serves, timeOf } from "../../domain/lease";
import { type Hidden, servingPortIn } from "../../domain/hidden-inputs";
import { type PortState } from "./state";
import { InTurn } from "../run/in-turn";
import { type Decision } from "../run/program-memory";
import { type Session } from "../run/session";
import { type StateResource } from "../run/stack-state";
import { checkWanted } from "../run/wanted";
import { nameOf } from "../../domain/urn";
import { messageOf } from "../../text";

/**
 * Releases ports of before a renewal. A release that the vendor refuses is a warning: the port stays in the list, and
 * a later run tries again.
 *
 * @returns those that are left
 */
export async function release(
  ports: readonly RetiringPort[],
  slotType: SlotType,
  session: Session,
  urn: string | undefined,
): Promise<RetiringPort[]> {
  const left = await Promise.all(
    ports.map(async (one) => {
      try {
        await releasePort(one.portId, slotType, session);
        return [];
      } catch (error) {
        const why = messageOf(error);
        session.notice(`old port ${one.portId} was not released; the next run tries again: ${why}`, urn);
        return [one];
      }
    }),
  );
  return left.flat();
}

/** Releases what the comparison decided on. Gives the retiring ports that are left. */
export async function releaseDecided(
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

/**
 * Releases a port. One that is gone is no error.
 *
 * @returns whether it surely was there
 * @throws ProviderError where the engine is gone: clients go by a state that names the port
 */
export async function releasePort(portId: string, slotType: SlotType, session: Session): Promise<boolean> {
  await checkWanted(session, "released");
  const wasThere = (await session.api.ports.delete(portId)) ?? false;
  session.ports.removed(portId);
  session.memory.wasReleased(portId);
  if (wasThere) session.slots.freed(slotType);
  return wasThere;
}

/** Retiring ports of the stack make room for purchases that find no free slot, one purchase at a time. */
export class Room {
  private readonly purchases = new InTurn();
  private readonly renewals = new Set<Promise<unknown>>();

  constructor(private readonly session: Session) {}

  /** A renewal that found a free slot. It leaves a retiring port, so others wait for it before they look. */
  renewing<T>(renewal: Promise<T>): Promise<T> {
    const ended = renewal.finally(() => this.renewals.delete(ended));
    this.renewals.add(ended);
    return ended;
  }

  /**
   * Releases one retiring port, the oldest first: the resource's own, or another's, which this run may not have reached
   * yet. Then buys, before the next purchase looks: it may leave another. Gives undefined where there is none.
   *
   * @param buy may release another, where others took the slot that was thought to be free
   * @param own retiring ports of the resource itself; the last to go where it `isServed` by none but them
   */
  async make<T>(
    slotType: SlotType,
    hidden: Hidden,
    own: readonly RetiringPort[],
    isServed: boolean,
    buy: (releaseAnother: () => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined> {
    return this.purchases.do(async () => {
      await Promise.allSettled(this.renewals);
      // One of those may have released its old port at once.
      const candidates = async (): Promise<RetiringPort[]> => {
        const all = await this.ofOthers(slotType, hidden);
        const others = all.filter(({ portId }) => !own.some((one) => one.portId === portId));
        return isServed ? [...own, ...others] : [...others, ...own];
      };
      const releaseAnother = async (): Promise<boolean> => this.releaseOne(await candidates(), slotType, hidden);
      const hasRoom = this.session.slots.isFree(slotType) || (await releaseAnother());
      return hasRoom ? buy(releaseAnother) : undefined;
    });
  }

  private async releaseOne(candidates: readonly RetiringPort[], slotType: SlotType, hidden: Hidden): Promise<boolean> {
    const { session } = this;
    const live = await session.ports.all();
    const retired = session.memory.retired(slotType);
    for (const { portId } of candidates) {
      const isLive = live.has(portId) || retired.some((one) => one.portId === portId);
      if (!isLive || session.memory.isReleased(portId) || session.memory.isContested(portId)) continue;
      try {
        await releasePort(portId, slotType, session);
      } catch {
        continue;
      }
      session.info(`no slot was free: old port ${portId} was released early.`, hidden.urn);
      return true;
    }
    return false;
  }

  /**
   * Retiring ports of other resources, as the state of the stack has them, and those of this run. Those of another account
   * are not among the live ports of this one. What clients need comes last: a port whose settings are not on the one
   * after it yet. One that is followed by none that serves is no candidate.
   */
  private async ofOthers(slotType: SlotType, hidden: Hidden): Promise<RetiringPort[]> {
    const { memory } = this.session;
    const resources = await this.session.resourcesOf(hidden);
    const [now, live] = [await this.session.now(), await this.session.ports.all()];
    const [free, behind]: [RetiringPort[], RetiringPort[]] = [[], []];
    for (const { id = "", outputs } of resources) {
      const olds = (outputs ?? {}) as unknown as PortState;
      if (!Array.isArray(olds.retiring) || olds.slotType !== slotType || !isServing(olds, now)) continue;
      // Another account's are not asked for with this one's key.
      if (!olds.retiring.some(({ portId }) => live.has(portId))) continue;
      if (!(await servesNow(memory.servedBy(id)?.portId ?? olds.portId, this.session))) continue;
      const isBehind = behindIn(resources, id, olds).length > 0;
      (isBehind ? behind : free).push(...olds.retiring);
    }
    const byAge = (a: RetiringPort, b: RetiringPort): number => (timeOf(a.since) ?? 0) - (timeOf(b.since) ?? 0);
    return [...free.sort(byAge), ...memory.retired(slotType), ...behind.sort(byAge)];
  }
}

/** Whether a port serves by the vendor's word: a state that is not refreshed may say so of one that is gone. */
export async function servesNow(portId: string, session: Session): Promise<boolean> {
  const port = await session.ports.find(portId);
  return port !== undefined && serves(port, await session.now());
}

/**
 * What is set for a port and is on an earlier one still, as 'Credentials "login"'. So it is after a run that was broken
 * off between the port and its settings: what clients use then is not released.
 */
export async function settingsBehind(id: string, olds: PortState, hidden: Hidden, session: Session): Promise<string[]> {
  return behindIn(await session.resourcesOf(hidden), id, olds);
}

function behindIn(resources: readonly StateResource[], id: string, olds: PortState): string[] {
  return resources.flatMap(({ urn, type, outputs = {}, delete: goes }) => {
    const kind = kindOfType(type);
    const isBehind = outputs.port === id && (servingPortIn(outputs) ?? id) !== olds.portId;
    return isSetting(kind) && !goes && isBehind ? [`${kind} "${nameOf(urn)}"`] : [];
  });
}
