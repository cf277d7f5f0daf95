import { sentHidden } from "../domain/hidden-inputs";
import * as pulumi from "@pulumi/pulumi";
import { httpUrlOf, socks5UrlOf } from "./connection-urls";
import { failing } from "./engine/input-checks";
import { keptByRun } from "./engine/kept-by-run";
import { warnOfOptions } from "./engine/option-warnings";
import { isKind } from "../domain/kinds";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";

/** Inputs of a {@link Port}. */
export interface PortArgs {
  /**
   * Country of the device: ISO code, English name, or the vendor's id.
   *
   * @change In place: the port moves; its id and login stay. Another spelling of the same place is no change.
   * @example "DE"
   */
  country: pulumi.Input<string>;
  /**
   * Carrier of the device: brand, name, or the vendor's id.
   *
   * @default any carrier of the country
   * @change In place: the port moves.
   * @example "Vodafone"
   */
  carrier?: pulumi.Input<string | undefined>;
  /**
   * City of the device, the vendor's id; see {@link getCities}. Drift is not detected.
   *
   * @default any city of the country
   * @change In place: the port moves.
   */
  cityId?: pulumi.Input<string>;
  /**
   * Region of the device, the vendor's id; see {@link getRegions}. Drift is not detected.
   *
   * @default any region of the country
   * @change In place: the port moves.
   */
  regionId?: pulumi.Input<string>;
  /**
   * "shared": rotation switches to another device. "private": a device of one's own; rotation switches its airplane
   * mode on and off.
   *
   * @default "shared"
   * @change Replaces the resource: a new port is bought and the old one is released. No other input does that.
   */
  slotType?: pulumi.Input<"shared" | "private">;
  /**
   * Length of the lease from the purchase on: seconds, or a text such as "90m", "24h", "30d"; 60 s to 365 d.
   *
   * @change Updates the state only; takes effect at the next renewal, since the vendor cannot extend a lease.
   * @example "30d"
   */
  expiresIn: pulumi.Input<number | string>;
  /**
   * How long before the end of the lease a run of `pulumi up` renews the port, in the units of `expiresIn`. Must be
   * shorter than it. Use 0 to renew a port only when it has expired.
   *
   * @default a tenth of expiresIn, at most 3 days
   * @change Updates the state only: `renewAt` moves.
   */
  renewBefore?: pulumi.Input<number | string>;
  /**
   * How long the old port serves on after a renewal, in the units of `expiresIn`: the first run after that time
   * releases it. "0s": the renewal itself releases it. Until then the old port holds its slot. It serves no longer than
   * its own lease. A purchase that finds no free slot releases it earlier.
   *
   * @default until the next run
   * @change Updates the state only: counts for old ports that still serve too.
   * @example "6h"
   */
  overlap?: pulumi.Input<number | string>;
  /**
   * What a run does about a port that has expired or is gone: "replace" buys a new one in its place, "keep" leaves it in
   * the state, "fail" stops the run.
   *
   * @default "replace"
   * @change Updates the state only.
   */
  onExpired?: pulumi.Input<"replace" | "keep" | "fail">;
  /**
   * Operating system that the traffic looks like, sent with the purchase; see {@link OsFingerprint} for the values. Use
   * either this or an OsFingerprint, not both.
   *
   * @default the vendor's
   * @change In place.
   * @example "windows:1"
   */
  osFingerprint?: pulumi.Input<string>;
}

/** A port from before a renewal, which still serves. */
export interface RetiringPort {
  /** The vendor's id. */
  portId: string;
  /** Time of the renewal, ISO 8601 in UTC. */
  since: string;
  /** End of its own lease, ISO 8601 in UTC, where it is known. */
  expiresAt?: string;
}

const KIND = "Port";

/**
 * A rented mobile proxy. Creating one costs money and takes a slot of the account; destroying it frees the slot.
 *
 * The vendor cannot extend a lease. From `renewAt` on, the next `pulumi up` renews the port by an update, which buys
 * another port. Where a slot is free, the new port is bought first, and the old one serves on for `overlap`. Otherwise
 * the old one is released first. Pulumi has no clock, so run it on a schedule.
 *
 * `id` stays through all renewals, so it is what other resources should depend on. `portId`, the address, the login and
 * the URLs are those of the port that serves now. In the preview of any update of a Port they are unknown: resources
 * that depend on them show changes that the run may not make. Settings of this package may depend on a Port; they
 * follow a renewal.
 *
 * With the option `protect` a port is not released or replaced. Renewals go on.
 *
 * ## Import
 *
 * The resource option `import`, with the vendor's id, takes an existing port under management. Nothing is bought or
 * changed. Remove the option after the first run: with it, a port that is gone is not bought again. Do not use the
 * option `id` for that: the resource would be external, and removing the option later would buy a second port. Use
 * {@link Port.get} to only read a port. `npx proxies-sx adopt` prints the code for all ports of an account.
 *
 * @example
 * const port = new proxies.Port("scraper", { country: "DE", carrier: "Vodafone", expiresIn: "30d" });
 * export const url = port.httpUrl; // secret
 */
