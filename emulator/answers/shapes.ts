import { type Quirks } from "./quirks";

type Json = Record<string, unknown>;

/** Where two sources disagree the default holds the fields of both; the vendor's page wins a clash. */
export function bothShapes(quirks: Quirks, page: Json, mcp: Json, mcpOnly = false): Json {
  if (mcpOnly) return mcp;
  return quirks.pageOnly ? page : { ...mcp, ...page };
}

export const iso = (ms: number) => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));
