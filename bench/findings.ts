import { type Case, type Contender, isPlain, type Job, nameOf, PARALLEL } from "./case";
import { countOf, type Figures, type Life } from "./figures";
import { table } from "./markdown";
import { LABELS } from "./labels";
import { type Result } from "./report";

/** What a job of ours may take, against the floor or the ideal of the same run. */
const MOST = { firstUp: 1.1, emptyUp: 1.05, emptyUpRequests: 2, refresh: 1.15, providerMb: 150 };

const mark = (shown: string, isMet: boolean): string => (isMet ? shown : `**${shown}**`);

/** Each case against its targets; what misses one stands in bold. */
export function targets(all: Result[]): string {
  const rows = all.flatMap(({ case: which, contenders: { ours, random } }) => {
    const first = ours?.["first up"];
    const floor = random?.["first up"];
    if (!first || !floor) return [];
    const { ports } = which;
    const ratio = (job: Job, most: number): string => {
      const [own, plain] = [ours[job]?.seconds, random[job]?.seconds];
      return own === undefined || plain === undefined ? "–" : mark((own / plain).toFixed(2), own / plain <= most);
    };
    const requests = (job: Job, most: number): string => {
      const figures = ours[job];
      return figures ? mark(String(countOf(figures)), countOf(figures) <= most) : "–";
    };
    const least = Math.max(floor.seconds, idealOf(which, first));
    return [
      [
        nameOf(which),
        mark((first.seconds / least).toFixed(2), first.seconds / least <= MOST.firstUp),
        ratio("empty up", MOST.emptyUp),
        requests("empty up", MOST.emptyUpRequests),
        ratio("refresh", MOST.refresh),
        requests("refresh", Math.ceil(ports / 100) + 2),
        requests("destroy", ports),
        mark(first.memory.provider.toFixed(0), first.memory.provider < MOST.providerMb),
        mark(
          `${first.memory.program.toFixed(0)} / ${floor.memory.program.toFixed(0)}`,
          first.memory.program <= floor.memory.program,
        ),
      ],
    ];
  });
  const head = [
    "ours / floor",
    `first up (${MOST.firstUp.toFixed(2)})`,
    `empty up (${MOST.emptyUp})`,
    `its requests (${MOST.emptyUpRequests})`,
    `refresh (${MOST.refresh})`,
    "its requests (N/100 + 2)",
    "requests of destroy (N)",
    `provider MB (${MOST.providerMb})`,
    "program MB / plain resources",
  ];
  return `### Targets\n\n${table(head, rows)}`;
}

/** What the plugin may take in seconds against random, up to a number of ports; MB of the provider at any. */
const OF_PLUGIN = [
  { upTo: 10, most: { "first up": 1.05, refresh: 1.3, destroy: 1.3 } },
  { upTo: 100, most: { "first up": 1.2, refresh: 1.1 } },
] as const satisfies { upTo: number; most: Partial<Record<Job, number>> }[];
const PLUGIN_MB = 100;

/** The plugin against random and against the dynamic host, where a vendor answers at once; what misses a target is bold. */
export function pluginTargets(all: Result[]): string {
  const rows = all.flatMap(({ case: which, contenders: { ours, plugin, random } }) => {
    if (!plugin || !random || !isPlain(which)) return [];
    const most: Partial<Record<Job, number>> = OF_PLUGIN.find(({ upTo }) => which.ports <= upTo)?.most ?? {};
    const against = (other: Life | undefined, job: Job, limit?: number): string => {
      const [own, its] = [plugin[job]?.seconds, other?.[job]?.seconds];
      if (own === undefined || its === undefined) return "–";
      const shown = (own / its).toFixed(2) + (limit === undefined ? "" : ` (${limit})`);
      return mark(shown, limit === undefined || own / its <= limit);
    };
    const mb = Math.max(...Object.values(plugin).map(({ memory }) => memory.provider));
    return [
      [
        nameOf(which),
        ...PLUGIN_JOBS.map((job) => against(random, job, which.skipCheckpoints ? undefined : most[job])),
        ...PLUGIN_JOBS.map((job) => against(ours, job)),
        mark(mb.toFixed(0), mb <= PLUGIN_MB),
      ],
    ];
  });
  if (rows.length === 0) return "";
  const head = (of: string): string[] => PLUGIN_JOBS.map((job) => `${job} / ${of}`);
  const title = "### The plugin, against random and the dynamic host";
  return `${title}\n\n${table(["plugin / other (most)", ...head("random"), ...head("dynamic"), `provider MB (${PLUGIN_MB})`], rows)}`;
}

