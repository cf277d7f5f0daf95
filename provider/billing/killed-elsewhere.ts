import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { ProviderError } from "../errors";
import { type StackState } from "../run/stack-state";

/**
 * Stops where a run that was killed on another machine, whose journal is not here, may have bought: the stack's state
 * names the operation that it began. Nothing tells what came of it, so a person looks. To be awaited in check or diff:
 * later the state names this run's own operation too.
 *
 * @param what is to be bought now
 * @throws ProviderError
 */
export async function checkElsewhere(what: string, hidden: Hidden, stackState: StackState): Promise<void> {
  const { urn } = hidden;
  const state = await stackState.of(stackOf(hidden));
  const isHeld = state?.resources.some((one) => one.urn === urn && !one.delete);
  // A "creating" stays in the state, also when a later run has made the resource.
  const type = isHeld ? "updating" : "creating";
  if (!state?.pending.some((one) => one.type === type && one.resource.urn === urn)) return;
  const clear = isHeld ? "pulumi refresh" : "pulumi refresh --clear-pending-creates";
  throw new ProviderError(
    `${what}: a run that did not end well, on another machine, may have bought it, and nothing here tells. See what ` +
      `the account bought. If it did, take the change back; if not, run \`${clear}\`, then this again.`,
  );
}
