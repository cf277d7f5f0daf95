import * as pulumi from "@pulumi/pulumi";
import { type HandlerName, providerText } from "./provider-text";

/** What a class tells of itself: its type, its handler, its outputs and which of them are secret. */
interface Kind {
  type: string;
  handler: HandlerName;
  outputs: readonly string[];
  secrets: readonly string[];
}

/**
 * Base of the resource classes. A CustomResource of the dynamic provider that captures no code, see providerText.
 * The hidden inputs, which begin with `__`, tell the provider what the engine does not.
 */
export abstract class ManagedResource extends pulumi.CustomResource {
  protected constructor(
    kind: Kind,
    name: string,
    inputs: Record<string, unknown>,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const type = `pulumi-nodejs:dynamic/proxies-sx:${kind.type}`;
    const outputs = Object.fromEntries(kind.outputs.map((output) => [output, undefined]));
    const hidden = { __provider: providerText(kind.handler), __urn: pulumi.createUrn(name, type, options.parent) };
    super(
      type,
      name,
      { ...outputs, ...inputs, ...hidden },
      pulumi.mergeOptions(options, { additionalSecretOutputs: [...kind.secrets] }),
    );
  }
}
