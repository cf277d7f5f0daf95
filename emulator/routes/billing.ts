import { iso } from "../answers/shapes";
import { integer, readBody, required } from "../rules/body";
import { balanceOf, pay } from "../rules/balance";
import { PRICE, priceTraffic, pricingOf } from "../rules/pricing";
import { amountOf, flagOf } from "../rules/query";
import { type SlotType } from "../world/config";
import { type Call, created, route, type Route } from "./route";

/** Called by the vendor's own client only; the page names no such route. */
export const billingRoutes: Route[] = [
  route("GET", "/billing/pricing", "billing:read", (call) => pricingOf(call.account)),
  route("GET", "/billing/calculate-price", "billing:read", calculatePrice),
  route("POST", "/billing/purchase-traffic", "billing:write", (call) => purchaseTraffic(call, "shared")),
  route("POST", "/billing/purchase-traffic-private", "billing:write", (call) => purchaseTraffic(call, "private")),
  route("POST", "/billing/purchase-ports", "billing:write", (call) => purchaseSlots(call, "shared")),
  route("POST", "/billing/purchase-ports-private", "billing:write", (call) => purchaseSlots(call, "private")),
];

const MOST = 10_000;
/** The least that x402 sells (vendor's page); that a part of a GB has a price is the client's (M). */
const LEAST_GB = 0.1;

function calculatePrice({ query }: Call): unknown {
  return priceTraffic(amountOf(query, "amount", LEAST_GB, MOST), flagOf(query, "isPrivate") ? "private" : "shared");
}

function boughtAmount(body: unknown): number {
  return readBody<{ amount: number }>(body, { amount: required(integer(1, MOST)) }).amount;
}

function purchaseTraffic(call: Call, slotType: SlotType): unknown {
  const amount = boughtAmount(call.body);
  const price = priceTraffic(amount, slotType);
  pay(call.account, price.totalPrice);
  call.account.purchasedGB[slotType] += amount;
  return receipt(call, "traffic", slotType, amount, price.pricePerGB, price.totalPrice);
}

function purchaseSlots(call: Call, slotType: SlotType): unknown {
  const amount = boughtAmount(call.body);
  const each = PRICE.slot[slotType];
  pay(call.account, each * amount);
  call.account.slots[slotType].total += amount;
  return receipt(call, "slots", slotType, amount, each, each * amount);
}

function receipt(
  { world, account }: Call,
  type: string,
  category: SlotType,
  quantity: number,
  pricePerUnit: number,
  totalPrice: number,
): unknown {
  const now = world.clock.now();
  world.touch();
  return created({
    purchase: {
      _id: world.random.objectId(now),
      userId: account.id,
      type,
      category,
      quantity,
      pricePerUnit,
      totalPrice,
      paymentMethod: "balance",
      paymentStatus: "completed",
      createdAt: iso(now),
      completedAt: iso(now),
    },
    balance: balanceOf(account),
    message: "Purchase completed",
  });
}
