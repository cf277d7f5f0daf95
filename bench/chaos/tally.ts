/** What the campaign has done so far, by kind. */
export class Tally {
  readonly faults: Record<string, number> = {};
  readonly kills: Record<string, number> = {};
  readonly others: Record<string, number> = {};

  count(of: "faults" | "kills" | "others", kind: string, times = 1): void {
    if (times > 0) this[of][kind] = (this[of][kind] ?? 0) + times;
  }

  toString(): string {
    const lines = (["faults", "kills", "others"] as const).map((of) => {
      const sorted = Object.entries(this[of]).sort(([a], [b]) => a.localeCompare(b));
      const total = sorted.reduce((sum, [, times]) => sum + times, 0);
      return [`${of}: ${total}`, ...sorted.map(([kind, times]) => `  ${kind}: ${times}`)].join("\n");
    });
    return lines.join("\n");
  }
}
