/** The vendor's ids are 24 hex digits and its rotation tokens 32; the rule is a little wider. */
export const isSafeId = (id: unknown): id is string => typeof id === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(id);

/** An escaped path and the same path without its values. */
export interface Path {
  path: string;
  route: string;
  /** Why the path may not be used. */
  problem?: string;
}

/**
 * path`/ports/${id}`: refuses any id that could reach another endpoint ("../account", "a?b", "") instead of escaping
 * it silently.
 */
export function path(text: TemplateStringsArray, ...ids: unknown[]): Path {
  const fits = ids.every(isSafeId);
  return {
    path: fits ? String.raw({ raw: text }, ...ids) : "",
    route: text.join(":id"),
    problem: fits ? undefined : "an id must be 1 to 64 letters, digits, _ or -",
  };
}
