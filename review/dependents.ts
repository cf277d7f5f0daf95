import { hasUnknown } from "../domain/unknown";
import { isKind, isSetting, kindOfType } from "../domain/kinds";
import { type Preview, type PreviewStep } from "./preview";

/** A resource of another provider that a preview changes since it does not know what a port will have. */
export interface Dependent {
  name: string;
  /** "kubernetes:core/v1:Secret" */
  type: string;
  /** What the preview shows. The run may do less. */
  op: "update" | "replace";
  /** Names of the resources that its unknown values come from. */
  on: string[];
}

/**
 * In the preview of a Port's update all of its outputs but `id` are unknown, so what depends on its `portId` or a URL
 * is shown as changed, and so is what depends on that. Only the run shows whether it changes.
 */
export function dependentsOf({ steps, redactor }: Preview): Dependent[] {
  const uncertain = new Map<string, string>();
  for (const { urn, name, type, op } of steps) if (isKind("Port", type) && op === "update") uncertain.set(urn, name);
  const found = new Map<string, Dependent>();
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const step of steps) {
      const { urn, name, type, op } = step;
      if (uncertain.has(urn) || isSetting(kindOfType(type)) || (op !== "update" && op !== "replace")) continue;
      const on = sourcesOf(step).flatMap((source) => uncertain.get(source) ?? []);
      if (on.length === 0) continue;
      found.set(urn, { name, type: redactor.line(type), op, on });
      uncertain.set(urn, name);
      isNew = true;
    }
  }
  return steps.flatMap(({ urn }) => found.get(urn) ?? []);
}

/** URNs of what unknown inputs come from. A preview masks a secret that is not known like any other. */
function sourcesOf({ new: next }: PreviewStep): string[] {
  const unsure = Object.entries(next?.inputs ?? {}).filter(([, value]) => hasUnknown(value) || value === "[secret]");
  return [...new Set(unsure.flatMap(([name]) => next?.propertyDependencies[name] ?? []))];
}
