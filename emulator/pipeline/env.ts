import { type IncomingMessage } from "node:http";

/** What the steps of one request hand on to each other. */
export interface Env {
  /** Absent when the app is called in process. */
  Bindings: { incoming?: IncomingMessage };
  Variables: {
    requestId: string;
    /** Pattern of the route. */
    route: string;
    keyName: string;
    body: unknown;
    fault: boolean;
    /** No answer reaches the caller. */
    lost: boolean;
  };
}

/** Paths with and without /v1, once or twice, are one: the vendor's own client sends all three (M). */
export function apiPath(url: string): string {
  return new URL(url).pathname.replace(/^(\/v1)+(?=\/|$)/, "") || "/";
}
