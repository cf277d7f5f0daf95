import { type Handler } from "./handler";
import { checkOsFingerprint, OS_FINGERPRINTS } from "./os-fingerprints";
import { checkPort, goneIsFine, isSpared, missingPort, portOf, type PortSettings, settingsDiff } from "./port-settings";

/** Inputs of OsFingerprint, as the engine sends them. The class in the SDK documents each. */
export interface OsFingerprintArgs extends PortSettings {
  osFingerprint: string;
}

export interface OsFingerprintState extends OsFingerprintArgs {
  label?: string;
  /** The port's fingerprint from before, put back by delete. */
  __found?: string;
}

const KIND = "OsFingerprint";

/** The operating system that a port's traffic looks like. */
export const osFingerprint = {
  type: `pulumi-nodejs:dynamic/proxies-sx:${KIND}`,
  inputs: ["port", "osFingerprint"],
  secrets: [],

  async check({ news, hidden, session }) {
    if (news.osFingerprint === undefined) checkOsFingerprint(null);
    checkOsFingerprint(news.osFingerprint);
    checkPort(KIND, news, hidden, session);
  },

  async diff({ olds, news }) {
    return settingsDiff(olds, news, news.osFingerprint !== olds.osFingerprint);
  },

  async create({ news, session }) {
    const before = await portOf(news, session);
    if (before.osFingerprint !== news.osFingerprint) {
      await session.api.ports.setOsFingerprint(news.port, news.osFingerprint).catch(missingPort(news.port));
      session.ports.amend(before, { osFingerprint: news.osFingerprint });
    }
    return { id: news.port, state: { ...state(news), __found: before.osFingerprint ?? "" } };
  },

  async read({ id, olds, session }) {
    const actual = (await session.ports.find(id))?.osFingerprint;
    if (actual === undefined) return { state: olds as OsFingerprintState };
    const now = { port: id, osFingerprint: actual };
    const read = { ...(olds as OsFingerprintState), ...state(now) };
    return actual === olds.osFingerprint ? { state: read } : { state: read, inputs: now };
  },

  async update({ id, olds, news, session }) {
    session.ports.wrote(id, await session.api.ports.setOsFingerprint(id, news.osFingerprint).catch(missingPort(id)));
    return { ...state(news), __found: olds.__found };
  },

  async delete({ id, olds, session }) {
    if (isSpared(KIND, id, session)) return;
    session.ports.wrote(id, await session.api.ports.setOsFingerprint(id, olds.__found ?? "").catch(goneIsFine));
  },
} satisfies Handler<OsFingerprintArgs, OsFingerprintState>;

const state = ({ port, osFingerprint }: OsFingerprintArgs): OsFingerprintState => ({
  port,
  osFingerprint,
  label: OS_FINGERPRINTS[osFingerprint],
});
