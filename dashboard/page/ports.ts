import { isOver } from "../../domain/lease";
import { byName, healthOf, isDue, isRetiring } from "../figures";
import { had, type PortFacts, type UsageFacts, weekOf, whyNot } from "../fleet";
import { fromNow, number, releaseText } from "../wording";
import { el } from "./dom";
import { PagedTable } from "./paged-table";
import { headed, type Section } from "./section";

/** Every port, a page at a time. */
export function ports(): Section {
  let now = 0;
  let usage: UsageFacts | undefined;
  let all: PortFacts[] = [];
  const when = (at: number | undefined) => (at === undefined ? "–" : fromNow(at, now));
  const table = new PagedTable<PortFacts>(
    [
      { head: "Port", cell: ({ id, name }) => el("span", { title: id }, name ?? id), by: ({ name, id }) => name ?? id },
      { head: "Managed as", cell: managedAs, by: managedAs },
      { head: "Place", cell: placeOf, by: placeOf },
      { head: "Slot", cell: ({ slotType }) => slotType ?? "–", by: ({ slotType }) => slotType },
      { head: "Status", cell: ({ status }) => status?.replace("_", " ") ?? "–", by: ({ status }) => status },
      {
        head: "Health",
        cell: (port) => el("span", { class: `mark ${healthOf(port)}` }, port.health ?? "–"),
        by: ({ health }) => health,
      },
      { head: "Renewal", cell: renewalOf, by: ({ renewAt, releaseAt }) => renewAt ?? releaseAt },
      { head: "Lease ends", cell: ({ expiresAt }) => when(expiresAt), by: ({ expiresAt }) => expiresAt },
      { head: "GB", cell: ({ usedGB }) => gb(usedGB), by: ({ usedGB }) => usedGB, numeric: true },
      { head: "GB a day", cell: ({ id }) => gb(perDay(id)), by: ({ id }) => perDay(id), numeric: true },
      {
        head: "Rotations",
        cell: ({ rotation }) => String(rotation?.count ?? "–"),
        by: ({ rotation }) => rotation?.count,
        numeric: true,
      },
      {
        head: "Last rotation",
        cell: ({ rotation }) => when(rotation?.lastRotatedAt),
        by: ({ rotation }) => rotation?.lastRotatedAt,
      },
    ],
    50,
  );
  const perDay = (id: string) => {
    const week = weekOf(usage, id);
    return week === undefined ? undefined : week / 7;
  };
  function renewalOf(port: PortFacts): string | Node {
    if (isRetiring(port)) return `released by ${releaseText(port, now)}`;
    if (isOver(port, now)) return el("span", { class: "bad" }, "over");
    return isDue(port, now) ? el("span", { class: "warn" }, "due") : when(port.renewAt);
  }

  const search = el("input", {
    type: "search",
    placeholder: "filter: country, carrier, status, name, id",
    "aria-label": "Filter ports",
  });
  search.addEventListener("input", () => filtered());
  const section = headed("Ports", "ports", search, table.root);

  function filtered(): void {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    table.show(all.filter((port) => words.every((word) => textOf(port).includes(word))));
  }

  return {
    root: section.root,
    show(fleet) {
      now = fleet.takenAt;
      usage = had(fleet.usage);
      all = [...(had(fleet.ports) ?? [])].sort(byName);
      section.say(all.length === 0 ? "No ports." : "");
      section.leaveOut(whyNot(fleet.ports));
      search.hidden = all.length <= 10;
      table.root.hidden = all.length === 0;
      filtered();
    },
  };
}

const gb = (value: number | undefined): string => (value === undefined ? "–" : number(value));

const placeOf = ({ country, carrier }: PortFacts): string => [country, carrier].filter(Boolean).join(" · ") || "–";

const managedAs = (port: PortFacts): string =>
  port.heldBy === undefined ? "–" : isRetiring(port) ? `${port.heldBy}, old port` : port.heldBy;

const textOf = ({
  id,
  name,
  country,
  countryName,
  carrier,
  slotType,
  status,
  health,
  heldBy,
  releaseAt,
}: PortFacts): string =>
  [id, name, country, countryName, carrier, slotType, status, health, heldBy, releaseAt && "retiring"]
    .join(" ")
    .toLowerCase();
