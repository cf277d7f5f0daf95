import { quoted } from "./validate";

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** No duration and no time has more characters. */
const MOST_LETTERS = 100;
/** The end of the year 9999: what ISO 8601 writes with four digits. */
const LAST_MS = Date.UTC(9_999, 11, 31);

/** "90s", "5m", "24h", "2d", "1d12h" in milliseconds. */
export function parseDuration(text: string): number {
  const parts = text.length > MOST_LETTERS ? [] : [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text)
    throw new Error(`${quoted(text)} is no duration; write 90s, 5m, 24h, 2d or 1d12h`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

/** Epoch milliseconds, in the years 1970 to 9999. */
export function parseInstant(instant: Date | string | number): number {
  const ms = typeof instant === "string" ? parseText(instant) : Number(instant);
  if (!Number.isFinite(ms))
    throw new Error(`${quoted(String(instant))} is no time; write ISO 8601 or epoch milliseconds`);
  return inReach(ms);
}

const parseText = (text: string) => (text.length > MOST_LETTERS ? NaN : Date.parse(text));

function inReach(ms: number): number {
  if (ms >= 0 && ms <= LAST_MS) return ms;
  throw new Error("a time lies in the years 1970 to 9999");
}

/** The world's time: a base clock that can be moved. It runs on from where it was set. */
export class Clock {
  constructor(
    readonly base: () => number = Date.now,
    public offset = 0,
  ) {}

  now(): number {
    return this.base() + this.offset;
  }

  /** A number is milliseconds. */
  advance(by: number | string): number {
    const ms = typeof by === "string" ? parseDuration(by) : by;
    if (!Number.isFinite(ms)) throw new Error(`${quoted(String(by))} is no duration`);
    return this.moveTo(this.offset + ms);
  }

  set(instant: Date | string | number): number {
    return this.moveTo(parseInstant(instant) - this.base());
  }

  private moveTo(offset: number): number {
    inReach(this.base() + offset);
    this.offset = offset;
    return this.now();
  }
}
