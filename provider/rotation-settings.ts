import { inputNames } from "../domain/kinds";
import { ROTATION_INTERVAL } from "../domain/rotation-interval";
import { type RotationSettings as VendorSettings } from "../api";
import { InputError } from "./errors";
import { type Handler } from "./handler";
import { givenInputs } from "./input-values";
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
import { hasUnknown, isUnknown } from "../domain/unknown";
import { kindGiven } from "../text";

/** Inputs of RotationSettings, as the engine sends them. The class in the SDK documents each. */
export interface RotationSettingsArgs extends PortSettings {
  enabled?: boolean;
  intervalSeconds: number;
  matchCarrier?: boolean;
  matchCity?: boolean;
  excludedDeviceIds?: string[];
}

export interface RotationSettingsState extends RotationSettingsArgs, SettingsTarget {
  enabled: boolean;
  /** The port's settings from before, put back by delete. */
  __found?: Partial<VendorSettings>;
}

const KIND = "RotationSettings";
const INPUTS = inputNames(KIND);
const SETTINGS = INPUTS.filter((name) => name !== "port");
const FLAGS = ["enabled", "matchCarrier", "matchCity"] as const;

/** When a port gets a new address by itself. */
export const rotationSettings = {
  kind: KIND,

  async check({ news, hidden, session }) {
    checkInterval(news.intervalSeconds, hidden.slotType);
    for (const flag of FLAGS) {
      if (news[flag] !== undefined && !isUnknown(news[flag]) && typeof news[flag] !== "boolean") {
        throw new InputError(flag, `is neither true nor false (${kindGiven(news[flag])}).`);
      }
    }
    const { excludedDeviceIds: excluded } = news;
    if (
      excluded !== undefined &&
      !isUnknown(excluded) &&
      !(Array.isArray(excluded) && excluded.every((id) => typeof id === "string"))
    ) {
      throw new InputError("excludedDeviceIds", "is not a list of device ids.");
    }
    checkPort(KIND, news, hidden, session);
  },

  async diff(request) {
    const { olds, news } = request;
    return settingsDiff(
      request,
      SETTINGS.some((name) => hasUnknown(news[name]) || !equal(effective(news)[name], effective(olds)[name])),
    );
  },

  async create({ news, hidden, session }) {
    return { id: news.port, state: await make(news, knownTarget(news, hidden, undefined, session), session) };
  },

  async read({ id, olds, session }) {
    const actual = (await session.ports.find(madeFor(id, olds)))?.rotationSettings;
    if (!actual) return unread(INPUTS, olds as RotationSettingsState);
    const wanted = SETTINGS.filter((name) => olds[name] !== undefined || olds.port === undefined);
    const now = givenInputs(
      {
        ...olds,
        ...givenInputs(
          actual,
          wanted.filter((name) => actual[name] !== undefined),
        ),
      },
      SETTINGS,
    );
    const read = { ...(olds as RotationSettingsState), ...now, port: id };
    const drifted = wanted.some((name) => !equal(read[name], olds[name]));
    return { state: read, inputs: { ...givenInputs(read, SETTINGS), port: id }, drifted };
  },

  async update({ id, olds, news, hidden, session }) {
    const target = knownTarget(news, hidden, olds, session);
    if (target !== madeFor(id, olds)) return make(news, target, session);
    // A setting that is no longer asked for goes back to the vendor's default.
    await session.api.rotation.setSettings(target, { ...off(olds), ...given(news) }).catch(missingPort(target));
    session.ports.wrote(target, undefined);
    return { ...state(news), ...targetState(news, target, session, olds), __found: olds.__found };
  },

  async delete({ id, olds, session }) {
    if (isSpared(KIND, id, olds, session)) return;
    const target = madeFor(id, olds);
    const found = restorable(olds.__found);
    await session.api.rotation
      .setSettings(target, { ...off(olds), ...found, enabled: found.enabled ?? false })
      .catch(goneIsFine(target, olds, session));
    session.ports.wrote(target, undefined);
  },
} satisfies Handler<"RotationSettings", RotationSettingsArgs, RotationSettingsState>;

/** Sets them for a port that has others, and keeps what that port had before. */
async function make(news: RotationSettingsArgs, target: string, session: Session): Promise<RotationSettingsState> {
  const port = await portOf(target, session);
  checkInterval(news.intervalSeconds, port.slotType);
  const made = { ...state(news), ...targetState(news, target, session), __found: restorable(port.rotationSettings) };
  if (!has(port.rotationSettings, given(news))) {
    const set = await session.api.rotation
      .setSettings(target, given(news))
      .catch(missingPort(target))
      .catch(keepingFound(news.port, made));
    session.ports.amend(port, { rotationSettings: set });
  }
  return made;
}

/** @throws InputError for an interval that a slot of this type does not take. */
export function checkInterval(value: unknown, slotType: string | undefined): void {
  if (isUnknown(value)) return;
  const known = slotType === "shared" || slotType === "private" ? slotType : undefined;
  const { min, max } = ROTATION_INTERVAL[known ?? "private"];
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const rule = known
    ? `Give whole seconds from ${min} to ${max} on a ${known} slot.`
    : `Give whole seconds from ${ROTATION_INTERVAL.shared.min} on a shared slot, from ${min} on a private one, to ${max}.`;
  throw new InputError("intervalSeconds", `is out of range (${kindGiven(value)}). ${rule}`);
}

const given = (args: RotationSettingsArgs): VendorSettings => ({
  ...givenInputs(args, SETTINGS),
  enabled: args.enabled ?? true,
});

const state = (args: RotationSettingsArgs): RotationSettingsState => ({
  ...given(args),
  intervalSeconds: args.intervalSeconds,
  port: args.port,
});

/** Settings with the defaults filled in, for a comparison. */
const effective = (args: RotationSettingsArgs): Required<Omit<RotationSettingsArgs, "port">> => ({
  enabled: args.enabled ?? true,
  intervalSeconds: args.intervalSeconds,
  matchCarrier: args.matchCarrier ?? false,
  matchCity: args.matchCity ?? false,
  excludedDeviceIds: args.excludedDeviceIds ?? [],
});

/** Whether a port has these settings already, so that nothing needs to be sent. One that it does not report is sent. */
const has = (told: VendorSettings | undefined, wanted: VendorSettings): boolean =>
  SETTINGS.every((name) => wanted[name] === undefined || equal(wanted[name], told?.[name]));

/** The order of excluded devices has no meaning. */
function equal(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b)
    ? JSON.stringify([...(a as string[])].sort()) === JSON.stringify([...(b as string[])].sort())
    : a === b;
}

/**
 * What can be put back. An interval below what any slot type takes, as of a port that never rotated, cannot. An empty
 * list of devices need not: only the vendor's MCP client knows that field, so it is not sent without need.
 */
function restorable(found: Partial<VendorSettings> | undefined): Partial<VendorSettings> {
  if (!found) return { enabled: false };
  const { intervalSeconds = 0, excludedDeviceIds = [] } = found;
  const left: string[] = [];
  if (intervalSeconds < ROTATION_INTERVAL.private.min) left.push("intervalSeconds");
  if (excludedDeviceIds.length === 0) left.push("excludedDeviceIds");
  return givenInputs(
    found,
    SETTINGS.filter((name) => !left.includes(name)),
  );
}

/** What this resource had switched on, at the vendor's default. */
const off = (olds: RotationSettingsState): Partial<VendorSettings> => ({
  ...(olds.matchCarrier && { matchCarrier: false }),
  ...(olds.matchCity && { matchCity: false }),
  ...(olds.excludedDeviceIds?.length && { excludedDeviceIds: [] }),
});
