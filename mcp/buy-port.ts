import { type Port, type PortOrder } from "../api";
import { type Around } from "./around";
import { isRunning } from "../files/running";
import { type Purchase } from "../provider/purchase/journal-lines";
import { keyOf } from "./guards/audit";
import { BUSY, ToolError } from "./tool";

export interface BoughtPort {
  port: Port;
  /** An earlier call had bought it. */
  isTakenUp?: true;
  /** The port is written down elsewhere: the journal needs it no more. */
  settle: () => void;
}

/**
 * Buys a port once, by the provider's own journal: what an earlier call of the same order bought and was killed before
 * it could report is taken up, and a lost answer is settled by the list of ports.
 *
 * @throws ApiError where surely nothing was bought, ProviderError that names the candidates where it is unclear
 */
export async function buyPort(order: PortOrder, around: Around): Promise<BoughtPort> {
  const { purchases, journal } = around.buying();
  const key = `agents ${keyOf({ args: { ...order } })}`;
  if (journal.read().some((one) => one.key === key && isUnderWay(one))) throw new ToolError(BUSY);
  const earlier = await purchases.killedRuns.find(key);
  const bought = earlier ?? (await purchases.buy(order, key));
  // The answer to a create has few fields; what is bought stays bought where the second read fails.
  const port =
    (await around
      .api()
      .ports.get(bought.id)
      .catch(() => undefined)) ?? bought;
  return { port, settle: () => purchases.stateHolds(port.id), ...(earlier && { isTakenUp: true }) };
}

/** A process of this number is another one by then, ms. */
const LONGEST = 3 * 60_000;

/** What another server has bought is its own, as long as that server may still report it to its agent. */
const isUnderWay = ({ pid, local }: Purchase): boolean =>
  pid !== process.pid && Math.abs(Date.now() - local) < LONGEST && isRunning(pid);
