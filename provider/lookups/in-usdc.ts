import type * as api from "../../api";

/** The object with its amounts, whole millionths in the API client, as programs have them: numbers of USDC. */
export function inUsdc<T extends object, K extends keyof T>(
  told: T,
  ...amounts: K[]
): Omit<T, K> & { [name in K]: undefined extends T[name] ? number | undefined : number } {
  const { formatUsdc } = require("../../api") as typeof api;
  const made = { ...told } as Record<PropertyKey, unknown>;
  for (const name of amounts) {
    const amount = told[name];
    if (typeof amount === "bigint") made[name] = Number(formatUsdc(amount));
  }
  return made as ReturnType<typeof inUsdc<T, K>>;
}
