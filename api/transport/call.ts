/** Scopes of an API key: those of the vendor's page, and those that its MCP client names. */
export type Scope =
  | "ports:read"
  | "ports:write"
  | "ports:rotate"
  | "billing:read"
  | "traffic:read"
  | "account:read"
  | "billing:write"
  | "tickets:read"
  | "tickets:write";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request to the vendor, before any transport is chosen. */
export interface Call {
  method: Method;
  /** The path with its values left out, e.g. `/ports/:id`: safe to print. */
  route: string;
  /** The escaped path. */
  path: string;
  /** The path is not under `/v1`. */
  outsideV1?: boolean;
  /**
   * What repeating it would do: `none` reads, `repeatable` writes the same thing again,
   * `once` acts again (a second port, a second rotation).
   */
  effect: "none" | "repeatable" | "once";
  /** The scope that the key needs. */
  scope?: Scope;
  query?: Record<string, string | number | boolean | undefined>;
  body?: Record<string, unknown>;
  idempotencyKey?: string;
  /** Sent besides those of every call. */
  headers?: Record<string, string>;
  /** Statuses besides 2xx that are answers and no failures, such as 402 with its terms. */
  answers?: readonly number[];
  /** Money may move with it: unless the answer is what was bought, it may have been paid. */
  isPayment?: boolean;
  /** The endpoint takes no key, so none is sent. */
  withoutKey?: boolean;
  /** A body that is no JSON is accepted, as `undefined`. */
  anyBody?: boolean;
  /** A 429 may be the cooldown of this one port, so it holds back no other call. */
  hasCooldown?: boolean;
  /** Values of this request that no message may repeat. */
  secrets?: readonly string[];
}

/** What came back, of any status. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
}

/** X-Request-ID: on every answer (pool-starter docs; the emulator too). */
export function requestIdOf(answer: Answer): string | undefined {
  const id = answer.headers["x-request-id"];
  return id !== undefined && /^[\x21-\x7e]{1,100}$/.test(id) ? id : undefined;
}

/** One try, given the time that it may take. */
export type Attempt = (call: Call, timeoutMs: number) => Promise<Answer>;

/** A call with all its tries. */
export type Send = (call: Call) => Promise<Answer>;
