import * as pulumi from "@pulumi/pulumi";
import { warnOfOptions } from "./engine/option-warnings";
import { type PortRef, tieToPort } from "./port-settings";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";

/** Inputs of {@link Rotation}. */
export interface RotationArgs {
  /**
   * The port. A renewal of a Port of the program is no change, and rotates nothing: the new port has a new address.
   *
   * @change Replaces the resource: the other port is rotated.
   */
  port: PortRef;
  /**
   * Any values. Whenever one of them changes, the port is rotated.
   *
   * @default none: the port is rotated once
   * @change In place: the port is rotated again.
   * @example ["2026-11"]
   */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
}

const KIND = "Rotation";

/**
 * A new address for a port: when this is created, and whenever `triggers` change. Needs the scope ports:rotate.
 *
 * It asks whether the port may be rotated and waits for the cooldown: up to 5 minutes on a shared slot, 1 minute on a
 * private one, 10 minutes in total at most. A private port gets its new address 10 to 30 seconds later; the run waits
 * for it. Deleting this resource does nothing.
 *
 * @example
 * const release = new pulumi.Config().require("release");
 * new proxies.Rotation("fresh", { port, triggers: [release] });
 */
export class Rotation extends pulumi.CustomResource implements ExposedBy<"Rotation"> {
  /** Id of the port; of a Port of the program its `id`, which stays when it is renewed. */
  declare readonly port: pulumi.Output<string>;
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  /** Time of this resource's last rotation, ISO 8601 in UTC. */
  declare readonly lastRotatedAt: pulumi.Output<string>;
  /** How often the port had rotated by then. */
  declare readonly rotationCount: pulumi.Output<number | undefined>;
  /** The public address afterwards, where the vendor reports it. */
  declare readonly newIp: pulumi.Output<string | undefined>;

  constructor(name: string, args: RotationArgs, options?: pulumi.CustomResourceOptions) {
    const tied = tieToPort(KIND, name, args, options);
    const traces = suspendStackTraces();
    try {
      super(
        typeInRun(KIND),
        name,
        propertiesOf(KIND, name, tied.inputs, tied.options),
        optionsOf(KIND, name, tied.options),
      );
    } finally {
      resumeStackTraces(traces);
    }
    warnOfOptions(this, options, "replaceOnChanges");
  }
}
