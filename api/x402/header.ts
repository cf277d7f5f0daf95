/** Far above any list of offers. */
const LONGEST = 64 * 1024;

/** What a header of the protocol holds: base64 of a JSON object. Undefined where there is none, null where it is broken. */
export function objectIn(header: string | undefined): Record<string, unknown> | undefined | null {
  if (header === undefined || header === "") return undefined;
  const value = header.length <= LONGEST ? jsonOf(Buffer.from(header, "base64").toString("utf8")) : undefined;
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
}

export const NO_OBJECT = "is no base64 of a JSON object";

/** As such a header is sent; amounts as texts. */
export const encodedHeader = (value: unknown): string =>
  Buffer.from(
    JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)),
    "utf8",
  ).toString("base64");

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
