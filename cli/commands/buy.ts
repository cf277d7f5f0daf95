import { type Api } from "../../api";
import { isSlotType, SLOT_TYPES } from "../../domain/slot-type";
import { type BalanceOrder, type Bought, boughtEarlier, buyOnce, type Earlier } from "../../provider/billing/buy-once";
import { orderText } from "../../provider/billing/words";
import { accountFolder } from "../../provider/run/account-folder";
import { priceOf } from "../../review/cost";
import { isKnown } from "../../review/known";
import {
  ONE_ACCOUNT_HELP,
  ONE_ACCOUNT_OPTIONS,
  type OneAccountArguments,
  oneAccountArguments,
} from "../state/account-command";
import { withApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { agreed, CONSENT_HELP, CONSENT_OPTIONS, requireConsent } from "../terminal/consent";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { isoTime } from "../../domain/lease";

/** What one order may be for, by its number of digits. */
const MOST = 999_999;

const HELP = `Usage: proxies-sx buy traffic|slots --amount N [options]

Buys traffic or slots from the account's balance, once. The price is shown first: for traffic as
the vendor calculates it, for slots by its tariff. A purchase is never retried blindly. After a lost response the
account's totals from before and after decide. If a run was killed after its purchase, the next run reports what was
bought, and buys nothing.

  --amount N       GB of traffic, or slots: a whole number from 1 to ${MOST}
  --type NAME      shared (default) or private
  --max-price USD  buy nothing where the price is higher; --yes needs it
${CONSENT_HELP}
${ONE_ACCOUNT_HELP}
The key needs the scopes billing:read, billing:write and account:read; for slots ports:read instead of billing:read.

Exit code: 0 it was bought, 1 nothing was bought now, or at another price, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = {
  amount: { type: "string" },
  type: { type: "string" },
  "max-price": { type: "string" },
  ...CONSENT_OPTIONS,
  ...ONE_ACCOUNT_OPTIONS,
} as const;

interface BuyArguments extends OneAccountArguments {
  order: BalanceOrder;
  /** US dollars. */
  maxPrice?: number;
  yes: boolean;
}

/** Whom purchases of this command are for, in the journal. */
const KEY = "command buy";

/** Traffic or slots from the balance. A test waits its own way. */
export function buyCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  sleep?: (ms: number) => Promise<void>,
): Promise<number> {
  const run = async (args: BuyArguments): Promise<number> => {
    requireConsent(args, terminal);
    return withApi({ ...args, changes: true }, terminal, (api, account) => {
      const at = { folder: accountFolder(account, terminal.env), key: KEY };
      return buy(args, api, terminal, {
        earlier: () => boughtEarlier(api, args.order, at, sleep),
        place: () => buyOnce(api, args.order, at, sleep),
      });
    });
  };
  return runCommand({ name: "buy", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): BuyArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  const [what, ...more] = positionals;
  if ((what !== "traffic" && what !== "slots") || more.length > 0)
    throw new UsageError("name what to buy: proxies-sx buy traffic, or proxies-sx buy slots");
  const { amount = "", type = "shared", yes = false, "max-price": most } = values;
  if (!/^[1-9]\d{0,5}$/.test(amount)) throw new UsageError(`--amount is a whole number from 1 to ${MOST}: --amount 10`);
  if (!isSlotType(type)) throw new UsageError(`--type takes one of: ${SLOT_TYPES.join(", ")}`);
  if (most !== undefined && !/^\d{1,7}(\.\d{1,2})?$/.test(most))
    throw new UsageError(
      "--max-price is a sum in US dollars below 10 million, with two decimals at most: --max-price 45.50",
    );
  if (yes && most === undefined) throw new UsageError("--yes needs --max-price USD: nobody looks at the price");
  return {
    ...oneAccountArguments(values),
    order: { what, slotType: type, amount: Number(amount) },
    ...(most !== undefined && { maxPrice: Number(most) }),
    yes,
  };
}

async function buy(
  args: BuyArguments,
  api: Api,
  terminal: Terminal,
  orders: { earlier: () => ReturnType<typeof boughtEarlier>; place: () => ReturnType<typeof buyOnce> },
): Promise<number> {
  const [quote, { balance }] = await Promise.all([quoteOf(args.order, api), api.account.summary()]);
  const { total } = quote;
  const facts = { ...args.order, priceUSD: total, ...(balance !== undefined && { balanceUSD: balance }) };
  const has = balance === undefined ? "" : ` The balance is ${usd(balance)}.`;
  terminal.err(`${orderText(args.order)}: ${usd(total)} (${quote.how}).${has}`);
  const earlier = await orders.earlier(); // it may be what the balance lacks
  const reason = earlier ? undefined : await refusal(args, total, balance, api, terminal);
  if (reason !== undefined) {
    const text = `Nothing is bought: ${reason}.`;
    tell(args, terminal, { json: { ...facts, bought: false, reason }, text: () => text });
    return EXIT.attention;
  }
  const { purchase, settledBy, since, settle } = earlier ?? (await orders.place());
  const paid = purchase?.totalPrice;
  tell(args, terminal, {
    json: {
      ...facts,
      bought: since === undefined,
      settledBy,
      ...(purchase && { purchase: { ...purchase, createdAt: isoTime(purchase.createdAt) } }),
      ...(since !== undefined && { boughtEarlierAt: isoTime(since) }),
    },
    text: () => boughtText(args.order, { purchase, settledBy, since }),
  });
  settle();
  const isDearer = paid !== undefined && paid - total > CENT / 2;
  if (isDearer) terminal.err(`The vendor took ${usd(paid)}; the price was ${usd(total)} before.`);
  return since !== undefined || isDearer ? EXIT.attention : EXIT.fine;
}

/** US dollars. */
const CENT = 0.01;

interface Quote {
  /** US dollars. */
  total: number;
  /** What it is made of. */
  how: string;
}

/** @throws where the vendor gives no price: nobody can agree to it */
async function quoteOf({ what, slotType, amount }: BalanceOrder, api: Api): Promise<Quote> {
  if (what === "slots") {
    const each = priceOf(await api.reference.tariffs(), "ports", slotType, amount);
    if (!isKnown(each)) throw new Error(`nothing is bought: ${each.unknown}`);
    return { total: each.value * amount, how: `${usd(each.value)} each a month, by the vendor's tariff` };
  }
  const told = await api.billing.calculatePrice(amount, slotType === "private");
  if (told.totalPrice === undefined) throw new Error("nothing is bought: the vendor gives no price for this");
  const { totalPrice: total, pricePerGB, discountPercent = 0 } = told;
  const discount = discountPercent > 0 ? `, ${discountPercent} % discount` : "";
  return { total, how: `${pricePerGB === undefined ? "total" : `${usd(pricePerGB)} per GB`}${discount}` };
}