export class Port extends pulumi.CustomResource implements ExposedBy<"Port"> {
  /**
   * The vendor's id of the port that serves now, 24 hexadecimal digits. `id` is that of the first port, and stays. If
   * the port is gone, it is the id of the last one.
   */
  declare readonly portId: pulumi.Output<string>;
  /** The vendor's internal name at the purchase. */
  declare readonly name: pulumi.Output<string>;
  /** The vendor's name for people: "Proxy #1". */
  declare readonly displayName: pulumi.Output<string>;
  /** Address of the server that the port answers on. */
  declare readonly serverIp: pulumi.Output<string>;
  /** Number of the port on that server for HTTP. */
  declare readonly httpPort: pulumi.Output<number>;
  /** Number of the port on that server for SOCKS5. */
  declare readonly socksPort: pulumi.Output<number>;
  /** Login that the port was bought with. {@link Credentials} sets another and has outputs of its own for it. */
  declare readonly proxyLogin: pulumi.Output<string>;
  /** Password that the port was bought with. Secret. */
  declare readonly proxyPassword: pulumi.Output<string>;
  /** Token that rotates the port without a key, 32 hexadecimal digits. Secret. */
  declare readonly rotationToken: pulumi.Output<string>;
  /** URL that rotates the port when it is called, without a key. Secret. */
  declare readonly rotationUrl: pulumi.Output<string>;
  declare readonly slotType: pulumi.Output<"shared" | "private">;
  /**
   * "active", "suspended", "expired", or another word of the vendor's. "deleted": the port is gone, and the next run does
   * what `onExpired` says. "renewing": the old port was released and the new one could not be bought, or the answer to
   * the first order was lost; the next run looks for it, and buys.
   */
  declare readonly status: pulumi.Output<string>;
  /** End of the lease, ISO 8601 in UTC. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** When a run first renews the port, ISO 8601 in UTC. */
  declare readonly renewAt: pulumi.Output<string>;
  /** Time of the purchase, ISO 8601 in UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** ISO code of the country. */
  declare readonly countryCode: pulumi.Output<string>;
  /** Brand of the carrier at the purchase or at the last move. Rotation may change it later. */
  declare readonly carrierBrand: pulumi.Output<string>;
  /**
   * Ports from before a renewal that still serve and still hold a slot: a later run releases them. Undefined if there
   * are none.
   */
  declare readonly retiring: pulumi.Output<RetiringPort[] | undefined>;

  constructor(name: string, args: PortArgs, options?: pulumi.CustomResourceOptions) {
    const { import: adopt, ...rest } = options ?? {};
    if (adopt !== undefined) claimImport(name, adopt);
    const traces = suspendStackTraces();
    try {
      super(
        typeInRun(KIND),
        name,
        propertiesOf(KIND, name, withInputs(args, adopt), rest),
        optionsOf(KIND, name, rest),
      );
    } finally {
      resumeStackTraces(traces);
    }
    warnOfOptions(this, options, "replaceOnChanges", "retainOnDelete");
    if (rest.id !== undefined) external.add(this);
  }

  /** `http://login:password@server:port`, of the login that the port was bought with. Secret. */
  get httpUrl(): pulumi.Output<string> {
    return httpUrlOf(this);
  }

  /** `socks5://login:password@server:port`, of the login that the port was bought with. Secret. */
  get socks5Url(): pulumi.Output<string> {
    return socks5UrlOf(this);
  }

  /**
   * Reads a port that exists, without managing it: `pulumi destroy` leaves it alone.
   *
   * @param id the vendor's id, 24 hexadecimal digits
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): Port {
    return new Port(name, undefined as unknown as PortArgs, { ...options, id });
  }

  /** Whether a value is a Port, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Port {
    return (
      pulumi.CustomResource.isInstance(value) && isKind(KIND, (value as { __pulumiType?: string }).__pulumiType ?? "")
    );
  }
}

/** Names of the Ports that import a port, by its id. */
const imports = keptByRun(() => new Map<string, string>());

/** The provider refuses it too, but only at the update: a preview would show nothing. */
function claimImport(name: string, id: string): void {
  const other = imports().get(id);
  if (other !== undefined) failing(`Port "${name}"`)("import", `"${other}" imports the same port: keep one.`);
  imports().set(id, name);
}

/** Ports that are only read: their end in this stack is not their end at the vendor. */
const external = new WeakSet<Port>();

/** @internal */
export const isExternal = (port: Port): boolean => external.has(port);

/**
 * Inputs of a port whose renewal waits for another run, unless its lease ends within `seconds`: a fleet renews a few at
 * a time. Undefined seconds: it need not wait.
 *
 * @internal
 */
export const renewingLater = (args: PortArgs, seconds: number | undefined): PortArgs =>
  seconds === undefined ? args : { ...args, ...sentHidden({ hold: seconds }) };

function withInputs(args: PortArgs | undefined, adopt: string | undefined): Record<string, unknown> {
  if (args === undefined) return {};
  return { ...args, slotType: args.slotType ?? "shared", ...sentHidden({ adopt }) };
}
