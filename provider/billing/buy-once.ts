import { randomUUID } from "node:crypto";
import { type Api, type BillingPurchase, isApiError } from "../../api";
import { InputError } from "../errors";
import { isRunning } from "../../files/running";
import { type BalanceEntry, BalanceJournal, type BalanceOrder, type Bought, type OpenOrder } from "./journal";
import { lookFor, totalsOf } from "./totals";
import { busy, isRefusal, notBought, unasked, unclear, UndecidedError, untold } from "./words";

export { UndecidedError };
export type { BalanceOrder, Bought, OpenOrder };

/** Whose purchase it is, and where it is written down. */
export interface BoughtFor {
  /** Of the account: `accountFolder(…)`. */
  folder: string;
  /** Whom it is for: a URN with its backend, "command buy", "mcp". */
  key: string;
}

type Sleep = (ms: number) => Promise<void>;
type SentEntry = BalanceEntry & { before: NonNullable<BalanceEntry["before"]> };

/** Distinguishes this process from an earlier one of the same number. */
const RUN = randomUUID();
/** How long to wait for another process's purchase, in ms: as long as a call may take. */
const MOST_WAIT = 120_000;
/** No order is under way so long, in ms: its process is another one of the same number, or hangs. */
const LONGEST = 3_600_000;
/** Orders at most, where the vendor refuses one for too many calls: the client waits before each. */
const MOST_TRIES = 5;

const pause: Sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Buys from the balance, once: a lost answer is settled by what the account has before and after, and what an earlier
 * process bought for the same key by the same order, and was killed first, is taken up and not bought again. What is
 * given back stays in the journal until it is settled: of a process that is killed before, nobody knows it.
 *
 * @param sleep how to wait. For tests
 * @throws ApiError where the vendor refused, ProviderError of one line that says what is known
 */
export function buyOnce(api: Api, order: BalanceOrder, at: BoughtFor, sleep = pause): Promise<Bought & Untold> {
  return inTurn(at.folder, async (journal) => {
    const { entry, isEarlier } = await withClaim(journal, order, at.key, sleep, async (claim) => {
      const known = await leftOf(api, journal, claim, sleep);
      if (known) return { entry: known, isEarlier: true };
      return { entry: await send(api, journal, claim, sleep), isEarlier: false };
    });
    return toldOf(entry, journal, isEarlier);
  });
}

/**
 * What `buyOnce` would take up, and nothing is bought: whom it is for learns of it also where the price or the balance
 * allows no other purchase.
 */
export async function boughtEarlier(
  api: Api,
  order: BalanceOrder,
  at: BoughtFor,
  sleep = pause,
): Promise<(Bought & Untold) | undefined> {
  const mayBeLeft = (one: BalanceEntry): boolean => isLike(one, at.key, order) && isUntold(one);
  if (!new BalanceJournal(at.folder).all().some(mayBeLeft)) return undefined;
  return inTurn(at.folder, async (journal) => {
    const entry = await withClaim(journal, order, at.key, sleep, (claim) => leftOf(api, journal, claim, sleep));
    return entry && toldOf(entry, journal, true);
  });
}

const toldOf = (entry: BalanceEntry, journal: BalanceJournal, isEarlier: boolean): Bought & Untold => ({
  ...boughtOf(entry),
  ...(isEarlier && { since: entry.at }),
  settle: () => journal.remove(entry.nonce),
});

/** What an earlier process ordered. */
export interface Earlier {
  /** When it did, epoch ms by this machine's clock: that was taken up, and nothing was ordered now. */
  since?: number;
}

/** What nobody was informed of yet. */
interface Untold extends Earlier {
  /** To be called once whom it is for knows of it. */
  settle: () => void;
}

/** A part of what was ordered: what a killed run bought, or what was bought now. */
export interface Part extends Bought {
  nonce: string;
  amount: number;
}

/**
 * The same for who keeps count in a state that may be lost with the run: whatever killed runs bought for the key counts,
 * and the rest is bought. Each part stays in the journal until `forget` says that the state has it.
 *
 * @param at `open`: what the state holds of an order whose outcome is not known, maybe of another machine
 * @param mayBuy throws where the rest is not to be bought
 * @throws UndecidedError of an order that the state should hold
 */