/** Why nothing is bought, if so. */
async function refusal(
  { maxPrice = Infinity, yes, order }: BuyArguments,
  price: number,
  balance: number | undefined,
  api: Api,
  terminal: Terminal,
): Promise<string | undefined> {
  if (price > maxPrice) return `the price ${usd(price)} is above --max-price, ${usd(maxPrice)}`;
  if (balance !== undefined && price > balance) return `the balance ${usd(balance)} is below the price, ${usd(price)}`;
  if (yes) return undefined;
  if (!(await agreed({ yes }, terminal, `Buy ${orderText(order)} for ${usd(price)}?`))) return "you did not agree";
  const { total } = await quoteOf(order, api); // somebody may have thought for long
  return total > price ? `the price has risen to ${usd(total)} meanwhile` : undefined;
}

function boughtText(order: BalanceOrder, { purchase, settledBy, since }: Bought & Earlier): string {
  if (since !== undefined)
    return (
      `Nothing was ordered now: ${orderText(order)} was bought at ${isoTime(since)} by a run that was killed. ` +
      "Run the command again to buy more."
    );
  if (settledBy === "account") return `Bought: ${orderText(order)}. The answer was lost; the account has it.`;
  return `Bought: ${orderText(order)}${purchase?.totalPrice === undefined ? "" : ` for ${usd(purchase.totalPrice)}`}.`;
}

const usd = (sum: number): string => `${sum.toFixed(2)} USD`;
