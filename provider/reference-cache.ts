import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** How long an answer is kept, in ms: from the preview to the update that follows it, each of which is a process. */
const KEPT = 10 * 60_000;

type Answers = Record<string, { at: number; answer: unknown }>;

/**
 * The vendor's countries and carriers on disk, for the next process of the same run. Ids and names only count; a name
 * that is missing is asked for anew. A file that cannot be read or written is no file.
 */
export class ReferenceCache {
  constructor(
    private readonly file: string,
    private readonly now: () => number = Date.now,
  ) {}

  get(question: string): unknown {
    const kept = this.read()[question];
    return kept && Math.abs(this.now() - kept.at) < KEPT ? kept.answer : undefined;
  }

  put(question: string, answer: unknown): void {
    const fresh = Object.entries(this.read()).filter(([, { at }]) => Math.abs(this.now() - at) < KEPT);
    const text = JSON.stringify({ ...Object.fromEntries(fresh), [question]: { at: this.now(), answer } });
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.file}.${process.pid}`, text, { mode: 0o600 });
      renameSync(`${this.file}.${process.pid}`, this.file);
    } catch {
      return;
    }
  }

  private read(): Answers {
    try {
      const kept = JSON.parse(readFileSync(this.file, "utf8")) as Answers | null;
      return typeof kept === "object" && kept !== null ? kept : {};
    } catch {
      return {};
    }
  }
}
