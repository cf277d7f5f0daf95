import { nameOf } from "../figures";
import { had, type RotationFacts, whyNot } from "../fleet";
import { count, percent, whole } from "../wording";
import { ChartBox, type Colours, type Drawing } from "./charts";
import { el } from "./dom";
import { headed, type Section } from "./section";

/** Rotations and how they ended. */
export function rotations(): Section {
  const byDay = new ChartBox("By day (UTC)");
  const byTrigger = new ChartBox("By trigger");
  const section = headed("Rotations", "rotations", el("div", { class: "charts" }, byDay.root, byTrigger.root));
  return {
    root: section.root,
    show(fleet, { rotations: { count: all, successRate } }) {
      const facts = had(fleet.rotations);
      const names = new Map((had(fleet.ports) ?? []).map((port) => [port.id, nameOf(port)]));
      section.say(facts ? words(facts, all, successRate, names) : "");
      section.leaveOut(whyNot(fleet.rotations));
      if (!facts) return;
      byDay.root.hidden = facts.byDay.every(({ succeeded, failed }) => succeeded + failed === 0);
      byTrigger.root.hidden = Object.keys(facts.byTrigger).length === 0;
      if (!byDay.root.hidden) byDay.draw((colours) => dayBars(facts, colours));
      if (!byTrigger.root.hidden) byTrigger.draw((colours) => triggerBars(facts, colours));
    },
  };
}

function words(facts: RotationFacts, all: number, rate: number | undefined, names: Map<string, string>): string {
  const { ports, of, failedPorts, medianMs, failing } = facts;
  const worst = failing.slice(0, 5).map(({ id, failed }) => `${names.get(id) ?? id} (${failed})`);
  const sentences = [
    `${count(all, "rotation")} in the life of the live ports.`,
    ports === 0
      ? of > 0 && "No history was asked for."
      : `Below, the last 30 days of ${ports < of ? `${whole(ports)} of ${whole(of)} ports, those that rotated last` : count(ports, "port")}.`,
    failedPorts > 0 && `The history of ${count(failedPorts, "port")} could not be read.`,
    ports > 0 && rate === undefined && "None in that time.",
    rate !== undefined && `${percent(rate)} succeeded.`,
    medianMs !== undefined && `Median duration: ${(medianMs / 1_000).toFixed(1)} s.`,
    worst.length > 0 && `Most failures: ${worst.join(", ")}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}

function dayBars({ byDay }: RotationFacts, { good, bad }: Colours): Drawing {
  return {
    label: "Rotations of each day, succeeded and failed",
    height: 220,
    data: {
      labels: byDay.map(({ day }) => day.slice(5)),
      datasets: [
        { label: "succeeded", data: byDay.map(({ succeeded }) => succeeded), backgroundColor: good },
        { label: "failed", data: byDay.map(({ failed }) => failed), backgroundColor: bad },
      ],
    },
    options: {
      scales: {
        x: { stacked: true, grid: { display: false } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0 } },
      },
    },
  };
}

function triggerBars({ byTrigger }: RotationFacts, { good, bad }: Colours): Drawing {
  const triggers = Object.entries(byTrigger);
  return {
    label: "Rotations by trigger, succeeded and failed",
    height: 220,
    data: {
      labels: triggers.map(([trigger]) => trigger.replace("_", " ")),
      datasets: [
        { label: "succeeded", data: triggers.map(([, { succeeded }]) => succeeded), backgroundColor: good },
        { label: "failed", data: triggers.map(([, { failed }]) => failed), backgroundColor: bad },
      ],
    },
    options: {
      indexAxis: "y",
      datasets: { bar: { maxBarThickness: 36 } },
      scales: {
        x: { stacked: true, beginAtZero: true, ticks: { precision: 0 } },
        y: { stacked: true, grid: { display: false } },
      },
    },
  };
}
