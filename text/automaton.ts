/** A string's UTF-16 units, those of A to Z as a to z. */
const folded = (unit: number): number => (unit >= 65 && unit <= 90 ? unit + 32 : unit);

/**
 * Finds many words in one pass (Aho and Corasick, 1975): the time is linear in the text, whatever the words are and
 * however they overlap. The case of A to Z does not count. Packages for this match graphemes, so that an accent put
 * behind a word hides it, or stop at the first match.
 */
export class Automaton {
  /** The state after a state and a unit, by both in one number. */
  private readonly next = new Map<number, number>();
  /** Of each state: where to go on when no word goes on. */
  private readonly fallback: number[] = [0];
  /** Of each state: the length of the longest word that ends in it, 0 for none. */
  private readonly found: number[] = [0];

  constructor(words: Iterable<string>) {
    const children: number[][] = [[]];
    const units: number[] = [0];
    for (const word of words) {
      let state = 0;
      for (let at = 0; at < word.length; at++) {
        const unit = folded(word.charCodeAt(at));
        let after = this.next.get(keyOf(state, unit));
        if (after === undefined) {
          after = this.found.push(0) - 1;
          units.push(unit);
          children.push([]);
          children[state]?.push(after);
          this.next.set(keyOf(state, unit), after);
        }
        state = after;
      }
      this.found[state] = word.length;
    }
    this.link(children, units);
  }

  /** Calls `at` with start and end of the longest word that ends at each unit. */
  search(text: Uint16Array, at: (start: number, end: number) => void): void {
    let state = 0;
    for (let end = 1; end <= text.length; end++) {
      state = this.after(state, folded(text[end - 1] ?? 0));
      const length = this.found[state] ?? 0;
      if (length > 0) at(end - length, end);
    }
  }

  private after(from: number, unit: number): number {
    for (let state = from; ; state = this.fallback[state] ?? 0) {
      const next = this.next.get(keyOf(state, unit));
      if (next !== undefined) return next;
      if (state === 0) return 0;
    }
  }

  /** Breadth first: a fallback is always nearer to the root. */
  private link(children: number[][], units: number[]): void {
    const waiting = [...(children[0] ?? [])];
    for (const state of waiting) this.fallback[state] = 0;
    for (let at = 0; at < waiting.length; at++) {
      const state = waiting[at] ?? 0;
      for (const child of children[state] ?? []) {
        const to = this.after(this.fallback[state] ?? 0, units[child] ?? 0);
        this.fallback[child] = to;
        this.found[child] ||= this.found[to] ?? 0;
        waiting.push(child);
      }
    }
  }
}

const keyOf = (state: number, unit: number): number => state * 65_536 + unit;
