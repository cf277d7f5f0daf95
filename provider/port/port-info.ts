import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";

/** A port as the vendor has it now. What the vendor does not report is undefined. */
export interface PortInfo extends Omit<api.Port, "expiresAt" | "createdAt" | "rotationSettings"> {
  /** End of the lease, ISO 8601 in UTC. */
  expiresAt?: string;
  /** Time of the purchase, ISO 8601 in UTC. */
  createdAt?: string;
  /** How it rotates by itself. */
  rotationSettings?: PortRotation;
}

/** How a port rotates by itself, and when it last did. */
export interface PortRotation extends Omit<api.RotationSettings, "lastRotatedAt"> {
  /** ISO 8601 in UTC. */
  lastRotatedAt?: string;
}

export function portInfo({ rotationSettings, ...port }: api.Port): PortInfo {
  const rotation = rotationSettings && withIsoTimes(rotationSettings, "lastRotatedAt");
  return { ...withIsoTimes(port, "expiresAt", "createdAt"), ...(rotation && { rotationSettings: rotation }) };
}
