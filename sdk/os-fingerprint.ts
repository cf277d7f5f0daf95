import * as pulumi from "@pulumi/pulumi";
import { warnOfOptions } from "./engine/option-warnings";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";
import { type PortRef, tieToPort } from "./port-settings";

/** Inputs of {@link OsFingerprint}. */
export interface OsFingerprintArgs {
  /**
   * The port. A renewal of a Port of the program is no change: what is set here is set on the new port too.
   *
   * @change Replaces the resource: the previous settings of the old port are restored, and the new port is set.
   */
  port: PortRef;
  /**
   * "windows:1" Windows 10, "macosx:3" macOS X, "macosx:4" macOS / iPhone 13, "ios:1" iOS (p0f compliant), "ios:2" iOS
   * (real iPhone), "android:1" Android (p0f compliant), "android:3" Android (real), or "" for none.
   *
   * @change In place.
   * @example "windows:1"
   */
  osFingerprint: pulumi.Input<string>;
}

const KIND = "OsFingerprint";

/**
 * The operating system that a port's traffic looks like. If only this resource is deleted, the previous fingerprint is
 * restored: the one that the port had before, or after a renewal the one that the new port was bought with. For a new
 * port, the input `osFingerprint` of {@link Port} saves a request.
 *
 * @example
 * new proxies.OsFingerprint("os", { port, osFingerprint: "windows:1" });
 */
export class OsFingerprint extends pulumi.CustomResource implements ExposedBy<"OsFingerprint"> {
  /** Id of the port; of a Port of the program its `id`, which stays when it is renewed. */
  declare readonly port: pulumi.Output<string>;
  declare readonly osFingerprint: pulumi.Output<string>;
  /** The vendor's name for the fingerprint: "Windows 10". */
  declare readonly label: pulumi.Output<string>;

  constructor(name: string, args: OsFingerprintArgs, options?: pulumi.CustomResourceOptions) {
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
