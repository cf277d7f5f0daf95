import { type Port } from "../../api";
import { durationInput } from "../../domain/duration";
import { knownSlotType } from "../../domain/slot-type";
import { type PortArgs } from "./args";

/**
 * The inputs of a program that declares a port as the vendor has it, for one that no program declared. No carrier is
 * among them: it may have come by chance, and rotation changes it.
 */
export function inputsOf({ country, slotType, createdAt, expiresAt, osFingerprint }: Port): Partial<PortArgs> {
  const known = knownSlotType(slotType);
  const seconds = createdAt === undefined || expiresAt === undefined ? 0 : Math.round((expiresAt - createdAt) / 1_000);
  return {
    ...(country?.code && { country: country.code }),
    ...(known && { slotType: known }),
    ...(seconds > 0 && { expiresIn: durationInput(seconds) }),
    ...(osFingerprint && { osFingerprint }),
  };
}
