import { isKnown, type Known } from "./known";
import { type Cell, Word } from "./word";

/** One part of a report, however it is printed. */
export interface Section {
  title: string;
  heads: string[];
  rows: Cell[][];
  /** Below the rows; instead of them where there are none. */
  notes: Note[];
  /** Why nothing of it is known; it has no rows and no notes then. */
  unknown?: string[];
}

export interface Note {
  text: string;
  words?: Word;
}

/** Values, or "unknown" with the reason among the notes. */
export class Cells {
  /** And of when, where that is given. */
  private readonly reasons = new Map<string, Set<string>>();
  private isAnyKnown = false;

  show<T>(known: Known<T>, as: (value: T) => string, when?: "before" | "after"): string {
    if (isKnown(known)) {
      this.isAnyKnown = true;
      return as(known.value);
    }
    const times = this.reasons.get(known.unknown) ?? new Set();
    this.reasons.set(known.unknown, when === undefined ? times : times.add(when));
    return "unknown";
  }

  notes(): Note[] {
    return [...this.reasons].map(([reason, times]) => ({
      text: `${["unknown", [...times].join(" and ")].filter(Boolean).join(" ")}:`,
      words: new Word(reason),
    }));
  }

  /** The section with its notes; where nothing at all is known, only why. */
  section(made: Section, isEmpty = !this.isAnyKnown): Section {
    if (isEmpty && this.reasons.size > 0) return { ...made, rows: [], notes: [], unknown: [...this.reasons.keys()] };
    return { ...made, notes: [...made.notes, ...this.notes()] };
  }
}

export const number = (value: number): string => String(Math.round(value * 100) / 100);

export const signed = (value: number, text = number): string =>
  value === 0 ? "0" : `${value > 0 ? "+" : "−"}${text(Math.abs(value))}`;

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "1 port stays", "2 ports stay" */
export const countedThat = (count: number, noun: string, verb: string): string =>
  `${counted(count, noun)} ${verb}${count === 1 ? "s" : ""}`;

/** "a, b, c and 2 more" */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** "2026-03-28 12:00 UTC" */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** The end of the year 9999: later days are written with a sign and six digits. */
const LAST_MS = 253_402_300_799_999;

export const dayText = (ms: number): string =>
  ms > LAST_MS ? "not for ages" : new Date(ms).toISOString().slice(0, 10);
