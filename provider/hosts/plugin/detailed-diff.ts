import { isDeepStrictEqual } from "node:util";
import { parseDuration } from "../../../domain/duration";
import { type Kind, type KindName, KINDS, type Property } from "../../../domain/kinds";
import { type Diff } from "../../handler";
import { type Props } from "../hosted";

/** What happens to a property, by its path: "country", "excludedDeviceIds[0]". */
export interface PropertyChange {
  path: string;
  does: "add" | "delete" | "update";
  replaces: boolean;
  /** Between inputs, or between outputs that no input shows. */
  of: "inputs" | "outputs";
}

/**
 * What a run changes, by property. Inputs are compared as people mean them: what is unset has its default, and lengths
 * of time are one in each form. Where no input differs, as with a lease that is due, an output is named that changes:
 * the engine shows its old value as removed, so it is one and not all.
 *
 * @param before inputs in the state
 * @param olds the state
 */
export function changesOf(kind: KindName, diff: Diff, before: Props, olds: Props, news: Props): PropertyChange[] {
  if (!diff.changes) return [];
  const { inputs }: Kind = KINDS[kind];
  const replaced = new Set(diff.replaces);
  const changed = Object.entries(inputs).flatMap(([name, property]): PropertyChange[] => {
    const paths = different(name, meant(before[name], property), meant(news[name], property));
    return paths.map((one) => ({ ...one, replaces: replaced.has(name), of: "inputs" }));
  });
  if (changed.length > 0) return changed;
  const [why] = [...replaced, ...(diff.touches ?? [])];
  if (why === undefined) return [];
  return [{ path: why, does: why in olds ? "update" : "add", replaces: replaced.has(why), of: "outputs" }];
}

/** A value for a comparison. */
function meant(value: unknown, property: Property): unknown {
  const given = value ?? property.default;
  return property.type === "duration" ? (parseDuration(given) ?? given) : given;
}

function different(path: string, before: unknown, after: unknown): { path: string; does: PropertyChange["does"] }[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ path, does: "add" }];
  if (after === undefined) return [{ path, does: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) => different(`${path}[${at}]`, before[at], after[at])).flat();
  }
  return [{ path, does: "update" }];
}
