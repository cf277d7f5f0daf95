/**
 * `npm run bench`: jobs of stacks on the real engine, side by side with what one would use instead.
 *
 *   npm run bench -- --quick            everything once and small: does it run?
 *   npm run bench                       the cases of docs/performance.md (hours)
 *   npm run bench -- --ports 100 --latency 50 --limit 20 --rounds 3 --with ours,plugin,random --checkpoints-off --cold \
 *     --jobs "first up,destroy"
 *   npm run bench -- --ports 100 --journal 50 --with ours,random --jobs "first up"
 *                                       a backend that takes journals, each answer 50 ms
 *   npm run bench -- --backends         states in a file, in PostgreSQL and in S3: 10, 100 and 500 ports
 *   npm run bench -- --backends --ports 500 --jobs "first up,refresh" --with PostgreSQL
 *                                       the same of one size, of some jobs and of one place
 *   npm run bench -- --parts            what the provider's own parts take: start, check, diff, lists
 *   npm run bench -- --profile --ports 500 --checkpoints-off
 *                                       where the CPU of program and provider goes, by package
 *   npm run bench -- --pairs            one Port against one RandomId: times, calls, bytes of state
 *   npm run bench -- --write            writes docs/performance.md and its plots from bench/results.json
 *
 * What was measured is kept in bench/results.json, except for --quick.
 */
import { parseArgs } from "node:util";
import { type BackendName, BACKENDS } from "../tests/engine/backend";
import { backendTimes } from "./backend-times";
import { type Case, type Contender, CONTENDERS, type Job, JOBS, nameOf, PARALLEL } from "./case";
import { type Life, medianLife } from "./figures";
import { pairs } from "./pairs";
import { parts } from "./parts";
import { profile } from "./profile";
import { keep, type Result, tables, write } from "./report";
import { scriptLife } from "./script-life";
import { stackLife } from "./stack-life";

const PLAIN: Case = { ports: 0, latencyMs: 0, limit: 0, rounds: 3, skipCheckpoints: false, cold: false };
const LIFE: Job[] = ["first up", "empty up", "refresh", "destroy"];
const WITH_CALLS: Job[] = ["first up", "refresh", "10 % changed", "destroy"];
const FIRST: Job[] = ["first up"];
const OURS: Contender[] = ["ours", "plugin", "random"];
const PROVIDERS: Contender[] = [...OURS, "naive"];

interface Planned {
  which: Case;
  contenders?: Contender[];
  jobs?: Job[];
}

/** Of docs/performance.md. Above 500 ports the engine's checkpoints take hours, for any provider. */
const PLAN: Planned[] = [
  { which: { ...PLAIN, ports: 10, rounds: 5 } },
  { which: { ...PLAIN, ports: 10, rounds: 5, cold: true }, contenders: PROVIDERS, jobs: LIFE },
  { which: { ...PLAIN, ports: 10, latencyMs: 50 }, jobs: WITH_CALLS },
  { which: { ...PLAIN, ports: 10, latencyMs: 200 }, jobs: WITH_CALLS },
  { which: { ...PLAIN, ports: 100, rounds: 5 } },
  { which: { ...PLAIN, ports: 100, latencyMs: 50 }, jobs: WITH_CALLS },
  { which: { ...PLAIN, ports: 100, latencyMs: 200 }, jobs: WITH_CALLS },
  { which: { ...PLAIN, ports: 100, latencyMs: 50, limit: 20 }, jobs: WITH_CALLS },
  { which: { ...PLAIN, ports: 100, skipCheckpoints: true }, contenders: PROVIDERS, jobs: LIFE },
  ...[0, 50].map((journalMs) => ({ which: { ...PLAIN, ports: 100, journalMs }, contenders: OURS, jobs: FIRST })),
  { which: { ...PLAIN, ports: 500, rounds: 1 }, contenders: OURS, jobs: LIFE },
  { which: { ...PLAIN, ports: 500, skipCheckpoints: true }, jobs: [...LIFE, "10 % changed"] },
  {
    which: { ...PLAIN, ports: 500, latencyMs: 50, rounds: 1, skipCheckpoints: true },
    contenders: [...OURS, "script"],
    jobs: ["first up", "refresh", "destroy"],
  },
  { which: { ...PLAIN, ports: 500, rounds: 1, journalMs: 0 }, contenders: OURS, jobs: FIRST },
  { which: { ...PLAIN, ports: 2_000, skipCheckpoints: true }, contenders: OURS, jobs: LIFE },
];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    pairs: { type: "boolean" },
    write: { type: "boolean" },
    ports: { type: "string" },
    latency: { type: "string", default: "0" },
    limit: { type: "string", default: "0" },
    rounds: { type: "string", default: "1" },
    with: { type: "string" },
    jobs: { type: "string" },
    "checkpoints-off": { type: "boolean", default: false },
    cold: { type: "boolean", default: false },
    journal: { type: "string" },
    backends: { type: "boolean" },
    parts: { type: "boolean" },
    profile: { type: "boolean" },
  },
});

