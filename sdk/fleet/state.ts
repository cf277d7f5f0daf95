import { fleetAmong, type KnownFleet, NO_STATE } from "../../domain/fleet/members";
import { portsInState } from "../engine/program-state";
import { runError } from "../engine/run-error";

/** The fleet with these URNs, by the state of the program's own stack. */
export async function fleetInState(fleets: readonly string[], now: number): Promise<KnownFleet> {
  const ports = await portsInState().catch((error: Error) => {
    throw runError(`${error.message} ${NO_STATE}`);
  });
  return fleetAmong(ports, fleets, now);
}
