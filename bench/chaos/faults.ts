import { type FaultRule } from "../../emulator";
import { type Dice } from "./dice";

/** A fault, and what the summary calls it. */
export interface Fault {
  kind: string;
  rule: FaultRule;
}

const HTML = "<html><body>502 Bad Gateway</body></html>";

/** Ways to go wrong, and how often each is picked. A hang costs the client's 30 seconds, so it is rare. */
const WAYS: [string, number, (dice: Dice) => FaultRule][] = [
  ["cut before commit", 4, () => ({ cut: "before" })],
  ["cut after commit", 4, () => ({ cut: "after" })],
  ["truncated JSON", 3, () => ({ truncate: true })],
  ["502 HTML", 3, () => ({ status: 502, body: HTML })],
  ["502 HTML after commit", 3, () => ({ status: 502, body: HTML, commit: true })],
  ["429 with Retry-After", 3, () => ({ status: 429, retryAfter: 1 })],
  ["429 without Retry-After", 2, () => ({ status: 429 })],
  ["latency", 4, (dice) => ({ latencyMs: dice.integer(200, 1_500) })],
  ["hang before commit", 0.3, () => ({ hang: "before", times: 1 })],
  ["hang after commit", 0.3, () => ({ hang: "after", times: 1 })],
];

const CALLS: [string, number, Pick<FaultRule, "method" | "path">][] = [
  ["order", 5, { method: "POST", path: "/ports" }],
  ["write", 3, { method: "PATCH", path: "/ports/**" }],
  ["delete", 1, { method: "DELETE", path: "/ports/*" }],
  ["list", 1, { method: "GET", path: "/ports" }],
  ["read", 1, { method: "GET", path: "/ports/*" }],
];

export function randomFault(dice: Dice): Fault {
  if (dice.chance(0.08))
    return { kind: "404 on read", rule: { method: "GET", path: "/ports/*", status: 404, times: dice.integer(1, 2) } };
  const [call, , where] = weighted(dice, CALLS);
  const [way, , make] = weighted(dice, WAYS);
  const rule = { ...where, after: dice.integer(0, 3), times: dice.integer(1, 3), ...make(dice) };
  return { kind: `${way} on ${call}`, rule };
}

function weighted<T extends [string, number, unknown]>(dice: Dice, all: T[]): T {
  const steps = all.flatMap((one) => Array.from({ length: Math.round(one[1] * 10) }, () => one));
  return dice.pick(steps);
}
