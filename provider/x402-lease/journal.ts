import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type NetworkName, type Proof } from "../../api";
import { makeOwnFolder, NotOwnError, readOwnFile, replaceFileForGood } from "../../files/own-files";
import { makeSafeAccountFolder, requireSafeAccountFolder } from "../run/account-folder";
import { ProviderError } from "../errors";

type SignedPayment = Proof & { kind: "authorization" };

/** What a payment is known by: a resource has the same nonces on each chain. */
export interface PaymentId {
  network: NetworkName;
  /** Of its authorization: 0x and 64 hex digits. */
  nonce: string;
}

/** A payment as this machine remembers it. Amounts in millionths of USDC, as texts. */
export interface PaymentEntry extends PaymentId {
  /** Whose it is: a resource's URN with its backend. */
  owner: string;
  purpose: "proxy" | "topup";
  serial: string;
  payer: string;
  payTo: string;
  amount: string;
  /** What was ordered: the payment is good for the same alone. */
  order: object;
  /** The chain's time at the intent, epoch seconds. */
  at: number;
  /** From then on the authorization is void, epoch seconds. */
  validBefore: number;
  /** The signed payment. Worth its amount to its payee until it is used or void. */
  proof?: SignedPayment;
  /** Payments of the same nonce that were signed before, the newest first, each with what it was for. */
  earlier?: { order: object; proof: SignedPayment }[];
  /**
   * delivered: the session is known. unpaid: it is void, and the chain has not used it. abandoned: a person gave up on
   * what was paid. Missing: not decided yet, or paid and not delivered.
   */
  outcome?: "delivered" | "unpaid" | "abandoned";
  transactionHash?: string;
  sessionId?: string;
  /** Its session is not for its resource any more, which has another or was deleted. */
  isLeft?: true;
}

/** Whether something was signed that the chain may have settled. */
export const isSigned = ({ proof, earlier = [] }: PaymentEntry): boolean => proof !== undefined || earlier.length > 0;

const MOST_BYTES = 1 << 20;
/** Seconds after which what is decided is of no use any more: budgets look back a day. */
const KEPT = 40 * 86_400;

/**
 * Payments on disk, each a file that is replaced whole: the intent before anything is signed, the signed payment before
 * it is sent, the end when it is known. The nonce alone already keeps a purchase from being paid twice; what is here
 * lets a run after a killed one send the same payment again, and shows a person what is paid and not delivered.
 */
export class PaymentJournal {
  constructor(private readonly folder: string) {}

  /** @throws ProviderError where it cannot be written: nothing is signed then */
  write(entry: PaymentEntry): PaymentEntry {
    try {
      makeSafeAccountFolder(this.folder);
      makeOwnFolder(this.own);
      replaceFileForGood(this.fileOf(entry), `${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw unsafe(this.folder, error);
    }
    return entry;
  }

  /** What is known of the end of a payment. One that cannot be written down is found again by the chain. */
  note(id: PaymentId, end: Pick<PaymentEntry, "outcome" | "transactionHash" | "sessionId" | "isLeft">): void {
    try {
      const entry = this.find(id);
      if (entry) this.write({ ...entry, ...end });
    } catch {
      return;
    }
  }

  /** One that this machine has lost, by what the chain shows. Only a person needs it: it may be that it cannot be written. */
  recover(entry: PaymentEntry): void {
    try {
      this.write(entry);
    } catch {
      return;
    }
  }

  find(id: PaymentId): PaymentEntry | undefined {
    return this.read(this.fileOf(id));
  }

  /** All that are known, the newest first. */
  all(): PaymentEntry[] {
    const entries = this.names().flatMap((name) => this.read(join(this.own, name)) ?? []);
    return entries.sort((a, b) => b.at - a.at);
  }

  /** Those whose end is not known: under way, or paid and not delivered. */
  open(): PaymentEntry[] {
    return this.all().filter(({ outcome }) => outcome === undefined);
  }

  /** Removes what nobody will ask for any more. @param now epoch seconds */
  tidy(now: number): void {
    for (const entry of this.all())
      if (entry.outcome !== undefined && entry.at < now - KEPT) rmSync(this.fileOf(entry), { force: true });
  }

  private get own(): string {
    return join(this.folder, "payments");
  }

  private fileOf({ network, nonce }: PaymentId): string {
    return join(this.own, `${network}-${nonce}.json`);
  }

  private names(): string[] {
    const names = this.trusted(() => readdirSync(this.own)) ?? [];
    return names.filter((name) => /^[a-z-]+-0x[0-9a-f]{64}\.json$/.test(name));
  }

  /** What is torn is ignored, as what is missing is. */
  private read(file: string): PaymentEntry | undefined {
    const text = this.trusted(() => readOwnFile(file, MOST_BYTES));
    try {
      const entry = JSON.parse(text ?? "null") as PaymentEntry | null;
      return typeof entry?.nonce === "string" ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  /** What cannot be read is as what is missing: the chain shows the rest. @throws ProviderError for what others wrote */
  private trusted<T>(look: () => T): T | undefined {
    try {
      requireSafeAccountFolder(this.folder);
      return look();
    } catch (error) {
      if (error instanceof NotOwnError) throw unsafe(this.folder, error);
      return undefined;
    }
  }
}

const unsafe = (folder: string, why: unknown): ProviderError =>
  new ProviderError(
    `nothing is signed, since the journal of payments in ${folder} cannot be written or trusted ` +
      `(${(why as Error).message}). Correct that, or set PROXIES_SX_JOURNAL_DIR to a folder of your own.`,
  );
