import { type Api, type Port } from "../../api";
import { claimOn, type Findings } from "../state/find-orphans";
import { concernsAll } from "./concerns-all";
import { pendingText } from "./orphan-report";
import { shownName, StateError } from "../state/stack-state";
import { readAll, type StateSource } from "../state/state-source";
import { UsageError } from "../terminal/usage-error";

/** What became of one orphan. "kept": a state has come to hold or name it. "gone": not surely by us. */
export interface Deletion {
  id: string;
  result: "deleted" | "gone" | "kept" | "failed" | "not tried";
  reason?: string;
}

/**
 * Refuses where the states may not be the account's. A state that holds none of its ports, such as that of another
 * project, of a new stack or of another account, makes each port look like an orphan. So each state has to hold a live
 * port, or the user has to name the one that does not: a general "force" would also cover the stack that was
 * mistyped beside it. A purchase under way, or an adoption, is not in its state yet: it may be of any port here.
 */
export function checkDeletable({ states, pending }: Findings, holdsNone: string[]): void {
  const silent = states.find(({ name, holds }) => holds === 0 && !holdsNone.includes(name));
  if (silent) {
    throw new UsageError(
      `nothing is deleted: the state of ${silent.name} holds no live port of this account, so it may be the wrong ` +
        `state or the wrong key. If that is right, add --holds-none ${silent.name}`,
    );
  }
  if (pending.length > 0) throw new StateError(`nothing is deleted. ${pendingText(pending)}`);
}

/**
 * Deletes one by one, and reads the states again before each: while the user thought, or while the port before was
 * deleted, a run may have adopted it. Goes on after a failure, except where all others would fail the same way.
 */
export async function deleteOrphans(
  orphans: Port[],
  sources: StateSource[],
  api: Api,
  report: (deletion: Deletion) => void,
): Promise<Deletion[]> {
  const done: Deletion[] = [];
  let stop: string | undefined;
  for (const { id } of orphans) {
    let deletion: Deletion;
    if (stop !== undefined) deletion = { id, result: "not tried", reason: stop };
    else {
      try {
        deletion = await deleteOne(id, sources, api);
      } catch (error) {
        deletion = { id, result: "failed", reason: (error as Error).message };
        if (concernsAll(error)) stop = "the one before it failed for a reason that concerns all";
      }
    }
    done.push(deletion);
    report(deletion);
  }
  return done;
}

async function deleteOne(id: string, sources: StateSource[], api: Api): Promise<Deletion> {
  const states = await readAll(sources);
  const claim = claimOn(id, states);
  if (claim) return { id, result: "kept", reason: `${shownName(claim.urn)} in ${claim.state} has it now` };
  const running = states.find(({ pendingPurchases }) => pendingPurchases.length > 0);
  if (running) throw new StateError(`a run of ${running.name} has begun to buy ports`);
  const wasThere = await api.ports.delete(id);
  if (wasThere !== undefined) return { id, result: wasThere ? "deleted" : "gone" };
  return { id, result: "gone", reason: "an answer was lost, so it is not known whether this command deleted it" };
}
