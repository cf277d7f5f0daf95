/** Amounts of USDC are whole millionths, as bigint: no sum of ours is ever rounded. */
export type MicroUsdc = bigint;

const UNIT = 1_000_000n;
const DECIMALS = 6;
/** More than there is of it. */
const MOST_DIGITS = 12;

/**
 * "4", "4.00", "0.1" or the same as a number, in millionths. Undefined for what is no amount, is below 0, or has more
 * than six decimals: nothing is rounded.
 */
export function parseUsdc(value: unknown): MicroUsdc | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const [, whole, rest = ""] = /^(\d{1,12})(?:\.(\d{1,6})0*)?$/.exec(String(value)) ?? [];
  return whole === undefined ? undefined : BigInt(whole) * UNIT + BigInt(rest.padEnd(DECIMALS, "0"));
}

/** Millionths as the protocol writes them: "4000000". Undefined for what is no whole number from 0. */
export function parseMicro(value: unknown): MicroUsdc | undefined {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== "string" || !/^\d+$/.test(text)) return undefined;
  const digits = text.replace(/^0+(?=\d)/, "");
  return digits.length <= MOST_DIGITS + DECIMALS ? BigInt(digits) : undefined;
}

/** "4.00", "0.000001": two decimals at least, and as many as it takes. */
export function formatUsdc(micro: MicroUsdc): string {
  const size = micro < 0n ? -micro : micro;
  const rest = String(size % UNIT).padStart(DECIMALS, "0");
  return `${micro < 0n ? "-" : ""}${size / UNIT}.${rest.replace(/0{1,4}$/, "")}`;
}

/** Below 0, 0 or above 0, for sorting. */
export const compareUsdc = (a: MicroUsdc, b: MicroUsdc): number => (a < b ? -1 : a > b ? 1 : 0);
