import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Project } from "../tests/engine/project";
import { median } from "./median";
import { sdkCost } from "./sdk-cost";

const WORLD = { config: { slots: { shared: 5_000, private: 0 }, devicesPerCarrier: { shared: 2_000, private: 0 } } };

interface Sample {
  up: number;
  empty: number;
  refresh: number;
  destroy: number;
  stateBytes: number;
  outputBytes: number;
  calls: Record<"first" | "second" | "preview" | "refresh", number>;
}

type Figures = Sample & { samples: Sample[] };

/** Times, calls and bytes of one Port against one RandomId, and what a Port costs the program. */
export async function pairs(count: number, rounds: number): Promise<void> {
  const figures = await measure(["ports-only.js", "random-only.js"], count, rounds);
  const ports = figures["ports-only.js"];
  const random = figures["random-only.js"];
  if (!ports || !random) throw new Error("nothing was measured");
  console.log(`\n${count} resources, medians of ${rounds} (seconds)\n`);
  console.log("| job | Port | RandomId | ratio |\n|---|---|---|---|");
  for (const job of ["up", "empty", "refresh", "destroy"] as const) {
    const ratio = (ports[job] / random[job]).toFixed(2);
    console.log(`| ${job} | ${ports[job].toFixed(2)} | ${random[job].toFixed(2)} | ${ratio} |`);
  }
  const { first, second, preview, refresh } = ports.calls;
  console.log(
    `\nAPI calls for ${count} Ports: first up ${first}, second up ${second}, preview ${preview}, refresh ${refresh}`,
  );
  console.log(
    `State per Port: ${ports.stateBytes.toFixed(0)} bytes, of which outputs ${ports.outputBytes.toFixed(0)}; ` +
      `per RandomId: ${random.stateBytes.toFixed(0)}, of which outputs ${random.outputBytes.toFixed(0)}`,
  );
  const sdk = await sdkCost(2_000, rounds);
  console.log(`SDK time per resource beyond pulumi.CustomResource: ${sdk.extraMs.toFixed(3)} ms`);
  console.log(`Importing the SDK loads axios or zod: ${sdk.loadsClient ? "yes" : "no"}`);
}

/** One stack's life with `count` resources of a program in this folder, `rounds` times; figures are medians. */
async function measure(programs: string[], count: number, rounds: number): Promise<Record<string, Figures>> {
  const samples: Record<string, Sample[]> = Object.fromEntries(programs.map((program) => [program, []]));
  for (let round = 0; round < rounds; round += 1) {
    // In turns, so that a noisy minute of the machine meets all.
    for (const program of programs) {
      samples[program]?.push(await life(program, count));
      process.stderr.write(`${program} ${round + 1}/${rounds}: up ${samples[program]?.at(-1)?.up.toFixed(1)} s\n`);
    }
  }
  return Object.fromEntries(
    Object.entries(samples).map(([program, all]) => [program, { ...medians(all), samples: all }]),
  );
}

async function life(program: string, count: number): Promise<Sample> {
  const project = await Project.open(WORLD, join(__dirname, "contenders", program));
  project.env.BENCH_COUNT = String(count);
  const timed = async (...args: string[]): Promise<{ seconds: number; calls: number }> => {
    project.calls();
    const start = performance.now();
    await project.quietly(...args);
    return { seconds: (performance.now() - start) / 1_000, calls: project.calls().length };
  };
  try {
    const up = await timed("up");
    const empty = await timed("up");
    const preview = await timed("preview");
    const refresh = await timed("refresh", "--skip-preview");
    const { resources } = await project.state();
    const own = resources.filter(({ type }) => !type.startsWith("pulumi:"));
    const outputs = own.map(({ outputs: { __provider, ...rest } }) => JSON.stringify(rest).length);
    const destroy = await timed("destroy", "--skip-preview");
    return {
      up: up.seconds,
      empty: empty.seconds,
      refresh: refresh.seconds,
      destroy: destroy.seconds,
      stateBytes: sum(own.map((resource) => JSON.stringify(resource).length)) / count,
      outputBytes: sum(outputs) / count,
      calls: { first: up.calls, second: empty.calls, preview: preview.calls, refresh: refresh.calls },
    };
  } finally {
    await project.close();
  }
}

function medians(samples: Sample[]): Sample {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  return {
    up: of((one) => one.up),
    empty: of((one) => one.empty),
    refresh: of((one) => one.refresh),
    destroy: of((one) => one.destroy),
    stateBytes: of((one) => one.stateBytes),
    outputBytes: of((one) => one.outputBytes),
    calls: {
      first: of((one) => one.calls.first),
      second: of((one) => one.calls.second),
      preview: of((one) => one.calls.preview),
      refresh: of((one) => one.calls.refresh),
    },
  };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
