import { type Hidden } from "../domain/hidden-inputs";
import { isGone } from "../domain/lease";
import { isApiError, type Port } from "../api";
import { InputError, ProviderError, UnfinishedError } from "./errors";
import { type Diff, type ReadResult } from "./handler";
import { givenInputs } from "./input-values";
import { type OfAccount } from "./run/own-account";
import { type Session } from "./run/session";
import { isUnknown } from "../domain/unknown";
import { nameOf } from "../domain/urn";

/** What the settings of a port have in common: RotationSettings, Credentials, OsFingerprint. Their id is the Port's. */
export interface PortSettings {
  port: string;
}

/** In the state of settings, where it differs from `port`: the vendor's port that they were made for. */
export interface SettingsTarget extends OfAccount {
  __portId?: string;
}

/**
 * The vendor's port that settings are for. A Port of the program is renewed in place, so its id is not enough: what
 * this run did with the Port counts first, then what the program knows of it, then what the state holds. Undefined in a
 * preview where this run is to buy it.
 */
function targetOf(
  news: PortSettings,
  hidden: Hidden,
  olds: Partial<PortSettings & SettingsTarget> | undefined,
  session: Session,
): string | undefined {
  const met = session.memory.servedBy(news.port);
  if (met) return met.portId;
  if (hidden.portId !== undefined && !isUnknown(hidden.portId)) return hidden.portId;
  return targetBefore(news, olds);
}

const targetBefore = (news: PortSettings, olds: Partial<PortSettings & SettingsTarget> | undefined): string =>
  (olds?.port === news.port ? olds.__portId : undefined) ?? news.port;

/** The target as the state keeps it, and whose it is: that of the key that has just written it. */
export const targetState = (news: PortSettings, target: string, session: Session, olds?: OfAccount): SettingsTarget => {
  const account = session.account.kept(olds);
  return { ...(target !== news.port && { __portId: target }), ...(account && { __account: account }) };
};

/** The vendor's port that the settings in a state were made for. */
export const madeFor = (id: string, olds: SettingsTarget): string => olds.__portId ?? id;

/** Checks the port's id, and that no other resource of the program sets the same for it. */
export function checkPort(kind: string, news: PortSettings, hidden: Hidden, session: Session): void {
  const { port } = news;
  if (isUnknown(port)) return;
  if (typeof port !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(port)) {
    throw new InputError("port", "is not a port: give a Port, or the id of one.");
  }
  const other = hidden.urn === undefined ? undefined : session.memory.declare(kind, port, hidden.urn);
  if (other !== undefined) {
    throw new InputError(
      "port",
      `"${nameOf(other)}" and "${nameOf(hidden.urn ?? "")}" are both ${kind} of port ${port}: keep one.`,
    );
  }
}

/**
 * Settings follow a renewal of their Port in place. They cannot move to another resource's port: they are made there,
 * and what this port had before is put back.
 *
 * @param followed outputs that say something of the port
 */
export function settingsDiff<State extends PortSettings & SettingsTarget>(
  {
    id,
    olds,
    news,
    hidden,
    session,
  }: { id: string; olds: State; news: PortSettings; hidden: Hidden; session: Session },
  changed: boolean,
  followed: readonly string[] = [],
): Diff {
  if (news.port !== olds.port) return { changes: true, replaces: ["port"] };
  const follows = targetOf(news, hidden, olds, session) !== madeFor(id, olds);
  return { changes: changed || follows, touches: follows ? ["port", ...followed] : [] };
}

/** Settings of a port that does not report them: the state stays. */
export const unread = <State extends object>(names: readonly (keyof State)[], olds: State): ReadResult<State> => ({
  state: olds,
  inputs: givenInputs(olds, names),
  drifted: false,
});

/** The vendor's port that settings are about to be made for. */
export async function portOf(id: string, session: Session): Promise<Port> {
  const [port] = await Promise.all([session.ports.find(id), session.account.ask()]);
  if (!port || isGone(port.status)) throw portGone(id);
  return port;
}

/**
 * The target of an update or a create. Where this run is to renew the Port and has not done it yet, as beside settings
 * that name it by a text, it is the one from before: the next run follows.
 */
export function knownTarget(
  news: PortSettings,
  hidden: Hidden,
  olds: Partial<PortSettings & SettingsTarget> | undefined,
  session: Session,
): string {
  return targetOf(news, hidden, olds, session) ?? targetBefore(news, olds);
}

export const portGone = (id: string): ProviderError =>
  new ProviderError(
    `port: ${id} does not exist at the vendor. Run \`pulumi up --refresh\`, or name a port that exists.`,
  );

/**
 * Whether a delete has nothing to put back: the port is being replaced, or the program still declares these settings
 * for it under another name.
 */
export function isSpared(kind: string, id: string, olds: SettingsTarget, session: Session): boolean {
  return session.memory.isDying(madeFor(id, olds)) || session.memory.isDeclared(kind, id);
}

/** Turns "not found" into what a person can act on: for a `catch`. */
export const missingPort =
  (id: string) =>
  (error: unknown): never => {
    throw isApiError(error, "not_found") ? portGone(id) : error;
  };

/**
 * Keeps a state with what the port had before, where the answer to a change is lost: a later look at the port
 * sees the change only. For a `catch`.
 *
 * @throws UnfinishedError with that state; any other error as it is
 */
export const keepingFound =
  (id: string, made: SettingsTarget & { __found?: unknown }) =>
  (error: unknown): never => {
    throw isApiError(error) && error.maybeDone ? new UnfinishedError(id, made, error) : error;
  };

/**
 * A port that is gone has nothing to put back: for a `catch`. One of another account has, and the state would forget it.
 *
 * @throws ProviderError for such a port
 */
export const goneIsFine =
  (target: string, olds: SettingsTarget, session: Session) =>
  async (error: unknown): Promise<undefined> => {
    if (!isApiError(error, "not_found")) throw error;
    await session.account.refuseOther(target, olds);
  };
