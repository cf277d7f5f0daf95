import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, PORT_ID } from "./lookup";

/** May a port be rotated by hand now? */
export interface CanRotate extends Omit<api.CanRotate, "nextRotationAt"> {
  /** ISO 8601 in UTC, by the vendor's clock. */
  nextRotationAt?: string;
}

/** One past rotation. */
export interface RotationRecord extends Omit<api.RotationRecord, "createdAt"> {
  /** When it was, ISO 8601 in UTC. */
  createdAt?: string;
}

/** A page of past rotations. */
export interface RotationHistory {
  /** Those of this page. */
  rotations: RotationRecord[];
  /** Total number of rotations, not only those of this page; the page's length if the vendor does not say. */
  total: number;
}

/** Args of `canRotate`. */
export interface CanRotateArgs {
  /** The vendor's id of the port. */
  port: string;
}

/** Args of `getRotationHistory`. */
export interface GetRotationHistoryArgs {
  /** The vendor's id of the port. */
  port: string;
  /** Rotations at most. @default the vendor's */
  limit?: number;
  /** How many of the newest to leave out. @default 0 */
  offset?: number;
}

export const CAN_ROTATE: Lookup<CanRotateArgs, CanRotate> = {
  name: "canRotate",
  inputs: { port: PORT_ID },
  ask: async ({ api }, { port }) => withIsoTimes(await api.rotation.canRotate(port), "nextRotationAt"),
};

export const HISTORY: Lookup<GetRotationHistoryArgs, RotationHistory> = {
  name: "getRotationHistory",
  inputs: { port: PORT_ID, limit: { type: "integer" }, offset: { type: "integer" } },
  ask: async ({ api }, { port, ...page }) => {
    const { rotations, total } = await api.rotation.history(port, page);
    return { rotations: rotations.map((record) => withIsoTimes(record, "createdAt")), total };
  },
};
