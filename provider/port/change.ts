import { isApiError } from "../../api";
import { ProviderError, UnfinishedError } from "../errors";
import { type Session } from "../run/session";
import { type PortArgs } from "./args";
import { destination, fingerprintOf, movedParts, resolvePlace } from "./place";
import { finished, type PortState, toState } from "./state";

/** Moves a port and sets its fingerprint, where the program asks for others. */
export async function changed(id: string, olds: PortState, news: PortArgs, session: Session): Promise<PortState> {
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

async function existing<T>(id: string, call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw isApiError(error, "not_found") ? gone(id) : error;
  });
}

const gone = (id: string): ProviderError =>
  new ProviderError(
    `port ${id} does not exist any more. Run \`pulumi up --refresh\`: onExpired decides what replaces it.`,
  );
