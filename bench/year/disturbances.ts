import { type FaultRule } from "../../emulator";
import { type Dice } from "../chaos/dice";
import { type Kill, randomKill } from "../chaos/kills";

/** What goes wrong in a run. A kill is a fault that holds a call, and then somebody dies. */
export interface Disturbance {
  kind: string;
  rule: FaultRule;
  kill?: Kill;
}

const order = { method: "POST", path: "/ports" };
const write = { method: "PATCH", path: "/ports/**" };

/** Faults of the vendor; most of them are no use to try again. */
const FAULTS: [string, (dice: Dice) => FaultRule][] = [
  ["orders refused", () => ({ ...order, status: 403 })],
  ["orders refused from the second on", () => ({ ...order, status: 403, after: 1 })],
  ["order carried out, answer lost", () => ({ ...order, cut: "after", times: 1 })],
  ["order not carried out, answer lost", () => ({ ...order, cut: "before", times: 1 })],
  ["settings refused", (dice) => ({ ...write, status: 422, after: dice.integer(0, 2) })],
  ["releases refused", () => ({ method: "DELETE", path: "/ports/*", status: 409 })],
  ["key refused", (dice) => ({ path: "**", status: 401, after: dice.integer(1, 8) })],
  ["limit of calls", () => ({ path: "**", status: 429, retryAfter: 1, after: 2, times: 5 })],
];

export function randomDisturbance(dice: Dice): Disturbance {
  if (dice.chance(0.5)) {
    const kill = randomKill(dice);
    return { kind: `kill: ${kill.who}, ${kill.moment}`, rule: kill.rule, kill };
  }
  const [kind, make] = dice.pick(FAULTS);
  return { kind: `fault: ${kind}`, rule: make(dice) };
}
