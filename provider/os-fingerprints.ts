import { InputError } from "./errors";
import { kindGiven } from "../text";
import { isUnknown } from "../domain/unknown";

/** Values and labels (source: the vendor page, GET /v1/ports/:id/os-fingerprints). */
export const OS_FINGERPRINTS: Readonly<Record<string, string>> = {
  "": "None (Default)",
  "windows:1": "Windows 10",
  "macosx:4": "macOS / iPhone 13",
  "macosx:3": "macOS X",
  "ios:2": "iOS (Real iPhone)",
  "ios:1": "iOS (p0f Compliant)",
  "android:3": "Android (Real)",
  "android:1": "Android (p0f Compliant)",
};

export const isOsFingerprint = (value: unknown): value is string =>
  typeof value === "string" && Object.hasOwn(OS_FINGERPRINTS, value);

/** Refuses a fingerprint that the vendor does not document. */
export function checkOsFingerprint(value: unknown): void {
  if (value === undefined || isUnknown(value) || isOsFingerprint(value)) return;
  const known = Object.entries(OS_FINGERPRINTS).map(([key, label]) => `"${key}" ${label}`);
  throw new InputError("osFingerprint", `is unknown (${kindGiven(value)}). Give one of: ${known.join(", ")}.`);
}
