import * as pulumi from "@pulumi/pulumi";
import type { clockOf } from "./lookups/clock";
import { isOfType, type StateResource, stateOfStack } from "./program-state";

/** A preview's answer must hold in the update after it, and the provider decides a little later than the program. */
const MARGIN_MS = 15 * 60_000;

/**
 * Whether the engine refuses to replace or delete a resource with these options. Without an engine, as under mocks,
 * nothing is protected.
 */
export function isProtected({ protect, parent }: pulumi.ResourceOptions): boolean {
  if (!pulumi.runtime.getEngine()) return false;
  return protect ?? Boolean((parent as { __protect?: boolean } | undefined)?.__protect);
}

/**
 * Options under which a protected port can be renewed. `protect` keeps the engine from replacing it, and a lease is
 * renewed by replacing its port: protected for good, it would run out. So in a run that finds the lease due the port
 * comes without protection, and the run after that protects it again.
 *
 * The engine breaks off the whole update where a protected resource is to be replaced. So the input `__protected` tells
 * the provider to leave the lease to a later run wherever the program and the provider are not of one mind.
 */
export function renewable(options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  if (!isProtected(options)) return options;
  const transform: pulumi.ResourceTransform = async ({ type, props, opts }) => {
    const isDue = opts.protect && (await isRenewed(urnIn(props.__urn, type), props, options));
    if (opts.protect && !isDue) return undefined;
    const { __protected, ...rest } = props;
    return { props: rest, opts: isDue ? unprotected(opts, options) : sameOptions(opts, options) };
  };
  return { ...options, transforms: [...(options.transforms ?? []), transform] };
}

/** What a transform is shown as false was perhaps not set, and then the provider decides. */
const sameOptions = (
  shown: pulumi.CustomResourceOptions,
  { deleteBeforeReplace }: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions => ({ ...shown, deleteBeforeReplace });

/**
 * The mark `__due` tells reviewers that the resource is protected but for this. It stands among the secret outputs,
 * though there is no such output: a policy pack is told these, and no hidden input.
 */
const unprotected = (
  shown: pulumi.CustomResourceOptions,
  given: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions => ({
  ...sameOptions(shown, given),
  protect: false,
  additionalSecretOutputs: [...(shown.additionalSecretOutputs ?? []), "__due"],
});

/** The text of `__urn` as a URN; see urnOf in resource-kind.ts. */
function urnIn(sent: unknown, type: string): string {
  const text = String(sent).replace(/^\S+ /, "");
  if (text.startsWith("urn:")) return text;
  const [stack, ...name] = text.split("::");
  return `urn:pulumi:${stack}::${pulumi.getProject()}::${type}::${name.join("::")}`;
}

/** Whether this run may renew a port, by the vendor's clock. */
async function isRenewed(
  urn: string,
  inputs: pulumi.Inputs,
  { provider, parent }: pulumi.CustomResourceOptions,
): Promise<boolean> {
  const own = (await stateOfStack()).find((one) => one.urn === urn && isOfType(one, "Port") && !one.delete);
  if (!own) return false;
  // Loaded here: a program that protects nothing is spared what this needs.
  const clock = require("./lookups/clock") as { clockOf: typeof clockOf };
  return isDue(own, inputs, (await clock.clockOf({ provider, parent })) + MARGIN_MS);
}

/** As the provider decides, on what the state holds: see leaseReplacement in provider/port-lease.ts. */
function isDue(
  { outputs = {} }: StateResource,
  { onExpired = "replace", __hold: hold }: pulumi.Inputs,
  at: number,
): boolean {
  const [renewAt, expiresAt] = [timeOf(outputs.renewAt), timeOf(outputs.expiresAt)];
  const isOver = outputs.status === "deleted" || outputs.status === "expired" || expiresAt <= at - MARGIN_MS;
  if (isOver) return onExpired === "replace";
  return renewAt <= at && (typeof hold !== "number" || expiresAt - at <= hold * 1_000);
}

/** Epoch ms; never, for what is no time. */
const timeOf = (value: unknown): number => (typeof value === "string" ? Date.parse(value) || Infinity : Infinity);
