import type * as pulumi from "@pulumi/pulumi";
import { hostOfRun } from "./host";
import { keptByRun } from "./kept-by-run";
import { logWarning } from "./program-log";

/** Options of which a run warns once, on the first resource that has them. */
const WARNINGS = {
  replaceOnChanges:
    "the option replaceOnChanges does nothing for resources of this package: Pulumi asks a dynamic provider whether " +
    "something changes, not what. The option replacementTrigger replaces a resource.",
  retainOnDelete:
    "the option retainOnDelete: a Port that leaves the program, or is replaced, leaves its port at the vendor, and " +
    "those from before a renewal too. They hold their slots until their leases end; `proxies-sx orphans` finds them.",
};

type Warned = keyof typeof WARNINGS;

const told = keptByRun(() => new Set<Warned>());

/** Warns where an option does not do what its name promises, or more. */
export function warnOfOptions(
  resource: pulumi.Resource,
  options: Pick<pulumi.CustomResourceOptions, Warned> | undefined,
  ...names: Warned[]
): void {
  for (const name of names) {
    const value = options?.[name];
    if (value === undefined || value === false || told().has(name)) continue;
    if (name === "replaceOnChanges" && hostOfRun() === "plugin") continue;
    told().add(name);
    void logWarning(WARNINGS[name], resource);
  }
}
