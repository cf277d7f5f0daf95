import { type Port } from "../world/types";
import { type World } from "../world/world";
import { rotateAt } from "./rotation";

export interface RotationChange {
  enabled?: boolean;
  intervalSeconds?: number;
  matchCarrier?: boolean;
  matchCity?: boolean;
  excludedDeviceIds?: string[];
}

/** Shared 300-86400 s, private 60-86400 s (vendor's page). */
export const INTERVAL_BOUNDS = { shared: { least: 300, most: 86_400 }, private: { least: 60, most: 86_400 } };

export function setRotation(world: World, port: Port, change: RotationChange): void {
  const { rotation } = port;
  const now = world.clock.now();
  const wasRunning = rotation.enabled;
  const interval = rotation.intervalSeconds;
  Object.assign(rotation, change);
  if (!rotation.enabled) rotation.nextAutomaticAt = null;
  else if (!wasRunning || rotation.intervalSeconds !== interval)
    rotation.nextAutomaticAt = now + rotation.intervalSeconds * 1_000;
  port.updatedAt = now;
  world.touch();
}

/**
 * Makes the rotations that fell due since the port was last looked at, up to the end of its lease.
 * Of a long absence only as many are made one by one as the history can hold; the others are counted.
 */
export function rotateWhenDue(world: World, port: Port): void {
  const { rotation } = port;
  if (rotation.nextAutomaticAt === null) return;
  const until = Math.min(world.clock.now(), port.expiresAt);
  if (rotation.nextAutomaticAt > until) return;
  const step = rotation.intervalSeconds * 1_000;
  const due = Math.floor((until - rotation.nextAutomaticAt) / step) + 1;
  if (port.suspended) {
    rotation.nextAutomaticAt += due * step;
    return;
  }
  const skipped = Math.max(0, due - world.config.historyLimit);
  rotation.count += skipped;
  let at = rotation.nextAutomaticAt + skipped * step;
  for (; at <= until; at += step) rotateAt(world, port, "automatic", at);
  rotation.nextAutomaticAt = at;
  world.touch();
}
