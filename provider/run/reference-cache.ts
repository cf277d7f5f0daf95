import { dirname } from "node:path";
import { readOwnFile, replaceFile } from "../../files/own-files";
import { makeSafeAccountFolder, requireSafeAccountFolder } from "./account-folder";

/** How long an answer is kept, in ms: from the preview to the update that follows it, each of which is a process. */
const KEPT = 10 * 60_000;

const MOST_BYTES = 64 << 20;

type Answers = Record<string, { at: number; answer: unknown }>;

/**
 * The vendor's countries and carriers on disk, for the next process of the same run. Ids and names only count; a name
 * that is missing is asked for anew. A file that cannot be read or written is no file, and
 * neither is one that another user may have written: ids of theirs would buy at other places.
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
      makeSafeAccountFolder(dirname(this.file));
      replaceFile(this.file, text);
    } catch {
      return;
    }
  }

  private read(): Answers {
    try {
      requireSafeAccountFolder(dirname(this.file));
      const kept = JSON.parse(readOwnFile(this.file, MOST_BYTES) ?? "") as Answers | null;
      return typeof kept === "object" && kept !== null ? kept : {};
    } catch {
      return {};
    }
  }
}
