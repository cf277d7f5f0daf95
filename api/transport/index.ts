/**
 * How a call reaches the vendor and comes back: connections, errors, retries, the queue. It knows no endpoint and no
 * schema. May import text/, axios, socks and proxy-from-env; nothing else of api/.
 */
import { AuthFailureCache } from "./auth-failures";
import { type Send } from "./call";
import { type Clock, serverClock } from "./clock";
import { withErrors } from "./failures";
import { type ResolvedOptions } from "./options";
import { Queue } from "./queue";
import { withRetry } from "./retry";
import { axiosSender } from "./sender";

export interface Transport {
  send: Send;
  clock: Clock;
  /** Closes the connections; calls in flight still get their answer. */
  close(): void;
}

/** The steps of a call, from the network outwards. */
export function createTransport(options: ResolvedOptions): Transport {
  const clock = serverClock(options.now);
  const wire = axiosSender(options);
  const { host } = new URL(options.apiUrl);
  const attempt = withErrors(wire.send, options.apiKey, host, clock); // a 4xx, a 5xx or a cut connection: an ApiError
  const authFailures = new AuthFailureCache(); // a key that is refused is not sent again
  const queue = new Queue(options, (call) => authFailures.find(call)); // one for all calls
  const send = withRetry(authFailures.remembering(attempt), queue, options); // each attempt in its turn, if it is safe
  return { send, clock, close: () => wire.close() };
}
