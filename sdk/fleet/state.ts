import { type KnownMember, membersAmong, NO_STATE } from "../../domain/fleet/members";
import { portsInState } from "../engine/program-state";
import { runError } from "../engine/run-error";

/** The members of fleets with these URNs, by the state of the program's own stack. */
export async function membersInState(fleets: readonly string[], now: number): Promise<KnownMember[]> {
  const ports = await portsInState().catch((error: Error) => {
    throw runError(`${error.message} ${NO_STATE}`);
  });
  return membersAmong(ports, fleets, now);
}
