import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { isKind } from "../../domain/kinds";
import { ProviderError } from "../errors";
import { type StackState } from "../run/stack-state";

/**
 * Stops where a run that was killed on another machine, whose journal is not here, may have bought: the stack's state
 * names the operation that it began. Nothing shows what came of it, so a person must look. To be awaited in check or diff:
 * later the state names this run's own operation too.
 *
 * @param what is to be bought now
 * @param id of the resource where the state has it, maybe under an earlier name
 * @throws ProviderError
 */
export async function checkElsewhere(
  what: string,
  id: string | undefined,
  hidden: Hidden,
  stackState: StackState,
): Promise<void> {
  const { urn } = hidden;
  const state = await stackState.of(stackOf(hidden));
  const held = state?.resources.find(
    (one) =>
      !one.delete && (one.urn === urn || (id !== undefined && one.id === id && isKind("TrafficPurchase", one.type))),
  );
  // A "creating" stays in the state, also when a later run has made the resource.
  const type = held ? "updating" : "creating";
  const names = [urn, held?.urn];
  const isOpen = state?.pending.some((one) => one.type === type && names.includes(one.resource.urn));
  if (!isOpen) return;
  const clear = held ? "pulumi refresh" : "pulumi refresh --clear-pending-creates";
  throw new ProviderError(
    `${what}: a run that did not end well, on another machine, may have bought it, and nothing here shows it. See what ` +
      `the account bought. If it did, take the change back; if not, run \`${clear}\`, then this again.`,
  );
}
