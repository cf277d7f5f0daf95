import { type Api } from "../../api";
import { SILENT, type Surroundings } from "../run/surroundings";
import { checkWanted } from "../run/wanted";
import { type BalanceOrder, buyRest, forget, leftFor, type OpenOrder, type Part } from "./buy-once";

/**
 * Purchases from the balance whose count the engine's state keeps: they stay in the journal until the state is known to
 * hold them, so that a run after a killed one counts what that one bought.
 */
export class HeldPurchases {
  /** Purchases that the engine was given in an answer. */
  private readonly given = new Set<string>();

  private readonly around: Surroundings;

  constructor(
    private readonly api: Api,
    private readonly folder: string,
    around: Partial<Surroundings>,
  ) {
    this.around = { ...SILENT, ...around };
  }

  /** What this machine knows of earlier runs' purchases for a resource that its state does not hold. */
  leftFor(key: string, order: BalanceOrder): ReturnType<typeof leftFor> {
    return leftFor(this.folder, key, order);
  }

  /**
   * @param open what the state holds of an order whose outcome is not known
   * @param mayBuy throws where the rest, after what earlier runs bought, is not to be bought
   * @throws UndecidedError
   */
  buy(
    order: BalanceOrder,
    key: string,
    open: OpenOrder | undefined,
    mayBuy: (rest: number) => Promise<void>,
  ): Promise<Part[]> {
    const mayBeSent = async (rest: number): Promise<void> => {
      await mayBuy(rest);
      await checkWanted(this.around, "bought");
    };
    return buyRest(this.api, order, { folder: this.folder, key, open }, mayBeSent, this.around.sleep);
  }

  /** The engine's state holds these: they are done with. */
  stateHolds(nonces: readonly string[]): void {
    forget(this.folder, nonces);
  }

  /** The engine was given an answer that names these. */
  gaveEngine(nonces: readonly string[]): void {
    for (const nonce of nonces) this.given.add(nonce);
  }

  /** The engine has ended this run in order, so its state holds what it was given. */
  endedWell(): void {
    forget(this.folder, [...this.given]);
  }
}
