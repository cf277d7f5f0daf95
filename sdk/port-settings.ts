import type * as pulumi from "@pulumi/pulumi";
import { isExternal, Port } from "./port";

/** A port that settings are for: a Port of the program, or the id of one that is managed elsewhere. */
export type PortRef = Port | pulumi.Input<string>;

/**
 * Inputs and options that tie settings to their port. With a Port of the program nothing is called on a port that
 * goes away in the same run; the engine ignores `deletedWith` for a mere id. A port that is only read outlives the stack.
 * Its `id` stays when a Port is renewed; by `__portId` the provider sees that another port serves.
 */
export function tieToPort(
  args: { port: PortRef },
  options: pulumi.CustomResourceOptions = {},
): { inputs: Record<string, unknown>; options: pulumi.CustomResourceOptions } {
  const { port } = args;
  if (!Port.isInstance(port)) return { inputs: { ...args }, options };
  return {
    inputs: { ...args, port: port.id, __portId: port.portId, __slotType: port.slotType },
    options: isExternal(port) ? options : { ...options, deletedWith: options.deletedWith ?? port },
  };
}
