import { type Hidden } from "../domain/hidden-inputs";
import { isDeepStrictEqual } from "node:util";
import { formatDuration } from "../domain/duration";
import { ProviderError } from "./errors";
import { type Handler } from "./handler";
import { checkPort, knownTarget, missingPort, portOf, type PortSettings } from "./port-settings";
import { rotateOnce } from "./rotate-once";
import { type Session } from "./run/session";
import { hasUnknown } from "../domain/unknown";
import { withoutStop } from "../text";

/** Inputs of Rotation, as the engine sends them. The class in the SDK documents each. */
export interface RotationArgs extends PortSettings {
  triggers?: unknown;
}

export interface RotationState extends RotationArgs {
  lastRotatedAt?: string;
  rotationCount?: number;
  newIp?: string;
}

const KIND = "Rotation";

/** How long a rotation may wait for a cooldown and for its new address, in ms: twice the longest cooldown. */
const DEADLINE = 600_000;
/** Longest pause between two polls, in ms: a cooldown can end early. */
const PAUSE = 5_000;
/** How long a private port may take to get its new address, in ms (source: the vendor page says 10 to 30 s). */
const NEW_ADDRESS = 60_000;

/** A new address now, and whenever the triggers change. */
export const rotation = {
  kind: KIND,

  async check({ news, hidden, session }) {
    checkPort(KIND, news, hidden, session);
  },

  /** A renewal of the port brings a new address by itself, so it is no reason to rotate. */
  async diff({ olds, news }) {
    if (news.port !== olds.port) return { changes: true, replaces: ["port"] };
    return { changes: hasUnknown(news.triggers) || !isDeepStrictEqual(news.triggers, olds.triggers) };
  },

  async create({ news, hidden, session }) {
    return { id: news.port, state: await rotate(news, hidden, session) };
  },

  /** What was done stays done: later rotations are not this resource's. */
  async read({ id, olds }) {
    const { port = id, triggers } = olds;
    return { state: { ...olds, port }, inputs: { port, triggers }, drifted: false };
  },

  async update({ news, hidden, session }) {
    return rotate(news, hidden, session);
  },

  async delete() {},
} satisfies Handler<"Rotation", RotationArgs, RotationState>;

async function rotate(news: RotationArgs, hidden: Hidden, session: Session): Promise<RotationState> {
  const { urn } = hidden;
  const id = knownTarget(news, hidden, undefined, session);
  const before = await portOf(id, session);
  await untilAllowed(id, session, urn);
  const isPrivate = before.slotType === "private";
  // The answer may be a port, which has no address, or be lost (source: the vendor's MCP client expects a port).
  const oldIp = isPrivate ? await addressOf(id, session) : undefined;
  const told = await rotateOnce(before, session.api, (port) => session.ports.ask(port)).catch(missingPort(id));
  if (told?.success === false)
    throw new ProviderError(`port ${id} was not rotated: ${told.message ?? "the vendor refused"}.`);
  const newIp = told?.newIp ?? (isPrivate ? await newAddress(id, told?.oldIp ?? oldIp, session, urn) : undefined);
  session.ports.wrote(id, undefined);
  // What is done is no error: another run would do it again.
  const { rotationSettings } = (await session.ports.find(id).catch(() => undefined)) ?? {};
  const last = rotationSettings?.lastRotatedAt ?? (await session.now());
  return {
    port: news.port,
    ...(news.triggers !== undefined && { triggers: news.triggers }),
    lastRotatedAt: new Date(last).toISOString(),
    rotationCount: rotationSettings?.rotationCount ?? told?.rotationCount,
    newIp,
  };
}

/** Waits for the cooldown, 5 minutes on a shared slot and 1 on a private one (source: the vendor page). */
async function untilAllowed(id: string, session: Session, urn: string | undefined): Promise<void> {
  for (let waited = 0; ;) {
    const { canRotate, cooldownRemaining, reason } = await session.api.rotation.canRotate(id).catch(missingPort(id));
    if (canRotate) return;
    const why = withoutStop(reason ?? "it cannot be rotated now");
    const left = (cooldownRemaining ?? PAUSE / 1_000) * 1_000;
    if (waited + left > DEADLINE) {
      throw new ProviderError(
        `port ${id} was not rotated: ${why}. Waited ${formatDuration(Math.round(waited / 1_000))}; the next run tries again.`,
      );
    }
    session.progress(`waiting for the cooldown, ${Math.ceil(left / 1_000)} s left`, urn);
    const pause = Math.min(Math.max(left, 1_000), PAUSE);
    await session.sleep(pause);
    waited += pause;
  }
}

/** The address that the world sees now. Undefined where it cannot be asked. */
const addressOf = async (id: string, session: Session): Promise<string | undefined> =>
  (await session.api.ports.ip(id).catch(() => undefined))?.publicIp;

/** The address of a private port once it is another one. Undefined where it does not come in time, or nobody waits for it. */
async function newAddress(
  id: string,
  oldIp: string | undefined,
  session: Session,
  urn: string | undefined,
): Promise<string | undefined> {
  let waited = 0;
  for (; waited < NEW_ADDRESS; waited += PAUSE) {
    session.progress(`waiting for the new address, ${waited / 1_000} s so far`, urn);
    const isOver = await session.sleep(PAUSE).then(
      () => false,
      () => true,
    );
    if (isOver) break;
    const publicIp = await addressOf(id, session);
    if (publicIp !== undefined && publicIp !== oldIp) return publicIp;
  }
  session.notice(
    `port ${id} rotated, but its new address was not ${waited > 0 ? `seen within ${waited / 1_000} s` : "waited for"}.`,
    urn,
  );
  return undefined;
}
