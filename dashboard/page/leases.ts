import { isOver } from "../../domain/lease";
import { isRetiring, leaseStretches, nameOf, nextToEnd } from "../figures";
import { type FleetSnapshot, had, type PortFacts, whyNot } from "../fleet";
import { count, fromNow, moment, releaseText } from "../wording";
import { ChartBox, type Colours, type Drawing, shortened } from "./charts";
import { el } from "./dom";
import { Pager } from "./paged-table";
import { headed, type Section } from "./section";

const ROWS = 25;
const UNITS = [
  ["minutes", 60_000],
  ["hours", 3_600_000],
  ["days", 86_400_000],
] as const;

/** When leases end and may be renewed: each port for itself, and all of them by stretches of time. */
export function leases(): Section {
  const byTime = new ChartBox("Renewal windows that open, and leases that end");
  const timeline = new ChartBox("Leases, the next to end first");
  const pager = new Pager(ROWS, () => drawTimeline());
  timeline.root.append(pager.root);
  byTime.root.classList.add("wide");
  timeline.root.classList.add("wide");
  const section = headed("Leases", "leases", el("div", { class: "charts one" }, byTime.root, timeline.root));
  let fleet: FleetSnapshot | undefined;

  function drawTimeline(): void {
    if (!fleet) return;
    const { takenAt: now } = fleet;
    const ports = nextToEnd(had(fleet.ports) ?? [], now);
    const from = pager.of(ports.length);
    timeline.draw((colours) => leaseBars(ports.slice(from, from + ROWS), now, colours));
  }

  return {
    root: section.root,
    show(next) {
      fleet = next;
      const ports = (had(next.ports) ?? []).filter((port) => !isOver(port, next.takenAt));
      section.say(wordsOn(ports));
      section.leaveOut(whyNot(next.ports));
      if (whyNot(next.ports) !== undefined) return;
      byTime.root.hidden = ports.length <= 1;
      timeline.root.hidden = ports.length === 0;
      if (!byTime.root.hidden) byTime.draw((colours) => stretchBars(ports, next.takenAt, colours));
      if (!timeline.root.hidden) drawTimeline();
    },
  };
}

function wordsOn(ports: PortFacts[]): string {
  if (ports.length === 0) return "No running leases.";
  const retiring = ports.filter(isRetiring).length;
  const old =
    retiring === 0
      ? ""
      : ` ${count(retiring, "old port")} of renewals ${retiring === 1 ? "serves" : "serve"} on until a run releases ${retiring === 1 ? "it" : "them"}.`;
  const assumed = ports.filter(({ renewAssumed }) => renewAssumed).length;
  const rule = `A port is renewed by the first run of Pulumi in its renewal window.${old}`;
  if (assumed === 0) return rule;
  const whose =
    assumed === ports.length ? "No state has the windows" : `No state has the windows of ${count(assumed, "port")}`;
  return `${rule} ${whose}: the default is shown, the last tenth of a lease and at most 3 days.`;
}

function leaseBars(ports: PortFacts[], now: number, { accent, warn, muted, ink, line }: Colours): Drawing {
  const ends = ports.map(({ expiresAt = now }) => expiresAt);
  const starts = ports.map(({ createdAt = now }) => createdAt);
  const ahead = Math.max(60_000, ...ends.map((end) => end - now));
  const [unit, ms] = [...UNITS].reverse().find(([, size]) => ahead >= 2 * size) ?? UNITS[0];
  const at = (time: number) => (time - now) / ms;
  // What began long ago is cut off, so that half of the width at least is for what comes.
  const least = Math.max(Math.min(...starts, now), now - ahead);
  const clipped = (time: number) => Math.max(time, least);
  const bar = ({ createdAt = now, renewAt, expiresAt = now }: PortFacts): [number, number] => [
    at(clipped(createdAt)),
    at(clipped(renewAt ?? expiresAt)),
  ];
  return {
    label: `Leases of ${ports.length} ports`,
    height: 90 + 24 * ports.length,
    data: {
      labels: ports.map(labelOf),
      datasets: [
        {
          label: "lease",
          data: ports.map((port) => (isRetiring(port) ? null : bar(port))),
          backgroundColor: accent,
        },
        {
          label: "renewal window",
          data: ports.map(({ renewAt, expiresAt = now }) =>
            renewAt === undefined ? null : [at(clipped(renewAt)), at(clipped(expiresAt))],
          ),
          backgroundColor: warn,
        },
        ...(ports.some(isRetiring)
          ? [
              {
                label: "old port of a renewal",
                data: ports.map((port) => (isRetiring(port) ? bar(port) : null)),
                backgroundColor: muted,
              },
            ]
          : []),
      ],
    },
    options: {
      indexAxis: "y",
      datasets: { bar: { grouped: false, maxBarThickness: 16, borderSkipped: false } },
      scales: {
        x: {
          min: Math.floor(at(least)),
          ticks: { includeBounds: false },
          title: { display: true, text: `${unit} from now` },
          grid: {
            color: ({ tick }) => (tick.value === 0 ? ink : line),
            lineWidth: ({ tick }) => (tick.value === 0 ? 2 : 1),
          },
        },
        y: { grid: { display: false }, ticks: { autoSkip: false } },
      },
      plugins: {
        tooltip: {
          callbacks: {
            label: ({ dataIndex }) => {
              const port = ports[dataIndex];
              const { createdAt, renewAt, expiresAt } = port ?? {};
              const line = (name: string, time?: number) =>
                time === undefined ? [] : `${name} ${moment(time)}, ${fromNow(time, now)}`;
              const release = port && isRetiring(port) ? [`released by ${releaseText(port, now)}`] : [];
              return [
                line("bought", createdAt),
                line("renewal from", renewAt),
                release,
                line("ends", expiresAt),
              ].flat();
            },
          },
        },
      },
    },
  };
}

const labelOf = (port: PortFacts): string =>
  [shortened(nameOf(port)), port.country, isRetiring(port) ? "old" : undefined]
    .filter((part) => part !== undefined)
    .join(" · ");

function stretchBars(ports: PortFacts[], now: number, { accent, warn }: Colours): Drawing {
  const stretches = leaseStretches(ports, now);
  const size = (stretches[0]?.to ?? 0) - (stretches[0]?.from ?? 0);
  const label = (at: number) =>
    new Date(at)
      .toISOString()
      .slice(...(size < 86_400_000 ? [5, 16] : [5, 10]))
      .replace("T", " ");
  return {
    label: "How many renewal windows open and how many leases end, by time",
    height: 220,
    data: {
      labels: stretches.map(({ from }) => label(from)),
      datasets: [
        { label: "windows open", data: stretches.map(({ renewals }) => renewals), backgroundColor: warn },
        { label: "leases end", data: stretches.map(({ ends }) => ends), backgroundColor: accent },
      ],
    },
    options: {
      scales: { x: { grid: { display: false } }, y: { beginAtZero: true, ticks: { precision: 0 } } },
      plugins: {
        tooltip: {
          callbacks: {
            title: ([item]) => {
              const stretch = stretches[item?.dataIndex ?? 0];
              return stretch ? `${moment(stretch.from)} to ${moment(stretch.to)}` : "";
            },
          },
        },
      },
    },
  };
}
