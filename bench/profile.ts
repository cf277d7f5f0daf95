import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Case } from "./case";
import { table } from "./markdown";
import { stackLife } from "./stack-life";

const ROLES = ["program", "provider"] as const;
const SHOWN = 12;

interface Frame {
  functionName: string;
  url: string;
}

interface CpuProfile {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
}

interface Spent {
  loading: number;
  running: number;
}

/** Where the CPU of a first `up` goes, by package. The profiles stay in a folder of the system's, which it names. */
export async function profile(which: Case): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-profiles-"));
  process.env.BENCH_PROFILES = folder;
  process.env.NODE_OPTIONS = `--require ${join(__dirname, "profile-hook.js")}`;
  await stackLife("ours", which, ["first up"]);
  for (const role of ROLES) console.log(`\n${sharesOf(role, folder)}`);
  console.log(`\nProfiles: ${folder}`);
}

function sharesOf(role: (typeof ROLES)[number], folder: string): string {
  const spent = new Map<string, Spent>();
  for (const file of readdirSync(folder).filter((name) => name.startsWith(role)))
    add(spent, JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile);
  const all = [...spent].map(([name, { loading, running }]) => ({ name, loading, running, sum: loading + running }));
  const total = all.reduce((sum, one) => sum + one.sum, 0);
  const rows = all
    .sort((a, b) => b.sum - a.sum)
    .slice(0, SHOWN)
    .map(({ name, loading, running, sum }) => [
      name,
      seconds(loading),
      seconds(running),
      `${((100 * sum) / total).toFixed(0)} %`,
    ]);
  return table([`${role}: ${seconds(total)} s of CPU`, "loading", "running", "share"], rows);
}

const seconds = (microseconds: number): string => (microseconds / 1e6).toFixed(2);

function add(spent: Map<string, Spent>, { nodes, samples, timeDeltas }: CpuProfile): void {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  for (const [index, id] of samples.entries()) {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) stack.push(frames.get(at) as Frame);
    const owner = ownerOf(stack);
    if (owner === undefined) continue;
    const sums = spent.get(owner) ?? { loading: 0, running: 0 };
    sums[isLoading(stack) ? "loading" : "running"] += timeDeltas[index] ?? 0;
    spent.set(owner, sums);
  }
}

/** The package whose code runs, or had Node run what runs; undefined where nothing does. */
function ownerOf(stack: Frame[]): string | undefined {
  const [top] = stack;
  if (top?.functionName === "(idle)") return undefined;
  if (top?.functionName === "(garbage collector)") return "garbage collection";
  for (const { url } of stack) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
    if (name && name !== "pulumi-proxies-sx") return name;
    if (/\/dist\/|pulumi-proxies-sx/.test(url)) return "pulumi-proxies-sx";
  }
  return "Node itself";
}

const isLoading = (stack: Frame[]): boolean =>
  stack.some(({ functionName, url }) => functionName === "Module._load" || url.startsWith("node:internal/modules"));
