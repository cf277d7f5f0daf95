import { ApiError } from "./errors";

/** Where the vendor's API lives (vendor page, "Base URL"), without its `/v1`. */
export const DEFAULT_API_URL = "https://api.proxies.sx";

const LONGEST_URL = 2_000;

/** How to reach the API. Only `apiKey` is needed. */
export interface ApiOptions {
  /**
   * Key from the vendor's dashboard, "psx_…", or the access token that `signIn` gives. Never printed, never sent over
   * plain http except to loopback.
   */
  apiKey: string | AccessToken;
  /** Base URL; a trailing slash and a trailing /v1 are accepted. @default "https://api.proxies.sx" */
  apiUrl?: string;
  /** Milliseconds that one try may take, the whole body included. @default 30000 */
  timeoutMs?: number;
  /** Milliseconds that a call may take with all its tries, from when it leaves the queue. @default 120000 */
  deadlineMs?: number;
  /** Milliseconds that a call may wait in the queue for its first try. @default 900000 */
  queueMs?: number;
  /** Calls in flight at most, fewer after a 429; more wait in order. @default 16 */
  maxConcurrent?: number;
  /** Bytes of an answer at most, unpacked. @default 33554432 (32 MiB) */
  maxBodyBytes?: number;
  /** @default "pulumi-proxies-sx" */
  userAgent?: string;
  /** PEM of the certificate authorities to trust in place of Node's own. For tests; others set NODE_EXTRA_CA_CERTS. */
  ca?: string;
  /** Reported once each of what is odd but harmless, such as an unknown status of a port. Never holds a secret. */
  onNotice?: (text: string) => void;
  /**
   * Ends all waits once it is aborted: a call whose turn has not come is not sent, and none is sent again. What was sent
   * gets its answer.
   */
  signal?: AbortSignal;
  /**
   * Whether a call completes what was begun, so that it waits also where `signal` is aborted. Asked as it is made.
   * @default none does
   */
  isOwed?: () => boolean;
  /**
   * Whether the caller still waits for its answer. Asked as a call that changes something is about to be sent, each time:
   * it is not where nobody does. @default it does
   */
  isHeard?: () => Promise<boolean>;
  /** Clock for deadlines and server time, in ms; only differences count. For tests. @default performance.now */
  now?: () => number;
  /** Ends early when `signal` is aborted. For tests. @default setTimeout */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ random < 1, for the jitter of waits. For tests. @default Math.random */
  random?: () => number;
}

/** What `signIn` gives in the place of a key: it stands for the user, with all that the user may do. */
export interface AccessToken {
  accessToken: string;
}

/** The options with every default filled in and every rule checked. */
export type ResolvedOptions = Required<Omit<ApiOptions, "ca" | "apiKey" | "signal" | "isHeard">> &
  Pick<ApiOptions, "ca" | "signal" | "isHeard"> & {
    /** The key or the access token; "" without either. */
    apiKey: string;
    /** Names the client to the vendor. */
    identity: Record<string, string>;
  };

/** How to reach what is open to all: no key, and else the same. */
export type KeylessOptions = Omit<ApiOptions, "apiKey">;

/** Fills in the defaults and throws an ApiError "invalid_input" for what cannot work. */
export function resolveOptions(options: ApiOptions): ResolvedOptions {
  const { apiKey } = options;
  const isToken = typeof apiKey === "object" && apiKey !== null;
  const problem = isToken ? checkToken(apiKey.accessToken) : checkApiKey(apiKey);
  if (problem) throw new ApiError({ code: "invalid_input", reason: problem });
  return isToken
    ? { ...resolveKeyless(options), apiKey: apiKey.accessToken, identity: authorized(apiKey) }
    : { ...resolveKeyless(options), apiKey, identity: { "X-API-Key": apiKey } };
}

/** The same for a client that has no key. */
export function resolveKeyless(options: KeylessOptions): ResolvedOptions {
  return {
    apiKey: "",
    identity: {},
    apiUrl: normaliseApiUrl(options.apiUrl ?? DEFAULT_API_URL),
    timeoutMs: positive("timeoutMs", options.timeoutMs ?? 30_000),
    deadlineMs: positive("deadlineMs", options.deadlineMs ?? 120_000),
    queueMs: positive("queueMs", options.queueMs ?? 900_000),
    maxConcurrent: positive("maxConcurrent", options.maxConcurrent ?? 16),
    maxBodyBytes: positive("maxBodyBytes", options.maxBodyBytes ?? 32 * 1024 * 1024),
    userAgent: asHeader("userAgent", options.userAgent ?? "pulumi-proxies-sx"),
    ca: options.ca,
    onNotice: options.onNotice ?? (() => {}),
    signal: options.signal,
    isOwed: options.isOwed ?? (() => false),
    isHeard: options.isHeard,
    now: options.now ?? (() => performance.now()),
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
  };
}

/**
 * Checks the form of a key. Undefined when it is fine, else one line with the rule that it breaks, never the key.
 * The vendor's page says no more than that a key starts with "psx_"; the rest is what an HTTP header can carry.
 */
export function checkApiKey(key: unknown): string | undefined {
  if (key === undefined || key === null || key === "") return "the API key is missing";
  if (typeof key !== "string") return "the API key must be a string";
  if (/\s/.test(key)) return "the API key must not contain white space (also not at its ends)";
  if (!/^[\x21-\x7e]+$/.test(key)) return "the API key must consist of printable ASCII characters";
  if (!key.startsWith("psx_")) return 'the API key must start with "psx_"';
  if (key.length < 8 || key.length > 512) return "the API key must have 8 to 512 characters";
  return undefined;
}

const authorized = ({ accessToken }: AccessToken) => ({ Authorization: `Bearer ${accessToken}` });

const checkToken = (token: unknown): string | undefined =>
  typeof token === "string" && /^[\x21-\x7e]{8,8192}$/.test(token)
    ? undefined
    : "the access token must have 8 to 8192 printable ASCII characters without white space";

/**
 * The base URL without trailing slashes and without `/v1`. Throws an ApiError "invalid_input" unless it is https, or
 * http to a loopback address (localhost, 127.0.0.0/8, [::1]), without credentials, query or fragment.
 */
export function normaliseApiUrl(url: string): string {
  if (typeof url === "string" && url.length > LONGEST_URL) throw badUrl(`it is longer than ${LONGEST_URL} characters`);
  const parsed = typeof url === "string" && URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
  if (!parsed) throw badUrl("it must be a URL such as https://api.proxies.sx");
  if (parsed.username || parsed.password) throw badUrl("it must not contain credentials");
  if (parsed.search || parsed.hash) throw badUrl("it must not contain a query or a fragment");
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") throw badUrl("it must start with https://");
  if (parsed.protocol === "http:" && !isLoopback(parsed.hostname)) {
    throw badUrl("HTTP is allowed for localhost only, since the key would be sent unencrypted; use https://");
  }
  const path = parsed.pathname.split("/");
  while (/^(v1)?$/i.test(path.at(-1) ?? "none")) path.pop();
  return parsed.origin + path.join("/");
}

/** Is it this machine, whatever DNS says? `hostname` as the URL class writes it. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function badUrl(rule: string): ApiError {
  return new ApiError({ code: "invalid_input", reason: `the API URL is not usable: ${rule}` });
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ApiError({ code: "invalid_input", reason: `${name} must be a number above 0` });
}

function asHeader(name: string, value: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw new ApiError({ code: "invalid_input", reason: `${name} must consist of printable ASCII characters` });
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end); // it may outlive many waits
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
