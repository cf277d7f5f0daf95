import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

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
  rotations: RotationRecord[];
  /** Total number of rotations, not only those of this page; the page's length if the vendor does not say. */
  total: number;
}

/** Args of {@link canRotate}. */
export interface CanRotateArgs {
  /** The vendor's id of the port. */
  port: string;
}

/** Args of {@link getRotationHistory}. */
export interface GetRotationHistoryArgs {
  /** The vendor's id of the port. */
  port: string;
  /** Rotations at most. @default the vendor's */
  limit?: number;
  /** How many of the newest to leave out. @default 0 */
  offset?: number;
}

const CAN_ROTATE: Lookup<CanRotateArgs, CanRotate> = {
  name: "canRotate",
  inputs: ["port"],
  ask: async ({ api }, { port }) => withIsoTimes(await api.rotation.canRotate(port), "nextRotationAt"),
};

const HISTORY: Lookup<GetRotationHistoryArgs, RotationHistory> = {
  name: "getRotationHistory",
  inputs: ["port", "limit", "offset"],
  ask: async ({ api }, { port, ...page }) => {
    const { rotations, total } = await api.rotation.history(port, page);
    return { rotations: rotations.map((record) => withIsoTimes(record, "createdAt")), total };
  },
};

/**
 * Whether a port may be rotated by hand now, else for how many seconds not (`cooldownRemaining`): at most 5 minutes on
 * a shared slot, 1 on a private one. Scope ports:read.
 */
export function canRotate(args: CanRotateArgs, options?: LookupOptions): Promise<CanRotate> {
  return promiseOf(CAN_ROTATE, args, options);
}

/** {@link canRotate} as an Output; `port` may be a Port or an Output. */
export function canRotateOutput(args: OutputArgs<CanRotateArgs>, options?: LookupOptions): pulumi.Output<CanRotate> {
  return outputOf(CAN_ROTATE, args, options);
}

/** Past rotations of a port, the newest first as far as is known. Scope ports:read. */
export function getRotationHistory(args: GetRotationHistoryArgs, options?: LookupOptions): Promise<RotationHistory> {
  return promiseOf(HISTORY, args, options);
}

/** {@link getRotationHistory} as an Output, of args that may be Outputs; `port` may be a Port. */
export function getRotationHistoryOutput(
  args: OutputArgs<GetRotationHistoryArgs>,
  options?: LookupOptions,
): pulumi.Output<RotationHistory> {
  return outputOf(HISTORY, args, options);
}
