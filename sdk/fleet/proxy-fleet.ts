import * as pulumi from "@pulumi/pulumi";
import type * as randomPackage from "@pulumi/random";
import { Credentials } from "../credentials";
import {
  type FLEET_CREDENTIALS,
  type FleetLease,
  type FleetLocation,
  type FleetRotationName,
  type SettledFleet,
} from "../../domain/fleet/args";
import {
  type ChildName,
  countEach,
  earliest,
  makeFleet,
  memberNames,
  PASSWORD,
  portInputs,
  sharedPasswordName,
} from "../../domain/fleet/make";
import { type PlannedMember } from "../../domain/fleet/plan";
import { type Same } from "../../domain/kinds";
import { settleFleet } from "./args";
import { fleetInState } from "./state";
import { stockFor, tellShortages } from "./market";
import { aliasesUnderOther } from "../engine/host";
import { warnOfOptions } from "../engine/option-warnings";
import { Port, type PortArgs, renewingLater } from "../port";
import { beginProgram, findProvider } from "../engine/program-start";
import { RotationSettings, type RotationSettingsArgs } from "../rotation-settings";

/** Inputs of a {@link ProxyFleet}. Those that decide how many resources there are, and where, are plain values. */
export interface ProxyFleetArgs {
  /**
   * How many ports: 0 to 5,000.
   *
   * @change More: adds members and changes no other. Fewer: releases members, those that have expired or were suspended
   *   first, then the youngest.
   */
  size: number;
  /**
   * Where the members are. Members are distributed by weight, to within one port.
   *
   * @change Members of a location that was removed move, in place. With other weights, members stay where they are: new
   *   members follow the new weights, unless `rebalance` is true. Another order is no change.
   */
  locations: FleetLocation[];
  /**
   * Countries for a member whose location has no device left when it joins the fleet, in this order. It stays there,
   * and so do its renewals.
   *
   * @default none: the purchase fails
   * @change Concerns new members only.
   */
  fallback?: string[];
  /**
   * As {@link PortArgs}.
   *
   * @default "shared"
   * @change Replaces all members.
   */
  slotType?: "shared" | "private";
  /**
   * How long members are rented for, and how their renewals are spread.
   *
   * @change Updates the state only; a new `expiresIn` takes effect at the next renewal of each member.
   */
  lease: FleetLease;
  /**
   * Rotation of each member, as {@link RotationSettings}.
   *
   * @default the vendor's: none is sent
   * @change In place. If you remove it, the previous settings are restored.
   */
  rotation?: Omit<RotationSettingsArgs, "port">;
  /**
   * Login and password of the members.
   *
   * @default the login that each port is bought with
   * @change In place. If you remove it, the previous logins are restored.
   */
  credentials?: FleetCredentials;
  /**
   * As {@link PortArgs}.
   *
   * @default the vendor's
   * @change In place.
   */
  osFingerprint?: pulumi.Input<string>;
  /**
   * Members keep their place when a weight changes: new members follow the new weights. True moves as few members as
   * needed to meet the weights at once. A move keeps id and login, and changes the address.
   *
   * @default false
   * @change True moves members, in place.
   */
  rebalance?: boolean;
}

/** The logins of a fleet's members. */
export interface FleetCredentials {
  /** Login of all members, not empty and without ":". */
  proxyLogin: pulumi.Input<string>;
  /**
   * Password of all members. Always stored as a secret.
   *
   * @default one is generated for each member by RandomPassword of `@pulumi/random`
   */
  proxyPassword?: pulumi.Input<string>;
  /** Whether the generated password is one for all. @default false */
  sharedPassword?: boolean;
}

const TYPE = "proxies-sx:index:ProxyFleet";

/** That the checked names are the existing ones. */
const NAMED: [
  Same<FleetRotationName, keyof Omit<RotationSettingsArgs, "port">>,
  Same<(typeof FLEET_CREDENTIALS)[number], keyof FleetCredentials>,
] = [true, true];
void NAMED;

/** A member's resources. */
interface Member {
  port: Port;
  /** Where the URLs come from: its Credentials, or the port itself. */
  login: Port | Credentials;
}

/**
 * Proxies of one kind: as many ports as `size` says, spread over locations by weight, renewed before their leases end,
 * with one set of logins and settings.
 *
 * A member keeps its place when the size, a weight or the order of locations changes. Increasing the size by one adds
 * one port and changes no other. Decreasing it by one releases one port: one that has expired or was suspended, else the
 * youngest. This depends on the existing members, so the fleet asks the engine for those in the stack's state. The
 * engine records a provider named `pulumi` in the state for that.
 *
 * A preview warns once, for the whole fleet, if slots, stock or traffic do not suffice, or if leases end too early.
 *
 * The option `provider` gives the {@link Account}; `protect`, `transforms` and `aliases` reach the members too.
 *
 * @example
 * const fleet = new proxies.ProxyFleet("scraper", {
 *   size: 40,
 *   locations: [{ country: "DE", carrier: "Vodafone", weight: 3 }, { country: "PL" }],
 *   fallback: ["GB"],
 *   lease: { expiresIn: "30d", renewBefore: "3d", stagger: "2d", maxRenewalsPerUpdate: 5 },
 *   credentials: { proxyLogin: "team-a" },
 * });
 * export const urls = fleet.httpUrls; // secret
 */
