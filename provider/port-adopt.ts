import { type Port } from "../api";
import { ProviderError } from "./errors";
import { type PortArgs, slotTypeOf } from "./port-args";
import { nameOf } from "./program-memory";
import { type Place } from "./reference";
import { type Session } from "./session";

/**
 * Takes a port that exists under management: nothing is bought and nothing is changed, so the inputs must say what it
 * is already.
 */
export async function adopt(
  id: string,
  urn: string | undefined,
  news: PortArgs,
  place: Place,
  session: Session,
): Promise<Port> {
  const other = urn === undefined ? undefined : session.memory.adopt(id, urn);
  if (other !== undefined) {
    throw new ProviderError(
      `port ${id} is imported by two resources, "${nameOf(other)}" and "${nameOf(urn ?? "")}": keep one.`,
    );
  }
  const port = await session.ports.find(id);
  if (!port) {
    throw new ProviderError(
      `port ${id} does not exist, so it cannot be imported. Correct the id, or remove the option import to buy a port.`,
    );
  }
  const differences = mismatches(port, news, place);
  if (differences.length > 0) {
    throw new ProviderError(
      `port ${id} is not what the program declares: ${differences.join("; ")}. Declare what it is, import it, and change it afterwards.`,
    );
  }
  return port;
}

function mismatches(port: Port, news: PortArgs, place: Place): string[] {
  const differs = (told: string | undefined, wanted: string | undefined): boolean =>
    told !== undefined && wanted !== undefined && told !== wanted;
  const found: string[] = [];
  if (differs(port.slotType, slotTypeOf(news))) found.push(`slotType is "${port.slotType}"`);
  if (differs(port.country?.code, place.country.code)) found.push(`country is "${port.country?.code}"`);
  else if (differs(port.carrier?.brand, place.carrier?.brand)) found.push(`carrier is "${port.carrier?.brand}"`);
  if (differs(port.osFingerprint, news.osFingerprint)) found.push(`osFingerprint is "${port.osFingerprint}"`);
  return found;
}
