import { type Port } from "../../api";
import { InputError } from "../../provider/errors";
import { checkInterval } from "../../provider/rotation-settings";
import { literal } from "../../text/literal";

/** RotationSettings that a port has, or a comment on what cannot be declared. */
export type OwnRotation = { inputs?: Record<string, unknown>; note?: string } | undefined;

/**
 * The rotation of a port that rotates otherwise than a new one does. Declaring what a port has already sends nothing,
 * and the port that replaces it rotates in the same way.
 */
export function rotationOf({ rotationSettings, slotType }: Port): OwnRotation {
  if (!rotationSettings) return undefined;
  const { enabled, intervalSeconds, matchCarrier, matchCity, excludedDeviceIds = [] } = rotationSettings;
  if (!enabled && !matchCarrier && !matchCity && excludedDeviceIds.length === 0) return undefined;
  const never = (why: string): OwnRotation => ({ note: `its rotation stays as it is, but is not declared: ${why}` });
  if (intervalSeconds === undefined) return never("the vendor does not tell how often it rotates");
  try {
    checkInterval(intervalSeconds, slotType);
  } catch (error) {
    if (error instanceof InputError) return never(error.message);
    throw error;
  }
  const untold = enabled && matchCarrier === undefined;
  return {
    ...(untold && {
      note: "the vendor does not tell whether its rotation keeps the carrier: add matchCarrier if it does",
    }),
    inputs: {
      ...(!enabled && { enabled }),
      intervalSeconds,
      ...(matchCarrier && { matchCarrier }),
      ...(matchCity && { matchCity }),
      ...(excludedDeviceIds.length > 0 && { excludedDeviceIds }),
    },
  };
}

/** What its resource is called, for a Port of this name. */
export const rotationName = (port: string): string => `${port}-rotation`;

/** The statement that declares it for the Port in a variable. */
export function rotationCode(variable: string, name: string, inputs: Record<string, unknown>): string {
  const given = literal(inputs).replace("{", `{ port: ${variable},`);
  return `new proxies.RotationSettings(${literal(rotationName(name))}, ${given});`;
}
