const SAFE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** An escaped path and the same path without its values. */
export interface Path {
  path: string;
  route: string;
  /** Why the path may not be used. */
  problem?: string;
}

/**
 * path`/ports/${id}`: refuses any id that could reach another endpoint ("../account", "a?b", "") instead of escaping
 * it silently. The vendor's ids are 24 hex digits and its rotation tokens 32; the rule is a little wider.
 */
export function path(text: TemplateStringsArray, ...ids: unknown[]): Path {
  const fits = ids.every((id) => typeof id === "string" && SAFE_ID.test(id));
  return {
    path: fits ? String.raw({ raw: text }, ...ids) : "",
    route: text.join(":id"),
    problem: fits ? undefined : "an id must be 1 to 64 letters, digits, _ or -",
  };
}
