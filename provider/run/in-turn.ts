/** Does work one after the other, in the order in which it came. What fails lets the next begin. */
export class InTurn {
  private last: Promise<unknown> = Promise.resolve();

  do<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** Resolves once all that came so far is done. */
  async done(): Promise<void> {
    await this.last;
  }
}