async function main(): Promise<void> {
  if (values.write) return write();
  if (values.pairs) return pairs(300, 5);
  if (values.parts) return parts();
  if (values.quick) {
    const result = await measure({ which: { ...PLAIN, ports: 3, rounds: 1 } });
    console.log(tables(result));
    return expectAllWell(result);
  }
  if (values.profile) {
    for (const { which } of asked()) await profile(which);
    return;
  }
  if (values.backends) return backends();
  for (const planned of asked()) {
    const result = await measure(planned);
    keep(result);
    console.log(tables(result));
  }
}

/** A state in each backend, of this provider alone: the others would say the same of a backend. */
async function backends(): Promise<void> {
  const sizes = values.ports === undefined ? [10, 100, 500] : [Number(values.ports)];
  const all = ["a file", ...(Object.keys(BACKENDS) as BackendName[])] as const;
  const places = values.with === undefined ? all : chosen("with", values.with, all);
  const jobs = values.jobs === undefined ? LIFE : chosen("jobs", values.jobs, JOBS);
  const results: Result[] = [];
  for (const ports of sizes) {
    for (const backend of places) {
      const which = { ...PLAIN, ports, rounds: Math.max(1, Number(values.rounds)), backend };
      const result = await measure({ which, contenders: ["ours"], jobs });
      keep(result);
      results.push(result);
    }
  }
  console.log(backendTimes(results));
}

/** What the options say; all of the plan where they name no number of ports. */
function asked(): Planned[] {
  if (values.ports === undefined) return PLAN;
  const whole = (text: string): number => {
    if (!/^\d+$/.test(text)) throw new Error(`${text} is not a whole number`);
    return Number(text);
  };
  const which = {
    ports: whole(values.ports),
    latencyMs: whole(values.latency),
    limit: whole(values.limit),
    rounds: Math.max(1, whole(values.rounds)),
    skipCheckpoints: values["checkpoints-off"],
    cold: values.cold,
    ...(values.journal !== undefined && { journalMs: whole(values.journal) }),
  };
  return [
    {
      which,
      ...(values.with !== undefined && { contenders: chosen("with", values.with, CONTENDERS) }),
      ...(values.jobs !== undefined && { jobs: chosen("jobs", values.jobs, JOBS) }),
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
async function measure({ which, contenders = [...CONTENDERS], jobs = [...JOBS] }: Planned): Promise<Result> {
  const lives = new Map(contenders.map((contender) => [contender, [] as Life[]]));
  for (let round = 1; round <= which.rounds; round += 1) {
    for (const contender of contenders) {
      const life = await lifeOf(contender, which, jobs);
      lives.get(contender)?.push(life);
      const first = life["first up"]?.seconds.toFixed(1);
      process.stderr.write(`${nameOf(which)}, round ${round} of ${which.rounds}: ${contender}, first up ${first} s\n`);
    }
  }
  const results = Object.fromEntries([...lives].map(([contender, all]) => [contender, medianLife(all)]));
  return { case: which, at: new Date().toISOString(), contenders: results };
}

function lifeOf(contender: Contender, which: Case, jobs: Job[]): Promise<Life> {
  if (contender === "script") return scriptLife(which, jobs, PARALLEL);
  if (contender === "one by one") return scriptLife(which, jobs, 1);
  return stackLife(contender, which, jobs);
}

/** The storm is what a contender without retries does not get through. */
function expectAllWell({ contenders }: Result): void {
  for (const [contender, life] of Object.entries(contenders)) {
    for (const [job, { failed }] of Object.entries(life)) {
      if (!failed || (!["ours", "plugin"].includes(contender) && job === "up in a storm of 429")) continue;
      throw new Error(`${contender}: ${job} failed`);
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
