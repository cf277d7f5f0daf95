import { type ResponseContext } from "../reading";

/** Far above any list of offers. */
const LONGEST = 64 * 1024;

/** A header that is base64 of a JSON object. Undefined where there is none. Its texts are not cleaned. */
export function decodedHeader(name: string, context: ResponseContext): Record<string, unknown> | undefined {
  const header = context.header(name);
  if (header === undefined || header === "") return undefined;
  const value = header.length <= LONGEST ? jsonOf(Buffer.from(header, "base64").toString("utf8")) : undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw context.broken([name.toUpperCase()], "is no base64 of a JSON object");
}

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
