import { whyNot } from "../fleet";
import { count, daysText, fromNow, gigabytes, percent, whole } from "../wording";
import { el, fill } from "./dom";
import { type Section } from "./section";

type Mood = "good" | "warn" | "bad" | "";

/** The figures at a glance. */
export function tiles(): Section {
  const root = el("section", { class: "tiles", id: "figures" });
  return {
    root,
    show(fleet, { live, over, due, endingSoon, nextEnd, nextRenewal, health, slotTypes, traffic, rotations, orphans }) {
      const now = fleet.takenAt;
      const when = (at: number | undefined) => (at === undefined ? "" : fromNow(at, now));
      const known = whyNot(fleet.ports) === undefined;
      const port = (n: number) => (known ? whole(n) : "–");
      const slots = slotTypes.flatMap(({ slotType, used, total }) =>
        total === undefined ? [] : `${used === undefined ? "?" : whole(used)} of ${whole(total)} ${slotType} slots`,
      );
      fill(
        root,
        tile("live", "Live ports", port(live), [...slots, over > 0 && `${over} over`], over > 0 ? "warn" : ""),
        tile(
          "due",
          "Renewal due",
          port(due),
          [nextRenewal && `next window ${when(nextRenewal)}`],
          due > 0 ? "warn" : "",
        ),
        tile("ending", "End within 7 days", port(endingSoon), [nextEnd && `next end ${when(nextEnd)}`]),
        tile(
          "healthy",
          "Healthy",
          port(health.healthy),
          [
            mark(health.degraded, "degraded", "warn"),
            mark(health.offline, "offline", "bad"),
            health.unknown > 0 && `${health.unknown} unknown`,
          ],
          health.healthy > 0 && health.healthy === live ? "good" : "",
        ),
        tile(
          "traffic-left",
          "Traffic left",
          gigabytes(traffic.leftGB),
          [
            traffic.boughtGB !== undefined && `of ${gigabytes(traffic.boughtGB)} bought`,
            traffic.daysLeft !== undefined && `lasts ${daysText(traffic.daysLeft)}`,
          ],
          traffic.daysLeft !== undefined && traffic.daysLeft < 3 ? "bad" : "",
        ),
        tile("per-day", "Traffic a day", gigabytes(traffic.perDayGB), [
          "mean of 7 days",
          traffic.budgetPerDayGB !== undefined && `${gigabytes(traffic.budgetPerDayGB)} are there to use`,
        ]),
        tile("rotations", "Rotations", port(rotations.count), [
          `${whole(rotations.automatic)} rotate by themselves`,
          rotations.successRate !== undefined && `${percent(rotations.successRate)} succeeded`,
        ]),
        fleet.managed &&
          tile(
            "orphans",
            "Orphans",
            orphans === undefined ? "–" : whole(orphans),
            [orphans ? "in no given state" : "every port is in a state"],
            orphans ? "bad" : "good",
          ),
      );
      root.setAttribute("aria-label", `${count(live, "live port")}`);
    },
  };
}

const mark = (n: number, word: string, mood: Mood): Line =>
  el("span", { class: n > 0 ? mood : "" }, `${whole(n)} ${word}`);

type Line = string | HTMLElement | number | false | undefined;

function tile(figure: string, label: string, value: string, lines: Line[], mood: Mood = ""): HTMLElement {
  const below = lines.filter((line) => typeof line === "object" || (typeof line === "string" && line !== ""));
  return el(
    "div",
    { class: `tile ${mood}` },
    el("span", { class: "label" }, label),
    el("strong", { "data-figure": figure }, value),
    ...below.map((line) => el("span", { class: "below" }, line as string | HTMLElement)),
  );
}
