import { formatUsdc, type Session } from "../../api";
import { durationInput } from "../../domain/duration";
import { knownSlotType } from "../../domain/slot-type";
import { type X402LeaseArgs } from "./args";

/**
 * The inputs of a program that declares a session as the vendor has it, for one that no program declared. No more is to
 * be paid for another than this one cost. No carrier and no city are among them: they may have come by chance.
 */
export function inputsOf(found: Session): X402LeaseArgs {
  const { location, tier, network, allocatedGB, createdAt, expiresAt, paid } = found;
  const known = knownSlotType(tier);
  const seconds = createdAt === undefined || expiresAt === undefined ? 0 : Math.round((expiresAt - createdAt) / 1_000);
  return {
    ...(location?.countryCode && { country: location.countryCode }),
    ...(known && { tier: known }),
    ...(allocatedGB !== undefined && { trafficGB: allocatedGB }),
    ...(seconds > 0 && { duration: durationInput(seconds) }),
    ...(paid !== undefined && { maxPrice: formatUsdc(paid) }),
    ...(network !== undefined && { network }),
  } as X402LeaseArgs;
}