export async function buyRest(
  api: Api,
  order: BalanceOrder,
  at: BoughtFor & { open?: OpenOrder },
  mayBuy: (rest: number) => Promise<void>,
  sleep: Sleep,
): Promise<Part[]> {
  // That nothing is sent yet is known too, should the run be killed before its turn comes.
  const waiting = new BalanceJournal(at.folder).write({ ...newEntry(order, at.key), waits: true });
  return inTurn(at.folder, (journal) =>
    withClaim(journal, order, at.key, sleep, async (claim) => {
      const mine = { ...claim, isForState: true } as const;
      if (at.open && !journal.all().some(({ nonce }) => nonce === at.open?.nonce))
        journal.write({ ...mine, ...at.open, lost: true });
      await settleLeft(api, journal, claim, sleep);
      const parts = journal.all().filter((one) => isFor(one, at.key, order));
      const rest = order.amount - parts.reduce((sum, one) => sum + one.order.amount, 0);
      if (rest > 0) {
        await mayBuy(rest);
        parts.push(await send(api, journal, { ...mine, order: { ...order, amount: rest } }, sleep));
      }
      return parts.map((one) => ({ nonce: one.nonce, amount: one.order.amount, ...boughtOf(one) }));
    }),
  ).finally(() => new BalanceJournal(at.folder).remove(waiting.nonce));
}

/**
 * What is known of purchases for a key that no state is known to hold. "open": they were ordered, and may be bought;
 * "unsent": nothing was ordered, or for the other slot type alone, which does not count.
 *
 * @throws ProviderError
 */
export function leftFor(
  folder: string,
  key: string,
  order: Pick<BalanceOrder, "what" | "slotType">,
): "open" | "unsent" | undefined {
  const left = new BalanceJournal(folder).all().filter((one) => one.key === key);
  if (left.some((one) => isOf(one, order) && (one.bought !== undefined || isSent(one)))) return "open";
  return left.length > 0 ? "unsent" : undefined;
}

/** A state has these parts: their purchases are done with. */
export function forget(folder: string, nonces: readonly string[]): void {
  const journal = new BalanceJournal(folder);
  for (const nonce of nonces) journal.remove(nonce);
}

/** @throws InputError */
function newEntry(order: BalanceOrder, key: string): BalanceEntry {
  const { amount } = order;
  if (!Number.isSafeInteger(amount) || amount < 1) throw new InputError("amount", "must be a whole number from 1 on.");
  return { nonce: randomUUID(), key, order, at: Date.now(), pid: process.pid, run: RUN };
}

const boughtOf = ({ bought }: BalanceEntry): Bought => (typeof bought === "object" ? bought : { settledBy: "account" });

const isOf = ({ order }: BalanceEntry, { what, slotType }: Pick<BalanceOrder, "what" | "slotType">): boolean =>
  order.what === what && order.slotType === slotType;

const isFor = (one: BalanceEntry, whom: string, order: BalanceOrder): boolean =>
  one.bought !== undefined && one.key === whom && isOf(one, order);

const isLike = (one: BalanceEntry, whom: string, order: BalanceOrder): boolean =>
  one.key === whom && isOf(one, order) && one.order.amount === order.amount;

/** A living process reports its own. */
const isUntold = (one: BalanceEntry): boolean => one.lost === true || !isLiving(one);

/** Of earlier orders that are the claim's: one that was carried out, and nobody was informed of. */
async function leftOf(
  api: Api,
  journal: BalanceJournal,
  claim: BalanceEntry,
  sleep: Sleep,
): Promise<BalanceEntry | undefined> {
  await settleLeft(api, journal, claim, sleep);
  return journal.all().find((one) => one.bought !== undefined && isLike(one, claim.key, claim.order) && isUntold(one));
}

const turns = new Map<string, Promise<unknown>>();

/** One purchase of an account after the other. */
function inTurn<T>(folder: string, work: (journal: BalanceJournal) => Promise<T>): Promise<T> {
  const before = turns.get(folder) ?? Promise.resolve();
  const mine = before.then(() => work(new BalanceJournal(folder)));
  const settled = mine.catch(() => undefined).finally(() => turns.get(folder) === settled && turns.delete(folder));
  turns.set(folder, settled);
  return mine;
}

/** Whether purchases of this process are under way. */
export const isBuying = (): boolean => turns.size > 0;

