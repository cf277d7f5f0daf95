import { type Place } from "../figures";
import { whyNot } from "../fleet";
import { count, whole } from "../wording";
import { el, fill } from "./dom";
import { headed, type Section } from "./section";

const COUNTRIES = 24;
const CARRIERS = 6;

/** A tile for each country, with its carriers. */
export function places(): Section {
  const grid = el("div", { class: "places" });
  const section = headed("Countries and carriers", "places", grid);
  return {
    root: section.root,
    show(fleet, { places: all, live }) {
      const carriers = new Set(all.flatMap((place) => place.carriers.map(({ carrier }) => carrier)));
      section.say(live === 0 ? "No ports." : `${countries(all.length)}, ${count(carriers.size, "carrier")}.`);
      section.leaveOut(whyNot(fleet.ports));
      const rest = all.slice(COUNTRIES);
      fill(
        grid,
        ...all.slice(0, COUNTRIES).map(tileOf),
        rest.length > 0 &&
          el(
            "div",
            { class: "place" },
            el("strong", {}, `+ ${rest.length} `),
            el(
              "span",
              {},
              `${rest.length === 1 ? "more country" : "more countries"} with ${count(
                rest.reduce((sum, { ports }) => sum + ports, 0),
                "port",
              )}`,
            ),
          ),
      );
    },
  };
}

const countries = (n: number): string => (n === 1 ? "1 country" : `${n} countries`);

function tileOf({ country, name, ports, due, health, carriers }: Place): HTMLElement {
  const marks = [
    health.offline > 0 && el("span", { class: "bad" }, `${health.offline} offline`),
    health.degraded > 0 && el("span", { class: "warn" }, `${health.degraded} degraded`),
    due > 0 && el("span", { class: "warn" }, `${due} due`),
  ];
  const shown = carriers.slice(0, CARRIERS).map(({ carrier, ports: n }) => chip(carrier, n));
  const others = carriers.slice(CARRIERS).reduce((sum, { ports: n }) => sum + n, 0);
  return el(
    "div",
    { class: "place", "data-country": country },
    el("div", { class: "place-head" }, el("strong", {}, country), el("span", { class: "big" }, whole(ports))),
    name !== country && el("span", { class: "muted" }, name),
    el("ul", { class: "chips" }, ...shown, others > 0 && chip("others", others)),
    el("div", { class: "marks" }, ...marks),
  );
}

const chip = (carrier: string, ports: number) => el("li", {}, `${carrier} `, el("b", {}, whole(ports)));
