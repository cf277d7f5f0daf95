import {
  hasEnded,
  isGone,
  leaseIn,
  leaseState,
  overlapOf,
  releasesDue,
  RENEWING,
  type RetiringPort,
  serves,
  timeOf,
} from "../../domain/lease";
import { describeSpan } from "../../domain/duration";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { type Port } from "../../api";
import { slotTypeOf } from "../../domain/slot-type";
import { ProviderError } from "../errors";
import { type PortArgs } from "./args";
import { leaseNeed } from "./lease-need";
import { type PortState } from "./state";
import { type Decision } from "../run/program-memory";
import { servesNow, settingsBehind } from "./retiring";
import { type Session } from "../run/session";
import { isUnknown } from "../../domain/unknown";

/**
 * What a run does about a lease and about ports of before a renewal, and why. A refresh compares too, with no check
 * before it: it only records.
 */
export async function decide(
  id: string,
  olds: PortState,
  news: PortArgs,
  hidden: Hidden,
  session: Session,
): Promise<Decision> {
  const nothing = { renews: false, releases: [] };
  if (hidden.urn !== undefined && !session.memory.isHeld(hidden.urn)) return nothing;
  if ([news.expiresIn, news.renewBefore, news.onExpired, news.overlap].some(isUnknown)) return nothing;
  const now = await session.now();
  const finishes = await brokeOff(id, olds, news, hidden, now, session);
  const need =
    leaseNeed(olds, finishes ? { ...news, onExpired: "replace" } : news, now, finishes ? undefined : hidden.hold) ??
    (finishes ? "a run that did not end bought another port for it" : undefined);
  if (need !== undefined) {
    // A run that did not end may have deleted the old port for its replacement.
    const isThere = !finishes || (await servesNow(olds.portId, session));
    session.info(`${need}: renewed${isThere ? afterwards(olds, news, now) : ""}.`, hidden.urn);
  }
  const due = releasesDue(olds, news, now);
  const why = due.some((one) => !hasEnded(one, now)) ? await reasonToKeep(id, olds, hidden, session) : undefined;
  const releases = why === undefined ? due : due.filter((one) => hasEnded(one, now));
  if (why !== undefined) session.info(`an old port is kept${why}`, hidden.urn);
  if (releases.length > 0) session.info(`${namesOf(releases)} released.`, hidden.urn);
  return { renews: need !== undefined, releases };
}

/**
 * Why old ports whose time has passed are not released: until another port serves and has all settings, clients may use
 * what they have. Undefined where they may go.
 */
async function reasonToKeep(
  id: string,
  olds: PortState,
  hidden: Hidden,
  session: Session,
): Promise<string | undefined> {
  const { portId } = olds;
  if (!(await servesNow(portId, session))) {
    return `: port ${portId} does not serve. \`pulumi up --refresh\` takes that into the state.`;
  }
  const behind = await settingsBehind(id, olds, hidden, session);
  if (behind.length === 0) return undefined;
  return (
    ` until ${behind.join(" and ")} ${behind.length === 1 ? "is" : "are"} on port ${portId}; ` +
    "settings follow a Port that they are given as `port`."
  );
}

/**
 * Whether a renewal that was killed has bought, or released the old port: then it goes on, whatever onExpired and the
 * bound of a fleet say. Of a lease that runs on it was a replacement, which nobody will ask for again. On another machine
 * the state holds of an update that did not end: of a lease that was due by then it was a renewal.
 */
async function brokeOff(
  id: string,
  olds: PortState,
  news: PortArgs,
  hidden: Hidden,
  now: number,
  session: Session,
): Promise<boolean> {
  const { purchases } = session;
  const state = leaseState(leaseIn(olds), news, now);
  const another = async (): Promise<Port | undefined> => boughtAnother(olds.portId, hidden, session);
  if (state === "running") return isOfType(await another(), news, hidden, session);
  const goesOnAnyway = state === "due" ? hidden.hold === undefined : (news.onExpired ?? "replace") === "replace";
  if (goesOnAnyway) return false;
  if (purchases.wasReleasing(olds.portId) || (await another())) return true;
  const update = await purchases.updateOf(id, { ...olds, __stack: stackOf(hidden) });
  return update !== undefined && update.until >= (timeOf(olds.renewAt) ?? Infinity);
}

/** One of another slot type would be replaced by the next run: it is left to the user, who is to know of it. */
function isOfType(port: Port | undefined, news: PortArgs, { urn }: Hidden, session: Session): boolean {
  if (port === undefined || port.slotType === slotTypeOf(news)) return port !== undefined;
  session.notice(
    `port ${port.id}, which a run bought for it that did not end well, has ` +
      `${port.slotType === undefined ? "no known slot type" : `the slot type "${port.slotType}"`}, and is not taken up now. ` +
      "Release it, or import it under another name: `npx proxies-sx orphans` lists it.",
    urn,
  );
  return false;
}

/** What a killed run surely bought for it, by the journal. A doubt is reported and stops nothing: the old port serves. */
async function boughtAnother(portId: string, hidden: Hidden, session: Session): Promise<Port | undefined> {
  return session.purchases.boughtEarlier(hidden, portId).catch((error: unknown) => {
    if (!(error instanceof ProviderError)) throw error;
    session.notice(error.message, hidden.urn);
    return undefined;
  });
}

/** What becomes of the old port of a renewal, as far as it can be known beforehand. */
function afterwards(olds: PortState, news: PortArgs, now: number): string {
  if (!serves(leaseIn(olds), now)) return "";
  const overlap = overlapOf(news);
  if (overlap === 0) return "; the old port is released";
  const until = overlap === undefined ? "until the next run" : `for ${describeSpan(overlap)} more`;
  return `; the old port serves ${until} if a slot is free`;
}

const namesOf = (ports: readonly RetiringPort[]): string =>
  ports.length === 1
    ? `old port ${ports[0]?.portId} is`
    : `old ports ${ports.map(({ portId }) => portId).join(", ")} are`;

/**
 * The state of a port that serves, where a refresh took it for gone, as one with a key of another account does. Undefined
 * for any other. What the run itself releases is marked otherwise.
 */
export async function foundAgain(olds: PortState, { urn }: Hidden, session: Session): Promise<PortState | undefined> {
  const isTakenForGone = isGone(olds.status) && olds.status !== RENEWING;
  if (!isTakenForGone || urn === undefined || !session.memory.isHeld(urn)) return undefined;
  if (!(await servesNow(olds.portId, session))) return undefined;
  session.info(`port ${olds.portId}, which a refresh took for gone, serves: no other is bought for that.`, urn);
  return { ...olds, status: undefined };
}
