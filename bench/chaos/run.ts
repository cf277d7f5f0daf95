/**
 * `npm run chaos [-- --runs N --seed S --steps K --host H --verbose]`: random programs, faults and kills on the real
 * engine, then the promises of docs/security.md against the emulator's ledger, and a destroy. A seed replays:
 * `--runs 1 --seed S`. It also draws the host of each step, so stacks move between the dynamic provider and the plugin,
 * in both directions and right after a kill. `--host dynamic` or `plugin` takes the one throughout, and leaves all else
 * of the seed as it is.
 */
import { parseArgs } from "node:util";
import { type Host } from "../../domain/kinds";
import { converge } from "./converge";
import { destroyed } from "./end";
import { makePlan, type Plan } from "./plan";
import { broken } from "./promises";
import { Tally } from "./tally";
import { ChaosWorld, Stuck } from "./world";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    seed: { type: "string" },
    steps: { type: "string", default: "4" },
    host: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const [runs, steps] = [whole("runs", values.runs), whole("steps", values.steps)];
  const first = values.seed === undefined ? Date.now() % 1_000_000 : whole("seed", values.seed);
  const host = values.host === undefined ? undefined : hostNamed(values.host);
  const tally = new Tally();
  const failed: number[] = [];
  const start = performance.now();
  for (let seed = first; seed < first + runs; seed += 1) {
    const begun = performance.now();
    const plan = makePlan(seed, steps, host);
    const found = await oneRun(plan, tally);
    console.log(`seed ${seed}: ${found.length === 0 ? "kept" : "BROKEN"}, ${seconds(begun)} s`);
    if (found.length === 0) continue;
    failed.push(seed);
    console.log([scriptOf(plan), ...found].join("\n"));
  }
  console.log(`\nruns: ${runs} of ${steps} steps, seeds ${first} to ${first + runs - 1}; seconds: ${seconds(start)}`);
  console.log(`${tally.toString()}\nfailed seeds: ${failed.join(", ") || "none"}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

async function oneRun(plan: Plan, tally: Tally): Promise<string[]> {
  const world = await ChaosWorld.open(plan, tally);
  let found: string[] = [];
  try {
    for (const [index, step] of plan.steps.entries()) await world.step(step, index);
    found = await converge(world, tally);
    found.push(...(await broken(world, tally)), ...(await destroyed(world)));
    return found;
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    return (found = [`P4: ${error.message}`]);
  } finally {
    // What broke may depend on the machine's load, and not come again.
    if (values.verbose || found.length > 0) console.log(world.outputs.join("\n"));
    await world.close();
  }
}

/** The plan, without the passwords: those of the program are in no log. */
function scriptOf({ seed, slots, quirks, program, steps, lastHost }: Plan): string {
  const lines = steps.map(({ declared, ...step }, index) => {
    const ports = declared
      .filter(({ type }) => type === "Port" || type === "ProxyFleet")
      .map(({ name, args }) => ({ name, ...args }));
    return `step ${index}: ${JSON.stringify(step)}\n  ports: ${JSON.stringify(ports)}`;
  });
  const about = { uniqueLeases: program.uniqueLeases, slots, quirks, lastHost };
  return [`script of seed ${seed}: ${JSON.stringify(about)}`, ...lines].join("\n");
}

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} takes a whole number`);
}

function hostNamed(text: string): Host {
  if (text === "dynamic" || text === "plugin") return text;
  throw new Error("--host takes dynamic or plugin");
}

const seconds = (since: number): string => ((performance.now() - since) / 1_000).toFixed(0);

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