export class ProxyFleet extends pulumi.ComponentResource<Member[]> {
  /** The members' ports, by the number in their name. */
  readonly ports: pulumi.Output<Port[]>;
  /** `http://login:password@server:port` of each member. Secret. */
  readonly httpUrls: pulumi.Output<string[]>;
  /** `socks5://login:password@server:port` of each member. Secret. */
  readonly socks5Urls: pulumi.Output<string[]>;
  /** URL of each member that rotates it when it is called, without a key. Secret. */
  readonly rotationUrls: pulumi.Output<string[]>;
  /** How many members are in each country, by its ISO code. */
  readonly byCountry: pulumi.Output<Record<string, number>>;
  /** When a run next renews a member, ISO 8601 in UTC. Undefined for a fleet without members. */
  readonly nextRenewalAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: ProxyFleetArgs, options: pulumi.ComponentResourceOptions = {}) {
    // Before anything is registered.
    settleFleet(name, args);
    beginProgram();
    findProvider();
    const aliases = [...(options.aliases ?? []), ...aliasesUnderOther(TYPE, name, options)];
    super(TYPE, name, withSecrets(args), { ...options, aliases });
    warnOfOptions(this, options, "retainOnDelete");
    const members = this.getData();
    const all = <T>(of: (member: Member) => pulumi.Output<T>): pulumi.Output<T[]> =>
      pulumi.output(members.then((each) => pulumi.all(each.map(of)))) as unknown as pulumi.Output<T[]>;
    this.ports = pulumi.output(members.then((each) => each.map(({ port }) => port)));
    this.httpUrls = pulumi.secret(all(({ login }) => login.httpUrl));
    this.socks5Urls = pulumi.secret(all(({ login }) => login.socks5Url));
    this.rotationUrls = pulumi.secret(all(({ port }) => port.rotationUrl));
    this.byCountry = all(({ port }) => port.countryCode).apply(countEach);
    this.nextRenewalAt = all(({ port }) => port.renewAt).apply(earliest);
    this.registerOutputs({ byCountry: this.byCountry, nextRenewalAt: this.nextRenewalAt });
  }

  /** @internal */
  protected override async initialize(
    inputs: pulumi.Inputs,
    _options?: pulumi.ComponentResourceOptions,
    name = "",
  ): Promise<Member[]> {
    const args = inputs as ProxyFleetArgs;
    const fleet = settleFleet(name, args);
    const known = await fleetInState(await urnsOf(this), Date.now());
    const isPreview = pulumi.runtime.isDryRun();
    const made = await makeFleet(known, fleet, { isPreview, stock: () => stockFor(this, fleet) });
    const { planned, waiting, stockOf } = made;
    if (isPreview)
      await tellShortages(this, { fleet, before: known.members, planned, waiting, now: Date.now() }, stockOf);
    const password = sharedPassword(this, sharedPasswordName(name, made), args.credentials);
    return planned.map((member) => {
      const renewsLater = waiting.has(member.number) ? fleet.lease.holdSeconds : undefined;
      const names = memberNames(name, member.number, made);
      return makeMember(this, names, args, fleet, { ...member, renewsLater, password });
    });
  }
}

/** What the state shows of the component: no password in clear. */
function withSecrets(args: ProxyFleetArgs): pulumi.Inputs {
  const { credentials, ...rest } = args;
  if (credentials?.proxyPassword === undefined) return args;
  return { ...rest, credentials: { ...credentials, proxyPassword: pulumi.secret(credentials.proxyPassword) } };
}

/** The fleet's URN, and those that it had by its aliases, as Pulumi resolves them: where its members are in the state. */
async function urnsOf(fleet: ProxyFleet): Promise<string[]> {
  const { __aliases: aliases = [] } = fleet as unknown as { __aliases?: pulumi.Input<string>[] };
  return new Promise((resolve) => void pulumi.all([fleet.urn, ...aliases]).apply(resolve));
}

type NewMember = PlannedMember & { renewsLater?: number; password?: pulumi.Input<string> };

const childOf = (parent: pulumi.Resource, { was }: ChildName): pulumi.CustomResourceOptions => ({
  parent,
  aliases: was.map((name) => ({ name })),
});

function makeMember(
  fleet: ProxyFleet,
  names: ReturnType<typeof memberNames>,
  { osFingerprint, rotation, credentials }: ProxyFleetArgs,
  settled: SettledFleet,
  { renewsLater, password, ...member }: NewMember,
): Member {
  const args: PortArgs = { ...portInputs(member, settled), ...(osFingerprint !== undefined && { osFingerprint }) };
  const port = new Port(names.port.is, renewingLater(args, renewsLater), childOf(fleet, names.port));
  if (rotation) new RotationSettings(names.rotation.is, { ...rotation, port }, childOf(fleet, names.rotation));
  if (!credentials) return { port, login: port };
  const proxyPassword = password ?? newPassword(fleet, names.password);
  const { proxyLogin } = credentials;
  const login = new Credentials(names.login.is, { port, proxyLogin, proxyPassword }, childOf(fleet, names.login));
  return { port, login };
}

function sharedPassword(
  fleet: ProxyFleet,
  name: ChildName,
  credentials: FleetCredentials | undefined,
): pulumi.Input<string> | undefined {
  if (credentials?.proxyPassword !== undefined) return credentials.proxyPassword;
  return credentials?.sharedPassword ? newPassword(fleet, name) : undefined;
}

function newPassword(parent: pulumi.Resource, name: ChildName): pulumi.Output<string> {
  const random = require("@pulumi/random") as typeof randomPackage;
  return new random.RandomPassword(name.is, PASSWORD, childOf(parent, name)).result;
}
