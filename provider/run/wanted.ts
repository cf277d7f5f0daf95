import { ProviderError } from "../errors";
import { type Surroundings } from "./surroundings";

/** Why nothing is begun any more. */
export const ENDED = "the run that asked for it has ended or was interrupted";

/**
 * Nothing is begun any more that costs money, or ends what was paid for.
 *
 * @throws ProviderError where the run does not wait for it: it would not learn what became of it
 */
export async function checkWanted(
  { isWanted }: Pick<Surroundings, "isWanted">,
  done: "bought" | "released",
): Promise<void> {
  if (await isWanted()) return;
  throw new ProviderError(`${ENDED}; nothing was ${done}.`);
}
