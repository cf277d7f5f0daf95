import { parseDuration } from "../../domain/duration";
import { UsageError } from "../terminal/usage-error";

/** Arguments of commands that look again and again. */
export const LOOK_OPTIONS = {
  interval: { type: "string" },
  histories: { type: "string" },
} as const;

interface Pace {
  /** Shortest interval, in seconds. */
  least: number;
  /** The interval where none is given. */
  usual: string;
  /** Intervals to name in an error. */
  examples: string;
}

export function lookArguments(
  given: { interval?: string; histories?: string },
  { least, usual, examples }: Pace,
): { intervalMs: number; histories: number } {
  const { interval = usual, histories = "20" } = given;
  const seconds = parseDuration(interval) ?? 0;
  if (seconds < least || seconds > 86_400) {
    throw new UsageError(`--interval is a time from ${least}s to 1d, such as ${examples}`);
  }
  if (!/^\d{1,3}$/.test(histories)) throw new UsageError("--histories is a whole number from 0 to 999");
  return { intervalMs: seconds * 1_000, histories: Number(histories) };
}
