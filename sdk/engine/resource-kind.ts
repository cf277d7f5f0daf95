import * as pulumi from "@pulumi/pulumi";
import { beginProgram, findProvider } from "./program-start";
import { type HandlerName, providerText } from "./provider-text";

/** What a class tells of itself: its type, its handler, its outputs and which of them are secret. */
export interface ResourceKind {
  type: string;
  handler: HandlerName;
  outputs: readonly string[];
  secrets: readonly string[];
}

/** The type under which the engine knows a kind of resource. The first part makes it the dynamic provider's. */
export const typeOf = (kind: ResourceKind): string => `pulumi-nodejs:dynamic/proxies-sx:${kind.type}`;

/**
 * All properties of a resource, for the constructor of CustomResource: its outputs, still unset, its inputs, and
 * hidden ones, which begin with `__` and tell the provider what the engine does not.
 *
 * The classes extend CustomResource themselves, with none between: the engine takes the caller of the second
 * constructor for the user's line.
 */
export function propertiesOf(
  kind: ResourceKind,
  name: string,
  inputs: object,
  options: pulumi.ResourceOptions | undefined,
): Record<string, unknown> {
  beginProgram();
  findProvider();
  const properties: Record<string, unknown> = {};
  for (const output of kind.outputs) properties[output] = undefined;
  return Object.assign(properties, inputs, {
    __provider: providerText(kind.handler),
    __urn: urnOf(kind, name, options?.parent),
  });
}

/** The options of a resource, with the outputs that are secret. */
export function optionsOf(
  kind: ResourceKind,
  options: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  if (kind.secrets.length === 0) return options;
  return { ...options, additionalSecretOutputs: [...kind.secrets, ...(options.additionalSecretOutputs ?? [])] };
}

/**
 * The resource's URN. Directly below the stack it is known at once, which saves the program an Output for each
 * resource, and only its parts that the provider does not know are sent: each state holds them. Below a parent it is a
 * promise, not an Output: that would depend on the parent, and one on a component waits for all of its children, so for
 * this resource itself.
 */
function urnOf(kind: ResourceKind, name: string, parent: pulumi.ResourceOptions["parent"]): pulumi.Input<string> {
  const owner = ownerOfStack();
  if (parent === undefined) return `${owner}${pulumi.getStack()}::${name}`;
  const urn = pulumi.createUrn(name, typeOf(kind), parent);
  return new Promise((resolve) => void urn.apply((known) => resolve(`${owner}${known}`)));
}

/** The stack's organization and a blank; nothing for a backend without organizations, or under mocks that name none. */
function ownerOfStack(): string {
  try {
    const organization = pulumi.getOrganization();
    return organization === "organization" ? "" : `${organization} `;
  } catch {
    return "";
  }
}
