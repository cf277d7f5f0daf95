import { type ApiError } from "./errors";

/** What the tries of one call ended with. */
export class Tally {
  private readonly counts = new Map<string, number>();
  tries = 0;

  add({ status, code }: Pick<ApiError, "status" | "code">): void {
    const what = String(status ?? code);
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    this.tries++;
  }

  /** Tries that a refusal for the rate ended. */
  get refused(): number {
    return this.counts.get("429") ?? 0;
  }

  /** Tries that anything else ended. */
  get troubled(): number {
    return this.tries - this.refused;
  }

  /** "23 tries, 22 × 429, 1 × 503", the most frequent first. */
  toString(): string {
    const parts = [...this.counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `${count} × ${what}`);
    return [this.tries === 1 ? "1 try" : `${this.tries} tries`, ...parts].join(", ");
  }
}

/** "40 s", "86400 s (24 h)" */
export function inSeconds(ms: number): string {
  const seconds = ms < 10_000 ? Number((ms / 1000).toPrecision(2)) : Math.floor(ms / 1000);
  if (seconds < 600) return `${seconds} s`;
  return seconds < 7200
    ? `${seconds} s (${Math.round(seconds / 60)} min)`
    : `${seconds} s (${Math.round(seconds / 3600)} h)`;
}
