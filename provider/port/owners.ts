import { type Hidden } from "../../domain/hidden-inputs";
import { nameOf } from "../../domain/urn";
import { ProviderError } from "../errors";
import { type Session } from "../run/session";
import { portsIn } from "../run/stack-state";
import { type PortState } from "./state";

/**
 * Notes that a Port of the program has a port, or is to import it.
 *
 * @throws ProviderError where another Port of the program has it: the first that renews it would release it
 */
export function own(portId: string, { urn }: Hidden, session: Session): void {
  const other = urn === undefined ? undefined : session.memory.own(portId, urn);
  if (other === undefined) return;
  throw new ProviderError(
    `port ${portId} is the port of "${nameOf(other)}" and of "${nameOf(urn ?? "")}": keep one. ` +
      "If the state holds both, take the other out with `pulumi state delete`, which releases nothing.",
  );
}

/** The URN of another Port of the program that has it; `pulumi import` may have given it one. */
function otherOwner(portId: string, { urn }: Hidden, session: Session): string | undefined {
  const owner = session.memory.ownerOf(portId);
  return urn === undefined || owner === urn ? undefined : owner;
}

/** Notes the old ports of a Port. What another Port has as well is released by neither in passing. */
export function noteOld({ retiring = [] }: PortState, hidden: Hidden, session: Session): void {
  if (hidden.urn === undefined || !session.memory.isHeld(hidden.urn)) return;
  for (const { portId } of retiring) {
    session.memory.leaves(portId, hidden.urn);
    const other = otherOwner(portId, hidden, session);
    if (other !== undefined) session.notice(oldOf(portId, hidden.urn, other), hidden.urn);
  }
}

/** @throws ProviderError where the port is an old one of another Port */
export function refuseOld(portId: string, { urn }: Hidden, session: Session): void {
  const leaver = session.memory.leftBy(portId);
  if (urn !== undefined && leaver !== undefined && leaver !== urn) throw new ProviderError(oldOf(portId, leaver, urn));
}

const oldOf = (portId: string, of: string, other: string): string =>
  `port ${portId} is an old port of "${nameOf(of)}", and the port of "${nameOf(other)}": it is kept. Take ` +
  `"${nameOf(other)}" out of the state with \`pulumi state delete\`, which releases nothing.`;

/** Why the end of a Port does not release a port of it, if so: somebody else of this run has it. */
export async function whyKept(
  portId: string,
  { __stack }: Partial<PortState>,
  hidden: Hidden,
  session: Session,
): Promise<string | undefined> {
  if (session.memory.isAdopted(portId)) return "this run imports it under another name";
  const other = otherOwner(portId, hidden, session);
  if (other !== undefined && !(await isItself(other, portId, __stack, session))) return `"${nameOf(other)}" has it`;
  return session.purchases.wasHandedOut(portId) ? "this run has just taken it up" : undefined;
}

/** Whether the other is the Port itself, which got that name in the run that replaces it: no other has it in the state. */
async function isItself(other: string, portId: string, stack: string | undefined, session: Session): Promise<boolean> {
  if (!session.memory.isHeld(other)) return false;
  const state = await session.stackState.of(stack, true);
  const others = state?.resources.filter(({ urn, delete: goes }) => urn === other && !goes);
  return others !== undefined && !portsIn({ resources: others }).includes(portId);
}
