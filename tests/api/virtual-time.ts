/** A clock that jumps from timer to timer as soon as nothing else is left to do. */
export class VirtualTime {
  private time = 0;
  private timers: { at: number; ring: () => void }[] = [];

  readonly now = (): number => this.time;
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const callOff = this.alarm(ms, resolve);
      signal?.addEventListener("abort", () => (callOff(), resolve()));
    });
  readonly alarm = (ms: number, ring: () => void): (() => void) => {
    const timer = { at: this.time + Math.max(0, ms), ring };
    const before = this.timers.findLastIndex(({ at }) => at <= timer.at);
    this.timers.splice(before + 1, 0, timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  };

  /** Timers that nobody called off. */
  get pending(): number {
    return this.timers.length;
  }

  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = () => void (done = true);
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done) return work;
      const next = this.timers.shift();
      if (!next) throw new Error("nothing more will happen");
      this.time = next.at;
      next.ring();
    }
  }
}
