import { type Api, type X402Api } from "../api";
import { type Journal } from "../provider/purchase/journal";
import { type Purchases } from "../provider/purchase/purchases";
import { type WalletSession } from "../provider/run/wallet-session";
import { type SnapshotOptions } from "../report/snapshot";
import { type Redactor } from "../text";
import { type Group } from "./tool";

/** What a server may do, as it was started. */
export interface Limits {
  allow: ReadonlySet<Group>;
  /** US dollars, or USDC, that all calls may spend together. */
  maxSpend?: number;
  /** Ports that agents may have at once. */
  maxPorts?: number;
  showSecrets: boolean;
}

/** All that tools have around them. */
export interface Around {
  limits: Limits;
  /** Cuts the keys out of what leaves. */
  redactor: Redactor;
  /** The client of the account. @throws where there is no key, with what to do */
  api: () => Api;
  /** Makes the next call ask by a new client: one whose key was refused asks no more. */
  renew: () => void;
  x402: X402Api;
  /** Base URL of the API. */
  apiUrl: string;
  /** Where this machine keeps what it knows of the account. */
  folder: string;
  /** What buys ports once, and what it writes down. New ones for each order: they remember what they saw. */
  buying: () => { purchases: Purchases; journal: Journal };
  /** What pays by the wallet. @throws where the settings are wrong */
  wallet: () => Promise<WalletSession>;
  stacks: Stacks;
  /** The folder in which programs are read for `propose_change`. */
  programs: string;
  snapshot: Pick<SnapshotOptions, "source" | "apiKey" | "managed">;
  /** A proxy as clients read it, by the client's name. */
  formats: (proxy: ProxyLogin) => Record<string, string>;
  /** For who started the server, never for the agent. */
  note: (text: string) => void;
}

export interface ProxyLogin {
  host: string;
  httpPort?: number;
  socksPort?: number;
  login: string;
  password: string;
}

/** The stacks that the server was started with. */
export interface Stacks {
  names: readonly string[];
  /** Reads their states anew. @throws where one cannot be read */
  read: () => Promise<States>;
  /** Live ports of the account that no state holds, as `proxies-sx orphans` tells them. */
  orphans: (api: Api) => Promise<Report>;
  /** What the next run does, as `proxies-sx plan` tells it. */
  plan: (stack: string | undefined, refresh: boolean) => Promise<Report>;
}

export interface States {
  /** What declares or names a port. */
  claimOn: (portId: string) => Claim | undefined;
  /** Stacks in which a run is buying ports, or broke off. */
  buying: readonly string[];
}

export interface Claim {
  stack: string;
  urn: string;
  /** The resource's name in its program. */
  name: string;
  /** "serving": clients use it now; "retiring": the old port of a renewal; "leaving": it is to be deleted; "named": settings of it, or a Port that is only read. */
  as: "serving" | "retiring" | "leaving" | "named";
  /** When a run first renews it, epoch ms. */
  renewAt?: number;
  /** From when on a run releases it, epoch ms. */
  releaseAt?: number;
}

export interface Report {
  text: string;
  data: Record<string, unknown>;
}
