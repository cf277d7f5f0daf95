/** The vendor's clock as its answers report it: the machine's own may be wrong, and leases end by the vendor's. */
export interface Clock {
  /** Takes in an answer's Date header. */
  observe(date: string | undefined): void;
  /** Epoch ms at the vendor, to the second (a Date header has no more); undefined before the first answer. */
  serverNow(): number | undefined;
}

export function serverClock(now: () => number): Clock {
  let last: { date: number; at: number } | undefined;
  return {
    observe(text) {
      const date = Date.parse(text ?? "");
      if (!Number.isNaN(date)) last = { date, at: now() };
    },
    serverNow: () => last && last.date + (now() - last.at),
  };
}

/** Rings after so many ms unless it is called off by what it returns. */
export type Alarm = (ms: number, ring: () => void) => () => void;

export const realAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, Math.min(ms, 2 ** 31 - 1));
  return () => clearTimeout(timer);
};
