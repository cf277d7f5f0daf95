const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * Seconds of a length of time: a number is seconds, a text is a whole or decimal number with a unit, "90m", "24h",
 * "30d". Gives undefined for anything else, and for what is not a whole, non-negative number of seconds.
 */
export function parseDuration(value: unknown): number | undefined {
  const seconds = typeof value === "number" ? value : typeof value === "string" ? secondsOf(value) : NaN;
  return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : undefined;
}

function secondsOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(text.trim());
  if (!match) return NaN;
  const unit = (match[2] || "s") as keyof typeof UNIT_SECONDS;
  return Math.round(Number(match[1]) * UNIT_SECONDS[unit] * 1e6) / 1e6;
}

/** A length of time as programs write it: "30d", "36h", "90m", or seconds where no unit says it in whole numbers. */
export function durationInput(seconds: number): string | number {
  for (const unit of ["d", "h", "m"] as const)
    if (seconds > 0 && seconds % UNIT_SECONDS[unit] === 0) return `${seconds / UNIT_SECONDS[unit]}${unit}`;
  return seconds;
}

/** "90 s", "36 min", "5 h", "3 d": the largest unit that says it in whole numbers. */
export function formatDuration(seconds: number): string {
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${unit}`;
  }
  return `${seconds} s`;
}

/** "2 d 4 h", "3 h 12 min", "40 s": the two largest units of a length of time in seconds. */
export function describeSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3_600), "h"],
    [Math.floor((whole % 3_600) / 60), "min"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
