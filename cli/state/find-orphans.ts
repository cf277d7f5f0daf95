import { isGone } from "../../domain/lease";
import { type Port } from "../../api";
import { type StackState } from "./stack-state";

/** The account against the states. */
export interface Findings {
  /** Live ports of the account. */
  live: number;
  /** Live ports that no state holds or names. */
  orphans: Port[];
  /** Live ports that no state holds, but a resource in one names: settings, or a Port that is only read. */
  referenced: (Named & { port: Port })[];
  /** Live old ports of renewals: a later run of their stack releases them. */
  retiring: (Named & { id: string; releaseAt: number })[];
  /** Ports that a state holds and the account has not. Those of other accounts are left out. */
  missing: (Named & { id: string; leaving: boolean })[];
  /** Purchases and renewals that a state began and did not see the end of: an orphan may be the port of one. */
  pending: Named[];
  /** How many live ports each state holds. */
  states: { name: string; holds: number }[];
}

/** A resource of a state. */
export interface Named {
  state: string;
  urn: string;
}

/** `listed` must be older than the states: a port that was bought since then is in a state or pending in one. */
export function findOrphans(listed: Port[], states: StackState[]): Findings {
  const live = listed.filter((port) => !isGone(port.status));
  const ids = new Set(live.map((port) => port.id));
  const orphans: Port[] = [];
  const referenced: Findings["referenced"] = [];
  for (const port of live) {
    if (states.some((state) => state.held.has(port.id))) continue;
    const by = reference(port.id, states);
    if (by) referenced.push({ ...by, port });
    else orphans.push(port);
  }
  return {
    live: live.length,
    orphans,
    referenced,
    retiring: states.flatMap(({ name, held }) =>
      [...held].flatMap(([id, { urn, releaseAt }]) =>
        releaseAt === undefined || !ids.has(id) ? [] : [{ id, urn, releaseAt, state: name }],
      ),
    ),
    missing: states.flatMap((state) => missingOf(state).filter(({ id }) => !ids.has(id))),
    pending: states.flatMap(({ name, pendingPurchases }) => pendingPurchases.map((urn) => ({ state: name, urn }))),
    states: states.map(({ name, held }) => ({ name, holds: [...held.keys()].filter((id) => ids.has(id)).length })),
  };
}

/** An old port of a renewal is not missed: its resource has another. Ports of other accounts are not to be here. */
function missingOf({ name, held, lost }: StackState): Findings["missing"] {
  const gone = [...held].filter(([, { releaseAt, account }]) => releaseAt === undefined && account === undefined);
  return [
    ...gone.map(([id, { urn, leaving }]) => ({ id, urn, leaving, state: name })),
    ...[...lost].map(([id, urn]) => ({ id, urn, leaving: false, state: name })),
  ];
}

/** The resource that holds or names a port, if any does. */
export function claimOn(id: string, states: StackState[]): Named | undefined {
  for (const { name, held } of states) {
    const urn = held.get(id)?.urn;
    if (urn !== undefined) return { state: name, urn };
  }
  return reference(id, states);
}

function reference(id: string, states: StackState[]): Named | undefined {
  for (const { name, mentioned } of states) {
    const urn = mentioned.get(id);
    if (urn !== undefined) return { state: name, urn };
  }
  return undefined;
}
