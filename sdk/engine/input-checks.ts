import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../../provider/input-names";
import { runError } from "./run-error";

/** Stops the program in one line that names the property, its rule and what to do. Never a value: it may be a secret. */
export type Fail = (property: string, why: string) => never;

/** @param what the resource or function: 'Port "a"' */
export const failing =
  (what: string): Fail =>
  (property, why) => {
    throw runError(`${what}: ${property}: ${why}`);
  };

/**
 * Refuses what is no object, and an input that does not exist, which would go unnoticed.
 *
 * @param at where the object stands among the inputs: "lease", "locations[0]"; "" for the inputs themselves
 * @param such what one may look like
 */
export function checkInputs(args: unknown, known: readonly string[], fail: Fail, at = "", such = "{ … }"): void {
  if (pulumi.Output.isInstance(args)) return fail(at || "args", `is an Output. Give a plain object, such as ${such}.`);
  checkShape(args, known, fail, at, such);
}

/** Refuses an input that is missing. */
export function checkGiven(property: string, value: unknown, fail: Fail): void {
  if (value === undefined || value === null) fail(property, "is required.");
}

/** Refuses args of a resource that are no object. Their names are for the provider to check. */
export const checkArgs = (type: string, name: string, args: object): void =>
  checkInputs(args, Object.keys(args ?? {}), failing(`${type} "${name}"`));
