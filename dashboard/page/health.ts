import { natural } from "../../text/natural-order";
import { type Figures, healthOf, type Place } from "../figures";
import { had, whyNot } from "../fleet";
import { count, whole } from "../wording";
import { ChartBox, type Colours, type Drawing, shortened } from "./charts";
import { el } from "./dom";
import { headed, type Section } from "./section";

const COUNTRIES = 12;
const KINDS = ["healthy", "degraded", "offline", "unknown"] as const;

/** How well the ports are, by country and by status. */
export function health(): Section {
  const byCountry = new ChartBox("Health by country");
  const byStatus = new ChartBox("Health by status");
  const section = headed("Health", "health", el("div", { class: "charts" }, byCountry.root, byStatus.root));
  return {
    root: section.root,
    show(fleet, { health: all, places, live }) {
      section.say(
        live === 0
          ? "No ports."
          : `${KINDS.flatMap((kind) => (all[kind] > 0 ? `${whole(all[kind])} ${kind}` : [])).join(", ")}.`,
      );
      section.leaveOut(whyNot(fleet.ports));
      byCountry.root.hidden = byStatus.root.hidden = live === 0;
      if (live === 0) return;
      const ports = had(fleet.ports) ?? [];
      const statuses = [...new Set(ports.map(({ status = "?" }) => status))].sort(natural);
      byCountry.draw((colours) => bars(firstOf(places), colours));
      byStatus.draw((colours) =>
        bars(
          statuses.map((status) => {
            const counted = { healthy: 0, degraded: 0, offline: 0, unknown: 0 };
            for (const port of ports) if ((port.status ?? "?") === status) counted[healthOf(port)]++;
            return { label: status.replace("_", " "), health: counted };
          }),
          colours,
        ),
      );
    },
  };
}

type Row = { label: string; health: Figures["health"] };

function firstOf(places: Place[]): Row[] {
  const rows: Row[] = places.slice(0, COUNTRIES).map(({ name, health: counted }) => ({ label: name, health: counted }));
  const rest = places.slice(COUNTRIES);
  if (rest.length === 0) return rows;
  const sum = (kind: (typeof KINDS)[number]) => rest.reduce((total, place) => total + place.health[kind], 0);
  const others = {
    healthy: sum("healthy"),
    degraded: sum("degraded"),
    offline: sum("offline"),
    unknown: sum("unknown"),
  };
  return [...rows, { label: `${count(rest.length, "other")}`, health: others }];
}

function bars(rows: Row[], { good, warn, bad, rest }: Colours): Drawing {
  const colour = { healthy: good, degraded: warn, offline: bad, unknown: rest };
  const shown = KINDS.filter((kind) => kind !== "unknown" || rows.some((row) => row.health.unknown > 0));
  return {
    label: "Ports by health",
    height: Math.max(140, 80 + 26 * rows.length),
    data: {
      labels: rows.map(({ label }) => shortened(label)),
      datasets: shown.map((kind) => ({
        label: kind,
        data: rows.map((row) => row.health[kind]),
        backgroundColor: colour[kind],
      })),
    },
    options: {
      indexAxis: "y",
      datasets: { bar: { maxBarThickness: 20 } },
      scales: {
        x: { stacked: true, beginAtZero: true, ticks: { precision: 0 } },
        y: { stacked: true, grid: { display: false }, ticks: { autoSkip: false } },
      },
    },
  };
}
