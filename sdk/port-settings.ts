import { sentHidden } from "../domain/hidden-inputs";
import type * as pulumi from "@pulumi/pulumi";
import { checkArgs, failing } from "./engine/input-checks";
import { keptByRun } from "./engine/kept-by-run";
import { isExternal, Port } from "./port";

/** A port that settings are for: a Port of the program, or the id of one that is managed elsewhere. */
export type PortRef = Port | pulumi.Input<string>;

/**
 * Inputs and options that tie settings to their port. With a Port of the program nothing is called on a port that
 * goes away in the same run; the engine ignores `deletedWith` for a mere id. A port that is only read outlives the stack.
 * Its `id` stays when a Port is renewed; by `__portId` the provider sees that another port serves.
 *
 * @throws RunError where the program makes settings of this type for the Port already. The provider refuses the same
 *   for ids, which the first preview of a Port does not know.
 */
export function tieToPort(
  type: string,
  name: string,
  args: { port: PortRef },
  options: pulumi.CustomResourceOptions = {},
): { inputs: Record<string, unknown>; options: pulumi.CustomResourceOptions } {
  const fail = failing(`${type} "${name}"`);
  checkArgs(type, name, args);
  const { port } = args;
  const isPort = Port.isInstance(port);
  const other = claimed(type, isPort ? port.id : port, name);
  if (other !== undefined) fail("port", `"${other}" is ${type} of the same port: keep one.`);
  if (!isPort) return { inputs: { ...args }, options };
  return {
    inputs: { ...args, port: port.id, ...sentHidden<unknown>({ portId: port.portId, slotType: port.slotType }) },
    options: isExternal(port) ? options : { ...options, deletedWith: options.deletedWith ?? port },
  };
}

const claims = keptByRun(() => new WeakMap<object, Map<string, string>>());

/** Claims a port for settings of a type. Gives the name of others that have it. A Port and its `id` are one. */
function claimed(type: string, port: unknown, name: string): string | undefined {
  if (typeof port !== "object" && typeof port !== "function") return undefined;
  if (port === null) return undefined;
  const ofPort = claims().get(port) ?? new Map<string, string>();
  claims().set(port, ofPort);
  const other = ofPort.get(type);
  if (other === undefined) ofPort.set(type, name);
  return other;
}
