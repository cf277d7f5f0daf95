import { kindOfType, typeOf } from "../kinds";
import { isGone, isOver, leaseIn, RENEWING, serves } from "../lease";
import { nameOf, urnUnder } from "../urn";
import { type FleetMember, type FleetPlace } from "./plan";
import { SIGNATURE } from "../signature";

/** A Port, or a fleet, of the stack's state, as before this run: what a fleet needs of a Port's outputs. */
export interface PortInState {
  urn: string;
  outputs: Readonly<Partial<Record<(typeof NEEDED)[number], unknown>>>;
}

/** No secret is among them. */
const NEEDED = [
  "country",
  "carrier",
  "cityId",
  "regionId",
  "slotType",
  "status",
  "expiresAt",
  "renewAt",
  "retiring",
] as const;

/** A stack's resources by URN, as the engine lists them. */
export interface StateAnswer {
  outputs?: Record<string, { type: string; outputs?: Record<string, unknown> }>;
}

/** The engine saves the state while it is read, and Pulumi's file backend writes in place: half a state is read again. */
const TRIES = 4;
const WAIT_MS = 250;

/**
 * The Ports of a stack. The engine answers from the run's own backend. It leaves out what is about to be deleted.
 *
 * @param ask calls a function of the engine
 * @throws Error in one line, where the state cannot be read
 */
export async function readPorts(
  stack: StackName,
  ask: (token: string, args: { stackName: string }) => Promise<StateAnswer>,
  triesLeft = TRIES - 1,
): Promise<PortInState[]> {
  const stackName = fullNameOf(stack);
  try {
    return portsIn(await ask("pulumi:pulumi:readStackResourceOutputs", { stackName }));
  } catch (error) {
    if (triesLeft > 0) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      return readPorts(stack, ask, triesLeft - 1);
    }
    const { details, message } = error as { details?: string; message: string };
    throw new Error(`the state of stack ${stackName} cannot be read (${details ?? message}).`, { cause: error });
  }
}

interface StackName {
  organization: string;
  project: string;
  stack: string;
}

/**
 * With its organization, where the backend has any: it would look in the user's default one. Without, the engine knows
 * the project, and a file backend of before projects takes no longer name.
 */
const fullNameOf = ({ organization, project, stack }: StackName): string =>
  organization === "organization" || organization === "" ? stack : `${organization}/${project}/${stack}`;

/** All secrets of the stack stand in the engine's answer in clear: only what is needed leaves this function. */
function portsIn({ outputs: resources = {} }: StateAnswer): PortInState[] {
  const isNeeded = (type: string): boolean => kindOfType(type) === "Port" || type.endsWith(":ProxyFleet");
  const all = Object.entries(resources).filter(([, { type }]) => isNeeded(type));
  return all.map(([urn, { outputs = {} }]) => ({
    urn,
    outputs: Object.fromEntries(NEEDED.map((name) => [name, unwrapped(outputs[name])])),
  }));
}

const unwrapped = (value: unknown): unknown =>
  typeof value === "object" && value !== null && SIGNATURE in value ? (value as { value?: unknown }).value : value;

/** A member as the stack's state shows it, before this run. */
export interface KnownMember extends FleetMember {
  /** When a run first renews it, ISO 8601; missing where it was never read. */
  renewAt?: string;
  expiresAt?: string;
  slotType?: string;
  /**
   * "over": its lease has ended, or the port is gone. "renewing": its old port was released, and the purchase of the
   * new one has not succeeded yet.
   *
   * @default "running"
   */
  lease?: "running" | "over" | "renewing";
  /** Slots of its type that it holds: its own, if there is a port, and those of ports from before a renewal, by id. */
  slots?: { own: number; retiring: readonly string[] };
}

/** Why a run ends that cannot read the state. */
export const NO_STATE =
  "The state says which members a ProxyFleet has: without it they could be moved or released by mistake.";

/** A fleet as the stack's state has it, before this run. */
export interface KnownFleet {
  members: KnownMember[];
  /**
   * Names of before, under which the state may have its members or settings still: the run that renamed the fleet ended
   * before it came to them. The engine takes a fleet's alias for its children in that run alone.
   */
  formerly: string[];
}

/**
 * What a fleet has, by the state of its stack. A program cannot see it, and the engine only compares what
 * the program declares; but which member stays where, and which one leaves, depends on the existing members.
 *
 * @param fleets URNs that the fleet has, or had as its aliases say
 * @param now epoch ms
 */
export function fleetAmong(ports: readonly PortInState[], fleets: readonly string[], now: number): KnownFleet {
  const members = new Map<number, KnownMember>();
  const held = new Set(ports.map(({ urn }) => urnUnder("dynamic", urn)));
  const [own = "", ...earlier] = new Set(fleets.map((urn) => urnUnder("dynamic", urn)));
  // An alias may be left in the program when another fleet has got that name.
  const former = earlier.filter((urn) => !(held.has(own) && held.has(urn)));
  for (const fleet of [own, ...former]) {
    // A run that was broken off has renamed some only.
    for (const member of ports.flatMap((port) => memberOf(port, fleet, now))) {
      if (!members.has(member.number)) members.set(member.number, member);
    }
  }
  const formerly = new Set(former.map(nameOf).filter((name) => name !== nameOf(own)));
  return { members: [...members.values()], formerly: [...formerly] };
}

function memberOf({ urn, outputs }: PortInState, fleet: string, now: number): KnownMember[] {
  const number = numberIn(urn, fleet);
  if (number === undefined) return [];
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const place: FleetPlace = { country: text(outputs.country) ?? "" };
  for (const part of ["carrier", "cityId", "regionId"] as const) {
    const value = text(outputs[part]);
    if (value !== undefined) place[part] = value;
  }
  const lease = leaseIn(outputs);
  return [
    {
      number,
      place,
      serves: serves(lease, now),
      renewAt: text(outputs.renewAt),
      expiresAt: text(outputs.expiresAt),
      slotType: text(outputs.slotType),
      lease: lease.status === RENEWING ? RENEWING : isOver(lease, now) ? "over" : "running",
      slots: {
        own: isGone(lease.status) ? 0 : 1,
        retiring: retiringIn(outputs.retiring),
      },
    },
  ];
}

const retiringIn = (told: unknown): string[] =>
  (Array.isArray(told) ? (told as { portId?: unknown }[]) : []).map(({ portId }) => String(portId));

/** The number of a fleet's member, as its URN shows it: that of a child of the fleet, by the name that fleets give. */
function numberIn(urn: string, fleet: string): number | undefined {
  // Of parents too: a fleet may be below a resource of this package.
  const [above, known] = [urnUnder("dynamic", fleet), urnUnder("dynamic", urn)];
  const name = nameOf(above);
  const prefix = `${above.slice(0, -`::${name}`.length)}$${typeOf("Port")}::${name}-`;
  const [, number] = known.startsWith(prefix) ? (/^([1-9]\d*)$/.exec(known.slice(prefix.length)) ?? []) : [];
  return number === undefined ? undefined : Number(number);
}
