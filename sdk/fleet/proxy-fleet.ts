import * as pulumi from "@pulumi/pulumi";
import type * as randomPackage from "@pulumi/random";
import { Credentials } from "../credentials";
import { type FleetLease, type FleetLocation, type SettledFleet, settleFleet } from "./args";
import { heldBack, renewBeforeOfMember } from "./renewals";
import { type PlannedMember, planFleet } from "./plan";
import { membersInState } from "./state";
import { stockFor, tellShortages } from "./market";
import { warnOfOptions } from "../engine/option-warnings";
import { Port, type PortArgs, renewingLater } from "../port";
import { beginProgram, findProvider } from "../engine/program-start";
import { RotationSettings, type RotationSettingsArgs } from "../rotation-settings";

/** Inputs of a {@link ProxyFleet}. Those that decide how many resources there are, and where, are plain values. */
export interface ProxyFleetArgs {
  /** How many ports: 0 to 5,000. */
  size: number;
  /** Where they are. Weights are met within one port. */
  locations: FleetLocation[];
  /**
   * Countries for a member whose location has no device left when it joins the fleet, in this order. It stays there,
   * and so do its renewals.
   *
   * @default none: the purchase fails
   */
  fallback?: string[];
  /** As {@link PortArgs}. @default "shared" */
  slotType?: "shared" | "private";
  /** How long members are rented for, and how their renewals are spread. */
  lease: FleetLease;
  /** Rotation of each member, as {@link RotationSettings}. @default the vendor's: none is sent */
  rotation?: Omit<RotationSettingsArgs, "port">;
  /** Login and password of the members. @default the login that each is bought with */
  credentials?: FleetCredentials;
  /** As {@link PortArgs}. */
  osFingerprint?: pulumi.Input<string>;
  /**
   * Members keep their place when a weight changes: members to come meet it. True moves the fewest members that meet
   * the weights at once. A move keeps id and login, and changes the address.
   *
   * @default false
   */
  rebalance?: boolean;
}

/** The logins of a fleet's members. */
export interface FleetCredentials {
  /** Login of all members, not empty. */
  proxyLogin: pulumi.Input<string>;
  /**
   * Password of all members. Secret, whether it is given as one or not.
   *
   * @default one is generated for each member by RandomPassword of @pulumi/random
   */
  proxyPassword?: pulumi.Input<string>;
  /** Whether the generated password is one for all. @default false */
  sharedPassword?: boolean;
}

const TYPE = "proxies-sx:index:ProxyFleet";

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
 * A member keeps its place when the size, a weight or the order of locations changes: one more adds one and touches
 * none; one less releases one: first what has expired or was suspended, else the youngest. So the fleet asks the engine
 * which members the stack's state holds. The engine notes a provider named `pulumi` in the state for that.
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
    super(TYPE, name, withSecrets(args), options);
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
    const before = await membersInState(await urnsOf(this), Date.now());
    const isPreview = pulumi.runtime.isDryRun();
    const wanted = planFleet(before, fleet);
    const needsStock = wanted.some(({ isNew }) => isNew) && (fleet.fallback.length > 0 || isPreview);
    const stockOf = needsStock ? await stockFor(this, fleet) : undefined;
    const planned = stockOf ? planFleet(before, fleet, stockOf) : wanted;
    const waiting = heldBack(before, fleet);
    if (isPreview) await tellShortages(this, { fleet, before, planned, waiting, now: Date.now() }, stockOf);
    const password = sharedPassword(this, name, args.credentials);
    return planned.map((member) => {
      const renewsLater = waiting.has(member.number) ? fleet.lease.holdSeconds : undefined;
      return makeMember(this, name, args, fleet, { ...member, renewsLater, password });
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

function makeMember(
  fleet: ProxyFleet,
  fleetName: string,
  { osFingerprint, rotation, credentials }: ProxyFleetArgs,
  settled: SettledFleet,
  { number, place, renewsLater, password }: NewMember,
): Member {
  const name = `${fleetName}-${number}`;
  const { expiresIn, onExpired, overlap } = settled.lease;
  const args: PortArgs = {
    ...place,
    slotType: settled.slotType,
    expiresIn,
    renewBefore: renewBeforeOfMember(number, settled),
    ...(onExpired && { onExpired }),
    ...(overlap !== undefined && { overlap }),
    ...(osFingerprint !== undefined && { osFingerprint }),
  };
  const port = new Port(name, renewingLater(args, renewsLater), { parent: fleet });
  if (rotation) new RotationSettings(`${name}-rotation`, { ...rotation, port }, { parent: fleet });
  if (!credentials) return { port, login: port };
  const proxyPassword = password ?? newPassword(`${name}-password`, fleet);
  const login = new Credentials(
    `${name}-login`,
    { port, proxyLogin: credentials.proxyLogin, proxyPassword },
    { parent: fleet },
  );
  return { port, login };
}

function sharedPassword(
  fleet: ProxyFleet,
  name: string,
  credentials: FleetCredentials | undefined,
): pulumi.Input<string> | undefined {
  if (credentials?.proxyPassword !== undefined) return credentials.proxyPassword;
  return credentials?.sharedPassword ? newPassword(`${name}-password`, fleet) : undefined;
}

/** Letters and digits: a password that needs no escaping in a URL, in any tool. */
function newPassword(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  const random = require("@pulumi/random") as typeof randomPackage;
  return new random.RandomPassword(name, { length: 24, special: false }, { parent }).result;
}

/** Under mocks, and of a port that was never read, no country is known. */
function countEach(codes: (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes.filter((one) => one !== undefined).sort()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const earliest = (times: string[]): string | undefined => [...times].filter(Boolean).sort()[0];
