import { z } from "zod";
import { type CryptoPayment, PAYMENT_AMOUNT } from "../../api";
import { type Tool, tool } from "../tool";

const orderId = z.string().min(1).max(64).describe("The order's id, such as topup_abc123_1702134567890.");

/** Payments to the balance by crypto currency. No call pays: a person does, at the order's page. */
export const paymentTools: readonly Tool[] = [
  tool({
    name: "create_crypto_payment",
    does: "Opens an order that tops the balance up, and gives the page where a person pays it. It moves no money by itself.",
    group: "payments",
    input: { amount: z.number().min(PAYMENT_AMOUNT.min).max(PAYMENT_AMOUNT.max).describe("US dollars, 10 to 1000.") },
    run: async ({ amount }, { api }) => told(await api().cryptoPayments.create(amount)),
  }),
  tool({
    name: "check_crypto_payment_status",
    does: "What has become of an order that tops the balance up.",
    group: "read",
    input: { orderId },
    run: async ({ orderId: id }, { api }) => told(await api().cryptoPayments.order(id)),
  }),
  tool({
    name: "get_pending_crypto_payments",
    does: "Orders that are not paid yet, or not confirmed.",
    group: "read",
    input: {},
    run: async (_, { api }) => {
      const payments = await api().cryptoPayments.pending();
      return {
        said: `${payments.length} ${payments.length === 1 ? "order is" : "orders are"} pending.`,
        data: { payments },
      };
    },
  }),
  tool({
    name: "cancel_crypto_payment",
    does: "Cancels an order that nobody has begun to pay.",
    group: "payments",
    isDestructive: true,
    isRepeatable: true,
    input: { orderId },
    run: async ({ orderId: id }, { api }) => {
      await api().cryptoPayments.cancel(id);
      return { said: `Order ${id} is canceled.`, data: { orderId: id, status: "canceled" } };
    },
  }),
  tool({
    name: "get_crypto_payment_info",
    does: "Whether the balance can be topped up by crypto currency now, with which, and within which bounds.",
    group: "read",
    input: {},
    run: async (_, { api }) => {
      const info = await api().cryptoPayments.status();
      const can = info.available
        ? "Payments by crypto currency are open."
        : "Payments by crypto currency are closed now.";
      return { said: can, data: { ...info, amount: { ...PAYMENT_AMOUNT, currency: "USD" } } };
    },
  }),
];

function told({ id, ...payment }: CryptoPayment) {
  const { status = "unknown", amount, currency = "USD", paymentUrl } = payment;
  const pay = status === "new" && paymentUrl !== undefined ? ` A person pays it at ${paymentUrl}` : "";
  return {
    said: `Order ${id} over ${amount ?? "?"} ${currency} is ${status}.${pay}`,
    data: { orderId: id, ...payment },
  };
}
