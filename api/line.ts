import { type Call } from "./call";

/** A call that waits for its turn. */
export interface Waiting {
  readonly call: Call;
  /** Its place in the order of arrival, the same for all its tries. */
  readonly ticket: number;
  /** Was it tried before? */
  readonly begun: boolean;
  /** When it has waited long enough. */
  readonly until: number;
  admit(): void;
  reject(error: Error): void;
}

/** First come, first served. A call that was refused comes back to its old place, so none starves. */
export class Line {
  private waiting: Waiting[] = [];

  get length(): number {
    return this.waiting.length;
  }

  get first(): Waiting | undefined {
    return this.waiting[0];
  }

  join(one: Waiting): void {
    const before = this.waiting.findLastIndex(({ ticket }) => ticket < one.ticket);
    this.waiting.splice(before + 1, 0, one);
  }

  /** How many are ahead of it; -1 when it is not in the line. */
  ahead(one: Waiting): number {
    return this.waiting.indexOf(one);
  }

  leave(one: Waiting): void {
    const at = this.ahead(one);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  /** Rejects those for whom `verdict` has an error. */
  sweep(verdict: (one: Waiting) => Error | undefined): void {
    const swept: [Waiting, Error][] = [];
    this.waiting = this.waiting.filter((one) => {
      const error = verdict(one);
      if (error) swept.push([one, error]);
      return !error;
    });
    for (const [one, error] of swept) one.reject(error);
  }
}
