import { inputNames, KINDS } from "../../domain/kinds";
import { SLOT_TYPES, type SlotType } from "../../domain/slot-type";
import { type PlaceArgs } from "../../domain/place-names";
import { formatDuration, parseDuration } from "../../domain/duration";
import { InputError } from "../errors";
import { LEASE_SECONDS } from "../../domain/lease";
import { checkChoice, checkLength, checkOsFingerprint, checkText } from "../input-values";
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

export const PORT_INPUTS = inputNames("Port");

/** The rules of all inputs but the place, which the vendor's reference data decides. */
export function checkPortArgs(args: PortArgs): void {
  checkText("country", args.country, true);
  checkText("carrier", args.carrier);
  checkText("cityId", args.cityId);
  checkText("regionId", args.regionId);
  checkChoice("slotType", args.slotType, SLOT_TYPES);
  checkChoice("onExpired", args.onExpired, KINDS.Port.inputs.onExpired.oneOf);
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

const looksLikeDate = (value: unknown): boolean =>
  typeof value === "number" ? value > 1e9 : Number.isFinite(Date.parse(String(value)));

export const leaseSeconds = (args: Pick<PortArgs, "expiresIn">): number => parseDuration(args.expiresIn) ?? 0;
