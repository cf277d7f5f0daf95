import { formatDuration, parseDuration } from "../../domain/duration";
import { InputError } from "../errors";
import { LEASE_SECONDS, renewBeforeSeconds } from "../../domain/lease";
import { checkOsFingerprint } from "../os-fingerprints";
import { type PlaceArgs } from "../run/reference";
import { type SlotType } from "../run/slots";
import { kindGiven } from "../../text";
import { isUnknown } from "../../domain/unknown";

/** Inputs of a Port, as the engine sends them. The classes of the SDK document each. */
export interface PortArgs extends PlaceArgs {
  slotType?: SlotType;
  expiresIn: number | string;
  renewBefore?: number | string;
  overlap?: number | string;
  onExpired?: "replace" | "keep" | "fail";
  osFingerprint?: string;
}

export const PORT_INPUTS = [
  "country",
  "carrier",
  "cityId",
  "regionId",
  "slotType",
  "expiresIn",
  "renewBefore",
  "overlap",
  "onExpired",
  "osFingerprint",
] as const satisfies readonly (keyof PortArgs)[];

/** The rules of all inputs but the place, which the vendor's reference data decides. */
export function checkPortArgs(args: PortArgs): void {
  checkText("country", args.country, true);
  checkText("carrier", args.carrier);
  checkText("cityId", args.cityId);
  checkText("regionId", args.regionId);
  checkChoice("slotType", args.slotType, ["shared", "private"]);
  checkChoice("onExpired", args.onExpired, ["replace", "keep", "fail"]);
  checkLease(args);
  checkLength("overlap", args.overlap);
  checkOsFingerprint(args.osFingerprint);
}

function checkLease({ expiresIn, renewBefore }: PortArgs): void {
  if (isUnknown(expiresIn)) return;
  const seconds = parseDuration(expiresIn);
  const { min, max } = LEASE_SECONDS;
  if (seconds === undefined || seconds < min || seconds > max) {
    throw new InputError(
      "expiresIn",
      `is not the length of a lease (${kindGiven(expiresIn)}). Give seconds or "90m", "24h", "30d", from ${min} s to ${formatDuration(max)}` +
        (looksLikeDate(expiresIn) ? "; it is counted from the purchase, not a date." : "."),
    );
  }
  const before = checkLength("renewBefore", renewBefore);
  if (before !== undefined && before >= seconds) {
    throw new InputError(
      "renewBefore",
      `${formatDuration(before)} is not shorter than the lease (expiresIn is ${formatDuration(seconds)}): each run would buy a new port.`,
    );
  }
}

/** Seconds of a length of time that may be left out or not be known yet. */
function checkLength(property: string, value: unknown): number | undefined {
  if (value === undefined || isUnknown(value)) return undefined;
  const seconds = parseDuration(value);
  if (seconds !== undefined) return seconds;
  throw new InputError(property, `is not a length of time (${kindGiven(value)}). Give seconds or "90m", "24h", "3d".`);
}

function checkText(property: string, value: unknown, required = false): void {
  if (value === undefined && !required) return;
  if (typeof value === "string" && value.trim() !== "") return;
  throw new InputError(
    property,
    value === undefined ? "is required." : `is not a name or an id (${kindGiven(value)}).`,
  );
}

/** A choice that may be left out. */
export function checkChoice(property: string, value: unknown, choices: readonly unknown[]): void {
  if (value !== undefined) checkOneOf(property, value, choices);
}

export function checkOneOf(property: string, value: unknown, choices: readonly unknown[]): void {
  if (isUnknown(value) || choices.includes(value)) return;
  throw new InputError(property, `is unknown (${kindGiven(value)}). Give one of: ${choices.join(", ")}.`);
}

const looksLikeDate = (value: unknown): boolean =>
  typeof value === "number" ? value > 1e9 : Number.isFinite(Date.parse(String(value)));

export const slotTypeOf = (args: { slotType?: SlotType }): SlotType => args.slotType ?? "shared";

export const leaseSeconds = (args: Pick<PortArgs, "expiresIn">): number => parseDuration(args.expiresIn) ?? 0;

/**
 * Seconds before the end of a lease from which on the port is replaced. `lease` is what the port is really rented for,
 * in seconds: a new expiresIn is for the next lease and must not make the running one due, and neither must a
 * renewBefore that is longer than the running lease.
 */
export function renewBeforeOf(args: Partial<PortArgs>, lease = Infinity): number {
  const wanted = renewBeforeSeconds({ expiresIn: 0, ...args });
  if (!Number.isFinite(lease)) return wanted;
  const usual = renewBeforeSeconds({ expiresIn: Math.max(0, Math.floor(lease)) });
  return args.renewBefore === undefined ? Math.min(wanted, usual) : wanted < lease ? wanted : usual;
}

/** Length of a lease from its two times, epoch ms, in seconds. Infinite where one of them is not known. */
export const leaseOf = (createdAt: number | undefined, expiresAt: number | undefined): number =>
  createdAt === undefined || expiresAt === undefined ? Infinity : (expiresAt - createdAt) / 1_000;

/** Only the inputs that were given. */
export function givenInputs<T extends object>(args: T, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(
    names.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
  ) as Partial<T>;
}
