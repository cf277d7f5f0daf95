import * as pulumi from "@pulumi/pulumi";
import { warnOfOptions } from "./engine/option-warnings";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";
import { type PortRef, tieToPort } from "./port-settings";

/** Inputs of {@link RotationSettings}. */
export interface RotationSettingsArgs {
  /**
   * The port. A renewal of a Port of the program is no change: what is set here is set on the new port too.
   *
   * @change Replaces the resource: the previous settings of the old port are restored, and the new port is set.
   */
  port: PortRef;
  /**
   * Whether the port rotates by itself.
   *
   * @default true
   * @change In place.
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Seconds between automatic rotations: 300 to 86400 on a shared slot, 60 to 86400 on a private one.
   *
   * @change In place.
   * @example 1800
   */
  intervalSeconds: pulumi.Input<number>;
  /**
   * Rotate to devices of the same carrier only.
   *
   * @default keeps the port's current value; false after you remove it
   * @change In place.
   */
  matchCarrier?: pulumi.Input<boolean>;
  /**
   * Rotate to devices of the same city only.
   *
   * @default keeps the port's current value; false after you remove it
   * @change In place.
   */
  matchCity?: pulumi.Input<boolean>;
  /**
   * Devices that are never rotated to, the vendor's ids. Their order has no meaning.
   *
   * @default keeps the port's current value, none for a new port
   * @change In place. Another order is no change.
   */
  excludedDeviceIds?: pulumi.Input<pulumi.Input<string>[]>;
}

const KIND = "RotationSettings";

/**
 * When a port gets a new address by itself. If only this resource is deleted, the previous settings are restored: those
 * that the port had before, or after a renewal those that the new port was bought with. If the port is deleted in the
 * same run, nothing is sent.
 *
 * @example
 * new proxies.RotationSettings("rotation", { port, intervalSeconds: 1800, matchCarrier: true });
 */
export class RotationSettings extends pulumi.CustomResource implements ExposedBy<"RotationSettings"> {
  /** Id of the port; of a Port of the program its `id`, which stays when it is renewed. */
  declare readonly port: pulumi.Output<string>;
  declare readonly enabled: pulumi.Output<boolean>;
  declare readonly intervalSeconds: pulumi.Output<number>;
  declare readonly matchCarrier: pulumi.Output<boolean | undefined>;
  declare readonly matchCity: pulumi.Output<boolean | undefined>;
  declare readonly excludedDeviceIds: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: RotationSettingsArgs, options?: pulumi.CustomResourceOptions) {
    const tied = tieToPort(KIND, name, args, options);
    const traces = suspendStackTraces();
    try {
      super(
        typeInRun(KIND),
        name,
        propertiesOf(KIND, name, { ...tied.inputs, enabled: args.enabled ?? true }, tied.options),
        optionsOf(KIND, name, tied.options),
      );
    } finally {
      resumeStackTraces(traces);
    }
    warnOfOptions(this, options, "replaceOnChanges");
  }
}
