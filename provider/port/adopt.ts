import { differs } from "../../domain/differs";
import { knownSlotType, slotTypeOf } from "../../domain/slot-type";
import { sameName } from "../../domain/place-names";
import { hasOverStatus, isOver } from "../../domain/lease";
import { type Port } from "../../api";
import { ProviderError } from "../errors";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { type PortArgs } from "./args";
import { resolvePlace } from "./place";
import { type PortState } from "./state";
import { type Place } from "../run/reference";
import { type Session } from "../run/session";
import { portsIn } from "../run/stack-state";
import { nameOf } from "../../domain/urn";

/**
 * Whether a create takes the port of its option import. The option stays in programs: where the resource is replaced, it
 * most often names the port that it had at first, which is gone, or the one that dies next. Then another is bought.
 */
export async function isToAdopt(portId: string, hidden: Hidden, session: Session): Promise<boolean> {
  const { urn } = hidden;
  const state = await session.stackState.of(stackOf(hidden), true);
  if (!state) return !session.memory.isHeld(urn);
  // Under a new name the state does not have it yet, but was compared.
  const isReplaced = session.memory.isHeld(urn) || state.resources.some((one) => one.urn === urn && !one.delete);
  if (!isReplaced) return true;
  if (portsIn(state).includes(portId)) return false;
  const port = await session.ports.find(portId);
  return port !== undefined && !isOver(port, await session.now());
}

/**
 * Takes a port that exists under management: nothing is bought and nothing is changed, so the inputs must say what it
 * is already.
 */
export async function adopt(
  id: string,
  hidden: Hidden,
  news: PortArgs,
  session: Session,
): Promise<{ port: Port; place: Place }> {
  const { urn } = hidden;
  const other = urn === undefined ? undefined : session.memory.adopt(id, urn);
  if (other !== undefined) {
    throw new ProviderError(
      `port ${id} is imported by two resources, "${nameOf(other)}" and "${nameOf(urn ?? "")}": keep one.`,
    );
  }
  if (session.purchases.wasHandedOut(id)) {
    throw new ProviderError(
      `port ${id} was just taken up by another resource of this run: a run that did not end well had ordered such a port ` +
        "for it. Remove the option import to buy a port, or import it in place of that resource.",
    );
  }
  await checkNotRetiring(id, hidden, session);
  const port = await session.ports.find(id);
  if (!port) {
    throw new ProviderError(
      `port ${id} does not exist in the account of this key, so it cannot be imported. Correct the id or the key, or remove ` +
        "the option import to buy a port.",
    );
  }
  const ended = await endOf(port, session);
  if (ended !== undefined) {
    throw new ProviderError(`port ${id} ${ended}, so it cannot be imported. Remove the option import to buy a port.`);
  }
  const place = await resolvePlace(news, session).catch(
    (error: unknown) => ownPlace(port, news) ?? Promise.reject(error as Error),
  );
  const differences = mismatches(port, news, place);
  if (differences.length > 0) {
    throw new ProviderError(
      `port ${id} is not what the program declares: ${differences.join("; ")}. Declare what it is, import it, and change it afterwards.`,
    );
  }
  return { port, place };
}

/**
 * The resource that renewed a port releases it, whoever has taken it by then.
 *
 * @param mayBeUnread nothing is said where the state cannot be read
 * @throws ProviderError that names that resource
 */
export async function checkNotRetiring(
  id: string,
  hidden: Hidden,
  session: Session,
  mayBeUnread = false,
): Promise<void> {
  for (const { urn: of, outputs = {}, delete: goes } of await session.resourcesOf(hidden, mayBeUnread)) {
    const { portId, retiring } = outputs as Partial<PortState>;
    if (goes || !Array.isArray(retiring) || !retiring.some((one) => one.portId === id)) continue;
    throw new ProviderError(
      `port ${id} is an old port of "${nameOf(of)}", which port ${portId} has taken the place of: a run releases it. ` +
        `Buy a port, without an import, or import ${portId} by the option import in the run in which "${nameOf(of)}" leaves ` +
        "the program.",
    );
  }
}

/** How a port came to its end, if it did. A lease can be over under another status than "expired": in a grace period. */
async function endOf({ status, expiresAt }: Port, session: Session): Promise<string | undefined> {
  if (hasOverStatus(status)) return `is ${status}`;
  if (expiresAt === undefined || expiresAt > (await session.now())) return undefined;
  return `has a lease that ended at ${new Date(expiresAt).toISOString()}`;
}

/**
 * The port's own place, if that is what the program names. The vendor lists places with free devices only, and the
 * ports of this account may use the last ones.
 */
function ownPlace({ country, carrier }: Port, news: PortArgs): Place | undefined {
  const names = (one: object | undefined, wanted: string): boolean =>
    Object.values(one ?? {}).some((name) => typeof name === "string" && sameName(name, wanted));
  if (!names(country, news.country)) return undefined;
  if (news.carrier !== undefined && !names(carrier, news.carrier)) return undefined;
  const { id = "", code = "", name = "" } = country ?? {};
  return {
    country: { id, code, name },
    ...(news.carrier !== undefined && {
      carrier: { id: carrier?.id ?? "", brand: carrier?.brand, name: carrier?.name ?? "" },
    }),
  };
}

function mismatches(port: Port, news: PortArgs, place: Place): string[] {
  const found: string[] = [];
  if (differs(knownSlotType(port.slotType), slotTypeOf(news))) found.push(`slotType is "${port.slotType}"`);
  if (differs(port.country?.code, place.country.code)) found.push(`country is "${port.country?.code}"`);
  else if (differs(port.carrier?.brand, place.carrier?.brand)) found.push(`carrier is "${port.carrier?.brand}"`);
  if (differs(port.osFingerprint, news.osFingerprint)) found.push(`osFingerprint is "${port.osFingerprint}"`);
  return found;
}
