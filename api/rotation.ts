import { z } from "zod";
import { eitherVerb } from "./either-verb";
import { address, count, informingId, quantity, text } from "./fields";
import { ApiError } from "./transport/errors";
import { type Http } from "./http";
import { path } from "./path";
import { type PortsApi } from "./ports";
import { present, reader, type Reader } from "./reading";
import { asRotationSettings, type RotationSettings, rotationSettingsSchema } from "./rotation-settings";
import { readHistory, type RotationHistory } from "./rotation-history";
import { time } from "./time";

/** What a rotation says of itself. Sources disagree on its shape, so read the port again for its new state. */
export interface RotateResult {
  /** False in an answer that says so; then `message` says why. */
  success: boolean;
  oldDeviceId?: string;
  newDeviceId?: string;
  oldIp?: string;
  /** Missing for a private port: its new address comes 10 to 30 seconds later. */
  newIp?: string;
  rotationDurationMs?: number;
  rotationCount?: number;
  message?: string;
  /** True for a private port: same device, new address. */
  isAirplaneMode?: boolean;
}

/** May the port be rotated by hand now? (5 minutes between rotations of a shared port, 1 of a private one) */
export interface CanRotate {
  /** Whether it may be rotated now. */
  canRotate: boolean;
  /** Devices that a shared port could move to. */
  availableDevices?: number;
  /** Why not. */
  reason?: string;
  /** Epoch ms, by the vendor's clock. */
  nextRotationAt?: number;
  /** Seconds. Worked out from `nextRotationAt` and the vendor's clock when the answer has only that. */
  cooldownRemaining?: number;
}

/** Settings to send; what is left out stays as it is (assumed: the vendor does not say). */
export interface NewRotationSettings {
  enabled: boolean;
  /** 300–86400 on a shared port, 60–86400 on a private one. */
  intervalSeconds?: number;
  matchCarrier?: boolean;
  matchCity?: boolean;
  /** (MCP client only) */
  excludedDeviceIds?: string[];
}

/** Rotation of ports: a new public address. Errors as in `ports`. */
export interface RotationApi {
  /**
   * Rotates now. Acts each time, so it is repeated only after a 429 or when it never left; a 429 whose wait does not
   * fit the deadline (a cooldown) is "rate_limited" at once. Scope ports:rotate.
   */
  rotate(id: string): Promise<RotateResult>;
  /** Scope ports:read. */
  canRotate(id: string): Promise<CanRotate>;
  /** Sets automatic rotation; the settings afterwards. Scope ports:write. (PATCH on the vendor's page, PUT in the MCP client) */
  setSettings(id: string, settings: NewRotationSettings): Promise<RotationSettings>;
  /** Past rotations, newest first as far as known. Scope ports:read. (`limit` and `offset` from the MCP client) */
  history(id: string, page?: { limit?: number; offset?: number }): Promise<RotationHistory>;
  /** Rotates by the port's rotation token, without the key. The answer is undocumented: `success` means a 2xx. */
  rotateByToken(token: string): Promise<RotateResult>;
}

export function rotationApi(http: Http, ports: PortsApi): RotationApi {
  const setSettings = eitherVerb("patch", async (id) => (await ports.get(id)) !== undefined);

  return {
    rotate: async (id) => http.post("ports:rotate", path`/ports/${id}/rotate`, readRotated, { hasCooldown: true }),
    canRotate: async (id) => http.get("ports:read", path`/ports/${id}/can-rotate`, readCanRotate),
    setSettings: async (id, settings) =>
      (await setSettings(id, (verb) =>
        http[verb]("ports:write", path`/ports/${id}/rotation-settings`, readSettingsIfAny, { body: { ...settings } }),
      )) ?? settingsOf(ports, id),
    history: async (id, page) =>
      http.get("ports:read", path`/ports/${id}/rotation-history`, readHistory, { query: { ...page } }),
    rotateByToken: async (token) =>
      http.get("keyless", path`/rotate/${token}`, readRotatedByToken, {
        outsideV1: true,
        anyBody: true,
        effect: "once",
        hasCooldown: true,
        secrets: [token],
      }),
  };
}

/** For an answer that holds no settings: they are read back. */
async function settingsOf(ports: PortsApi, id: string): Promise<RotationSettings> {
  const settings = (await ports.get(id))?.rotationSettings;
  if (settings) return settings;
  const reason = "neither the answer nor the port afterwards holds the rotation settings";
  throw new ApiError({
    code: "bad_answer",
    reason,
    method: "PATCH",
    route: "/ports/:id/rotation-settings",
    sent: "maybe",
    maybeDone: true,
  });
}

const rotatedSchema = z.object({
  success: z.boolean().nullish(),
  oldDeviceId: informingId,
  newDeviceId: informingId,
  oldIp: address,
  newIp: address,
  rotationDurationMs: quantity,
  rotationCount: count,
  message: text,
  isAirplaneMode: z.boolean().nullish(),
});

/** The vendor page's result, or the port that the MCP client expects, which has its count in its settings. */
const readRotated = reader(
  rotatedSchema.extend({ rotationSettings: z.object({ rotationCount: count }).nullish() }),
  ({ rotationSettings, ...wire }) =>
    present<RotateResult>({
      ...wire,
      success: wire.success ?? true,
      rotationCount: wire.rotationCount ?? rotationSettings?.rotationCount,
    }),
);

const readRotatedByToken: Reader<RotateResult> = (body, context) => {
  const hasDetails = typeof body === "object" && body !== null && !Array.isArray(body);
  return hasDetails ? readRotated(body, context) : { success: true };
};

/** nextRotationAt and cooldownRemaining on the vendor's page; the other two are what the MCP client reads. */
const readCanRotate = reader(
  z.object({
    canRotate: z.boolean(),
    availableDevices: count,
    reason: text,
    nextRotationAt: time,
    nextAvailableRotation: time,
    cooldownEndsAt: time,
    cooldownRemaining: quantity,
  }),
  (wire, { serverNow }) => {
    const next = wire.nextRotationAt ?? wire.nextAvailableRotation ?? wire.cooldownEndsAt ?? undefined;
    const untilNext = next === undefined || serverNow === undefined ? undefined : Math.ceil((next - serverNow) / 1000);
    return present<CanRotate>({
      canRotate: wire.canRotate,
      availableDevices: wire.availableDevices,
      reason: wire.reason,
      nextRotationAt: next,
      cooldownRemaining: wire.cooldownRemaining ?? (untilNext === undefined ? undefined : Math.max(0, untilNext)),
    });
  },
);

/** Bare settings on the vendor's page; inside a port for the MCP client. */
const readSettingsIfAny = reader(
  rotationSettingsSchema.extend({ rotationSettings: rotationSettingsSchema.nullish() }).nullish(),
  (wire) => asRotationSettings(wire?.rotationSettings) ?? asRotationSettings(wire),
);
