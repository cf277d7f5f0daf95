import { z } from "zod";
import { count, id, link, listOf, quantity, requiredId, text, word } from "./fields";
import { type Http } from "./http";
import { path } from "./path";
import { present, reader } from "./reading";
import { time } from "./time";
import { ApiError } from "./transport/errors";

/** Least and most that one order pays in, in its currency (vendor page and MCP client). */
export const PAYMENT_AMOUNT = { min: 10, max: 1_000 } as const;

/** A payment to the balance by cryptocurrency. (MCP client only) */
export interface CryptoPayment {
  id: string;
  /** "new", "pending", "confirming", "paid", "invalid", "expired", "canceled" */
  status?: string;
  /** What the balance gets, in `currency`. */
  amount?: number;
  /** "USD" */
  currency?: string;
  /** Where a person pays it. */
  paymentUrl?: string;
  /** Whether the balance has it. */
  balanceCredited?: boolean;
  /** What is paid, in `payCurrency`, once that was chosen. */
  payAmount?: number;
  payCurrency?: string;
  /** The number of the order at CoinGate. */
  coingateOrderId?: number;
  /** Epoch ms. */
  createdAt?: number;
  /** Epoch ms. */
  paidAt?: number;
}

/** Whether payments can be made now, and with what. */
export interface CryptoPaymentInfo {
  available?: boolean;
  supportedCurrencies?: string[];
}

/** Payments to the balance by cryptocurrency. Nothing is paid by a call: a person pays at `paymentUrl`. */
export interface CryptoPaymentsApi {
  /** Whether payments can be made. No key is sent. */
  status(): Promise<CryptoPaymentInfo>;
  /**
   * Opens an order over 10 to 1,000. Never repeated: on an error with `maybeDone` look at `pending()`. Scope
   * billing:write.
   */
  create(amount: number, currency?: string): Promise<CryptoPayment>;
  /** One order. Scope billing:read. */
  order(id: string): Promise<CryptoPayment>;
  /** Orders that are new, pending or confirming. Scope billing:read. */
  pending(): Promise<CryptoPayment[]>;
  /** Cancels an order that is new; others are refused. Scope billing:write. */
  cancel(id: string): Promise<void>;
}

export function coingateApi(http: Http): CryptoPaymentsApi {
  return {
    status: async () => http.get("keyless", path`/coingate/status`, readInfo),
    create: async (amount, currency) => {
      if (!(amount >= PAYMENT_AMOUNT.min && amount <= PAYMENT_AMOUNT.max)) {
        const reason = `the amount must be from ${PAYMENT_AMOUNT.min} to ${PAYMENT_AMOUNT.max}`;
        throw new ApiError({ code: "invalid_input", reason, method: "POST", route: "/coingate/create-order" });
      }
      const body = { amount, ...(currency !== undefined && { currency }) };
      return http.post("billing:write", path`/coingate/create-order`, readOrder, { body });
    },
    order: async (orderId) => http.get("billing:read", path`/coingate/order/${orderId}`, readOrder),
    pending: async () => http.get("billing:read", path`/coingate/pending`, readOrders),
    cancel: async (orderId) =>
      http.post("billing:write", path`/coingate/cancel/${orderId}`, () => undefined, { effect: "repeatable" }),
  };
}

const order = z.object({
  orderId: requiredId,
  coingateOrderId: z.union([count, id.transform(() => undefined)]),
  status: word,
  amount: quantity,
  currency: word,
  paymentUrl: link,
  balanceCredited: z.boolean().nullish(),
  payAmount: quantity,
  payCurrency: word,
  createdAt: time,
  paidAt: time,
});

const paymentOf = ({ orderId, ...rest }: z.output<typeof order>): CryptoPayment =>
  present<CryptoPayment>({ ...rest, id: orderId });

const readOrder = reader(order, paymentOf);
const readOrders = reader(listOf(order), (orders) => orders.map(paymentOf));
const readInfo = reader(
  z.object({ available: z.boolean().nullish(), supportedCurrencies: listOf(text).nullish() }),
  ({ available, supportedCurrencies: all }) =>
    present<CryptoPaymentInfo>({ available, supportedCurrencies: all?.flatMap((one) => one ?? []) }),
);
