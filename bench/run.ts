/**
 * `npm run bench`: jobs of stacks on the real engine, side by side with what one would use instead.
 *
 *   npm run bench -- --quick            everything once and small: does it run?
 *   npm run bench                       the cases of docs/performance.md (hours)
 *   npm run bench -- --ports 100 --latency 50 --limit 20 --rounds 3 --with ours,random --checkpoints-off \
 *     --jobs "first up,destroy"
 *   npm run bench -- --pairs            one Port against one RandomId: times, calls, bytes of state
 *   npm run bench -- --write            writes docs/performance.md and its plots from bench/results.json
 *
 * What was measured is kept in bench/results.json, except for --quick.
 */
import { parseArgs } from "node:util";
import { type Case, type Contender, CONTENDERS, JOBS, nameOf } from "./case";
import { type Life, medianLife } from "./figures";
import { pairs } from "./pairs";
import { keep, type Result, tables, write } from "./report";
import { scriptLife } from "./script-life";
import { stackLife } from "./stack-life";

/** Of docs/performance.md. Above 100 ports the engine's checkpoints take hours, for any provider. */
const CASES: Case[] = [
  { ports: 10, latencyMs: 0, limit: 0, rounds: 5, skipCheckpoints: false },
  { ports: 100, latencyMs: 0, limit: 0, rounds: 5, skipCheckpoints: false },
  { ports: 100, latencyMs: 50, limit: 0, rounds: 3, skipCheckpoints: false },
  { ports: 100, latencyMs: 200, limit: 0, rounds: 3, skipCheckpoints: false },
  { ports: 100, latencyMs: 50, limit: 20, rounds: 3, skipCheckpoints: false },
  { ports: 500, latencyMs: 0, limit: 0, rounds: 1, skipCheckpoints: false },
  { ports: 2_000, latencyMs: 0, limit: 0, rounds: 1, skipCheckpoints: true },
];
const PARALLEL = 16;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    pairs: { type: "boolean" },
    write: { type: "boolean" },
    ports: { type: "string" },
    latency: { type: "string", default: "0" },
    limit: { type: "string", default: "0" },
    rounds: { type: "string", default: "1" },
    with: { type: "string", default: CONTENDERS.join(",") },
    jobs: { type: "string", default: JOBS.join(",") },
    "checkpoints-off": { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  if (values.write) return write();
  const contenders = chosen("with", values.with, CONTENDERS);
  if (values.quick) {
    const small = { ports: 3, latencyMs: 0, limit: 0, rounds: 1, skipCheckpoints: false };
    const result = await measure(small, contenders);
    console.log(tables(result));
    return expectAllWell(result);
  }
  if (values.pairs) return pairs(300, 5);
  for (const one of casesAsked()) {
    const result = await measure(one, contenders);
    keep(result);
    console.log(tables(result));
  }
}

function casesAsked(): Case[] {
  if (values.ports === undefined) return CASES;
  const whole = (text: string): number => {
    if (!/^\d+$/.test(text)) throw new Error(`${text} is not a whole number`);
    return Number(text);
  };
  return [
    {
      ports: whole(values.ports),
      latencyMs: whole(values.latency),
      limit: whole(values.limit),
      rounds: Math.max(1, whole(values.rounds)),
      skipCheckpoints: values["checkpoints-off"],
    },
  ];
}

/** Names of a list, parted by commas. */
function chosen<Name extends string>(option: string, text: string, names: readonly Name[]): Name[] {
  return text.split(",").map((name) => {
    const found = names.find((one) => one === name.trim());
    if (!found) throw new Error(`--${option} takes some of: ${names.join(", ")}`);
    return found;
  });
}

/** In turns, so that a noisy minute of the machine meets all. */
async function measure(which: Case, contenders: Contender[]): Promise<Result> {
  const lives = new Map(contenders.map((contender) => [contender, [] as Life[]]));
  for (let round = 1; round <= which.rounds; round += 1) {
    for (const contender of contenders) {
      const life = await lifeOf(contender, which);
      lives.get(contender)?.push(life);
      const first = life["first up"]?.seconds.toFixed(1);
      process.stderr.write(`${nameOf(which)}, round ${round} of ${which.rounds}: ${contender}, first up ${first} s\n`);
    }
  }
  const results = Object.fromEntries([...lives].map(([contender, all]) => [contender, medianLife(all)]));
  return { case: which, at: new Date().toISOString(), contenders: results };
}

function lifeOf(contender: Contender, which: Case): Promise<Life> {
  if (contender === "script") return scriptLife(which, PARALLEL);
  if (contender === "one by one") return scriptLife(which, 1);
  return stackLife(contender, which, chosen("jobs", values.jobs, JOBS));
}

/** The storm is what a contender without retries does not get through. */
function expectAllWell({ contenders }: Result): void {
  for (const [contender, life] of Object.entries(contenders)) {
    for (const [job, { failed }] of Object.entries(life)) {
      if (!failed || (contender !== "ours" && job === "up in a storm of 429")) continue;
      throw new Error(`${contender}: ${job} failed`);
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
