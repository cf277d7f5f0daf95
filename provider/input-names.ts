import type * as levenshtein from "fastest-levenshtein";
import { InputError } from "./errors";

/** What is wrong with an input, for a message "property: reason". */
export interface InputFault {
  property: string;
  reason: string;
}

/** Refuses an input that the resource does not have: most often a slip of the pen that would go unnoticed. */
export function checkNames(args: object, known: readonly string[]): void {
  const fault = unknownName(args, known);
  if (fault) throw new InputError(fault.property, fault.reason);
}

/**
 * Refuses what is no object, and an input that does not exist.
 *
 * @param at where the object stands among the inputs: "lease", "locations[0]"; "" for the inputs themselves
 * @param such what one may look like
 */
export function checkShape(
  args: unknown,
  known: readonly string[],
  fail: (property: string, why: string) => never,
  at: string,
  such: string,
): void {
  if (args === undefined || args === null) return fail(at || "args", `is required, such as ${such}.`);
  if (typeof args !== "object" || Array.isArray(args)) {
    return fail(at || "args", `is not an object. Give one, such as ${such}.`);
  }
  const fault = unknownName(args, known);
  if (fault) fail(at ? `${at}.${fault.property}` : fault.property, fault.reason);
}

const IS_NOT = { input: "is not an input.", option: "is not an option.", setting: "is not a setting." };

/** The first name that is none of `known`, with the one that was meant, if one is near. Undefined values do not count. */
export function unknownName(
  args: object,
  known: readonly string[],
  kind: keyof typeof IS_NOT = "input",
): InputFault | undefined {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const [name] = given.find(([one]) => !known.includes(one)) ?? [];
  if (name === undefined) return undefined;
  const all = known.length > 0 ? `There are ${known.join(", ")}.` : "There are none.";
  if (!/^[\w$-]{1,40}$/.test(name)) {
    return { property: `${kind}s`, reason: `one has a name that no ${kind} has. ${all}` };
  }
  const meant = near(name, known);
  return {
    property: name,
    reason: `${IS_NOT[kind]}${meant ? ` Did you mean "${meant}"?` : ""} ${all}`,
  };
}

/** The known name that another differs from in about a third of its letters at most, whatever their case. */
export function near(name: string, known: readonly string[]): string | undefined {
  // Loaded here: a program without a slip is spared it.
  const { distance } = require("fastest-levenshtein") as typeof levenshtein;
  const far = (one: string): number => distance(one.toLowerCase(), name.toLowerCase());
  const [nearest = ""] = [...known].sort((a, b) => far(a) - far(b));
  return far(nearest) <= Math.ceil(Math.max(name.length, nearest.length) / 3) ? nearest : undefined;
}
