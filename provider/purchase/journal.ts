import { randomUUID } from "node:crypto";
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type PortOrder } from "../../api";
import { appendOwnFile, NotOwnError, readOwnFile } from "../../files/own-files";
import { isRunning } from "../../files/running";
import { LEASE_SECONDS } from "../../domain/lease";
import { makeSafeAccountFolder, requireSafeAccountFolder } from "../run/account-folder";
import { ProviderError } from "../errors";
import { type JournalState, type Line, parseLine, type Purchase, stateOf } from "./journal-lines";

/** Files that are kept, one for each process that bought; the oldest go first. */
const MOST_FILES = 500;
/** A file of more bytes is not read: nothing of ours grows so far. */
const MOST_BYTES = 64 << 20;

/** Journals of this process so far. */
let made = 0;

/** Another user may have written to the journal: what it says may be false, so nothing is bought by it. */
export class UnsafeJournalError extends ProviderError {}

/**
 * Purchases on disk, so that a run after a killed one finds what that one bought: the intent before the order is sent,
 * the port after the answer, the end when the run ends in order, or a later call shows that the engine's state holds the
 * port.
 *
 * One folder for each account, in it a file for each process, to which only that process appends: no lock is needed,
 * and a torn last line hurts nobody else. The files go when nothing is open any more; what a user disowned stays as long
 * as a port can live, since a run on another machine may have lost an order. There is no secret in them. Where
 * they are missing, as on a fresh machine, nothing is known: the stack's state may show it (killed-elsewhere.ts), and
 * `proxies-sx orphans` finds what was lost. Where another user may have written, nothing is read, and nothing is bought.
 */
