import { parseDuration } from "../domain/duration";
import { FINGERPRINTS, isFingerprint } from "../domain/fingerprints";
import { isUnknown } from "../domain/unknown";
import { kindGiven } from "../text";
import { InputError } from "./errors";

/** Seconds of a length of time that may be left out or not be known yet. */
export function checkLength(property: string, value: unknown): number | undefined {
  if (value === undefined || isUnknown(value)) return undefined;
  const seconds = parseDuration(value);
  if (seconds !== undefined) return seconds;
  throw new InputError(property, `is not a length of time (${kindGiven(value)}). Give seconds or "90m", "24h", "3d".`);
}

export function checkText(property: string, value: unknown, required = false): void {
  if (value === undefined && !required) return;
  if (typeof value === "string" && value.trim() !== "") return;
  const rule = value === undefined ? "is required." : `is not a name or an id (${kindGiven(value)}).`;
  throw new InputError(property, [rule, SUCH[property]].filter(Boolean).join(" "));
}

/** What to give instead. */
const SUCH: Readonly<Record<string, string>> = {
  country: 'Give an ISO code or an English name, such as "DE".',
  carrier: 'Give a brand or a name, such as "Vodafone".',
  cityId: "Give one that getCities lists.",
  regionId: "Give one that getRegions lists.",
};

/** A choice that may be left out. */
export function checkChoice(property: string, value: unknown, choices: readonly unknown[]): void {
  if (value !== undefined) checkOneOf(property, value, choices);
}

export function checkOneOf(property: string, value: unknown, choices: readonly unknown[]): void {
  if (isUnknown(value) || choices.includes(value)) return;
  throw new InputError(property, `is unknown (${kindGiven(value)}). Give one of: ${choices.join(", ")}.`);
}

/** Refuses a fingerprint that the vendor does not document. */
export function checkOsFingerprint(value: unknown): void {
  if (value === undefined || isUnknown(value) || isFingerprint(value)) return;
  const known = Object.entries(FINGERPRINTS).map(([key, label]) => `"${key}" ${label}`);
  throw new InputError("osFingerprint", `is unknown (${kindGiven(value)}). Give one of: ${known.join(", ")}.`);
}

/** Only the inputs that were given. */
export function givenInputs<T extends object>(args: T, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(
    names.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
  ) as Partial<T>;
}