/**
 * Holds the account against other processes while something is bought. A claim that sees another is withdrawn, and of two
 * that are made at once at least one sees the other.
 */
async function withClaim<T>(
  journal: BalanceJournal,
  order: BalanceOrder,
  key: string,
  sleep: Sleep,
  work: (claim: BalanceEntry) => Promise<T>,
): Promise<T> {
  for (let waited = 0; ;) {
    const claim = journal.write(newEntry(order, key));
    try {
      const other = journal.all().find(isUnderWay);
      if (!other) return await work(claim);
      if (waited >= MOST_WAIT) throw busy(order, other.pid);
    } finally {
      journal.remove(claim.nonce);
    }
    const wait = 1_000 + Math.random() * 1_000;
    await sleep(wait);
    waited += wait;
  }
}

const isUnderWay = (entry: BalanceEntry): boolean =>
  !entry.waits && !entry.lost && entry.bought === undefined && entry.run !== RUN && isLiving(entry);

const isLiving = ({ run, pid, at }: BalanceEntry): boolean =>
  run === RUN || (pid !== process.pid && isRunning(pid) && Date.now() - at < LONGEST);

/** What came of purchases whose process is gone, or lost the answer: after another one the totals would not show it. */
async function settleLeft(api: Api, journal: BalanceJournal, claim: BalanceEntry, sleep: Sleep): Promise<void> {
  for (const left of journal.all()) {
    if (left.nonce === claim.nonce || left.bought !== undefined) continue;
    if (!isSent(left)) {
      // Those of others are for them to know.
      if (left.key === claim.key) journal.remove(left.nonce);
      continue;
    }
    const { outcome, after } = await lookFor(api, left.order, left.before, sleep);
    if (outcome === "unclear") throw unclear(left, after, journal.fileOf(left.nonce));
    if (outcome === "bought") journal.write({ ...left, lost: true, bought: { settledBy: "account" } });
    else journal.remove(left.nonce);
  }
}

const isSent = (entry: BalanceEntry): entry is SentEntry => entry.before !== undefined;

/**
 * Writes the intent down beside the claim, orders, and finds out what came of it. What it gives is written down as
 * bought. The client takes no refusal of a payment for certain (source: `isPayment` in api/), so the account is asked
 * then too. After a refusal for too many calls it is tried again, once the account shows that nothing was bought.
 */
async function send(api: Api, journal: BalanceJournal, claim: BalanceEntry, sleep: Sleep): Promise<BalanceEntry> {
  const before = await totalsOf(api, claim.order);
  if (!before) throw untold(claim.order);
  const entry = { ...claim, nonce: randomUUID(), before };
  journal.write(entry);
  for (let tries = 1; ; tries += 1) {
    try {
      const purchase = await ordered(api, claim.order);
      return journal.note({ ...entry, bought: { purchase, settledBy: "answer" } });
    } catch (error) {
      const isSettled = isApiError(error) && !error.maybeDone;
      if (!isSettled && (await wasBought(api, journal, entry, error as Error, sleep)))
        return journal.note({ ...entry, bought: { settledBy: "account" } });
      if (isApiError(error, "rate_limited") && tries < MOST_TRIES) continue;
      journal.remove(entry.nonce);
      throw isSettled ? error : notBought(claim.order, error as Error, before);
    }
  }
}

const ordered = (api: Api, { what, slotType, amount }: BalanceOrder): Promise<BillingPurchase> =>
  what === "traffic"
    ? api.billing.purchaseTraffic(amount, slotType === "private")
    : api.billing.purchaseSlots(amount, slotType === "private");

/** @throws ProviderError where the account does not show it: the entry stays open then */
async function wasBought(
  api: Api,
  journal: BalanceJournal,
  entry: SentEntry,
  cause: Error,
  sleep: Sleep,
): Promise<boolean> {
  const { order, before, nonce } = entry;
  const look = await lookFor(api, order, before, sleep, isRefusal(cause) ? 1 : undefined).catch((reason: unknown) => {
    journal.note({ ...entry, lost: true });
    throw unasked(entry, cause, reason as Error);
  });
  if (look.outcome === "unclear") {
    journal.note({ ...entry, lost: true });
    throw unclear(entry, look.after, journal.fileOf(nonce), cause);
  }
  return look.outcome === "bought";
}
