import { slotsLeft, type SlotType } from "../../domain/slot-type";
import { type Api, type ApiError, isApiError } from "../../api";
import { messageOf } from "../../text";

type Counts = Record<SlotType, number>;

/** Refusals by which a vendor may say that no slot is free. */
const REFUSALS = ["forbidden", "conflict", "rejected"] as const;

/** Whether the vendor refused an order, so that surely nothing was bought. */
export const isRefused = (error: unknown): error is ApiError =>
  isApiError(error) && !error.maybeDone && REFUSALS.some((code) => code === error.code);

/**
 * Which slots are free for renewals. The account is asked once, when the first lease is renewed; from then on what this
 * process takes and frees is counted.
 */
export class Slots {
  private asked?: Promise<Counts | undefined>;
  private free?: Counts;
  private isToldOf = false;
  /** Slots of purchases under way, which the account may not count yet. */
  private readonly taking: Counts = { shared: 0, private: 0 };

  /** How many more are used than there are, less what was released since. */
  private over: Counts = { shared: 0, private: 0 };

  constructor(
    private readonly api: Api,
    private readonly notice: (text: string) => void = () => undefined,
  ) {}

  /**
   * Buys if a slot is free while the old port still holds its own; else gives undefined. Where the account cannot be
   * asked it buys: a purchase that is refused leaves the old port at work, a release first would not.
   */
  async ifFree<T>(slotType: SlotType, buy: () => Promise<T>): Promise<T | undefined> {
    await (this.asked ??= this.ask());
    return this.free && this.free[slotType] <= 0 ? undefined : this.taken(slotType, buy);
  }

  /** Whether one is known to be free now. */
  isFree(slotType: SlotType): boolean {
    return this.free !== undefined && this.free[slotType] > 0;
  }

  /** Whether the release of a port gives one: not where more are used than the account has. */
  wouldFree(slotType: SlotType): boolean {
    return this.over[slotType] <= 0;
  }

  /** Buys, and counts the slot from the moment of the order on. */
  async taken<T>(slotType: SlotType, buy: () => Promise<T>): Promise<T> {
    this.taking[slotType] += 1;
    this.add(slotType, -1);
    try {
      return await buy();
    } catch (error) {
      this.add(slotType, 1);
      throw error;
    } finally {
      this.taking[slotType] -= 1;
    }
  }

  /** A port was released. */
  freed(slotType: SlotType): void {
    this.over[slotType] -= 1;
    this.add(slotType, 1);
  }

  /** Whether an order was refused for want of a slot: by the account if it can be asked, else by the vendor's words. */
  async lacks(slotType: SlotType, refusal: ApiError): Promise<boolean> {
    const free = await (this.asked = this.ask());
    return free ? free[slotType] <= 0 : /\bslots?\b/i.test(refusal.reason);
  }

  private add(slotType: SlotType, count: number): void {
    if (this.free) this.free[slotType] += count;
  }

  private async ask(): Promise<Counts | undefined> {
    try {
      const { shared, private: dedicated } = await this.api.account.summary();
      const left = { shared: slotsLeft(shared?.slots) ?? Infinity, private: slotsLeft(dedicated?.slots) ?? Infinity };
      this.over = { shared: -left.shared, private: -left.private };
      this.free = { shared: left.shared - this.taking.shared, private: left.private - this.taking.private };
    } catch (error) {
      if (!this.isToldOf) {
        this.notice(
          `which slots are free is not known, so a new port is bought before its old one goes: ${messageOf(error)}`,
        );
      }
      this.isToldOf = true;
      this.free = undefined;
    }
    return this.free;
  }
}
