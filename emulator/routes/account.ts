import { bothShapes, iso } from "../answers/shapes";
import { balanceOf, trafficOf } from "../rules/balance";
import { choiceOf } from "../rules/query";
import { PRICE, round } from "../rules/pricing";
import { slotsOf } from "../rules/slots";
import { gigabytes, usedWithin } from "../rules/traffic";
import { type SlotType } from "../world/config";
import { type Call, route, type Route } from "./route";

export const accountRoutes: Route[] = [
  route("GET", "/account", "account:read", account),
  route("GET", "/account/summary", "account:read", summary),
  route("GET", "/account/usage", "traffic:read", usage),
  route("GET", "/traffic/balance-breakdown", "traffic:read", balanceBreakdown),
];

const DAY_MS = 86_400_000;
const LOW_BALANCE = 10;
const LOW_TRAFFIC = 0.1;

function account(call: Call): unknown {
  const { account: owner } = call;
  const shared = subscription(call, "shared");
  const own = subscription(call, "private");
  const traffic = (shared.traffic?.availableGB ?? 0) + (own.traffic?.availableGB ?? 0);
  return {
    user: { _id: owner.id, email: owner.email, role: "customer", isActive: true },
    wallet: {
      totalDeposited: owner.deposited,
      totalSpent: owner.spent,
      availableBalance: balanceOf(owner),
      currency: "USD",
    },
    subscription: { shared, private: own },
    status: {
      hasActiveSubscription: shared.active || own.active,
      hasAvailableSlots: shared.slots.available + own.slots.available > 0,
      hasAvailableTraffic: traffic > 0,
      lowBalance: balanceOf(owner) < LOW_BALANCE,
      lowTraffic: isLow(call, "shared") || isLow(call, "private"),
      nearingExpiration: daysLeft(call) <= 3,
    },
  };
}

/** expiresAt and daysRemaining are the subscription's, not a port's. */
function subscription(call: Call, slotType: SlotType) {
  const { world, account: owner } = call;
  const slots = slotsOf(owner, slotType);
  const { total, used, available } = trafficOf(world, owner, slotType);
  const active = slots.total > 0 && daysLeft(call) > 0;
  return {
    active,
    slots,
    // The page shows none in a subscription that is not active; that what was bought stays told is inferred.
    ...((active || total > 0) && { traffic: { purchasedGB: total, usedGB: used, availableGB: available } }),
    ...(active && { expiresAt: iso(owner.subscriptionEndsAt), daysRemaining: daysLeft(call) }),
  };
}

function summary(call: Call): unknown {
  const { quirks, account: owner } = call;
  const alerts = (["shared", "private"] as const)
    .filter((slotType) => isLow(call, slotType))
    .map((slotType) => ({ type: "low_traffic", message: `Traffic is running low (${slotType})`, severity: "info" }));
  return {
    balance: balanceOf(owner),
    currency: "USD",
    shared: category(call, "shared"),
    private: category(call, "private"),
    alerts: quirks.alertsAsStrings ? alerts.map((alert) => alert.message) : alerts,
  };
}

function category(call: Call, slotType: SlotType) {
  const { world, quirks, account: owner } = call;
  const slots = slotsOf(owner, slotType);
  const { subscriptionEndsAt } = owner;
  return {
    slots,
    trafficGB: trafficOf(world, owner, slotType),
    ...(slots.total > 0 && {
      expiresAt: quirks.summaryEpoch ? subscriptionEndsAt : iso(subscriptionEndsAt),
      daysRemaining: daysLeft(call),
    }),
  };
}

function usage(call: Call): unknown {
  const { world, account: owner, query } = call;
  const period = choiceOf(query, "period", ["7d", "30d", "90d"]) ?? "30d";
  const days = parseInt(period, 10);
  const shared = usageOf(call, "shared", days);
  const own = usageOf(call, "private", days);
  return {
    period,
    generatedAt: iso(world.clock.now()),
    traffic: {
      shared,
      ...(owner.slots.private.total > 0 && { private: own }),
      combined: {
        totalUsedGB: gigabytes(shared.totalUsedGB + own.totalUsedGB),
        portCount: shared.portCount + own.portCount,
      },
    },
  };
}

/** UTC days, with today. */
function usageOf({ world, account: owner }: Call, slotType: SlotType, days: number) {
  const byPort = world
    .portsOf(owner)
    .filter((port) => port.slotType === slotType)
    .map((port) => ({ portId: port.id, portName: `Proxy #${port.number}`, usedGB: usedWithin(world, port, days) }));
  return {
    totalUsedGB: gigabytes(byPort.reduce((sum, { usedGB }) => sum + usedGB, 0)),
    portCount: byPort.length,
    byPort,
  };
}

function balanceBreakdown({ world, quirks, account: owner }: Call): unknown {
  const shared = trafficOf(world, owner, "shared");
  const own = trafficOf(world, owner, "private");
  const used = round(shared.used + own.used);
  return bothShapes(
    quirks,
    {
      totalPayments: owner.deposited,
      adminPaymentCredits: 0,
      totalPurchases: owner.spent,
      trafficUsedGB: used,
      purchasedTrafficGB: shared.total + own.total,
      availableTrafficGB: round(shared.available + own.available),
      pricePerGB: PRICE.gigabyte.shared,
      balance: balanceOf(owner),
      currency: "USD",
      formula: "balance = (totalPayments + adminCredits) - totalPurchases",
    },
    { trafficUsedMB: Math.round(used * 1_024) },
  );
}

function daysLeft({ world, account: owner }: Call): number {
  return Math.max(0, Math.ceil((owner.subscriptionEndsAt - world.clock.now()) / DAY_MS));
}

function isLow({ world, account: owner }: Call, slotType: SlotType): boolean {
  const { total, available } = trafficOf(world, owner, slotType);
  return total > 0 && available < total * LOW_TRAFFIC;
}
