import { distance } from "fastest-levenshtein";
import { clean } from "../text";
import { InputError } from "./errors";

/** Refuses an input that the resource does not have: most often a slip of the pen that would go unnoticed. */
export function checkNames(args: object, known: readonly string[]): void {
  for (const name of Object.keys(args)) {
    if (known.includes(name)) continue;
    const shown = clean(name, { max: 60 });
    const nearest = [...known].sort((a, b) => distance(a, shown) - distance(b, shown))[0];
    throw new InputError(
      shown,
      `is not an input of this resource. Did you mean "${nearest}"? There are ${known.join(", ")}.`,
    );
  }
}