export class Journal {
  /** This process, as its purchases name it. */
  readonly run = randomUUID();
  private readonly own: string;
  private state?: JournalState;
  private readonly lines = new Map<string, { bytes: number; lines: Line[] }>();
  /** Why the journal is not to be trusted, as the last read had it. */
  private unsafe?: NotOwnError;
  /** Closed by this process, also where that could not be written. */
  private readonly ended = new Set<string>();
  /** Ports that were there before the first order of this process, until they are written down. */
  private before?: string[];
  private readonly warned = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly warn: (text: string) => void = () => undefined,
  ) {
    // Sorted by name, files come in the order of their making, also within a millisecond of this process.
    const mark = `${(made++).toString(16).padStart(4, "0")}${this.run.slice(0, 8)}`;
    this.own = join(folder, `${Date.now()}-${process.pid}-${mark}.jsonl`);
  }

  /** These ports were there before the first order of this process: written down with it. */
  listed(ids: string[]): void {
    this.before = ids;
  }

  /**
   * Writes down what is about to be bought, by a renewal `instead` of a port, or what was bought by then: its `id`.
   *
   * @throws UnsafeJournalError
   */
  intend(key: string, order: PortOrder, at: number, more: Pick<Purchase, "instead" | "id"> = {}): Purchase {
    const { pid } = process;
    const purchase = { nonce: randomUUID(), key, order, at, local: Date.now(), pid, run: this.run, ...more };
    this.known();
    this.requireSafe();
    const listed: Line[] = this.before ? [{ what: "listed", run: this.run, ids: this.before }] : [];
    // At once: a machine that shares the folder removes a file with nothing open.
    this.append({ what: "intent", ...purchase }, ...listed);
    this.requireSafe();
    this.before = undefined;
    this.known().open.set(purchase.nonce, purchase);
    return purchase;
  }

  bought(purchase: Purchase, id: string): void {
    const known = this.known().open.get(purchase.nonce);
    for (const one of [purchase, known]) if (one) one.id = id;
    this.append({ what: "bought", nonce: purchase.nonce, id });
  }

  /** The answer will not come. This process looks for what was bought. */
  looking(purchase: Purchase): void {
    this.append({ what: "looking", nonce: purchase.nonce });
  }

  /** What was bought, if anything, is for the next run to find. */
  lost(purchase: Purchase): void {
    this.append({ what: "lost", nonce: purchase.nonce });
  }

  close(purchase: Purchase): void {
    const { open, settled } = this.known();
    if (!open.delete(purchase.nonce)) return;
    this.ended.add(purchase.nonce);
    if (purchase.id !== undefined) settled.set(purchase.id, purchase.key);
    this.append({ what: "closed", nonce: purchase.nonce });
  }

  /**
   * Writes down that a renewal is about to release a port before it buys: nothing else shows it, should it be killed.
   *
   * @throws UnsafeJournalError
   */
  releasing(id: string): void {
    this.append({ what: "releasing", id });
    this.requireSafe();
    this.known().released.add(id);
  }

  /**
   * The engine's state shows what came of a renewal that released a port first, or has no use for it any more. Or the
   * port was not released after all.
   */
  renewed(id: string): void {
    if (this.known().released.delete(id)) this.append({ what: "renewed", id });
  }

  /** Whether a renewal that is not known to have ended released this port, or was about to. */
  wasReleasing(id: string): boolean {
    return this.known().released.has(id);
  }

  /** The user says that nobody here bought this port. */
  disown(id: string): void {
    this.known().settled.set(id, undefined);
    this.append({ what: "disowned", id });
  }

  isDisowned(id: string): boolean {
    const { settled } = this.known();
    return settled.has(id) && settled.get(id) === undefined;
  }

  /** The engine's state holds this port: its purchase is done with. */
  held(id: string): void {
    for (const purchase of this.known().open.values()) {
      if (purchase.id !== id) continue;
      this.close(purchase);
      if (purchase.instead !== undefined) this.renewed(purchase.instead);
    }
  }

  /**
   * Whether a port is the outcome of a purchase that is done with, or of none. Kept while any purchase is open.
   *
   * @param but a resource whose own purchases do not count
   */
  isSettled(id: string, but?: string): boolean {
    const { settled } = this.known();
    return settled.has(id) && (but === undefined || settled.get(id) !== but);
  }

  /**
   * What is open, with what other processes have written since.
   *
   * @throws UnsafeJournalError
   */
  read(): Purchase[] {
    this.state = undefined;
    this.unsafe = undefined;
    const { open } = this.known();
    this.requireSafe();
    return [...open.values()];
  }

  private requireSafe(): void {
    if (this.unsafe) throw new UnsafeJournalError(unsafeText(this.unsafe));
  }

  private known(): JournalState {
    return (this.state ??= this.load());
  }

  /** Reads all files, and removes them where nothing is open any more. */
  private load(): JournalState {
    const files = this.files();
    const state = stateOf(files.flatMap((file) => this.linesOf(file)));
    for (const nonce of this.ended) state.open.delete(nonce);
    if (state.open.size === 0 && state.released.size === 0 && !this.unsafe) {
      for (const file of files.filter((one) => this.isUseless(one))) {
        remove(file);
        this.lines.delete(file);
      }
    }
    return state;
  }

  /** Once nothing is open. */
  private isUseless(file: string): boolean {
    const read = this.lines.get(file);
    if (!read || isRunning(pidOf(file))) return false;
    return !read.lines.some(({ what }) => what === "disowned") || Date.now() - madeAt(file) > LEASE_SECONDS.max * 1_000;
  }

  /** Each file is read anew only where something was appended: a run after a killed one looks once for each resource. */
  private linesOf(file: string): Line[] {
    try {
      const bytes = lstatSync(file).size;
      const known = this.lines.get(file);
      if (known && known.bytes === bytes) return known.lines;
      const lines = (readOwnFile(file, MOST_BYTES) ?? "").split("\n").flatMap(parseLine);
      this.lines.set(file, { bytes, lines });
      return lines;
    } catch (error) {
      return this.unread(file, error);
    }
  }

  private files(): string[] {
    try {
      requireSafeAccountFolder(this.folder);
      const names = readdirSync(this.folder)
        .filter((name) => name.endsWith(".jsonl"))
        .sort();
      for (const old of names.slice(0, -MOST_FILES)) remove(join(this.folder, old));
      return names.slice(-MOST_FILES).map((name) => join(this.folder, name));
    } catch (error) {
      return this.unread(this.folder, error);
    }
  }

  /** A missing file is no error. */
  private unread(path: string, error: unknown): [] {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    this.lines.delete(path);
    if (error instanceof NotOwnError) {
      this.unsafe ??= error;
      this.warnOnce("safety", unsafeText(error));
      return [];
    }
    this.warnOnce(
      "read",
      `the journal of purchases in ${path} cannot be read (${(error as Error).message}), so what an earlier run ` +
        "bought may not be known. `proxies-sx orphans` finds it.",
    );
    return [];
  }

  private append(line: Line, ...more: Line[]): void {
    try {
      makeSafeAccountFolder(this.folder);
      // Each line ends the one before as well: a full disk may have torn that.
      appendOwnFile(this.own, [line, ...more].map((one) => `\n${JSON.stringify(one)}\n`).join(""));
    } catch (error) {
      if (error instanceof NotOwnError) this.unsafe ??= error;
      // These throw.
      if (error instanceof NotOwnError && (line.what === "intent" || line.what === "releasing")) return;
      this.warnOnce(
        "write",
        `the journal of purchases in ${this.folder} cannot be written (${(error as Error).message}). ` +
          "Correct that, or set PROXIES_SX_JOURNAL_DIR to another folder. If this run is killed, " +
          "`proxies-sx orphans` finds what it bought.",
      );
    }
  }

  private warnOnce(about: "read" | "write" | "safety", text: string): void {
    if (!this.warned.has(about)) this.warn(text);
    this.warned.add(about);
  }
}

const unsafeText = (why: NotOwnError): string =>
  `nothing is bought, since the journal of purchases is not safe: ${why.message}. Look at what is there first. Or set ` +
  "PROXIES_SX_JOURNAL_DIR to a new folder of your own; `proxies-sx orphans` finds what earlier runs bought.";

/** A file that cannot be removed is only read again. */
function remove(file: string): void {
  try {
    rmSync(file);
  } catch {
    return;
  }
}

/** A name without the number of a process has that of our own group, which is there: 0. */
const pidOf = (file: string): number => Number(/-(\d+)-[0-9a-f]+\.jsonl$/.exec(file)?.[1] ?? 0);

/** When its process made it, epoch ms: a name of another form is of no time. */
const madeAt = (file: string): number => Number(/(\d+)-\d+-[0-9a-f]+\.jsonl$/.exec(file)?.[1] ?? 0);
