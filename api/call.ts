/** Scopes of an API key. The vendor's page lists the first six; `billing:write` is known from its MCP server. */
export type Scope =
  "ports:read" | "ports:write" | "ports:rotate" | "billing:read" | "traffic:read" | "account:read" | "billing:write";

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
  /** The endpoint takes no key, so none is sent. */
  withoutKey?: boolean;
  /** A body that is no JSON is accepted, as `undefined`. */
  anyBody?: boolean;
  /** Values of this request that no message may repeat. */
  secrets?: readonly string[];
}

/** What came back, of any status. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
}

/** One try, given the time that it may take. */
export type Try = (call: Call, timeoutMs: number) => Promise<Answer>;

/** A call with all its tries. */
export type Send = (call: Call) => Promise<Answer>;
