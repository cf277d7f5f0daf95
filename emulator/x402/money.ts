/** USDC has six decimals; amounts are counted in millionths and shown as "0.50". */
const UNIT = 1_000_000;

export const toMicro = (usdc: number): bigint => BigInt(Math.round(usdc * UNIT));

export const toNumber = (micro: bigint | string): number => Number(micro) / UNIT;

/** At least two decimals, and as many as it takes. */
export function toText(micro: bigint | string): string {
  const value = BigInt(micro);
  const rest = String(value % BigInt(UNIT)).padStart(6, "0");
  return `${value / BigInt(UNIT)}.${rest.replace(/0{1,4}$/, "")}`;
}

/** "12.5" or 12.5 as micro-USDC. @throws on what is no amount of up to six decimals. */
export function parseUsdc(amount: string | number): bigint {
  const [, whole, rest = ""] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(String(amount)) ?? [];
  if (whole === undefined) throw new Error("an amount of USDC has up to nine digits and six decimals");
  return BigInt(whole) * BigInt(UNIT) + BigInt(rest.padEnd(6, "0"));
}
