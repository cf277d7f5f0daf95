import { type Hex, keccak, toHex } from "./bytes";

export interface BlocksState {
  /** Blocks whose time is known, oldest first; between two of them, and after the last, one comes every `blockSeconds`. */
  anchors: { number: number; time: number }[];
  /** From these numbers on the blocks are others than they were. */
  forks: { from: number; id: number }[];
}

/** Blocks are counted, not kept: a year of them costs nothing. */
export class Blocks {
  static readonly GENESIS = 1_000;

  constructor(
    private readonly seed: number,
    private readonly blockMs: number,
    private readonly now: () => number,
    readonly state: BlocksState = { anchors: [{ number: Blocks.GENESIS, time: now() }], forks: [] },
  ) {}

  head(): number {
    const { number, time } = this.last();
    return number + Math.max(0, Math.floor((this.now() - time) / this.blockMs));
  }

  /** A block that is made now, whatever the clock says: its number. */
  add(count = 1): number {
    const head = this.head();
    const block = { number: head + count, time: Math.max(this.now(), this.timeOf(head)) };
    this.state.anchors.push(block);
    return block.number;
  }

  /** Epoch milliseconds. */
  timeOf(number: number): number {
    const { anchors } = this.state;
    const at = anchors.findLastIndex((anchor) => anchor.number <= number);
    const anchor = anchors[Math.max(0, at)] as { number: number; time: number };
    return Math.min(anchor.time + (number - anchor.number) * this.blockMs, anchors[at + 1]?.time ?? Infinity);
  }

  /** @param content hashes of the block's transactions. */
  hashOf(number: number, content: readonly Hex[]): Hex {
    const fork = this.state.forks.findLast(({ from }) => from <= number)?.id ?? 0;
    return toHex(keccak(`${this.seed}/${fork}/${number}/${content.join(",")}`));
  }

  /** Puts as many other blocks, and one more, in the place of the last ones. @returns the first number that is another block. */
  replace(count: number): number {
    const head = this.head();
    const { anchors, forks } = this.state;
    const from = head - count + 1;
    const time = Math.max(this.now(), this.timeOf(head));
    anchors.push({ number: head + 1, time });
    forks.push({ from, id: forks.length + 1 });
    return from;
  }

  private last() {
    return this.state.anchors.at(-1) as BlocksState["anchors"][number];
  }
}
