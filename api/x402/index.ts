/**
 * Proxies that a wallet pays for: no account and no key. The client, and what decides and signs a payment; what
 * remembers payments is the provider's.
 */
import { createHttp } from "../http";
import { type KeylessOptions, resolveKeyless } from "../transport/options";
import { catalogApi, type CatalogApi } from "./catalog";
import { manageApi, type ManageApi } from "./manage";
import { type Offered } from "./paying";
import { placesApi, type PlacesApi } from "./places";
import { type Proof } from "./proof";
import { type Bought, proxyApi, type ProxyOrder } from "./purchase";
import { sessionsApi, type SessionsApi } from "./sessions";

/** The vendor's x402 endpoints. No key is known here, so none is sent. All methods reject with an ApiError. */
export interface X402Api extends CatalogApi {
  /** Without a proof: its terms. Nothing is paid or bought by asking. */
  askProxy(order: ProxyOrder): Promise<Offered<Bought>>;
  /**
   * Buys with a proof of payment. Sent once: any answer but what was bought is an error with `maybeDone`, also a 402, as
   * money may have moved. The same proof again is never paid twice.
   */
  buyProxy(order: ProxyOrder, proof: Proof): Promise<Bought>;
  sessions: SessionsApi;
  manage: ManageApi;
  places: PlacesApi;
  /** The vendor's clock, epoch ms, as `Api.serverNow`. */
  serverNow(): number | undefined;
  /** Keeps no connection open any longer; calls in flight still get their answer. */
  close(): void;
}

/** Makes a client without a key. Throws an ApiError "invalid_input" when an option cannot work; nothing is sent yet. */
export function createX402Api(options: KeylessOptions = {}): X402Api {
  const http = createHttp(resolveKeyless(options));
  return {
    ...catalogApi(http),
    ...proxyApi(http),
    sessions: sessionsApi(http),
    manage: manageApi(http),
    places: placesApi(http),
    serverNow: () => http.clock.serverNow(),
    close: () => http.close(),
  };
}

export { type Authorization, digestOf, type Intent, type SignedAuthorization, signTransfer } from "./authorization";
export type {
  CatalogApi,
  X402Agent,
  X402Country,
  X402Health,
  X402Info,
  X402Price,
  X402Pricing,
  X402Rate,
  X402Size,
} from "./catalog";
export { type Agreement, checkTerms, checkTransfer, type PaymentRules, type Transfer } from "./check-terms";
export type { Addition, Credit, ManageApi, Replacement, ReplacementOrder } from "./manage";
export { compareUsdc, formatUsdc, type MicroUsdc, parseMicro, parseUsdc } from "./money";
export { type Network, type NetworkName, networkOf, NETWORKS, VENDOR_PAYEES } from "./networks";
export { derivedNonce, type PurchaseName } from "./nonce";
export type { Offered, Settlement } from "./paying";
export type { PlacesApi, PublicPlace } from "./places";
export { decodePayment, encodePayment, type Proof } from "./proof";
export type { Bought, ProxyOrder } from "./purchase";
export type { ProxyCredentials, Session, SessionPort } from "./session";
export type { SessionsApi } from "./sessions";
export type { Offer, OfferSource, Terms } from "./terms";
export type { ToppedUp, TopupPrice } from "./topup";
export { addressOfKey, checkWalletKey } from "./wallet";
export { type Block, type Chain, type ChainReceipt, createChain, type Use } from "./chain";
export { ChainError, checkRpcUrl, type RpcOptions, secretsOfUrl } from "./node";
