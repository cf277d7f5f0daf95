import * as pulumi from "@pulumi/pulumi";
import type { clockOf } from "./lookups/clock";
import { isOfType, type StateResource, stateOfStack } from "./program-state";

/** A preview's answer must hold in the update after it, and the provider decides a little later than the program. */
const MARGIN_MS = 15 * 60_000;

/**
 * Options under which a protected resource can be renewed. `protect` keeps the engine from replacing a resource, and a
 * lease is renewed by replacing its port: protected for good, it would run out. So in a run that finds the lease due,
 * the port and what is set for it come without protection, and the run after that protects them again.
 */
export function renewable<T extends pulumi.ResourceOptions>(options: T): T {
  const { parent, protect = isProtected(parent) } = options;
  if (!protect || !pulumi.runtime.getEngine()) return options;
  const transform: pulumi.ResourceTransform = async ({ type, props, opts }) => {
    const isDue = opts.protect && (await isRenewed(urnIn(props.__urn, type), options));
    return isDue ? { props, opts: unprotected(opts) } : undefined;
  };
  return { ...options, transforms: [...(options.transforms ?? []), transform] };
}

/**
 * The mark `__due` tells reviewers that the resource is protected but for this. It stands among the secret outputs,
 * though there is no such output: a policy pack is told these, and no hidden input.
 */
const unprotected = (options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions => ({
  ...options,
  protect: false,
  additionalSecretOutputs: [...(options.additionalSecretOutputs ?? []), "__due"],
});

const isProtected = (parent: pulumi.Resource | undefined): boolean =>
  Boolean((parent as { __protect?: boolean } | undefined)?.__protect);

/** The text of `__urn` as a URN; see urnOf in resource-kind.ts. */
function urnIn(sent: unknown, type: string): string {
  const text = String(sent).replace(/^\S+ /, "");
  if (text.startsWith("urn:")) return text;
  const [stack, ...name] = text.split("::");
  return `urn:pulumi:${stack}::${pulumi.getProject()}::${type}::${name.join("::")}`;
}

/** Whether this run may replace a resource since the lease of its port is due, by the vendor's clock. */
async function isRenewed(urn: string, { provider, parent }: pulumi.CustomResourceOptions): Promise<boolean> {
  const resources = (await stateOfStack()).filter(({ delete: leaves }) => !leaves);
  const own = resources.find((one) => one.urn === urn);
  const port = resources.find((one) => isOfType(one, "Port") && one.id === own?.id);
  if (own?.id === undefined || port === undefined) return false;
  // Loaded here: a program that protects nothing is spared what this needs.
  const clock = require("./lookups/clock") as { clockOf: typeof clockOf };
  return isDue(port, (await clock.clockOf({ provider, parent })) + MARGIN_MS);
}

/** A port that is gone may be replaced before its time. */
function isDue({ outputs = {} }: StateResource, at: number): boolean {
  return outputs.status === "deleted" || (typeof outputs.renewAt === "string" && Date.parse(outputs.renewAt) <= at);
}
