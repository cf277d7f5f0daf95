/**
 * One look at a fleet: what the report, `watch` and the emulator's page show. Plain JSON; times are epoch ms by the
 * vendor's clock, traffic is in GB. It holds no login, password, rotation token, address or key, and the vendor's words
 * in it are one line each and bounded.
 */
export interface FleetSnapshot {
  takenAt: number;
  /** Host that was asked, "api.proxies.sx". */
  source: string;
  ports: Part<PortFacts[]>;
  account: Part<AccountFacts>;
  usage: Part<UsageFacts>;
  rotations: Part<RotationFacts>;
  /** Ports against states of Pulumi; missing where no state was given. */
  managed?: Part<ManagedFacts>;
  /** Leases of those states that a wallet pays for; missing where there is none. */
  wallet?: Part<WalletLease[]>;
  /** What was asked last, newest first; the emulator's page only. */
  calls?: CallFacts[];
}

/** What a look-up brought, or why it is left out. */
export type Part<T> = { takenAt: number; value: T } | { leftOut: string };

/** A live port. All but `id` may be missing, as the vendor may leave it out. */
export interface PortFacts {
  id: string;
  /** "Proxy #1" */
  name?: string;
  /** ISO code, or the name where there is no code. */
  country?: string;
  countryName?: string;
  /** Brand, or the company's name. */
  carrier?: string;
  /** "shared" or "private"; other values pass. */
  slotType?: string;
  /** "active", "suspended", "expired", …; other values pass. */
  status?: string;
  /** "healthy", "degraded" or "offline"; other values pass. */
  health?: string;
  createdAt?: number;
  expiresAt?: number;
  /** An old port of a renewal: from here on a run releases it. Only a state tells. It is not renewed itself. */
  releaseAt?: number;
  /** From here on a run renews the port: what the state says, or, without one, what the default would be. */
  renewAt?: number;
  /** `renewAt` is the default's, not a state's. */
  renewAssumed?: boolean;
  /** Traffic of the port so far. */
  usedGB?: number;
  rotation?: { enabled: boolean; intervalSeconds?: number; count?: number; lastRotatedAt?: number };
  /** The resource that manages it: "scraper-1", or "scraper-1 in dev" where several states were given. */
  heldBy?: string;
}

export interface AccountFacts {
  balance?: number;
  /** "USD" */
  currency?: string;
  shared?: SubscriptionFacts;
  private?: SubscriptionFacts;
  /** What the vendor wants the customer to know. */
  alerts: string[];
}

export interface SubscriptionFacts {
  slots?: { total?: number; used?: number };
  trafficGB?: { total?: number; used?: number; available?: number };
  expiresAt?: number;
}

/** Traffic over time. The vendor tells sums of the last 7, 30 and 90 days, no single days. */
export interface UsageFacts {
  /** Newest first, one after the other. */
  periods: UsagePeriod[];
  /** GB of the last 7 days by port, where there were any: see `weekOf`. */
  weekGB: Record<string, number>;
}

/** The days from `from` to `to` days ago. */
export interface UsagePeriod {
  from: number;
  to: number;
  sharedGB: number;
  privateGB: number;
}

/** GB of a port in the last 7 days, if it is told of. */
export const weekOf = (usage: UsageFacts | undefined, id: string): number | undefined =>
  usage && Object.hasOwn(usage.weekGB, id) ? usage.weekGB[id] : undefined;

/** Rotations of the last 30 days, as far as the histories that were asked for tell. */
export interface RotationFacts {
  /** Of so many ports: those that rotated last. */
  ports: number;
  /** Of so many live ports. */
  of: number;
  /** Ports whose history could not be had. */
  failedPorts: number;
  byDay: ({ day: string } & Outcomes)[];
  byTrigger: Record<string, Outcomes>;
  /** Typical length of one, in ms. */
  medianMs?: number;
  /** Ports with failures, most first, at most 20. */
  failing: ({ id: string } & Outcomes)[];
}

export interface Outcomes {
  succeeded: number;
  failed: number;
}

export interface ManagedFacts {
  states: { name: string; holds: number }[];
  /** Ids of live ports that no state holds or names. */
  orphans: string[];
  /** Live ports that a state only names. */
  referenced: { id: string; by: string }[];
  /** Ports that a state holds and the account has not. */
  missing: { id: string; by: string; leaving: boolean }[];
  /** Purchases under way, or broken off. */
  pending: string[];
}

/** A lease that a wallet pays for, as a state and the vendor tell it. */
export interface WalletLease {
  /** Of the resource. */
  name: string;
  /** The last characters of its id. */
  session?: string;
  /** ISO code. */
  country?: string;
  tier?: string;
  /** "base", "base-sepolia" */
  network?: string;
  status?: string;
  expiresAt?: number;
  renewAt?: number;
  allocatedGB?: number;
  remainingGB?: number;
  /** All its payments, USDC: "4.00". */
  paidUSDC: string;
  payments: number;
}

export interface CallFacts {
  at: number;
  method: string;
  path: string;
  /** 0: the connection was cut. */
  status: number;
}

/** What a part holds, if it was had. */
export function had<T>(part: Part<T> | undefined): T | undefined {
  return part && "value" in part ? part.value : undefined;
}

/** Why a part is left out, if it is. */
export function whyNot(part: Part<unknown> | undefined): string | undefined {
  return part && "leftOut" in part ? part.leftOut : undefined;
}

export const PARTS = ["ports", "account", "usage", "rotations", "managed"] as const;

/** The parts that a look does not have, and why. */
export function leftOutOf(fleet: FleetSnapshot): { part: (typeof PARTS)[number]; why: string }[] {
  return PARTS.flatMap((part) => {
    const why = whyNot(fleet[part]);
    return why === undefined ? [] : { part, why };
  });
}
