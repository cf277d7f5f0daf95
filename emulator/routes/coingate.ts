import { iso } from "../answers/shapes";
import { number, readBody, required, text } from "../rules/body";
import { badRequest, notFound } from "../rules/problem";
import { keep } from "../world/keeping";
import { type CryptoOrder } from "../world/types";
import { type Call, created, route, type Route } from "./route";

const MOST_ORDERS = 2_000;

/** Called by the vendor's own client only. Orders stay new: nobody pays an emulator, but control may say so. */
export const coingateRoutes: Route[] = [
  route("GET", "/coingate/status", "public", () => ({ available: true, supportedCurrencies: ["BTC", "ETH", "USDC"] })),
  route("POST", "/coingate/create-order", "billing:write", createOrder),
  route("GET", "/coingate/order/:id", "billing:read", (call) => orderAnswer(call, requireOrder(call))),
  route("GET", "/coingate/pending", "billing:read", (call) => ordersOf(call).filter(isOpen).map(answer(call))),
  route("GET", "/coingate/history", "billing:read", (call) => ordersOf(call).map(answer(call))),
  route("POST", "/coingate/cancel/:id", "billing:write", cancelOrder),
];

/** What the client calls pending (M). */
const isOpen = ({ status }: CryptoOrder) => status === "new" || status === "pending" || status === "confirming";
const answer = (call: Call) => (order: CryptoOrder) => orderAnswer(call, order);

function ordersOf({ world, account }: Call): CryptoOrder[] {
  return [...world.orders.values()].filter((order) => order.accountId === account.id);
}

function requireOrder({ world, account, params }: Call): CryptoOrder {
  const order = world.orders.get(params["id"] ?? "");
  if (order?.accountId !== account.id) throw notFound("Order not found");
  return order;
}

function createOrder(call: Call): unknown {
  const { world, account } = call;
  const { amount, currency = "USD" } = readBody<{ amount: number; currency?: string }>(call.body, {
    amount: required(number(10, 1_000)),
    currency: text(1, 10),
  });
  const now = world.clock.now();
  const order: CryptoOrder = {
    id: freeId(call, now),
    number: 1_000 + world.ordersMade++,
    accountId: account.id,
    amount,
    currency,
    status: "new",
    createdAt: now,
  };
  keep(world.orders, order.id, order, MOST_ORDERS);
  world.touch();
  return created(orderAnswer(call, order));
}

/** "topup_abc123_1702134567890": the end of the user's id, and the time (M). */
function freeId({ world, account }: Call, at: number): string {
  for (let ms = Math.floor(at); ; ms++) {
    const id = `topup_${account.id.slice(-6)}_${ms}`;
    if (!world.orders.has(id)) return id;
  }
}

function cancelOrder(call: Call): unknown {
  const order = requireOrder(call);
  if (order.status !== "new") throw badRequest(`Only a new order can be cancelled; this one is ${order.status}`);
  order.status = "canceled";
  call.world.touch();
  return { success: true, message: "Order canceled" };
}

function orderAnswer({ url }: Call, order: CryptoOrder) {
  return {
    orderId: order.id,
    coingateOrderId: order.number,
    status: order.status,
    amount: order.amount,
    currency: order.currency,
    priceAmount: order.amount,
    priceCurrency: order.currency,
    paymentUrl: `${url}/pay/${order.id}`,
    balanceCredited: order.status === "paid",
    createdAt: iso(order.createdAt),
    ...(order.paidAt !== undefined && {
      receiveAmount: order.amount,
      payAmount: order.amount,
      payCurrency: "USDC",
      paidAt: iso(order.paidAt),
    }),
  };
}
