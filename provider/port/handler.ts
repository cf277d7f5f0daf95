import { stackOf } from "../../domain/hidden-inputs";
import { outputNames } from "../../domain/kinds";
import { slotTypeOf } from "../../domain/slot-type";
import { RENEWING } from "../../domain/lease";
import { type Handler } from "../handler";
import { checkNotRetiring } from "./adopt";
import { checkPortArgs, PORT_INPUTS, type PortArgs } from "./args";
import { changed } from "./change";
import { decide, foundAgain } from "./decision";
import { isOfLostOrder, obtainFirst } from "./first";
import { completed } from "./obtain";
import { noteOld, own, refuseOld, whyKept } from "./owners";
import { fingerprintOf, movedParts, recordedParts, resolvePlace } from "./place";
import { readManaged, readNew } from "./read";
import { renew } from "./renewal";
import { type PortState } from "./state";
import { givenInputs } from "../input-values";
import { releaseDecided, releasePort } from "./retiring";
import { type Session } from "../run/session";
import { isUnknown } from "../../domain/unknown";

/** Outputs that a move may change. Its id and its login stay. */
const OF_PLACE = ["countryCode", "carrierBrand", "displayName", "serverIp", "httpPort", "socksPort", "status"];

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
    if (isOfLostOrder(olds)) {
      if (hidden.adopt !== undefined) session.purchases.imports(hidden.adopt);
      if (session.memory.isHeld(hidden.urn)) await session.account.refuseOther(id, olds);
      await session.purchases.prepare(hidden);
      session.memory.serves(id, undefined);
      session.info(
        "an order for it was lost: what that bought is looked for, and another is bought if there is none.",
        hidden.urn,
      );
      return { changes: true, touches: outputNames("Port") };
    }
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
    const isOther = recorded.length > 0 || moved.length > 0 || fingerprintOf(news) !== fingerprintOf(olds);
    return {
      changes: isWhole || decision.releases.length > 0 || isOther,
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
    return obtainFirst(undefined, news, hidden, session);
  },

  async read({ id, olds, hidden, session }) {
    if (isOfLostOrder(olds))
      return { state: olds as PortState, inputs: givenInputs(olds, PORT_INPUTS), drifted: false };
    if (olds.portId !== undefined) {
      stateHolds(olds as PortState, session);
      return readManaged(id, olds as PortState, hidden, session);
    }
    // `pulumi import` goes on after a check that fails. A program that only reads the port looks the same.
    await checkNotRetiring(id, hidden, session, true);
    return readNew(id, session);
  },

  async update({ id, olds, news, hidden, session }) {
    if (isOfLostOrder(olds)) return (await obtainFirst(id, news, hidden, session)).state;
    stateHolds(olds, session);
    const decision = session.memory.decisionOn(hidden.urn ?? id);
    const retiring = await releaseDecided(olds, decision, hidden, session);
    const before = { ...olds, retiring, __stack: stackOf(hidden), __account: session.account.kept(olds) };
    if (decision?.renews) {
      const { obtained, state } = await renew({ id, olds: before, news, hidden, session });
      return completed(id, obtained, state, news, hidden, session);
    }
    return changed(id, decision?.isBack ? { ...before, status: undefined } : before, news, session);
  },

  async delete({ id, olds, hidden, session }) {
    if (isOfLostOrder(olds)) {
      session.notice(
        "an order for it was lost, and may have bought a port: `npx proxies-sx orphans` finds it.",
        hidden.urn,
      );
      return;
    }
    stateHolds(olds, session);
    const serving = olds.portId ?? id;
    const retiring = (olds.retiring ?? []).map(({ portId }) => portId);
    const { surely, maybe } = await session.purchases.boughtInstead(serving);
    if (maybe.length > 0 || (olds.__brokeOff && surely.length === 0)) {
      const which = maybe.length > 0 ? maybe.slice(0, MOST_NAMED).join(" or ") : "another";
      const text = `a run that did not end may have bought ${which} in its place: \`npx proxies-sx orphans\` finds it.`;
      session.notice(`port ${serving}: ${text}`);
    }
    for (const portId of [...retiring, ...surely, serving]) {
      const why = await whyKept(portId, olds, hidden, session);
      if (why !== undefined) session.notice(`port ${portId} is kept: ${why}.`);
      else {
        const wasThere = await releasePort(portId, olds.slotType, session);
        if (!wasThere) await session.account.refuseOther(portId, olds);
        session.purchases.letGo(portId);
      }
    }
  },
} satisfies Handler<"Port", PortArgs, PortState>;

/** The engine's state holds these ports: their purchases are done with. */
function stateHolds({ portId, status, retiring = [] }: PortState, session: Session): void {
  for (const id of [portId, ...retiring.map((one) => one.portId)]) session.purchases.stateHolds(id);
  if (status === RENEWING) session.purchases.stateTellsRelease(portId);
}
