import { checkInputs, failing } from "../engine/input-checks";
import * as fleet from "../../domain/fleet/args";

/** @throws RunError in one line that names the fleet, the property and its rule, and never a value. */
export function settleFleet(name: string, args: fleet.FleetInputs): fleet.SettledFleet {
  const fail = failing(`ProxyFleet "${name}"`);
  return fleet.settleFleet(args, { fail, inputs: (of, known, at, such) => checkInputs(of, known, fail, at, such) });
}
