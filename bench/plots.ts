import * as echarts from "echarts";
import { CONTENDERS, type Contender, isPlain, JOBS } from "./case";
import { type Figures } from "./figures";
import { LABELS } from "./labels";
import { type Result } from "./report";

const SIZE = { width: 860, height: 420 };
const COLORS: Record<Contender, string> = {
  ours: "#0f766e",
  plugin: "#65a30d",
  random: "#94a3b8",
  naive: "#c2410c",
  script: "#4338ca",
  "one by one": "#a21caf",
};

/** Seconds of each job of the case that measured most: the largest one whose engine saved its checkpoints. */
export function jobsPlot(results: Result[]): string {
  const rounds = (one: Result): number => one.case.rounds * 10_000 + one.case.ports;
  const [which] = results.filter((one) => !one.case.skipCheckpoints).sort((a, b) => rounds(b) - rounds(a));
  if (!which) throw new Error("no case was measured");
  const { case: of, contenders } = which;
  const jobs = JOBS.filter((job) => contenders.ours?.[job]);
  return svg({
    title: {
      text: `${of.ports} ports with rotation and login, ${of.latencyMs} ms: seconds, without what failed`,
      left: "center",
    },
    legend: { bottom: 0 },
    xAxis: { type: "category", data: jobs, axisLabel: { interval: 0, width: 84, overflow: "break" } },
    yAxis: { type: "value" },
    series: CONTENDERS.filter((one) => contenders[one]).map((one) => ({
      name: LABELS[one],
      type: "bar",
      itemStyle: { color: COLORS[one] },
      data: jobs.map((job) => heightOf(contenders[one]?.[job])),
    })),
  });
}

/** Seconds of a first up of 100 ports, by latency and limit. */
export function latencyPlot(results: Result[]): string {
  const shown = results.filter(
    ({ case: { ports, skipCheckpoints, cold, journalMs, backend } }) =>
      ports === 100 && !skipCheckpoints && !cold && journalMs === undefined && backend === undefined,
  );
  return svg({
    title: {
      text: "A first up of 100 ports by the vendor's latency and limit: seconds, without what failed",
      left: "center",
    },
    legend: { bottom: 0 },
    xAxis: {
      type: "category",
      data: shown.map(({ case: { latencyMs, limit } }) => `${latencyMs} ms${limit ? `, ${limit}/s` : ""}`),
    },
    yAxis: { type: "value" },
    series: CONTENDERS.filter((one) => shown.some(({ contenders }) => contenders[one])).map((one) => ({
      name: LABELS[one],
      type: "bar",
      itemStyle: { color: COLORS[one] },
      data: shown.map(({ contenders }) => heightOf(contenders[one]?.["first up"])),
    })),
  });
}

/** Seconds of a first up by ports, at no latency and no limit; both axes logarithmic. Dashed: checkpoints off. */
export function growthPlot(results: Result[]): string {
  const line = (one: Contender, off: boolean): object[] => {
    const points = results.flatMap(({ case: which, contenders }) => {
      const seconds = contenders[one]?.["first up"]?.seconds;
      const isOfLine = isPlain(which) && which.skipCheckpoints === off;
      return isOfLine && seconds !== undefined ? [[which.ports, Number(seconds.toFixed(2))]] : [];
    });
    if (points.length < 2) return [];
    return [
      {
        name: `${LABELS[one]}${off ? ", checkpoints off" : ""}`,
        type: "line",
        symbolSize: 8,
        itemStyle: { color: COLORS[one] },
        lineStyle: { type: off ? "dashed" : "solid" },
        data: points,
      },
    ];
  };
  return svg({
    title: { text: "A first up by the number of ports: seconds", left: "center" },
    legend: { bottom: 0 },
    grid: { bottom: 110 },
    xAxis: { type: "log", name: "ports" },
    yAxis: { type: "log", name: "seconds" },
    series: CONTENDERS.flatMap((one) => [...line(one, false), ...line(one, true)]),
  });
}

/** None for what was not done, or failed: a job that ends early is not quick. */
const heightOf = (figures: Figures | undefined): string | null =>
  figures && !figures.failed ? figures.seconds.toFixed(2) : null;

function svg(option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  chart.setOption({ animation: false, backgroundColor: "#ffffff", ...option });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}
