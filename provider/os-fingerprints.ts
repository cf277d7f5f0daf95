import { FINGERPRINTS, isFingerprint } from "../domain/fingerprints";
import { InputError } from "./errors";
import { kindGiven } from "../text";
import { isUnknown } from "../domain/unknown";

/** Refuses a fingerprint that the vendor does not document. */
export function checkOsFingerprint(value: unknown): void {
  if (value === undefined || isUnknown(value) || isFingerprint(value)) return;
  const known = Object.entries(FINGERPRINTS).map(([key, label]) => `"${key}" ${label}`);
  throw new InputError("osFingerprint", `is unknown (${kindGiven(value)}). Give one of: ${known.join(", ")}.`);
}
