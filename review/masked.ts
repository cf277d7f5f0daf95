import { isSlotType } from "../domain/slot-type";
import { type Redactor } from "../text";

/** Words of a fixed list, by which formats choose what to say; and names by which a workflow finds its comment. */
const KEPT = new Set(["project", "stack", "does", "kind", "limit"]);

/** A value whose strings hold no secret. It is done before a format is made: a cut in one may break its syntax. */
export function masked<T>(value: T, redactor: Redactor): T {
  return mask(value, redactor) as T;
}

function mask(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return isSlotType(value) ? value : redactor.cut(value);
  if (Array.isArray(value)) return value.map((one) => mask(one, redactor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, KEPT.has(name) ? one : mask(one, redactor)]),
  );
}
