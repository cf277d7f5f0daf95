import { type Api } from "../../api";
import { type BalanceOrder, type Totals } from "./journal";

/** Pauses before each look at the account after a lost answer, in ms: a purchase may show up late. */
const LOOKS = [0, 2_000, 5_000];
/** GB, and US dollars: the vendor rounds both to hundredths (inferred from its samples). */
const ROUNDED = 0.015;

/** What an account has of what is ordered; undefined where its summary does not tell. */
export async function totalsOf(api: Api, { what, slotType }: BalanceOrder): Promise<Totals | undefined> {
  const { balance, [slotType]: own } = await api.account.summary();
  const total = what === "slots" ? own?.slots?.total : own?.traffic?.total;
  return total === undefined ? undefined : { total, ...(balance !== undefined && { balance }) };
}

/** Whether an order was carried out, by what the account had before and has now. */
function outcomeOf({ amount }: BalanceOrder, before: Totals, after: Totals): "bought" | "not bought" | "unclear" {
  const grown = after.total - before.total;
  if (grown > amount - ROUNDED) return "bought";
  const isPaid = (before.balance ?? 0) - (after.balance ?? 0) > ROUNDED && after.balance !== undefined;
  return Math.abs(grown) < ROUNDED && !isPaid ? "not bought" : "unclear";
}

/** What the account tells of an order whose answer was lost: at once where it was bought, else after so many looks. */
export async function lookFor(
  api: Api,
  order: BalanceOrder,
  before: Totals,
  sleep: (ms: number) => Promise<void>,
  looks = LOOKS.length,
): Promise<{ outcome: ReturnType<typeof outcomeOf>; after?: Totals }> {
  let after: Totals | undefined;
  for (const pause of LOOKS.slice(0, looks)) {
    await sleep(pause);
    after = await totalsOf(api, order);
    if (after && outcomeOf(order, before, after) === "bought") return { outcome: "bought", after };
  }
  return after ? { outcome: outcomeOf(order, before, after), after } : { outcome: "unclear" };
}
