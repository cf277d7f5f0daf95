import { type LifeWindows } from "../world/config";
import { type Port } from "../world/types";

export type Stage = "pending" | "active" | "expiring_soon" | "expired" | "grace_period" | "deleted";

/** The statuses that a port may have: the vendor's page has active, suspended and expired, its client the others. */
export const STATUSES: readonly string[] = [
  "pending",
  "active",
  "expiring_soon",
  "expired",
  "grace_period",
  "deleted",
  "suspended",
];

interface Transition {
  from: Stage;
  to: Stage;
  at: (port: Pick<Port, "createdAt" | "expiresAt">, windows: LifeWindows) => number;
}

const seconds = (count: number) => count * 1_000;

/** The names are the vendor's; their order and the windows between them are inferred. */
const LIFE: readonly Transition[] = [
  { from: "pending", to: "active", at: (port, windows) => port.createdAt + seconds(windows.pending) },
  { from: "active", to: "expiring_soon", at: (port, windows) => port.expiresAt - seconds(windows.expiringSoon) },
  { from: "expiring_soon", to: "expired", at: (port) => port.expiresAt },
  { from: "expired", to: "grace_period", at: (port, windows) => port.expiresAt + seconds(windows.expired) },
  { from: "grace_period", to: "deleted", at: endOf },
];

/** Stages follow from the times alone, so a port whose lease was moved is at once where it belongs. */
export function stageOf(port: Port, windows: LifeWindows, now: number): Stage {
  return LIFE.reduce<Stage>(
    (stage, transition) => (transition.from === stage && now >= transition.at(port, windows) ? transition.to : stage),
    "pending",
  );
}

export function endOf(port: Pick<Port, "expiresAt">, windows: LifeWindows): number {
  return port.expiresAt + seconds(windows.expired + windows.grace);
}

export function isOver(stage: Stage): boolean {
  return stage === "expired" || stage === "grace_period" || stage === "deleted";
}

/** What the API calls it: suspension hides the stage, and control may say anything. */
export function statusOf(port: Port, windows: LifeWindows, now: number): string {
  const said = port.overrides["status"];
  if (typeof said === "string") return said;
  return port.suspended ? "suspended" : stageOf(port, windows, now);
}
