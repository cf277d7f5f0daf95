import { isApiError, type Port } from "../api";
import { InputError, ProviderError } from "./errors";
import { type Diff, type Hidden } from "./handler";
import { isGone } from "./port-lease";
import { nameOf } from "./program-memory";
import { type Session } from "./session";
import { isUnknown } from "./unknown";

/** What the settings of a port have in common: RotationSettings, Credentials, OsFingerprint. Their id is the port's. */
export interface PortSettings {
  port: string;
}

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

/** Settings cannot move to another port: they are made there, and what this port had before is put back. */
export function settingsDiff(olds: PortSettings, news: PortSettings, changed: boolean): Diff {
  return news.port !== olds.port ? { changes: true, replaces: ["port"] } : { changes: changed };
}

/** The port that settings are about to be made for. */
export async function portOf(news: PortSettings, session: Session): Promise<Port> {
  const port = await session.ports.find(news.port);
  if (!port || isGone(port.status)) throw portGone(news.port);
  return port;
}

export const portGone = (id: string): ProviderError =>
  new ProviderError(
    `port: ${id} does not exist at the vendor. Run \`pulumi up --refresh\`, or name a port that exists.`,
  );

/**
 * Whether a delete has nothing to put back: the port is being replaced, or the program still declares these settings
 * for it under another name.
 */
export function isSpared(kind: string, id: string, session: Session): boolean {
  return session.memory.isDying(id) || session.memory.isDeclared(kind, id);
}

/** Turns "not found" into what a person can act on: for a `catch`. */
export const missingPort =
  (id: string) =>
  (error: unknown): never => {
    throw isApiError(error, "not_found") ? portGone(id) : error;
  };

/** A port that is gone has nothing to put back: for a `catch`. */
export function goneIsFine(error: unknown): undefined {
  if (!isApiError(error, "not_found")) throw error;
}
