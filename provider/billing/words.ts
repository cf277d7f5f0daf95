import { ApiError } from "../../api";
import { NotDoneError, ProviderError } from "../errors";
import { type BalanceEntry, type BalanceOrder, type Totals } from "./journal";
import { withoutStop } from "../../text";

/** "5 GB of shared traffic", "1 private slot" */
export const orderText = ({ what, slotType, amount }: BalanceOrder): string =>
  what === "traffic" ? `${amount} GB of ${slotType} traffic` : `${amount} ${slotType} slot${amount === 1 ? "" : "s"}`;

const totalText = ({ what }: BalanceOrder, { total }: Totals): string =>
  `${Number(total.toFixed(3))} ${what === "traffic" ? "GB" : "slots"}`;

/** Too late, or at odds with another request: a vendor may say so of what it carries out. */
const UNSURE = [408, 409];

/** The vendor refused, which the client does not take for certain. */
export const isRefusal = (error: Error): error is ApiError =>
  error instanceof ApiError && String(error.status).startsWith("4") && !UNSURE.includes(error.status ?? 0);

/** Without the advice to look before one repeats it: that was done. */
const causeOf = (error: Error): string =>
  error instanceof ApiError
    ? `${withoutStop(error.reason)} (${[error.status, error.code].filter(Boolean).join(" ")})`
    : withoutStop(error.message);

const lostText = (order: BalanceOrder, cause: Error): string =>
  isRefusal(cause)
    ? `the purchase of ${orderText(order)} was refused: ${causeOf(cause)}`
    : `the answer to the purchase of ${orderText(order)} was lost (${causeOf(cause)})`;

/** Another process has an order of this account under way. */
export const busy = (order: BalanceOrder, pid: number): NotDoneError =>
  new NotDoneError(
    `${orderText(order)}: nothing was bought, since another process (${pid}) is buying from this account's balance. ` +
      "Try again once it has ended.",
  );

/** Without totals a lost answer could not be settled. */
export const untold = (order: BalanceOrder): NotDoneError =>
  new NotDoneError(
    `${orderText(order)}: nothing was bought, since the account's summary does not say how much of it there is, ` +
      "and so could not show whether it was bought, should the response be lost.",
  );

export function notBought(order: BalanceOrder, cause: Error, total: Totals): NotDoneError {
  if (!isRefusal(cause))
    return new NotDoneError(
      `${lostText(order, cause)}, and nothing was bought: the account still has ${totalText(order, total)} in total. Try again.`,
    );
  const scope = cause.code === "forbidden" ? " The scope that buying needs: billing:write." : "";
  return new NotDoneError(`${orderText(order)}: nothing was bought: ${causeOf(cause)}.${scope}`);
}

type SentEntry = BalanceEntry & { before: Totals };

/** What came of an order is not known. */
export class UndecidedError extends ProviderError {
  constructor(
    message: string,
    readonly entry: SentEntry,
  ) {
    super(message);
  }
}

/** The account did not answer either. */
export const unasked = (entry: SentEntry, cause: Error, reason: Error): UndecidedError =>
  new UndecidedError(
    `${lostText(entry.order, cause)}, and the account could not be asked whether it was bought (${withoutStop(reason.message)}). ` +
      (entry.isForState ? "The next run" : "The next purchase from its balance on this machine") +
      " asks again before anything is bought.",
    entry,
  );

/** What only a person can decide. @param cause of an order of this process */
export function unclear(entry: SentEntry, after: Totals | undefined, file: string, cause?: Error): UndecidedError {
  const { order, at, before, isForState } = entry;
  const what = cause
    ? lostText(order, cause)
    : `${new Date(at).toISOString()}: a purchase of ${orderText(order)} broke off`;
  const had = totalText(order, before);
  const known = after
    ? `it had ${had} in total before and has ${totalText(order, after)} now${paidText(before, after)}`
    : `it had ${had} in total before, and does not say what it has now`;
  const elsewhere = isForState ? "" : ", and another knows nothing of it";
  const isBought = `add "bought":true`;
  const next = isForState
    ? `If this was, ${isBought} in ${file}, or take the change back. If not, take it back, run \`pulumi up\`, and make it again.`
    : `If this was not, delete ${file}; if it was, ${isBought} there.`;
  return new UndecidedError(
    `${what}, and the account does not show whether it was carried out: ${known}. Nothing more is bought from its ` +
      `balance on this machine until that is decided${elsewhere}: see what it bought. ${next}`,
    entry,
  );
}

function paidText({ balance: had }: Totals, { balance: has }: Totals): string {
  return had === undefined || has === undefined ? "" : `, and its balance went from $${had} to $${has}`;
}
