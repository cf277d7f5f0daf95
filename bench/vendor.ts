import { type startEmulator } from "../emulator";
import { type Control } from "../emulator";
import { type Case } from "./case";

/** Room for all ports twice, as while leases are renewed. */
export function worldOf({
  ports,
  latencyMs,
  limit,
}: Pick<Case, "ports" | "latencyMs" | "limit">): Parameters<typeof startEmulator>[0] {
  return {
    config: {
      latencyMs,
      requestsPerSecond: limit,
      slots: { shared: 2 * ports + 10, private: 0 },
      devicesPerCarrier: { shared: 2 * ports + 10, private: 0 },
    },
  };
}

export function requestsIn(control: Control): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of control.requests()) {
    const route = `${method} ${path.replace(/[0-9a-f]{24}/, ":id")}`;
    counts[route] = (counts[route] ?? 0) + 1;
  }
  return counts;
}

const STORM_MS = 3_000;

/** From the first purchase on, everything is refused for three seconds. Call the answer to end it before its time. */
export function storm(control: Control): () => void {
  let end: NodeJS.Timeout | undefined;
  const watch = setInterval(() => {
    if (control.purchases().length === 0) return;
    clearInterval(watch);
    control.addFault({ status: 429, retryAfter: 1 });
    end = setTimeout(() => control.clearFaults(), STORM_MS);
  }, 5);
  return () => {
    clearInterval(watch);
    clearTimeout(end);
  };
}
