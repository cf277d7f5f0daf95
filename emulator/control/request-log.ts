import { redactBody, redactPath } from "./redaction";

export interface LoggedRequest {
  /** The emulator's clock, ISO. */
  time: string;
  method: string;
  /** As sent, a rotation token masked, without the query. */
  path: string;
  /** Pattern of the route, e.g. /ports/:id; absent when there was none. */
  route?: string;
  query: Record<string, string>;
  /** 0 when the connection was cut or left hanging. */
  status: number;
  requestId: string;
  /** Name of the key, never the key. */
  keyName?: string;
  idempotencyKey?: string;
  /** The JSON body, every secret masked. */
  body?: unknown;
  /** A fault struck. */
  fault?: true;
}

const MOST = 20_000;

/** What was asked, without a secret. Older entries are dropped. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  /** Grows with each request, and with a clearing. */
  revision = 0;

  add(entry: LoggedRequest): void {
    this.revision++;
    const { body, ...rest } = entry;
    const logged: LoggedRequest = { ...rest, path: redactPath(entry.path) };
    if (body !== undefined) logged.body = redactBody(body);
    this.entries.push(logged);
    if (this.entries.length > MOST + 1_000) this.entries = this.entries.slice(-MOST);
  }

  list(): LoggedRequest[] {
    return structuredClone(this.entries);
  }

  /** The last ones, newest first. */
  last(count: number): LoggedRequest[] {
    return structuredClone(this.entries.slice(-count)).reverse();
  }

  clear(): void {
    this.revision++;
    this.entries = [];
  }
}
