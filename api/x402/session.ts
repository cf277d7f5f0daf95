import { type MicroUsdc } from "./money";

/** How to connect. */
export interface ProxyCredentials {
  host?: string;
  httpPort?: number;
  socksPort?: number;
  username?: string;
  password?: string;
  /** Epoch ms. */
  expiresAt?: number;
}

/** A port of a session, as its owner sees it. */
export interface SessionPort {
  id: string;
  displayName?: string;
  /** `http://user:password@host:port` */
  http?: string;
  socks5?: string;
  /** Epoch ms. */
  expiresAt?: number;
  expiresInSeconds?: number;
  rotationUrl?: string;
  /** "active", "suspended", "expired" */
  status?: string;
  usedBytes?: number;
  usedGB?: number;
}

/**
 * What a wallet bought. Sources have it in many forms, and none is complete: what a form leaves out is missing here.
 * Without its token a session may come without its credentials.
 */
export interface Session {
  id?: string;
  /** Whoever has it manages the session. */
  token?: string;
  /** "active", "suspended" (no traffic left), "expired" */
  status?: string;
  isActive?: boolean;
  /** "shared" or "private" */
  tier?: string;
  wallet?: string;
  /** "base", "base-sepolia", … */
  network?: string;
  /** Of the payment that bought it. */
  transactionHash?: string;
  paid?: MicroUsdc;
  allocatedGB?: number;
  usedGB?: number;
  remainingGB?: number;
  portCount?: number;
  /** Epoch ms. */
  createdAt?: number;
  /** Epoch ms. */
  expiresAt?: number;
  proxy?: ProxyCredentials;
  location?: { country?: string; countryCode?: string; city?: string; carrier?: string };
  rotationUrl?: string;
  rotationToken?: string;
  ports?: SessionPort[];
}
