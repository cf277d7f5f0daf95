import { type Figures } from "../figures";
import { type FleetSnapshot, whyNot } from "../fleet";
import { daysText, fromNow, gigabytes, percent, whole } from "../wording";
import { el, fill } from "./dom";
import { type Section } from "./section";

type Mood = "good" | "warn" | "bad" | "";
type Line = string | HTMLElement | false | undefined;

/** The figures at a glance. */
export function tiles(): Section {
  const root = el("section", { class: "tiles", id: "figures", "aria-label": "Figures" });
  return {
    root,
    show(fleet, figures) {
      const known = whyNot(fleet.ports) === undefined;
      const ofPorts = known ? portTiles(fleet.takenAt, figures) : [tile("live", "Live ports", "–", ["not known"])];
      fill(root, ...ofPorts, ...trafficTiles(figures), known && rotationTile(figures), orphanTile(fleet, figures));
    },
  };
}

function portTiles(now: number, figures: Figures): HTMLElement[] {
  const { live, over, retiring, due, endingSoon, nextEnd, nextRenewal, health } = figures;
  const next = (what: string, at: number | undefined) => at !== undefined && `next ${what} ${fromNow(at, now)}`;
  return [
    tile("live", "Live ports", whole(live), [
      ...slotLines(figures),
      retiring > 0 && mark(retiring, "retiring", ""),
      over > 0 && mark(over, "over", "warn"),
    ]),
    tile("due", "Renewal due", whole(due), [next("window", nextRenewal)], due > 0 ? "warn" : ""),
    tile("ending", "End within 7 days", whole(endingSoon), [next("end", nextEnd)]),
    tile(
      "healthy",
      "Healthy",
      whole(health.healthy),
      [
        mark(health.degraded, "degraded", "warn"),
        mark(health.offline, "offline", "bad"),
        health.unknown > 0 && mark(health.unknown, "unknown", ""),
      ],
      health.healthy > 0 && health.healthy === live ? "good" : "",
    ),
  ];
}

function slotLines({ slotTypes }: Figures): string[] {
  return slotTypes.flatMap(({ slotType, used, total }) =>
    total === undefined ? [] : `${used === undefined ? "?" : whole(used)} of ${whole(total)} ${slotType} slots`,
  );
}

const FEW_DAYS = 3;

function trafficTiles({
  traffic: { leftGB, boughtGB, lasts, perDayGB, perDayUnknown, budgetPerDayGB },
}: Figures): HTMLElement[] {
  const [first] = lasts;
  return [
    tile(
      "traffic-left",
      "Traffic left",
      gigabytes(leftGB),
      [
        boughtGB === undefined ? "not known" : `of ${gigabytes(boughtGB)} bought`,
        first && `${first.slotType} lasts ${daysText(first.days)}`,
      ],
      first && first.days < FEW_DAYS ? "bad" : "",
    ),
    tile("per-day", "Traffic a day", gigabytes(perDayGB), [
      perDayGB === undefined ? (perDayUnknown ?? "not known") : "by the last 7 days",
      budgetPerDayGB !== undefined && `${gigabytes(budgetPerDayGB)} are left to use a day`,
    ]),
  ];
}

function rotationTile({ rotations: { count, automatic, successRate } }: Figures): HTMLElement {
  return tile("rotations", "Rotations", whole(count), [
    automatic === 1 ? "1 rotates by itself" : `${whole(automatic)} rotate by themselves`,
    successRate !== undefined && `${percent(successRate)} succeeded`,
  ]);
}

/** None where no state was given. */
function orphanTile({ managed }: FleetSnapshot, { orphans }: Figures): HTMLElement | undefined {
  if (!managed) return undefined;
  if (orphans === undefined) return tile("orphans", "Orphans", "–", ["not known"]);
  if (orphans === 0) return tile("orphans", "Orphans", "0", ["every port is in a state"], "good");
  return tile("orphans", "Orphans", whole(orphans), ["in no given state"], "bad");
}

const mark = (n: number, word: string, mood: Mood): HTMLElement =>
  el("span", { class: n > 0 ? mood : "" }, `${whole(n)} ${word}`);

function tile(figure: string, label: string, value: string, lines: Line[], mood: Mood = ""): HTMLElement {
  const below = lines.map((line) => line && el("span", { class: "below" }, line));
  return el(
    "div",
    { class: `tile ${mood}` },
    el("span", { class: "label" }, label),
    el("strong", { "data-figure": figure }, value),
    ...below,
  );
}
