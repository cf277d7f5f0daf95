import { type Quirks } from "./quirks";
import { type Cooldown, cooldownReason } from "../rules/rotation";
import { type Port, type RotationRecord } from "../world/types";
import { bothShapes, iso } from "./shapes";

/** Result of POST rotate and of the rotation link, as the vendor's page has it. */
export function rotationResult(port: Port, record: RotationRecord): Record<string, unknown> {
  if (port.slotType === "private")
    return {
      success: true,
      portId: port.id,
      oldIp: record.fromIp,
      rotationDurationMs: record.durationMs,
      message: "IP reset triggered via airplane mode. New IP will be available in 10-30 seconds.",
      isAirplaneMode: true,
    };
  return {
    success: true,
    portId: port.id,
    oldDeviceId: record.fromDevice.id,
    newDeviceId: record.toDevice.id,
    oldIp: record.fromIp,
    newIp: record.toIp,
    rotationDurationMs: record.durationMs,
    rotationCount: port.rotation.count,
    message: "Port rotated successfully",
  };
}

export function cooldownAnswer(quirks: Quirks, cooldown: Cooldown): Record<string, unknown> {
  const endsAt = iso(cooldown.endsAt);
  const both = { canRotate: false, reason: cooldownReason(cooldown) };
  return bothShapes(
    quirks,
    { ...both, nextRotationAt: endsAt, cooldownRemaining: cooldown.remainingSeconds },
    { ...both, cooldownEndsAt: endsAt, nextAvailableRotation: endsAt },
    quirks.canRotateMcp,
  );
}

export function historyAnswer(quirks: Quirks, port: Port, records: RotationRecord[], total: number): unknown {
  const entries = records.map((record) => historyEntry(quirks, port, record));
  if (quirks.historyArray) return entries;
  return bothShapes(quirks, { rotations: entries, total }, { data: entries, total }, quirks.historyData);
}

function historyEntry(quirks: Quirks, port: Port, record: RotationRecord): Record<string, unknown> {
  const both = { _id: record.id, portId: port.id, success: record.success };
  return bothShapes(
    quirks,
    {
      ...both,
      fromDeviceId: record.fromDevice.id,
      toDeviceId: record.toDevice.id,
      fromIp: record.fromIp,
      toIp: record.toIp,
      triggerType: record.trigger,
      rotationDurationMs: record.durationMs,
      country: record.country,
      carrier: record.carrier,
      createdAt: iso(record.at),
    },
    {
      ...both,
      trigger: record.trigger,
      rotatedAt: iso(record.at),
      previousDeviceId: record.fromDevice.id,
      newDeviceId: record.toDevice.id,
      previousDeviceName: record.fromDevice.name,
      newDeviceName: record.toDevice.name,
      ...(record.error && { errorMessage: record.error }),
    },
    quirks.historyData || quirks.historyArray,
  );
}
