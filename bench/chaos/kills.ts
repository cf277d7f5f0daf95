import { type FaultRule } from "../../emulator";
import { type Dice } from "./dice";
import { below, isEngine, isProvider } from "./processes";

export const VICTIMS = ["provider", "CLI", "both", "interrupt"] as const;
const MOMENTS = ["before", "after", "slow", "answered"] as const;

/** Who is killed at which call: the call is held by a fault of its own, so that the moment is the same in a replay. */
export interface Kill {
  who: (typeof VICTIMS)[number];
  moment: (typeof MOMENTS)[number];
  rule: FaultRule;
  delayMs: number;
}

const CALLS: Pick<FaultRule, "method" | "path">[] = [
  { method: "POST", path: "/ports" },
  { method: "POST", path: "/ports" },
  { method: "PATCH", path: "/ports/**" },
  { path: "**" },
];

export function randomKill(dice: Dice): Kill {
  const who = dice.pick(VICTIMS);
  const wanted = dice.pick(MOMENTS);
  // Where the provider lives on, a hang would only cost its 30 seconds.
  const hangs = who === "provider" || who === "both";
  const moment = !hangs && (wanted === "before" || wanted === "after") ? "slow" : wanted;
  const call = dice.pick(CALLS);
  const hold: FaultRule =
    moment === "answered" ? { headers: {} } : moment === "slow" ? { latencyMs: 1_500 } : { hang: moment };
  const after = dice.integer(0, call.path === "**" ? 20 : 3);
  const delayMs = moment === "answered" ? dice.integer(0, 200) : dice.integer(0, 50);
  return { who, moment, rule: { ...call, after, times: 1, ...hold }, delayMs };
}

/** Ends what the kill names, at or below a process that the campaign started. Reports whether there was something to end. */
export function strikeDown(who: Kill["who"], started: number): boolean {
  const rows = below(started);
  const cli = rows.find(isEngine)?.pid ?? started;
  if (who === "interrupt") return send(cli, "SIGINT");
  // Two of them in a run that moves a stack from host to host.
  const providers = who === "CLI" ? [] : rows.filter(isProvider);
  const killed = providers.map(({ pid }) => send(pid, "SIGKILL")).some(Boolean);
  return who === "provider" ? killed : send(cli, "SIGKILL");
}

function send(pid: number, signal: "SIGINT" | "SIGKILL"): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
