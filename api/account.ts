import { z } from "zod";
import { amount, count, informingId, listOf, orJust, quantity, text, word } from "./fields";
import { type Http } from "./http";
import { path } from "./path";
import { present, reader } from "./reading";
import { time } from "./time";

/** Slots of one type; each live port takes one. */
export interface Slots {
  /** All of them. */
  total?: number;
  /** Those that ports take. */
  used?: number;
  /** Those that are free. */
  available?: number;
}

/** GB. */
export interface Traffic {
  /** All that was bought. */
  total?: number;
  /** What is used. */
  used?: number;
  /** What is left. */
  available?: number;
}

/** What the account has of one slot type. */
export interface Subscription {
  /** Whether it is in force. */
  active?: boolean;
  /** Slots for ports. */
  slots?: Slots;
  /** Traffic in GB. */
  traffic?: Traffic;
  /** End of the subscription, not of a port; epoch ms. */
  expiresAt?: number;
  /** Days until its end. */
  daysRemaining?: number;
}

/** Something that the vendor wants the customer to know. */
export interface Alert {
  /** What it says. */
  message: string;
  /** "low_traffic", … */
  type?: string;
  /** "info", … */
  severity?: string;
}

/** The account in all its details. Sums are in `wallet.currency`. */
export interface Account {
  /** Whose it is. */
  user?: {
    /** The vendor's id. */
    id?: string;
    /** E-mail address. */
    email?: string;
    /** What it may do, in the vendor's word. */
    role?: string;
    /** Whether it may sign in. */
    isActive?: boolean;
  };
  /** Its money. */
  wallet?: {
    /** Sum of all deposits. */
    totalDeposited?: number;
    /** Sum of all that was spent. */
    totalSpent?: number;
    /** Money that is left. */
    availableBalance?: number;
    /** "USD" */
    currency?: string;
  };
  /** What it has, by slot type. */
  subscription?: {
    /** For shared ports. */
    shared?: Subscription;
    /** For private ports. */
    private?: Subscription;
  };
  /** hasActiveSubscription, hasAvailableSlots, hasAvailableTraffic, lowBalance, lowTraffic, nearingExpiration, … */
  status?: Record<string, boolean>;
}

/** The account in short. */
export interface AccountSummary {
  /** Money that is left, in `currency`. */
  balance?: number;
  /** "USD" */
  currency?: string;
  /** What it has for shared ports. */
  shared?: Subscription;
  /** What it has for private ports. */
  private?: Subscription;
  /** What the vendor wants the customer to know. */
  alerts: Alert[];
}

/** Traffic used over a period, by slot type. */
export interface AccountUsage {
  /** "7d", "30d" or "90d" */
  period?: string;
  /** Epoch ms. */
  generatedAt?: number;
  /** By slot type, and all together. */
  traffic: {
    /** By shared ports. */
    shared?: UsageOfType;
    /** By private ports. */
    private?: UsageOfType;
    /** By all of them. */
    combined?: UsageOfType;
  };
}

/** Traffic used by ports of one slot type. */
export interface UsageOfType {
  /** All that was used, in GB. */
  totalUsedGB?: number;
  /** Number of ports. */
  portCount?: number;
  /** What each port used. */
  byPort?: {
    /** The vendor's id of the port. */
    portId?: string;
    /** Its name. */
    portName?: string;
    /** GB. */
    usedGB?: number;
  }[];
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

const flag = z.boolean().nullish();

/** `traffic` with purchasedGB… in the details, `trafficGB` with total… in the summary. */
const subscriptionSchema = z
  .object({
    active: flag,
    slots: z.object({ total: count, used: count, available: amount }).nullish(),
    traffic: z.object({ purchasedGB: quantity, usedGB: quantity, availableGB: amount }).nullish(),
    trafficGB: z.object({ total: quantity, used: quantity, available: amount }).nullish(),
    expiresAt: time,
    daysRemaining: amount,
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
    user: z.object({ _id: informingId, email: text, role: word, isActive: flag }).nullish(),
    wallet: z
      .object({ totalDeposited: amount, totalSpent: amount, availableBalance: amount, currency: word })
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

const FLAG_NAME = /^[a-z][A-Za-z]{0,39}$/;
const MOST_FLAGS = 50;

function flagsOf(status: Record<string, unknown>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(status)
      .filter((entry): entry is [string, boolean] => FLAG_NAME.test(entry[0]) && typeof entry[1] === "boolean")
      .slice(0, MOST_FLAGS),
  );
}

/** Objects on the vendor's page; the MCP client takes them for strings. */
const alertSchema = orJust("message", z.object({ type: word, message: text, severity: word }));

const readSummary = reader(
  z.object({
    balance: amount,
    currency: word,
    shared: subscriptionSchema,
    private: subscriptionSchema,
    alerts: listOf(alertSchema).nullish(),
  }),
  (wire) =>
    present<AccountSummary>({
      balance: wire.balance,
      currency: wire.currency,
      shared: asSubscription(wire.shared),
      private: asSubscription(wire.private),
      alerts: (wire.alerts ?? []).map((alert) =>
        present<Alert>({ ...alert, message: alert.message ?? alert.type ?? "" }),
      ),
    }),
);

const usageSchema = z
  .object({
    totalUsedGB: quantity,
    portCount: count,
    byPort: listOf(z.object({ portId: informingId, portName: text, usedGB: quantity })).nullish(),
  })
  .nullish();

function asUsage(wire: z.output<typeof usageSchema>): UsageOfType | undefined {
  if (!wire) return undefined;
  return present<UsageOfType>({ ...wire, byPort: wire.byPort?.map((port) => present(port)) });
}

const readUsage = reader(
  z.object({
    period: word,
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
