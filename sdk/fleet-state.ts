import { type FleetMember, type FleetPlace } from "./fleet-plan";
import { isOfType, type StateResource, stateOfStack } from "./program-state";
import { runError } from "./run-error";

/** A member as the stack's state shows it, before this run. */
export interface KnownMember extends FleetMember {
  /** When a run first renews it, ISO 8601; missing where it was never read. */
  renewAt?: string;
  expiresAt?: string;
  slotType?: string;
}

/** Words for a port that serves no more (source: the vendor's page and its MCP client). */
const IDLE = ["deleted", "expired", "suspended"];

/**
 * The members that a fleet has, by the state of its stack. A program cannot see it, and the engine only compares what
 * the program declares; but which member stays where, and which one leaves, depends on those that there are. So the
 * state is read as `pulumi stack export` shows it, once a run. No secret in it is decrypted.
 *
 * @param parents URNs that the fleet has, or had as its aliases say
 */
export async function membersInState(parents: readonly string[], now: number): Promise<KnownMember[]> {
  const resources = await stateOfStack().catch((error: Error) => {
    throw runError(
      `${error.message} It tells which members a ProxyFleet has: without it they could be moved or released by mistake.`,
    );
  });
  const members = new Map<number, KnownMember>();
  for (const parent of parents) {
    const found = resources.filter((one) => isOfType(one, "Port") && one.parent === parent && !one.delete);
    // A run that was broken off has renamed some only.
    for (const member of found.flatMap((one) => memberOf(one, now))) {
      if (!members.has(member.number)) members.set(member.number, member);
    }
  }
  return [...members.values()];
}

function memberOf({ urn, inputs = {}, outputs = {} }: StateResource, now: number): KnownMember[] {
  const number = Number(/-(\d+)$/.exec(urn)?.[1]);
  if (!(number > 0)) return [];
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const given = { carrier: text(inputs.carrier), cityId: text(inputs.cityId), regionId: text(inputs.regionId) };
  const place: FleetPlace = { country: text(inputs.country) ?? "" };
  for (const part of ["carrier", "cityId", "regionId"] as const) if (given[part]) place[part] = given[part];
  const [status, expiresAt] = [text(outputs.status), text(outputs.expiresAt)];
  const serves = !IDLE.includes(status ?? "") && !(expiresAt !== undefined && Date.parse(expiresAt) <= now);
  return [{ number, place, serves, renewAt: text(outputs.renewAt), expiresAt, slotType: text(inputs.slotType) }];
}
