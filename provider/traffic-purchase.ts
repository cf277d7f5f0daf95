import { type Price } from "../api";
import { type Hidden } from "../domain/hidden-inputs";
import { outputNames } from "../domain/kinds";
import { SLOT_TYPES, type SlotType, slotTypeOf } from "../domain/slot-type";
import { hasUnknown, isUnknown } from "../domain/unknown";
import { kindGiven } from "../text";
import { type OpenOrder, type Part, UndecidedError } from "./billing/buy-once";
import { checkElsewhere } from "./billing/killed-elsewhere";
import { missingGB } from "./billing/missing";
import { orderText } from "./billing/words";
import { InputError, ProviderError, UnfinishedError } from "./errors";
import { type Handler } from "./handler";
import { checkChoice, givenInputs } from "./input-values";
import { buyerKey } from "./purchase/owner-key";
import { type Session } from "./run/session";

/** Inputs of TrafficPurchase, as the engine sends them. The class in the SDK documents each. */
export interface TrafficPurchaseArgs {
  slotType?: SlotType;
  amountGB: number;
  maxPrice: number;
  triggers?: unknown;
}

export interface TrafficPurchaseState extends Omit<TrafficPurchaseArgs, "maxPrice"> {
  boughtGB: number;
  pricePaid?: number;
  pricePerGB?: number;
  purchaseId?: string;
  purchasedAt: string;
  /** GB that were bought since the triggers changed last: they count towards `amountGB`. */
  __countedGB: number;
  /** Nonces of the last purchases, by which the journal knows them. */
  __purchases: string[];
  /** An order whose outcome is not known. */
  __open?: OpenOrder;
}

const OUTPUTS = outputNames("TrafficPurchase");

/** Traffic that is bought from the balance once. What was bought stays bought. */
export const trafficPurchase = {
  kind: "TrafficPurchase",

  async check({ olds, news, hidden, session }) {
    checkArgs(news);
    if (olds === undefined) await tellPrice(news.amountGB, news, {}, hidden, session);
  },

  async diff({ id, olds, news, hidden, session }) {
    session.balance.stateHolds(purchasesIn(olds));
    if (hasUnknown([news.slotType, news.amountGB, news.triggers])) return { changes: true };
    if (slotTypeOf(news) !== slotTypeOf(olds)) return { changes: true, replaces: ["slotType"] };
    const missing = missingGB(olds, news);
    if (missing > 0) await tellPrice(missing, news, { id, open: olds.__open }, hidden, session);
    return { changes: missing > 0 || news.amountGB !== olds.amountGB, touches: missing > 0 ? OUTPUTS : [] };
  },

  async create({ news, hidden, session }) {
    const nothing = { ...declared(news), boughtGB: 0, __countedGB: 0, __purchases: [] };
    const parts = await buy(news.amountGB, news, { olds: nothing, hidden, session });
    const state = await stateAfter(parts, news, { boughtGB: 0, countedGB: 0 }, session);
    return { id: state.__purchases[0] ?? "none", state };
  },

  /** What was bought stays bought, and the account does not distinguish purchases: none can be imported. */
  async read({ olds }) {
    if (olds.amountGB === undefined)
      throw new ProviderError("a purchase of traffic cannot be imported: declare one for what is still to be bought.");
    return {
      state: olds as TrafficPurchaseState,
      inputs: givenInputs(olds, ["slotType", "amountGB", "triggers"]),
      drifted: false,
    };
  },

  async update({ id, olds, news, hidden, session }) {
    session.balance.stateHolds(purchasesIn(olds));
    const missing = missingGB(olds, news);
    if (missing === 0) {
      forgetOpen(olds, session);
      return { ...olds, ...declared(news), __open: undefined };
    }
    const parts = await buy(missing, news, { id, olds, hidden, session });
    const countedGB = news.amountGB - missing;
    return stateAfter(parts, news, { boughtGB: olds.boughtGB, countedGB }, session);
  },

  async delete({ olds, session }) {
    session.balance.stateHolds(purchasesIn(olds));
    forgetOpen(olds, session);
  },
} satisfies Handler<"TrafficPurchase", TrafficPurchaseArgs, TrafficPurchaseState>;

const purchasesIn = ({ __purchases }: Partial<TrafficPurchaseState>): string[] =>
  Array.isArray(__purchases) ? __purchases : [];

/** Nobody wants it any more: a person has decided, or it does not matter. */
const forgetOpen = ({ __open }: Partial<TrafficPurchaseState>, session: Session): void =>
  session.balance.stateHolds(__open ? [__open.nonce] : []);

const declared = ({ slotType, amountGB, triggers }: TrafficPurchaseArgs) => ({
  slotType: slotTypeOf({ slotType }),
  amountGB,
  triggers,
});

function checkArgs({ slotType, amountGB, maxPrice }: TrafficPurchaseArgs): void {
  checkChoice("slotType", slotType, SLOT_TYPES);
  if (!isUnknown(amountGB) && !(Number.isSafeInteger(amountGB) && amountGB > 0))
    throw new InputError("amountGB", `${givenText(amountGB)}. Give whole GB, from 1 on.`);
  if (!isUnknown(maxPrice) && !(typeof maxPrice === "number" && Number.isFinite(maxPrice) && maxPrice > 0))
    throw new InputError(
      "maxPrice",
      `${givenText(maxPrice)}. Give the US dollars that one purchase may cost, above 0.`,
    );
}

