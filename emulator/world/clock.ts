const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** "90s", "5m", "24h", "2d", "1d12h" in milliseconds. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text)
    throw new Error(`"${text}" is no duration; write 90s, 5m, 24h, 2d or 1d12h`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

export function parseInstant(instant: Date | string | number): number {
  const ms = instant instanceof Date ? instant.getTime() : typeof instant === "number" ? instant : Date.parse(instant);
  if (!Number.isFinite(ms)) throw new Error(`"${String(instant)}" is no time; write ISO 8601 or epoch milliseconds`);
  return ms;
}

/** The world's time: a base clock that can be moved. It runs on from where it was set. */
export class Clock {
  constructor(
    private readonly base: () => number = Date.now,
    public offset = 0,
  ) {}

  now(): number {
    return this.base() + this.offset;
  }

  /** A number is milliseconds. */
  advance(by: number | string): number {
    const ms = typeof by === "string" ? parseDuration(by) : by;
    if (!Number.isFinite(ms)) throw new Error(`${String(by)} is no duration`);
    this.offset += ms;
    return this.now();
  }

  set(instant: Date | string | number): number {
    this.offset = parseInstant(instant) - this.base();
    return this.now();
  }
}