const PLUGIN_JOBS: Job[] = ["first up", "empty up", "refresh", "destroy"];

/** Seconds that its requests take by themselves, as many at a time as the engine runs. */
function idealOf({ latencyMs, limit }: Case, figures: Figures): number {
  const requests = countOf(figures);
  return Math.max((requests * latencyMs) / 1_000 / PARALLEL, limit > 0 ? requests / limit : 0);
}

const secondsOf = (result: Result | undefined, one: Contender, job: Job): number | undefined =>
  result?.contenders[one]?.[job]?.seconds;

const DAY_MS = 86_400_000;
const areOfOneDay = (one: Result, other: Result): boolean =>
  Math.abs(Date.parse(one.at) - Date.parse(other.at)) < DAY_MS;

/** How the seconds grow with the number of ports: 1 is linear. Only what was measured within a day is compared. */
export function growth(all: Result[]): string {
  const parts = [false, true].flatMap((off) => {
    const same = all.filter((one) => isPlain(one.case) && one.case.skipCheckpoints === off);
    return (["first up", "refresh"] as const).map((job) => growthOf(same, job, off));
  });
  return ["### Growth", ...parts.filter(Boolean)].join("\n\n");
}

const COMPARED: Contender[] = ["ours", "plugin", "random", "naive"];

function growthOf(results: Result[], job: Job, off: boolean): string {
  const rows = results.map((result, index) => {
    const last = results[index - 1];
    const before = last && areOfOneDay(result, last) ? last : undefined;
    const cells = COMPARED.map((one) => {
      const [now, then] = [secondsOf(result, one, job), secondsOf(before, one, job)];
      if (now === undefined) return "–";
      const perPort = `${((1_000 * now) / result.case.ports).toFixed(0)} ms a port`;
      if (then === undefined || !before) return perPort;
      const exponent = Math.log(now / then) / Math.log(result.case.ports / before.case.ports);
      return `${perPort}, exponent ${exponent.toFixed(2)}`;
    });
    return [String(result.case.ports), ...cells];
  });
  if (rows.length < 2) return "";
  const title = `${job}${off ? ", checkpoints off" : ""}`;
  return table([`ports: ${title}`, ...COMPARED.map((one) => LABELS[one])], rows);
}

/** What the engine's checkpoints cost a first up, and what it takes on other ways to save a state. */
export function checkpoints(all: Result[]): string {
  const plain = all.filter(
    ({ case: { latencyMs, limit, cold, backend } }) => !latencyMs && !limit && !cold && backend === undefined,
  );
  const sizes = [...new Set(plain.map(({ case: { ports } }) => ports))];
  const rows = sizes.flatMap((ports) =>
    (["ours", "plugin", "random"] as const).flatMap((one) => {
      const resultOf = (journalMs: number | undefined, off = false): Result | undefined =>
        plain.find(
          ({ case: which }) => which.ports === ports && which.journalMs === journalMs && which.skipCheckpoints === off,
        );
      const [saved, unsaved] = [resultOf(undefined), resultOf(undefined, true)];
      const [file, off, ...others] = [saved, unsaved, resultOf(0), resultOf(50)].map((result) =>
        secondsOf(result, one, "first up"),
      );
      if (off === undefined && others.every((other) => other === undefined)) return [];
      const canCompare = saved && unsaved && areOfOneDay(saved, unsaved);
      const share =
        file === undefined || off === undefined || !canCompare ? "–" : `${(100 * (1 - off / file)).toFixed(0)} %`;
      return [[String(ports), LABELS[one], shown(file), shown(off), share, ...others.map(shown)]];
    }),
  );
  const ways = ["state in a file", "checkpoints off", "share of checkpoints", "journal, 0 ms", "journal, 50 ms"];
  return `### What saving the state costs a first up, seconds\n\n${table(["ports", "", ...ways], rows)}`;
}

const shown = (seconds: number | undefined): string => seconds?.toFixed(1) ?? "–";
