import { sentHidden, sentUrn } from "../../domain/hidden-inputs";
import { type ExposedName, exposedNames, type KindName, KINDS, secretNames, typeOf } from "../../domain/kinds";
import * as pulumi from "@pulumi/pulumi";
import { aliasesUnderOther, aliasOf, hostOfRun, typeInRun } from "./host";
import { beginProgram, findProvider } from "./program-start";
import { providerText } from "./provider-text";

/** What a class has to have: the outputs of its kind, and the inputs that it shows. */
export type ExposedBy<K extends KindName> = { readonly [Name in ExposedName<K>]: pulumi.Output<unknown> };

/**
 * All properties of a resource, for the constructor of CustomResource: its outputs, still unset, its inputs, and
 * hidden ones, which begin with `__` and pass to the provider what the engine does not.
 *
 * The classes extend CustomResource themselves, with none between: the engine takes the caller of the second
 * constructor for the user's line.
 */
export function propertiesOf(
  kind: KindName,
  name: string,
  inputs: object,
  options: pulumi.ResourceOptions | undefined,
): Record<string, unknown> {
  beginProgram();
  findProvider();
  const properties: Record<string, unknown> = {};
  for (const output of exposedNames(kind)) properties[output] = undefined;
  return Object.assign(properties, inputs, hiddenOf(kind, name, options));
}

/** A plugin gets the URN from the engine, which finds it by the type. */
function hiddenOf(
  kind: KindName,
  name: string,
  options: pulumi.ResourceOptions | undefined,
): Record<string, pulumi.Input<string>> {
  if (hostOfRun() === "plugin") return sentHidden({ owner: ownerOfStack() });
  return {
    __provider: providerText(KINDS[kind].handler),
    ...sentHidden({ urn: urnOf(kind, name, options?.parent) }),
  };
}

/** The options of a resource, with the outputs that are secret, and with the other host's resource as an alias. */
export function optionsOf(
  kind: KindName,
  name: string,
  { additionalSecretOutputs = [], ...options }: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const secrets = [...secretNames(kind), ...additionalSecretOutputs];
  return {
    ...options,
    aliases: [...(options.aliases ?? []), aliasOf(kind), ...aliasesUnderOther(typeInRun(kind), name, options)],
    ...(secrets.length > 0 && { additionalSecretOutputs: secrets }),
  };
}

/**
 * The resource's URN. Directly below the stack it is known at once, which saves the program an Output for each
 * resource, and only its parts that the provider does not know are sent: each state holds them. Below a parent it is a
 * promise, not an Output: that would depend on the parent, and one on a component waits for all of its children, so for
 * this resource itself.
 */
function urnOf(kind: KindName, name: string, parent: pulumi.ResourceOptions["parent"]): pulumi.Input<string> {
  const owner = ownerOfStack();
  if (parent === undefined) return sentUrn(owner, { stack: pulumi.getStack(), name });
  const urn = pulumi.createUrn(name, typeOf(kind), parent);
  return new Promise((resolve) => void urn.apply((known) => resolve(sentUrn(owner, known))));
}

/** The stack's organization; undefined for a backend without organizations, or under mocks that name none. */
export function ownerOfStack(): string | undefined {
  try {
    const organization = pulumi.getOrganization();
    return organization === "organization" ? undefined : organization;
  } catch {
    return undefined;
  }
}
