import { natural } from "../../text/natural-order";
import { byName } from "../figures";
import { had, type ManagedFacts, type PortFacts, whyNot } from "../fleet";
import { count, fromNow, whole } from "../wording";
import { el, fill } from "./dom";
import { PagedTable } from "./paged-table";
import { headed, type Section } from "./section";

/** Live ports that no given state holds. Hidden where no state was given. */
export function orphans(): Section {
  let now = 0;
  const table = new PagedTable<PortFacts>(
    [
      { head: "Id", cell: ({ id }) => el("code", {}, id) },
      { head: "Name", cell: ({ name }) => name ?? "–", by: ({ name }) => name },
      { head: "Country", cell: ({ country }) => country ?? "–", by: ({ country }) => country },
      { head: "Carrier", cell: ({ carrier }) => carrier ?? "–", by: ({ carrier }) => carrier },
      { head: "Slot", cell: ({ slotType }) => slotType ?? "–" },
      { head: "Bought", cell: ({ createdAt }) => when(createdAt), by: ({ createdAt }) => createdAt },
      { head: "Lease ends", cell: ({ expiresAt }) => when(expiresAt), by: ({ expiresAt }) => expiresAt },
    ],
    20,
  );
  const more = el("div", { class: "more" });
  const section = headed("Orphans", "orphans", table.root, more);
  const when = (at: number | undefined) => (at === undefined ? "–" : fromNow(at, now));
  return {
    root: section.root,
    show(fleet) {
      now = fleet.takenAt;
      section.root.hidden = fleet.managed === undefined;
      const facts = had(fleet.managed);
      if (facts) section.say(words(facts));
      section.leaveOut(whyNot(fleet.managed));
      if (!facts) return;
      const found = new Set(facts.orphans);
      table.root.hidden = found.size === 0;
      table.show((had(fleet.ports) ?? []).filter(({ id }) => found.has(id)).sort(byName));
      fill(more, ...restOf(facts));
    },
  };
}

function words({ orphans: found, states }: ManagedFacts): string {
  const of = states.map(({ name, holds }) => `${name} (${whole(holds)})`).join(", ");
  const told =
    found.length === 0 ? "Every live port is in a state." : `${count(found.length, "live port")} in no given state.`;
  return `${told} States, and the live ports that they hold: ${of}.`;
}

const MOST = 20;

function restOf({ referenced, missing, pending }: ManagedFacts): HTMLElement[] {
  const list = (title: string, lines: string[]) =>
    lines.length === 0
      ? []
      : [
          el("p", {}, title),
          el(
            "ul",
            {},
            ...[...lines]
              .sort(natural)
              .slice(0, MOST)
              .map((line) => el("li", {}, line)),
            lines.length > MOST && el("li", {}, `and ${lines.length - MOST} more`),
          ),
        ];
  return [
    ...list(
      "Only named by a state, not managed by it:",
      referenced.map(({ id, by }) => `${id}: ${by}`),
    ),
    ...list(
      "Held by a state, but not in this account:",
      missing.map(({ id, by, leaving }) => `${id}: ${by}${leaving ? ", to be deleted" : ""}`),
    ),
    ...list("Purchases under way, or broken off:", pending),
  ];
}
