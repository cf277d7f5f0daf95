import { isLoopback, type MicroUsdc, type NetworkName, NETWORKS, parseUsdc } from "../../api";
import { formatDuration, parseDuration } from "../../domain/duration";
import { KINDS } from "../../domain/kinds";
import { SLOT_TYPES, type SlotType } from "../../domain/slot-type";
import { isUnknown } from "../../domain/unknown";
import { kindGiven } from "../../text";
import { InputError } from "../errors";
import { checkChoice, checkLength, checkText } from "../input-values";
import { networkFault, type WalletSettings } from "../run/wallet-settings";

/** Inputs of an X402Lease, as the engine sends them. The class of the SDK documents each. */
export interface X402LeaseArgs {
  country: string;
  carrier?: string;
  city?: string;
  tier?: SlotType;
  trafficGB: number;
  duration: number | string;
  maxPrice: number | string;
  maxTotal?: number | string;
  network?: NetworkName;
  proof?: "authorization" | "transfer";
  renewBefore?: number | string;
  onExpired?: "replace" | "keep" | "fail";
}

/** What the vendor sells at once (vendor page; MCP client). */
const LEAST_GB = 0.1;
const MOST_GB = 10_000;
const DURATION_SECONDS = { min: 3_600, max: 2_592_000 } as const;

export const tierOf = ({ tier }: Pick<X402LeaseArgs, "tier">): SlotType => tier ?? "shared";
export const networkNameOf = ({ network }: Pick<X402LeaseArgs, "network">): NetworkName => network ?? "base";
/** Where a program names no network. Real money is refused where the API is on this machine: there it is a test network. */
export const networkFor = (args: Pick<X402LeaseArgs, "network">, { apiUrl }: Pick<WalletSettings, "apiUrl">) =>
  args.network ?? (isLoopback(new URL(apiUrl).hostname) ? "base-sepolia" : networkNameOf(args));
export const secondsOf = ({ duration }: Pick<X402LeaseArgs, "duration">): number => parseDuration(duration) ?? 0;
/** Of an input that was checked. */
export const usdcOf = (amount: number | string): MicroUsdc => parseUsdc(amount) ?? 0n;

/** The rules of all inputs: one line each, at the preview. */
export function checkLeaseArgs(args: X402LeaseArgs, settings: WalletSettings): void {
  checkCountry(args.country);
  checkText("carrier", args.carrier);
  checkText("city", args.city);
  checkChoice("tier", args.tier, SLOT_TYPES);
  checkChoice("network", args.network, Object.keys(NETWORKS));
  checkChoice("proof", args.proof, KINDS.X402Lease.inputs.proof.oneOf);
  checkChoice("onExpired", args.onExpired, KINDS.X402Lease.inputs.onExpired.oneOf);
  checkTraffic(args.trafficGB);
  checkDuration(args);
  checkPrices(args);
  if (isUnknown(args.network)) return;
  const fault = networkFault(networkFor(args, settings), settings);
  if (fault) throw new InputError("network", `${fault}.`);
}

function checkCountry(country: unknown): void {
  if (isUnknown(country) || (typeof country === "string" && /^[A-Za-z]{2}$/.test(country))) return;
  const given = country === undefined ? "is required" : `is no country's code (${kindGiven(country)})`;
  throw new InputError("country", `${given}. Give the ISO code of two letters, such as "DE".`);
}

function checkTraffic(gigabytes: unknown): void {
  if (isUnknown(gigabytes)) return;
  if (typeof gigabytes === "number" && gigabytes >= LEAST_GB && gigabytes <= MOST_GB) return;
  const given =
    gigabytes === undefined ? "is required" : `is no amount of traffic that is sold (${kindGiven(gigabytes)})`;
  throw new InputError("trafficGB", `${given}. Give GB, from ${LEAST_GB} to ${MOST_GB}.`);
}

function checkDuration({ duration, renewBefore }: X402LeaseArgs): void {
  const before = checkLength("renewBefore", renewBefore);
  if (isUnknown(duration)) return;
  const { min, max } = DURATION_SECONDS;
  const seconds = parseDuration(duration);
  if (seconds === undefined || seconds < min || seconds > max)
    throw new InputError(
      "duration",
      `is no length of time that is sold (${kindGiven(duration)}). Give seconds or "24h", "30d", from ${formatDuration(min)} to ${formatDuration(max)}.`,
    );
  if (before !== undefined && before >= seconds)
    throw new InputError(
      "renewBefore",
      `${formatDuration(before)} is not shorter than the lease (duration is ${formatDuration(seconds)}).`,
    );
}

function checkPrices({ maxPrice, maxTotal }: X402LeaseArgs): void {
  const most = checkAmount("maxPrice", maxPrice, "the most that one payment may cost");
  if (maxTotal === undefined) return;
  const total = checkAmount("maxTotal", maxTotal, "the most that this lease may cost in total");
  if (most !== undefined && total !== undefined && total < most)
    throw new InputError("maxTotal", "is less than maxPrice: one payment alone may cost that.");
}

function checkAmount(property: string, value: unknown, what: string): MicroUsdc | undefined {
  if (isUnknown(value)) return undefined;
  const amount = parseUsdc(value);
  if (amount !== undefined && amount > 0n) return amount;
  const given = value === undefined ? "is required" : `is no amount above 0 (${kindGiven(value)})`;
  throw new InputError(property, `${given}: ${what}, in USDC, such as "4.50".`);
}
