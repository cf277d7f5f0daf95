/**
 * Typed client of the proxies.sx REST API.
 *
 * ```ts
 * const api = createApi({ apiKey: process.env.PROXIES_API_KEY! });
 * const ports = await api.ports.list();
 * api.close();
 * ```
 * @module
 */
import { accountApi, type AccountApi } from "./account";
import { billingApi, type BillingApi } from "./billing";
import { coingateApi, type CryptoPaymentsApi } from "./coingate";
import { createHttp } from "./http";
import { type ApiOptions, resolveOptions } from "./transport/options";
import { portsApi, type PortsApi } from "./ports";
import { referenceApi, type ReferenceApi } from "./reference";
import { rotationApi, type RotationApi } from "./rotation";
import { ticketsApi, type TicketsApi } from "./tickets";

/** All that the vendor offers to an account. All methods reject with an ApiError and nothing else. */
export interface Api {
  ports: PortsApi;
  rotation: RotationApi;
  reference: ReferenceApi;
  account: AccountApi;
  billing: BillingApi;
  cryptoPayments: CryptoPaymentsApi;
  tickets: TicketsApi;
  /**
   * The vendor's clock, epoch ms: the Date header of the last answer plus the time since, to the second. Undefined
   * before the first answer.
   */
  serverNow(): number | undefined;
  /** Keeps no connection open any longer; calls in flight still get their answer. */
  close(): void;
}

/** Makes a client. Throws an ApiError "invalid_input" when an option cannot work; nothing is sent yet. */
export function createApi(options: ApiOptions): Api {
  const http = createHttp(resolveOptions(options));
  const ports = portsApi(http);
  return {
    ports,
    rotation: rotationApi(http, ports),
    reference: referenceApi(http),
    account: accountApi(http),
    billing: billingApi(http),
    cryptoPayments: coingateApi(http),
    tickets: ticketsApi(http),
    serverNow: () => http.clock.serverNow(),
    close: () => http.close(),
  };
}

export type {
  Account,
  AccountApi,
  AccountSummary,
  AccountUsage,
  Alert,
  Slots,
  Subscription,
  Traffic,
  UsageOfType,
} from "./account";
export type { BalanceBreakdown, BillingApi, BillingPurchase, Price, Pricing } from "./billing";
export { type CryptoPayment, type CryptoPaymentInfo, type CryptoPaymentsApi, PAYMENT_AMOUNT } from "./coingate";
export type { Method } from "./transport/call";
export { ApiError, type ErrorCode, type ErrorFacts, isApiError, type Sent } from "./transport/errors";
export {
  type AccessToken,
  type ApiOptions,
  checkApiKey,
  DEFAULT_API_URL,
  isLoopback,
  normaliseApiUrl,
} from "./transport/options";
export { type SignedIn, signIn, type SignInOptions } from "./login";
export { PORT_STATUSES } from "./port";
export type { Named, Port, PortCarrier, PortCountry } from "./port";
export type { OsFingerprint, PingResult, PortIp, PortStatus, SpeedTest } from "./port-checks";
export type { PortCredentials, PortFilter, PortOrder, PortPlace, PortsApi } from "./ports";
export type { Area, Carrier, Country, DeviceFilter, ReferenceApi, Tariff } from "./reference";
export type { CanRotate, NewRotationSettings, RotateResult, RotationApi } from "./rotation";
export type { RotationHistory, RotationRecord } from "./rotation-history";
export type { RotationSettings } from "./rotation-settings";
export {
  type NewTicket,
  type Ticket,
  TICKET_CATEGORIES,
  TICKET_PRIORITIES,
  TICKET_TEXT,
  type TicketsApi,
} from "./tickets";
export * from "./x402";
export type { KeylessOptions } from "./transport/options";
