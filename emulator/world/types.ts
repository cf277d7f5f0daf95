import { type PerSlotType, type SlotType } from "./config";

export const SCOPES = [
  "ports:read",
  "ports:write",
  "ports:rotate",
  "billing:read",
  "billing:write",
  "traffic:read",
  "account:read",
  "account:write",
  "tickets:read",
  "tickets:write",
  "admin:full",
] as const;
export type Scope = (typeof SCOPES)[number];

export interface Account {
  id: string;
  name: string;
  email: string;
  password: string;
  createdAt: number;
  slots: Record<SlotType, { total: number; used: number }>;
  purchasedGB: PerSlotType;
  deposited: number;
  spent: number;
  subscriptionEndsAt: number;
  /** The next port is "Proxy #N"; a number is never given twice. */
  nextPortNumber: number;
}

export interface ApiKey {
  key: string;
  name: string;
  accountId: string;
  scopes: Scope[];
}

export interface Device {
  id: string;
  name: string;
  imei: string;
  slotType: SlotType;
  countryId: string;
  carrierId: string;
  cityId: string;
  regionId: string;
  /** Place in its pool, see stock.ts. */
  index: number;
}

export type RotationTrigger = "manual" | "automatic" | "api_token";

export interface RotationRecord {
  id: string;
  at: number;
  trigger: RotationTrigger;
  success: boolean;
  error?: string;
  fromDevice: { id: string; name: string };
  toDevice: { id: string; name: string };
  fromIp: string;
  toIp: string;
  durationMs: number;
  country: string;
  carrier: string;
}

export interface PortRotation {
  settingsId: string;
  enabled: boolean;
  intervalSeconds: number;
  matchCarrier: boolean;
  matchCity: boolean;
  excludedDeviceIds: string[];
  lastRotatedAt: number | null;
  /** The cooldown counts from here: rotations that a person or a link asked for. */
  lastAskedAt: number | null;
  nextAutomaticAt: number | null;
  count: number;
  /** Oldest first. */
  history: RotationRecord[];
}

export interface PortTraffic {
  /** GB a day, on average; null is what the config says. */
  perDayGB: number | null;
  /** It is counted up to here. */
  until: number;
  /** GB that control set, of no day: each period has them. */
  undatedGB: number;
  /** GB by UTC day, "2026-01-15", of the last 91 days. */
  byDay: Record<string, number>;
}

export interface Port {
  id: string;
  accountId: string;
  number: number;
  name: string;
  originalName: string;
  slotType: SlotType;
  httpPort: number;
  socksPort: number;
  serverIp: string;
  proxyLogin: string;
  proxyPassword: string;
  osFingerprint: string;
  suspended: boolean;
  createdAt: number;
  updatedAt: number;
  expiresAt: number;
  rotationToken: string;
  rotation: PortRotation;
  device: Device;
  publicIp: string;
  /** A private port in airplane mode: its next address, and when it has it. */
  nextIp: { ip: string; at: number } | null;
  /** Since it was bought. */
  usedGB: number;
  traffic: PortTraffic;
  /** Fields set through control to what no rule would make them. */
  overrides: Record<string, unknown>;
}

export type Actor = "api" | "control" | "clock";

/** One line of the ledger: what was bought, for whom, and how it ended. */
export interface Purchase {
  portId: string;
  account: string;
  boughtAt: string;
  boughtBy: Actor;
  /** Name of the key, never the key. */
  keyName?: string;
  requestId?: string;
  idempotencyKey?: string;
  order: { country: string; carrier: string; slotType: SlotType; leaseSeconds: number };
  deletedAt?: string;
  deletedBy?: Actor;
}

export interface Ticket {
  id: string;
  accountId: string;
  subject: string;
  message: string;
  category: string;
  priority: string;
  status: "open" | "closed";
  createdAt: number;
  updatedAt: number;
  replies: { id: string; message: string; isFromSupport: boolean; createdAt: number }[];
}

export interface CryptoOrder {
  id: string;
  number: number;
  accountId: string;
  amount: number;
  currency: string;
  status: "new" | "pending" | "confirming" | "paid" | "invalid" | "expired" | "canceled";
  createdAt: number;
  paidAt?: number;
}
