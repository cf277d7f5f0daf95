import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type Case, type Contender, CONTENDERS, type Job, JOBS, nameOf } from "./case";
import { countOf, type Figures, type Life } from "./figures";
import { engineEnvironment } from "../engine/environment";
import { growthPlot, jobsPlot, latencyPlot } from "./plots";
import { backendTimes } from "./backend-times";
import { checkpoints, growth, pluginTargets, targets } from "./findings";
import { LABELS } from "./labels";
import { table } from "./markdown";

const ROOT = join(__dirname, "..");
const RESULTS = join(__dirname, "results.json");
const DOC = join(ROOT, "docs", "performance.md");
const BEGIN = "<!-- written by `npm run bench -- --write` from bench/results.json -->";
const END = "<!-- end -->";
/** Tables as wide as their requests would be padded to some hundred columns. */
const UNFORMATTED = ["<!-- prettier-ignore-start -->", "<!-- prettier-ignore-end -->"] as const;
const COMMIT = ", commit ";

export interface Result {
  case: Case;
  /** ISO 8601. */
  at: string;
  contenders: Partial<Record<Contender, Life>>;
  machine?: string;
}

/** Keeps a result in place of what was measured of the same case earlier: a table shows one run. */
export function keep(result: Result): void {
  const others = results().filter((one) => nameOf(one.case) !== nameOf(result.case));
  const all = [...others, { ...result, machine: machine() }].sort(
    (a, b) => a.case.ports - b.case.ports || a.case.latencyMs - b.case.latencyMs || a.case.limit - b.case.limit,
  );
  writeFileSync(RESULTS, `${JSON.stringify(all, undefined, 1)}\n`);
}

const results = (): Result[] => (existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Result[]) : []);

/** Puts all results and their plots into docs/performance.md. */
export function write(): void {
  const all = results();
  const doc = readFileSync(DOC, "utf8");
  const [before, rest] = doc.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/performance.md lacks "${BEGIN}" … "${END}"`);
  const parts = [
    measuredOn(all),
    targets(all),
    pluginTargets(all),
    growth(all),
    checkpoints(all),
    backendTimes(all),
    PLOTS,
  ];
  const body = [...parts.filter(Boolean), ...all.map(tables)];
  const generated = [BEGIN, UNFORMATTED[0], ...body, UNFORMATTED[1], END].join("\n\n");
  writeFileSync(DOC, `${before}${generated}${after}`);
  writeFileSync(join(ROOT, "docs", "performance-jobs.svg"), jobsPlot(all));
  writeFileSync(join(ROOT, "docs", "performance-latency.svg"), latencyPlot(all));
  writeFileSync(join(ROOT, "docs", "performance-growth.svg"), growthPlot(all));
}

const PLOTS = [
  "![Seconds of each job](performance-jobs.svg)",
  "![Seconds of a first up by latency and limit](performance-latency.svg)",
  "![Seconds of a first up by the number of ports](performance-growth.svg)",
].join("\n\n");

/** Each machine with its versions once, and the commits that were measured on it. */
function measuredOn(all: Result[]): string {
  const commits = new Map<string, Set<string>>();
  for (const { machine: one = "" } of all) {
    const [on = "", commit = ""] = one.split(COMMIT);
    commits.set(on, (commits.get(on) ?? new Set()).add(commit));
  }
  return [...commits].map(([on, some]) => `${on}${COMMIT}${[...some].join(", ")}`).join("\n\n");
}

/** Machine, versions and commit. */
function machine(): string {
  const env = engineEnvironment({ stateDir: ROOT });
  const say = (file: string, ...args: string[]): string =>
    execFileSync(file, args, { cwd: ROOT, env }).toString().trim();
  const sdk = (
    JSON.parse(readFileSync(join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8")) as { version: string }
  ).version;
  return [
    `${cpus().length} × ${cpus()[0]?.model}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}`,
    `CLI ${say("pulumi", "version").replace(/^v/, "")}`,
    `SDK ${sdk}${COMMIT}${say("git", "rev-parse", "--short", "HEAD")}`,
  ].join(", ");
}

/** What one case measured, as Markdown. */
export function tables({ case: which, contenders }: Result): string {
  const present = CONTENDERS.filter((contender) => contenders[contender]);
  const rounds = which.rounds === 1 ? "one round" : `medians of ${which.rounds}`;
  return [
    `### ${nameOf(which)} (${which.ports * 3} resources, ${rounds})`,
    timesTable(contenders, present),
    details(contenders, present),
  ].join("\n\n");
}

type Lives = Result["contenders"];

function timesTable(lives: Lives, present: Contender[]): string {
  const hosts = (["ours", "plugin"] as const).filter((one) => lives[one]);
  const ratio = (host: "ours" | "plugin", job: Job): string => {
    const [own, floor] = [lives[host]?.[job]?.seconds, lives.random?.[job]?.seconds];
    return own === undefined || floor === undefined ? "" : (own / floor).toFixed(2);
  };
  const cell = (figures: Figures | undefined): string =>
    figures ? `${figures.seconds.toFixed(2)}${figures.failed ? " (failed)" : ""}` : "–";
  return table(
    ["seconds", ...present.map((one) => LABELS[one]), ...hosts.map((one) => `${one} / random`), "our requests"],
    JOBS.filter((job) => present.some((one) => lives[one]?.[job])).map((job) => {
      const own = lives.ours?.[job];
      return [
        job,
        ...present.map((one) => cell(lives[one]?.[job])),
        ...hosts.map((one) => ratio(one, job)),
        own ? String(countOf(own)) : "",
      ];
    }),
  );
}

const USAGE = ["CPU s: CLI", "program", "provider", "peak MB: CLI", "program", "provider", "state KiB"];

function usageOf({ seconds, range, cpu, memory, stateBytes }: Figures): string[] {
  const spent = [cpu.cli, cpu.program, cpu.provider].map((one) => one.toFixed(1));
  const most = [memory.cli, memory.program, memory.provider].map((mb) => (mb ? mb.toFixed(0) : "–"));
  const spread = range ? ` (${range.map((one) => one.toFixed(1)).join("–")})` : "";
  return [`${seconds.toFixed(2)}${spread}`, ...spent, ...most, stateBytes ? (stateBytes / 1_024).toFixed(0) : "–"];
}

/** Each job of each contender, with its requests by route. Folded, as it is long. */
function details(lives: Lives, present: Contender[]): string {
  const rows = JOBS.flatMap((job) =>
    present.flatMap((one) => {
      const figures = lives[one]?.[job];
      return figures ? [[job, LABELS[one], ...usageOf(figures), routesOf(figures)]] : [];
    }),
  );
  return [
    "<details><summary>Each job: CPU, memory, state, requests by route</summary>",
    table(["job", "", "seconds", ...USAGE, "requests"], rows),
    "</details>",
  ].join("\n\n");
}

const routesOf = ({ requests }: Figures): string =>
  Object.entries(requests)
    .map(([route, count]) => `${count} × \`${route}\``)
    .join(", ");
