import { formsOf, isSecretName, MASK, redactBody, redactText } from "./redaction";

export interface LoggedRequest {
  /** The emulator's clock, ISO. */
  time: string;
  method: string;
  /** As sent, secrets masked, without the query. */
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
  /** The JSON body, every secret masked; what is longer than 8,000 letters is left out. */
  body?: unknown;
  /** A fault struck. */
  fault?: true;
}

const MOST = 20_000;
/** Of all entries together, in letters. */
const MOST_LETTERS = 32_000_000;
const LONGEST_BODY = 8_000;
const LONGEST_TEXT = 500;
const MOST_PARAMETERS = 50;

/** What was asked, without a secret. Older entries are dropped. */
export class RequestLog {
  private entries: { logged: LoggedRequest; letters: number }[] = [];
  private letters = 0;
  /** Grows with each request, and with a clearing. */
  revision = 0;

  /** @param sent key and token of the request, wherever else in it they stand. */
  add({ body, ...entry }: LoggedRequest, sent: readonly string[] = []): void {
    this.revision++;
    const secrets = sent.flatMap(formsOf);
    const short = (text: string) => cut(redactText(text, secrets));
    const logged: LoggedRequest = {
      ...entry,
      method: short(entry.method),
      path: short(entry.path),
      query: Object.fromEntries(
        Object.entries(entry.query)
          .slice(0, MOST_PARAMETERS)
          .map(([name, value]) => [short(name), isSecretName(name) ? MASK : short(value)]),
      ),
      ...(entry.keyName !== undefined && { keyName: short(entry.keyName) }),
      ...(entry.idempotencyKey !== undefined && { idempotencyKey: short(entry.idempotencyKey) }),
      ...(body !== undefined && { body: bounded(redactBody(body, secrets)) }),
    };
    const letters = JSON.stringify(logged).length;
    this.entries.push({ logged, letters });
    this.letters += letters;
    if (this.entries.length > MOST + 1_000 || this.letters > MOST_LETTERS) this.dropOldest();
  }

  list(): LoggedRequest[] {
    return this.entries.map(({ logged }) => structuredClone(logged));
  }

  /** The last ones, newest first. */
  last(count: number): LoggedRequest[] {
    return this.entries
      .slice(-count)
      .map(({ logged }) => structuredClone(logged))
      .reverse();
  }

  clear(): void {
    this.revision++;
    this.entries = [];
    this.letters = 0;
  }

  private dropOldest(): void {
    let from = Math.max(0, this.entries.length - MOST);
    let letters = this.entries.slice(from).reduce((sum, entry) => sum + entry.letters, 0);
    for (; letters > MOST_LETTERS / 2; from++) letters -= this.entries[from]?.letters ?? letters;
    this.entries = this.entries.slice(from);
    this.letters = letters;
  }
}

const cut = (text: string) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);

function bounded(body: unknown): unknown {
  const { length } = JSON.stringify(body);
  return length > LONGEST_BODY ? `[${length} letters]` : body;
}
