import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BillingPurchase } from "../../api";
import { type SlotType } from "../../domain/slot-type";
import { makeOwnFolder, readOwnFile, replaceFileForGood } from "../../files/own-files";
import { ProviderError } from "../errors";
import { makeSafeAccountFolder, requireSafeAccountFolder } from "../run/account-folder";

/** What is bought from an account's balance. */
export interface BalanceOrder {
  what: "traffic" | "slots";
  slotType: SlotType;
  /** GB, or slots: a whole number from 1. */
  amount: number;
}

/** What an account has of one thing, as its summary reports it. */
export interface Totals {
  /** GB, or slots. */
  total: number;
  /** US dollars, where it is reported. */
  balance?: number;
}

export interface Bought {
  /** What the vendor reported of it. */
  purchase?: BillingPurchase;
  /** "answer": the vendor's answer has it; "account": the answer was lost, and the account's totals show it */
  settledBy: "answer" | "account";
}

/** A purchase from the balance as this machine remembers it. */
export interface BalanceEntry {
  nonce: string;
  /** Whom it is for. */
  key: string;
  order: BalanceOrder;
  /** When it was begun, epoch ms by this machine's clock, and the process that did. */
  at: number;
  pid: number;
  /** Distinguishes processes whose number is the same. */
  run: string;
  /** It waits for others of its process. */
  waits?: true;
  /** What the account had when the order was sent. Missing: it was not sent. */
  before?: Totals;
  /** Its process has stopped waiting for an answer, or was found to be gone. */
  lost?: true;
  /** It was bought, and whom it is for does not know for sure. A person may write `true`. */
  bought?: Bought | true;
  /** It is for a resource: where its outcome is not known, the state holds it too. */
  isForState?: true;
}

/** An order whose outcome is not known, as a state holds it: any machine can ask the account by it. */
export type OpenOrder = Pick<BalanceEntry, "nonce" | "order" | "at"> & { before: Totals };

const MOST_BYTES = 1 << 20;

/**
 * Purchases from an account's balance on disk, each a file that is replaced whole: the intent, with what the account has
 * before, and what came of it. The file goes once whom it is for knows. There is no secret in it. Where the journal
 * cannot be written, or another user may have written to it, nothing is bought.
 */
export class BalanceJournal {
  private readonly own: string;

  constructor(private readonly folder: string) {
    this.own = join(folder, "balance");
  }

  /** @throws ProviderError where it cannot be written */
  write(entry: BalanceEntry): BalanceEntry {
    return this.trusted(() => {
      makeSafeAccountFolder(this.folder);
      makeOwnFolder(this.own);
      replaceFileForGood(this.fileOf(entry.nonce), `${JSON.stringify(entry)}\n`);
      return entry;
    });
  }

  /** The same, of what came of a purchase: one that cannot be written down is found by the account's totals. */
  note(entry: BalanceEntry): BalanceEntry {
    try {
      return this.write(entry);
    } catch {
      return entry;
    }
  }

  /** What cannot be removed is settled by the account's totals. */
  remove(nonce: string): void {
    try {
      rmSync(this.fileOf(nonce), { force: true });
    } catch {
      return;
    }
  }

  /**
   * All that are known, the newest first.
   *
   * @throws ProviderError for what is not to be trusted, or is no purchase: it may have been one
   */
  all(): BalanceEntry[] {
    return this.trusted(() => {
      requireSafeAccountFolder(this.folder);
      return this.names()
        .flatMap((name) => this.read(join(this.own, name)))
        .sort((a, b) => b.at - a.at);
    });
  }

  fileOf(nonce: string): string {
    return join(this.own, `${nonce}.json`);
  }

  private names(): string[] {
    try {
      return readdirSync(this.own).filter((name) => /^[0-9a-f-]{36}\.json$/.test(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  /** None where another process has removed it since. */
  private read(file: string): BalanceEntry[] {
    const text = readOwnFile(file, MOST_BYTES);
    if (text === undefined) return [];
    const entry = parsed(text);
    if (!entry) throw new Error(`${file} is no purchase; see what the account bought, then delete it`);
    return [entry];
  }

  private trusted<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new ProviderError(
        `nothing is bought, since the journal of purchases in ${this.own} cannot be written or trusted ` +
          `(${(error as Error).message}). Correct that, or set PROXIES_SX_JOURNAL_DIR to a folder of your own.`,
      );
    }
  }
}

function parsed(text: string): BalanceEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<BalanceEntry> | null;
    const isWhole = typeof entry?.nonce === "string" && typeof entry.key === "string" && typeof entry.at === "number";
    return isWhole && typeof entry.order?.amount === "number" ? (entry as BalanceEntry) : undefined;
  } catch {
    return undefined;
  }
}
