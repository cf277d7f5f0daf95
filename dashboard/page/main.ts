import { figuresOf } from "../figures";
import { type FleetSnapshot, had } from "../fleet";
import { moment } from "../wording";
import { calls } from "./calls";
import { followTheme } from "./charts";
import { el, fill } from "./dom";
import { health } from "./health";
import { leases } from "./leases";
import { orphans } from "./orphans";
import { places } from "./places";
import { ports } from "./ports";
import { rotations } from "./rotations";
import { type Section } from "./section";
import { tiles } from "./tiles";
import { traffic } from "./traffic";
import { wallet } from "./wallet";

const POLL_MS = 1_000;

const words = el("p", { class: "muted", id: "taken" });
const alerts = el("ul", { class: "alerts" });
const sections: Section[] = [
  tiles(),
  calls(),
  places(),
  leases(),
  traffic(),
  rotations(),
  health(),
  orphans(),
  wallet(),
  ports(),
];

function show(fleet: FleetSnapshot): void {
  const figures = figuresOf(fleet);
  fill(words, `${fleet.source}, ${moment(fleet.takenAt)}`);
  const told = had(fleet.account)?.alerts ?? [];
  alerts.hidden = told.length === 0;
  fill(alerts, ...told.map((alert) => el("li", {}, alert)));
  for (const section of sections) section.show(fleet, figures);
}

/** Asks again and again; an answer without a change shows nothing new. */
async function follow(path: string): Promise<void> {
  let tag = "";
  for (;;) {
    try {
      const answer = await fetch(path, { cache: "no-store", headers: tag === "" ? {} : { "If-None-Match": tag } });
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(`the answer is ${answer.status}`);
        show((await answer.json()) as FleetSnapshot);
        tag = answer.headers.get("ETag") ?? "";
      }
      document.body.classList.remove("stale");
    } catch (error) {
      document.body.classList.add("stale");
      fill(words, `No data at the moment: ${(error as Error).message}. Asking again…`);
      tag = "";
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const page = document.getElementById("page") as HTMLElement;
fill(page, el("header", {}, el("h1", {}, "Fleet of proxies"), words, alerts), ...sections.map(({ root }) => root));
followTheme();
const dataPath = page.dataset.fleet;
if (dataPath === undefined) show(JSON.parse(document.getElementById("fleet")?.textContent ?? "") as FleetSnapshot);
else void follow(dataPath + location.search);
