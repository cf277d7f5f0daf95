import { type Api } from "../api";

export type SlotType = "shared" | "private";

/**
 * Which slots are free for the replacements of this run. Asked once, and only when a port is to be replaced; slots
 * that new ports of the same run will take are set aside first.
 */
export class Slots {
  private free?: Promise<Record<SlotType, number> | undefined>;
  private readonly takers = { shared: new Set<string>(), private: new Set<string>() };

  constructor(
    private readonly api: Api,
    private readonly notice: (text: string) => void = () => undefined,
  ) {}

  /** A new port of this run will need a slot. */
  need(taker: string, slotType: SlotType): void {
    this.takers[slotType].add(taker);
  }

  /** It was bought: from now on the vendor counts it, unless it was asked before. */
  took(taker: string, slotType: SlotType): void {
    if (!this.free) this.takers[slotType].delete(taker);
  }

  /**
   * Whether a replacement finds a slot while the old port still holds its own. Where the account cannot be asked the
   * answer is yes: a purchase that then fails leaves the old port at work, a deletion first would not.
   */
  async take(taker: string, slotType: SlotType): Promise<boolean> {
    const takers = this.takers[slotType];
    if (takers.has(taker)) return true;
    this.free ??= this.ask();
    const free = await this.free;
    if (free && takers.size >= free[slotType]) return false;
    takers.add(taker);
    return true;
  }

  private async ask(): Promise<Record<SlotType, number> | undefined> {
    try {
      const { shared, private: dedicated } = await this.api.account.summary();
      const available = (part: typeof shared): number => part?.slots?.available ?? Infinity;
      return { shared: available(shared), private: available(dedicated) };
    } catch (error) {
      this.notice(
        `which slots are free is not known, so each new port is bought before its old one goes: ${said(error)}`,
      );
      return undefined;
    }
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
