import { iso } from "../answers/shapes";
import { number, readBody, required, text } from "../rules/body";
import { badRequest, notFound } from "../rules/problem";
import { type CryptoOrder } from "../world/types";
import { type Call, created, route, type Route } from "./route";

/** Called by the vendor's own client only. Orders wait for ever: nobody pays an emulator. */
export const coingateRoutes: Route[] = [
  route("GET", "/coingate/status", "public", () => ({ available: true, supportedCurrencies: ["BTC", "ETH", "USDC"] })),
  route("POST", "/coingate/create-order", "billing:write", createOrder),
  route("GET", "/coingate/order/:id", "billing:read", (call) => orderAnswer(call, requireOrder(call))),
  route("GET", "/coingate/pending", "billing:read", (call) => ordersOf(call).filter(isOpen).map(answer(call))),
  route("GET", "/coingate/history", "billing:read", (call) => ordersOf(call).map(answer(call))),
  route("POST", "/coingate/cancel/:id", "billing:write", cancelOrder),
];

const isOpen = (order: CryptoOrder) => order.status === "new" || order.status === "pending";
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
    id: world.random.objectId(now),
    number: 1_000 + world.orders.size,
    accountId: account.id,
    amount,
    currency,
    status: "new",
    createdAt: now,
  };
  world.orders.set(order.id, order);
  world.touch();
  return created(orderAnswer(call, order));
}

function cancelOrder(call: Call): unknown {
  const order = requireOrder(call);
  if (!isOpen(order)) throw badRequest(`Order is ${order.status}`);
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
  };
}
