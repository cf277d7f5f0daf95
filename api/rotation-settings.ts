import { z } from "zod";
import { count, quantity, requiredId } from "./fields";
import { present } from "./reading";
import { time } from "./time";

/** Automatic rotation of a port (vendor page: `rotationSettings` of a port, and PATCH /v1/ports/:id/rotation-settings). */
export interface RotationSettings {
  /** Whether it rotates by itself. */
  enabled: boolean;
  /** Seconds between rotations: 300–86400 on a shared port, 60–86400 on a private one. */
  intervalSeconds?: number;
  /** Keep the carrier when rotating. Only the endpoint's own answer has it on the vendor's page, a port's has not. */
  matchCarrier?: boolean;
  /** Keep the city or region when rotating. Where it is answered: as matchCarrier. */
  matchCity?: boolean;
  /** Devices never to rotate to. */
  excludedDeviceIds?: string[];
  /** Epoch ms. */
  lastRotatedAt?: number;
  /** Rotations so far. */
  rotationCount?: number;
}

/** @internal */
export const rotationSettingsSchema = z.object({
  enabled: z.boolean().nullish(),
  intervalMinutes: quantity, // legacy, as the vendor's page says
  intervalSeconds: quantity,
  matchCarrier: z.boolean().nullish(),
  matchCity: z.boolean().nullish(),
  excludedDeviceIds: z.array(requiredId).nullish(),
  lastRotatedAt: time,
  rotationCount: count,
});

/** Undefined for settings that do not say whether rotation is on. @internal */
export function asRotationSettings(
  wire: z.output<typeof rotationSettingsSchema> | null | undefined,
): RotationSettings | undefined {
  if (!wire || typeof wire.enabled !== "boolean") return undefined;
  const minutes = wire.intervalMinutes ?? undefined;
  return present<RotationSettings>({
    enabled: wire.enabled,
    intervalSeconds: wire.intervalSeconds ?? (minutes === undefined ? undefined : minutes * 60),
    matchCarrier: wire.matchCarrier,
    matchCity: wire.matchCity,
    excludedDeviceIds: wire.excludedDeviceIds,
    lastRotatedAt: wire.lastRotatedAt,
    rotationCount: wire.rotationCount,
  });
}
