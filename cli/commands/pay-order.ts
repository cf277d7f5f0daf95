import { type CryptoPayment } from "../../api";
import { moment } from "../../dashboard/wording";
import { clean } from "../../text";
import { table } from "../terminal/table";
import { UsageError } from "../terminal/usage-error";
import { isoTime } from "../../domain/lease";

/** The balance has the money. */
export const isPaid = ({ status, balanceCredited }: CryptoPayment): boolean =>
  status === "paid" && balanceCredited !== false;

/** Nobody can pay it any more. A word that no source knows may mean that somebody can. */
export const isEnded = ({ status = "" }: CryptoPayment): boolean => ["invalid", "expired", "canceled"].includes(status);

/** The id of one order among the arguments. @throws UsageError that does not repeat what is none: it may be a key */
export function orderIdIn([id, ...more]: string[], command: string): string {
  if (id === undefined || more.length > 0) throw new UsageError(`name one order: proxies-sx pay ${command} ORDER`);
  if (!/^(?!psx_)[\w-]{1,100}$/i.test(id)) throw new UsageError("an order's id is letters, digits, _ and -");
  return id;
}

/** For a program. */
export const orderFacts = ({ createdAt, paidAt, ...order }: CryptoPayment) => ({
  ...order,
  createdAt: isoTime(createdAt),
  paidAt: isoTime(paidAt),
});

/** For a person. */
export function orderText(order: CryptoPayment): string {
  const { id, paymentUrl, payAmount, payCurrency, createdAt, paidAt } = order;
  const lines: [string, string | undefined][] = [
    ["status", statusText(order)],
    ["amount", amountText(order)],
    ["paid with", payAmount === undefined ? undefined : `${payAmount} ${clean(payCurrency ?? "")}`.trim()],
    [
      "pay at",
      !isEnded(order) && order.status !== "paid" && paymentUrl !== undefined
        ? clean(paymentUrl, { max: 2_000 })
        : undefined,
    ],
    ["created", createdAt === undefined ? undefined : moment(createdAt)],
    ["paid", paidAt === undefined ? undefined : moment(paidAt)],
  ];
  return [
    `Order ${clean(id)}`,
    ...lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(10)}${text}`])),
  ].join("\n");
}

/** "new", "paid, not in the balance yet" */
export const statusText = ({ status = "not reported", balanceCredited }: CryptoPayment): string =>
  `${clean(status)}${status === "paid" && balanceCredited === false ? ", not in the balance yet" : ""}`;

const amountText = ({ amount, currency = "" }: CryptoPayment): string =>
  amount === undefined ? "-" : `${amount} ${clean(currency)}`.trim();

export const orderTable = (orders: CryptoPayment[], width: number): string =>
  table(
    ["ORDER", "STATUS", "AMOUNT", "CREATED", "PAY AT"],
    orders.map((order) => [
      order.id,
      statusText(order),
      amountText(order),
      order.createdAt === undefined ? "-" : moment(order.createdAt),
      order.paymentUrl ?? "-",
    ]),
    width,
    1,
  );
