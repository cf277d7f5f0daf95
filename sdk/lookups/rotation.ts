import type * as pulumi from "@pulumi/pulumi";
import {
  CAN_ROTATE,
  HISTORY,
  type CanRotate,
  type CanRotateArgs,
  type GetRotationHistoryArgs,
  type RotationHistory,
  type RotationRecord,
} from "../../provider/lookups/rotation";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export { type CanRotate, type CanRotateArgs, type GetRotationHistoryArgs, type RotationHistory, type RotationRecord };

/**
 * Whether a port may be rotated by hand now, else for how many seconds not (`cooldownRemaining`): at most 5 minutes on
 * a shared slot, 1 on a private one. Scope ports:read.
 *
 * @example
 * const rotation = proxies.canRotateOutput({ port });
 * export const mayRotate = rotation.canRotate;
 */
export function canRotate(args: CanRotateArgs, options?: LookupOptions): Promise<CanRotate> {
  return promiseOf(CAN_ROTATE, args, options);
}

/** {@link canRotate} as an Output; `port` may be a Port or an Output. */
export function canRotateOutput(args: OutputArgs<CanRotateArgs>, options?: LookupOptions): pulumi.Output<CanRotate> {
  return outputOf(CAN_ROTATE, args, options);
}

/**
 * Past rotations of a port, the newest first as far as is known. Scope ports:read.
 *
 * @example
 * const history = proxies.getRotationHistoryOutput({ port, limit: 5 });
 * export const lastRotations = history.rotations;
 */
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
