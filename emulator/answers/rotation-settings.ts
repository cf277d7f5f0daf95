import { type Quirks } from "./quirks";
import { type Port } from "../world/types";
import { isoOrNull } from "./shapes";

export interface WireRotationSettings {
  enabled: boolean;
  intervalMinutes: number;
  intervalSeconds: number;
  lastRotatedAt: string | null;
  rotationCount: number;
  matchCarrier?: boolean;
  matchCity?: boolean;
  excludedDeviceIds?: string[];
}

/** As a part of a port. */
export function rotationSettings(port: Port, quirks: Quirks): WireRotationSettings {
  const { enabled, intervalSeconds, lastRotatedAt, count, matchCarrier, matchCity, excludedDeviceIds } = port.rotation;
  return {
    enabled,
    intervalMinutes: intervalSeconds / 60,
    intervalSeconds,
    lastRotatedAt: isoOrNull(lastRotatedAt),
    rotationCount: count,
    ...(!quirks.noRotationMatchFields && { matchCarrier, matchCity, excludedDeviceIds: [...excludedDeviceIds] }),
  };
}

/** As the answer of PATCH rotation-settings: the settings, and once more nested for a client that expects a port. */
export function rotationSettingsAnswer(port: Port, quirks: Quirks): Record<string, unknown> {
  const whole = rotationSettings(port, { ...quirks, noRotationMatchFields: false });
  const { settingsId } = port.rotation;
  const page = { ...whole, _id: settingsId, id: settingsId };
  return quirks.pageOnly ? page : { ...page, rotationSettings: whole };
}
