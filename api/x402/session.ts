import { type MicroUsdc } from "./money";

/** How to connect. */
export interface ProxyCredentials {
  /** Address to connect to. */
  host?: string;
  /** TCP port of the HTTP proxy. */
  httpPort?: number;
  /** TCP port of the SOCKS5 proxy. */
  socksPort?: number;
  /** Login of the proxy. */
  username?: string;
  /** Secret. */
  password?: string;
  /** Epoch ms. */
  expiresAt?: number;
}

/** A port of a session, as its owner sees it. */
export interface SessionPort {
  /** The vendor's id. */
  id: string;
  /** Name. */
  displayName?: string;
  /** Secret: `http://user:password@host:port` */
  http?: string;
  /** Secret: `socks5://user:password@host:port` */
  socks5?: string;
  /** Epoch ms. */
  expiresAt?: number;
  /** Seconds until its end. */
  expiresInSeconds?: number;
  /** Secret: whoever has it can rotate the port. */
  rotationUrl?: string;
  /** "active", "suspended", "expired" */
  status?: string;
  /** Traffic used, in bytes. */
  usedBytes?: number;
  /** Traffic used, in GB. */
  usedGB?: number;
}

/**
 * What a wallet bought. Sources have it in many forms, and none is complete: what a form leaves out is missing here.
 * Without its token a session may come without its credentials.
 */
export interface Session {
  /** The vendor's id. */
  id?: string;
  /** Secret: whoever has it manages the session. */
  token?: string;
  /** "active", "suspended" (no traffic left), "expired" */
  status?: string;
  /** Whether it serves. */
  isActive?: boolean;
  /** "shared" or "private" */
  tier?: string;
  /** Address of the wallet that paid. */
  wallet?: string;
  /** "base", "base-sepolia", … */
  network?: string;
  /** Of the payment that bought it. */
  transactionHash?: string;
  paid?: MicroUsdc;
  /** Traffic paid for, in GB. */
  allocatedGB?: number;
  /** Traffic used, in GB. */
  usedGB?: number;
  /** Traffic left, in GB. */
  remainingGB?: number;
  /** Number of ports. */
  portCount?: number;
  /** Epoch ms. */
  createdAt?: number;
  /** Epoch ms. */
  expiresAt?: number;
  /** How to connect. */
  proxy?: ProxyCredentials;
  /** Where its port is. */
  location?: {
    /** English name. */
    country?: string;
    /** ISO 3166-1 alpha-2 */
    countryCode?: string;
    /** City. */
    city?: string;
    /** Carrier. */
    carrier?: string;
  };
  /** Secret: whoever has it can rotate the port. */
  rotationUrl?: string;
  /** Secret: whoever has it can rotate the port. */
  rotationToken?: string;
  /** Its ports. */
  ports?: SessionPort[];
}
