/**
 * `npm run year [-- --days N --every 6h --seed S --size N --slots N --disturbed PERCENT --refresh]`: a fleet on the
 * real engine through a year of the emulator's clock, a tenth of its runs broken by faults and kills; then the
 * emulator's ledger is asked. As many slots as members: no free one.
 */
import { parseArgs } from "node:util";
import { parseDuration } from "../../domain/duration";
import { Dice } from "../chaos/dice";
import { table } from "../markdown";
import { Account } from "./account";
import { type Disturbance, randomDisturbance } from "./disturbances";
import { boundOf, YearFleet, type YearPlan } from "./fleet";
import { membersOf } from "./members";

/** The fleet's leases are made to survive so many failed runs in a row. */
const FAILED_IN_A_ROW = 2;
const PROGRESS_EVERY = 10;

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "365" },
    every: { type: "string", default: "1d" },
    seed: { type: "string", default: "1" },
    size: { type: "string", default: "20" },
    slots: { type: "string" },
    /** Percent of the runs to which something is done. */
    disturbed: { type: "string", default: "10" },
    refresh: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const size = whole("size", values.size);
  const everySeconds = parseDuration(values.every) ?? 86_400;
  const slots = whole("slots", values.slots ?? String(size + 1));
  const plan = { size, slots, everySeconds, seed: whole("seed", values.seed) };
  const runs = Math.round((whole("days", values.days) * 86_400) / everySeconds);
  const fleet = await YearFleet.open(plan);
  try {
    const { rows, broken } = await live(fleet, plan, runs);
    console.log(`\n${table([`${values.days} days, every ${values.every}, seed ${plan.seed}`, ""], rows)}`);
    console.log(broken.length === 0 ? "\nkept" : `\nBROKEN:\n${broken.join("\n")}`);
    process.exitCode = broken.length === 0 ? 0 : 1;
  } finally {
    await fleet.close();
  }
}

/** The first run, one after each pause, and a last one in peace. */
async function live(fleet: YearFleet, plan: YearPlan, runs: number): Promise<ReturnType<Account["close"]>> {
  const { control } = fleet.project.emulator;
  const dice = new Dice(plan.seed);
  const holdMs = 2 * plan.everySeconds * 1_000;
  const account = new Account({ size: plan.size, slots: plan.slots, bound: boundOf(plan), holdMs });
  const strikes: Record<string, number> = {};
  const broken: string[] = [];
  const now = (): number => control.clock.now().getTime();
  const first = now();
  const begun = performance.now();
  let failedInARow = 0;
  const waiting: Disturbance[] = [];
  for (let index = 0; index <= runs; index += 1) {
    if (index > 0) control.clock.set(first + index * plan.everySeconds * 1_000);
    const before = account.without(control.ports(), now());
    if (before.length > 0 && !account.runs.at(-1)?.disturbed)
      broken.push(`before run ${index} the state names ports that do not serve: ${before.join(", ")}`);
    if (dice.chance(whole("disturbed", values.disturbed) / 100)) waiting.push(randomDisturbance(dice));
    const isCalm = index === 0 || index === runs || failedInARow >= FAILED_IN_A_ROW;
    const disturbance = isCalm ? undefined : waiting[0];
    const from = now();
    const { code, output, struck } = await fleet.up(disturbance, values.refresh);
    if (disturbance && struck) {
      strikes[disturbance.kind] = (strikes[disturbance.kind] ?? 0) + 1;
      waiting.shift();
    } else if (disturbance) {
      disturbance.rule.after = 0; // what found nothing to strike waits for a run with more to do
    }
    if (code !== 0 && !struck) broken.push(`run ${index} failed:\n${output}`);
    failedInARow = code === 0 ? 0 : failedInARow + 1;
    account.ran({ from, to: now(), disturbed: struck, code }, membersOf(fleet.project));
    if (index % PROGRESS_EVERY === 0) {
      const seconds = ((performance.now() - begun) / 1_000 / (index + 1)).toFixed(1);
      const { length } = control.purchases();
      console.log(`run ${index} of ${runs}: ${length} purchases, ${sum(strikes)} disturbances, ${seconds} s a run`);
    }
  }
  const closed = account.close(control.purchases(), control.ports());
  const kinds = Object.entries(strikes).sort(([a], [b]) => a.localeCompare(b));
  const rows = [...closed.rows, ...kinds.map(([kind, times]) => [kind, String(times)])];
  return { rows, broken: [...broken, ...closed.broken] };
}

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, one) => all + one, 0);

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} takes a whole number`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