const givenText = (given: unknown): string =>
  given === undefined ? "is required" : `cannot be used (${kindGiven(given)})`;

const keyOf = (hidden: Hidden): string => buyerKey(hidden) ?? "a resource without a URN";

/**
 * Says in the resource's row what it buys and for how much.
 *
 * @throws InputError where that is more than maxPrice, ProviderError where it may be bought already
 */
async function tellPrice(
  amount: number,
  news: TrafficPurchaseArgs,
  { id, open }: { id?: string; open?: OpenOrder },
  hidden: Hidden,
  session: Session,
): Promise<void> {
  if (hasUnknown([amount, news.slotType])) return;
  const order = orderOf(amount, news);
  const what = orderText(order);
  const left = open ? "open" : session.balance.leftFor(keyOf(hidden), order);
  if (left === undefined) await checkElsewhere(what, id, hidden, session.stackState);
  if (left === "open")
    return session.info(
      `${what}: an earlier run did not end well. What it bought is taken up, and only the rest is bought.`,
      hidden.urn,
    );
  const { totalPrice, pricePerGB } = await priceOf(amount, news, session);
  const each = pricePerGB === undefined ? "" : ` (${dollars(pricePerGB)} for a GB)`;
  session.info(`buys ${what} for ${dollars(totalPrice)}${each}.`, hidden.urn);
}

/**
 * The price by the vendor's own calculation.
 *
 * @throws InputError where it is more than maxPrice, or is not reported
 */
async function priceOf(
  amount: number,
  { slotType, maxPrice }: TrafficPurchaseArgs,
  session: Session,
): Promise<Price & { totalPrice: number }> {
  const what = orderText(orderOf(amount, { slotType }));
  const { totalPrice, ...price } = await session.api.billing.calculatePrice(
    amount,
    slotTypeOf({ slotType }) === "private",
  );
  if (totalPrice === undefined)
    throw new InputError("maxPrice", `the vendor gives no price for ${what}, so nothing is bought.`);
  if (!isUnknown(maxPrice) && totalPrice > maxPrice)
    throw new InputError(
      "maxPrice",
      `${what} cost ${dollars(totalPrice)}, more than ${dollars(maxPrice)}. Nothing is bought: raise it, or buy less.`,
    );
  return { ...price, totalPrice };
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

const orderOf = (amount: number, { slotType }: Pick<TrafficPurchaseArgs, "slotType">) =>
  ({ what: "traffic", slotType: slotTypeOf({ slotType }), amount }) as const;

/** @throws UnfinishedError where the outcome of its order is not known: the state holds that then */
async function buy(
  amount: number,
  news: TrafficPurchaseArgs,
  { id, olds, hidden, session }: { id?: string; olds: Partial<TrafficPurchaseState>; hidden: Hidden; session: Session },
): Promise<Part[]> {
  const order = orderOf(amount, news);
  const key = keyOf(hidden);
  await session.refuseElsewhere(hidden);
  const mayBuy = async (rest: number): Promise<void> => {
    await priceOf(rest, news, session);
  };
  const parts = await session.balance.buy(order, key, olds.__open, mayBuy).catch((error: unknown) => {
    if (!(error instanceof UndecidedError && error.entry.key === key)) throw error;
    const { nonce, order, at, before } = error.entry;
    throw new UnfinishedError(id ?? nonce, { ...olds, __open: { nonce, order, at, before } }, error);
  });
  for (const { amount: gigabytes, purchase: { totalPrice = 0 } = {} } of parts) {
    if (totalPrice <= news.maxPrice) continue;
    const what = orderText(orderOf(gigabytes, news));
    session.notice(
      `${what} cost ${dollars(totalPrice)}, more than the ${dollars(news.maxPrice)} of maxPrice.`,
      hidden.urn,
    );
  }
  return parts;
}

/** What the vendor did not report, as its answer was lost, is its own calculation. */
async function stateAfter(
  parts: readonly Part[],
  news: TrafficPurchaseArgs,
  before: { boughtGB: number; countedGB: number },
  session: Session,
): Promise<TrafficPurchaseState> {
  const gigabytes = parts.reduce((sum, { amount }) => sum + amount, 0);
  const pricePaid = await paidFor(parts, news, session);
  const last = parts.at(-1)?.purchase;
  return {
    ...declared(news),
    boughtGB: before.boughtGB + gigabytes,
    ...(pricePaid !== undefined && { pricePaid, pricePerGB: rounded(pricePaid / gigabytes) }),
    purchaseId: last?.id,
    purchasedAt: new Date(last?.createdAt ?? (await session.now())).toISOString(),
    __countedGB: before.countedGB + gigabytes,
    __purchases: parts.map(({ nonce }) => nonce),
  };
}

async function paidFor(
  parts: readonly Part[],
  { slotType }: TrafficPurchaseArgs,
  { api }: Session,
): Promise<number | undefined> {
  let sum = 0;
  for (const { amount, purchase } of parts) {
    const isPrivate = slotTypeOf({ slotType }) === "private";
    const paid =
      purchase?.totalPrice ?? (await api.billing.calculatePrice(amount, isPrivate).catch(() => undefined))?.totalPrice;
    if (paid === undefined) return undefined;
    sum += paid;
  }
  return rounded(sum);
}

const rounded = (amount: number): number => Number(amount.toFixed(4));
