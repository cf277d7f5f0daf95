import { FINGERPRINTS, isFingerprint } from "../domain/fingerprints";
import { inputNames } from "../domain/kinds";
import { type Handler } from "./handler";
import { checkOsFingerprint } from "./input-values";
import {
  checkPort,
  goneIsFine,
  isSpared,
  keepingFound,
  knownTarget,
  madeFor,
  missingPort,
  portOf,
  type PortSettings,
  settingsDiff,
  type SettingsTarget,
  targetState,
  unread,
} from "./port-settings";
import { type Session } from "./run/session";

/** Inputs of OsFingerprint, as the engine sends them. The class in the SDK documents each. */
export interface OsFingerprintArgs extends PortSettings {
  osFingerprint: string;
}

export interface OsFingerprintState extends OsFingerprintArgs, SettingsTarget {
  label?: string;
  /** The port's fingerprint from before, put back by delete. */
  __found?: string;
}

const KIND = "OsFingerprint";
const INPUTS = inputNames(KIND);

/** The operating system that a port's traffic looks like. */
export const osFingerprint = {
  kind: KIND,

  async check({ news, hidden, session }) {
    if (news.osFingerprint === undefined) checkOsFingerprint(null);
    checkOsFingerprint(news.osFingerprint);
    checkPort(KIND, news, hidden, session);
  },

  async diff(request) {
    const changed = request.news.osFingerprint !== request.olds.osFingerprint;
    const diff = settingsDiff(request, changed);
    return changed ? { ...diff, touches: [...(diff.touches ?? []), "label"] } : diff;
  },

  async create({ news, hidden, session }) {
    return { id: news.port, state: await make(news, knownTarget(news, hidden, undefined, session), session) };
  },

  async read({ id, olds, session }) {
    const actual = (await session.ports.find(madeFor(id, olds)))?.osFingerprint;
    if (actual === undefined) return unread(INPUTS, olds as OsFingerprintState);
    const now = { port: id, osFingerprint: actual };
    const read = { ...(olds as OsFingerprintState), ...state(now) };
    return { state: read, inputs: now, drifted: actual !== olds.osFingerprint };
  },

  async update({ id, olds, news, hidden, session }) {
    const target = knownTarget(news, hidden, olds, session);
    if (target !== madeFor(id, olds)) return make(news, target, session);
    const set = await session.api.ports.setOsFingerprint(target, news.osFingerprint).catch(missingPort(target));
    session.ports.wrote(target, set);
    return { ...state(news), ...targetState(news, target, session, olds), __found: olds.__found };
  },

  async delete({ id, olds, session }) {
    if (isSpared(KIND, id, olds, session)) return;
    const target = madeFor(id, olds);
    session.ports.wrote(
      target,
      await session.api.ports.setOsFingerprint(target, olds.__found ?? "").catch(goneIsFine(target, olds, session)),
    );
  },
} satisfies Handler<"OsFingerprint", OsFingerprintArgs, OsFingerprintState>;

/** Sets it for a port that has it not yet, and keeps what that port had before. */
async function make(news: OsFingerprintArgs, target: string, session: Session): Promise<OsFingerprintState> {
  const before = await portOf(target, session);
  const made = { ...state(news), ...targetState(news, target, session), __found: before.osFingerprint ?? "" };
  if (before.osFingerprint !== news.osFingerprint) {
    await session.api.ports
      .setOsFingerprint(target, news.osFingerprint)
      .catch(missingPort(target))
      .catch(keepingFound(news.port, made));
    session.ports.amend(before, { osFingerprint: news.osFingerprint });
  }
  return made;
}

const state = ({ port, osFingerprint }: OsFingerprintArgs): OsFingerprintState => ({
  port,
  osFingerprint,
  label: isFingerprint(osFingerprint) ? FINGERPRINTS[osFingerprint] : undefined,
});
