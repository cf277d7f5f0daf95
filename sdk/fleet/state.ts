import { typeOf } from "../../domain/kinds";
import { isGone, isOver, leaseIn, RENEWING, serves } from "../../domain/lease";
import { nameOf, urnUnder } from "../../domain/urn";
import { type FleetMember, type FleetPlace } from "./plan";
import { type PortInState, portsInState } from "../engine/program-state";
import { runError } from "../engine/run-error";

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

/**
 * The members that a fleet has, by the state of its stack. A program cannot see it, and the engine only compares what
 * the program declares; but which member stays where, and which one leaves, depends on those that there are.
 *
 * @param fleets URNs that the fleet has, or had as its aliases say
 * @param now epoch ms
 */
export async function membersInState(fleets: readonly string[], now: number): Promise<KnownMember[]> {
  const ports = await portsInState().catch((error: Error) => {
    throw runError(
      `${error.message} It tells which members a ProxyFleet has: without it they could be moved or released by mistake.`,
    );
  });
  const members = new Map<number, KnownMember>();
  for (const fleet of fleets) {
    // A run that was broken off has renamed some only.
    for (const member of ports.flatMap((port) => memberOf(port, fleet, now))) {
      if (!members.has(member.number)) members.set(member.number, member);
    }
  }
  return [...members.values()];
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

/** The number of a fleet's member, as its URN tells it: that of a child of the fleet, by the name that fleets give. */
function numberIn(urn: string, fleet: string): number | undefined {
  const name = nameOf(fleet);
  const parent = fleet.slice(0, -`::${name}`.length);
  const prefix = `${parent}$${typeOf("Port")}::${name}-`;
  const known = urnUnder("dynamic", urn);
  const [, number] = known.startsWith(prefix) ? (/^([1-9]\d*)$/.exec(known.slice(prefix.length)) ?? []) : [];
  return number === undefined ? undefined : Number(number);
}
