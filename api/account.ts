import { z } from "zod";
import { type Http } from "./http";
import { path } from "./path";
import { present, reader } from "./reading";
import { time } from "./time";

/** Slots of one type; each live port takes one. */
export interface Slots {
  total?: number;
  used?: number;
  available?: number;
}

/** GB. */
export interface Traffic {
  total?: number;
  used?: number;
  available?: number;
}

/** What the account has of one slot type. */
export interface Subscription {
  active?: boolean;
  slots?: Slots;
  traffic?: Traffic;
  /** End of the subscription, not of a port; epoch ms. */
  expiresAt?: number;
  daysRemaining?: number;
}

/** Something that the vendor wants the customer to know. */
export interface Alert {
  message: string;
  /** "low_traffic", … */
  type?: string;
  /** "info", … */
  severity?: string;
}

/** The account in all its details. Sums are in `wallet.currency`. */
export interface Account {
  user?: { id?: string; email?: string; role?: string; isActive?: boolean };
  wallet?: { totalDeposited?: number; totalSpent?: number; availableBalance?: number; currency?: string };
  subscription?: { shared?: Subscription; private?: Subscription };
  /** hasActiveSubscription, hasAvailableSlots, hasAvailableTraffic, lowBalance, lowTraffic, nearingExpiration, … */
  status?: Record<string, boolean>;
}

/** The account in short. */
export interface AccountSummary {
  balance?: number;
  /** "USD" */
  currency?: string;
  shared?: Subscription;
  private?: Subscription;
  alerts: Alert[];
}

/** Traffic used over a period, by slot type. */
export interface AccountUsage {
  /** "7d", "30d" or "90d" */
  period?: string;
  /** Epoch ms. */
  generatedAt?: number;
  traffic: { shared?: UsageOfType; private?: UsageOfType; combined?: UsageOfType };
}

export interface UsageOfType {
  totalUsedGB?: number;
  portCount?: number;
  byPort?: { portId?: string; portName?: string; usedGB?: number }[];
}

/** The account that the key belongs to. */
export interface AccountApi {
  /** Scope account:read. */
  get(): Promise<Account>;
  /** Scope account:read. */
  summary(): Promise<AccountSummary>;
  /** Scope traffic:read. @default "30d" */
  usage(period?: "7d" | "30d" | "90d"): Promise<AccountUsage>;
}

export function accountApi(http: Http): AccountApi {
  return {
    get: async () => http.get("account:read", path`/account`, readAccount),
    summary: async () => http.get("account:read", path`/account/summary`, readSummary),
    usage: async (period = "30d") => http.get("traffic:read", path`/account/usage`, readUsage, { query: { period } }),
  };
}

const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();

/** `traffic` with purchasedGB… in the details, `trafficGB` with total… in the summary. */
const subscriptionSchema = z
  .object({
    active: flag,
    slots: z.object({ total: number, used: number, available: number }).nullish(),
    traffic: z.object({ purchasedGB: number, usedGB: number, availableGB: number }).nullish(),
    trafficGB: z.object({ total: number, used: number, available: number }).nullish(),
    expiresAt: time,
    daysRemaining: number,
  })
  .nullish();

function asSubscription(wire: z.output<typeof subscriptionSchema>): Subscription | undefined {
  if (!wire) return undefined;
  const { slots, traffic, trafficGB, ...rest } = wire;
  const gb =
    trafficGB ?? (traffic && { total: traffic.purchasedGB, used: traffic.usedGB, available: traffic.availableGB });
  return present<Subscription>({ ...rest, slots: slots && present<Slots>(slots), traffic: gb && present<Traffic>(gb) });
}

const readAccount = reader(
  z.object({
    user: z.object({ _id: text, email: text, role: text, isActive: flag }).nullish(),
    wallet: z
      .object({ totalDeposited: number, totalSpent: number, availableBalance: number, currency: text })
      .nullish(),
    subscription: z.object({ shared: subscriptionSchema, private: subscriptionSchema }).nullish(),
    status: z.record(z.string(), z.unknown()).nullish(),
  }),
  ({ user, wallet, subscription, status }) =>
    present<Account>({
      user: user && present({ id: user._id, email: user.email, role: user.role, isActive: user.isActive }),
      wallet: wallet && present(wallet),
      subscription:
        subscription &&
        present({ shared: asSubscription(subscription.shared), private: asSubscription(subscription.private) }),
      status: status && flagsOf(status),
    }),
);

function flagsOf(status: Record<string, unknown>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(status).filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean"),
  );
}

/** Objects on the vendor's page; the MCP client takes them for strings. */
const alertSchema = z.union([z.string(), z.object({ type: text, message: text, severity: text })]);

const readSummary = reader(
  z.object({
    balance: number,
    currency: text,
    shared: subscriptionSchema,
    private: subscriptionSchema,
    alerts: z.array(alertSchema).nullish(),
  }),
  (wire) =>
    present<AccountSummary>({
      balance: wire.balance,
      currency: wire.currency,
      shared: asSubscription(wire.shared),
      private: asSubscription(wire.private),
      alerts: (wire.alerts ?? []).map((alert) =>
        typeof alert === "string"
          ? { message: alert }
          : present<Alert>({ ...alert, message: alert.message ?? alert.type ?? "" }),
      ),
    }),
);

const usageSchema = z
  .object({
    totalUsedGB: number,
    portCount: number,
    byPort: z.array(z.object({ portId: text, portName: text, usedGB: number })).nullish(),
  })
  .nullish();

function asUsage(wire: z.output<typeof usageSchema>): UsageOfType | undefined {
  if (!wire) return undefined;
  return present<UsageOfType>({ ...wire, byPort: wire.byPort?.map((port) => present(port)) });
}

const readUsage = reader(
  z.object({
    period: text,
    generatedAt: time,
    traffic: z.object({ shared: usageSchema, private: usageSchema, combined: usageSchema }),
  }),
  ({ period, generatedAt, traffic }) =>
    present<AccountUsage>({
      period,
      generatedAt,
      traffic: present<AccountUsage["traffic"]>({
        shared: asUsage(traffic.shared),
        private: asUsage(traffic.private),
        combined: asUsage(traffic.combined),
      }),
    }),
);
