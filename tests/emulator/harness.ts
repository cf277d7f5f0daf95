import { createEmulator, type Emulator, type EmulatorOptions, type WirePort } from "../../emulator";

export const NOON = Date.parse("2026-01-15T12:00:00.000Z");
export const GERMANY = "69276bf1f547dfc948699263";
export const BRITAIN = "69276bf1f547dfc9486992b4";
export const VODAFONE = "69276bf5f547dfc94869f2dc";
export const O2 = "69276bf5f547dfc94869f2df";
export const NOBODY = "0123456789abcdef01234567";
export const DAY = 86_400;

export interface Reply<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

interface Given {
  body?: unknown;
  /** null sends none. */
  key?: string | null;
  headers?: Record<string, string>;
}

export interface World extends Emulator {
  call<T = Record<string, unknown>>(line: string, given?: Given): Promise<Reply<T>>;
  /** Buys a port through the API. */
  buy(order?: Record<string, unknown>): Promise<WirePort>;
}

/** An emulator without a socket whose clock stands at noon until it is moved. */
export function world(options: EmulatorOptions = {}): World {
  const emulator = createEmulator({ now: () => NOON, ...options });
  return withCalls(emulator, (path, init) => Promise.resolve(emulator.app.request(path, init)));
}

export function withCalls(emulator: Emulator, send: (path: string, init: RequestInit) => Promise<Response>): World {
  async function call<T>(line: string, { body, key = emulator.apiKey, headers }: Given = {}): Promise<Reply<T>> {
    const [method = "", path = ""] = line.split(" ");
    const response = await send(path, {
      method,
      headers: { "Content-Type": "application/json", ...(key !== null && { "X-API-Key": key }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? parse(text) : undefined) as T };
  }
  const buy = async (order: Record<string, unknown> = {}) => {
    const bought = await call<WirePort>("POST /v1/ports", {
      body: { countryId: GERMANY, expiresAt: 30 * DAY, ...order },
    });
    if (bought.status !== 201) throw new Error(`not bought: ${bought.status} ${JSON.stringify(bought.body)}`);
    return bought.body;
  };
  return Object.assign(emulator, { call, buy });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
