import axios from "axios";
import { type Attempt, type Call } from "./call";
import { agentFor } from "./connection";
import { type ResolvedOptions } from "./options";

/** The wire: one HTTP exchange. Any status is an answer; a rejection is axios' own error and must go no further. */
export interface Sender {
  send: Attempt;
  /** Closes the idle connections now and each busy one when its answer is there: cut off, an order would be lost. */
  close(): void;
}

export function axiosSender(options: ResolvedOptions): Sender {
  // What acts once goes over a fresh connection: on a kept one, the server's closing it at the same moment would
  // look like a lost order.
  const kept = agentFor(options, true);
  const fresh = agentFor(options, false);
  const client = axios.create({
    responseType: "text",
    transformRequest: (body: unknown) => body,
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    maxRedirects: 0, // a redirect would take the key along
    maxContentLength: options.maxBodyBytes,
    decompress: true,
    proxy: false, // the agents see to it
  });

  return {
    async send(call, timeoutMs) {
      const agent = call.effect === "once" ? fresh : kept;
      const alarm = new AbortController(); // bounds the whole exchange, a dripping body too
      const timer = setTimeout(() => alarm.abort(), timeoutMs);
      try {
        const { status, headers, data } = await client.request<string>({
          url: urlOf(options.apiUrl, call),
          method: call.method,
          headers: headersOf(options, call),
          data: call.body && JSON.stringify(call.body),
          signal: alarm.signal,
          httpAgent: agent,
          httpsAgent: agent,
        });
        return { status, headers: headers as Record<string, string | undefined>, text: data ?? "" };
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      kept.maxFreeSockets = 0;
      for (const sockets of Object.values(kept.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    },
  };
}

function urlOf(apiUrl: string, call: Call): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `${apiUrl}${call.outsideV1 ? "" : "/v1"}${call.path}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

function headersOf(options: ResolvedOptions, call: Call): Record<string, string | false> {
  return {
    Accept: "application/json",
    "User-Agent": options.userAgent,
    ...(call.withoutKey ? {} : options.identity),
    "Content-Type": call.body ? "application/json" : false, // else axios calls an empty POST a form
    ...(call.idempotencyKey ? { "Idempotency-Key": call.idempotencyKey } : {}),
    ...call.headers,
  };
}
