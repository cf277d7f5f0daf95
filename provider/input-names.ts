import { distance } from "fastest-levenshtein";
import { InputError } from "./errors";

/** Refuses an input that the resource does not have: most often a slip of the pen that would go unnoticed. */
export function checkNames(args: object, known: readonly string[]): void {
  for (const name of Object.keys(args)) {
    if (known.includes(name)) continue;
    const nearest = [...known].sort((a, b) => distance(a, name) - distance(b, name))[0];
    throw new InputError(
      name,
      `is not an input of this resource. Did you mean "${nearest}"? There are ${known.join(", ")}.`,
    );
  }
}
