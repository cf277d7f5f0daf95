import { type CallFacts } from "../fleet";
import { el } from "./dom";
import { PagedTable } from "./paged-table";
import { headed, type Section } from "./section";

/** The last calls of the API; on the emulator's page only. */
export function calls(): Section {
  const table = new PagedTable<CallFacts>(
    [
      { head: "Time", cell: ({ at }) => `${new Date(at).toISOString().slice(11, 19)} UTC` },
      { head: "Call", cell: ({ method, path }) => el("code", {}, `${method} ${path}`) },
      {
        head: "Answer",
        cell: ({ status }) =>
          el("span", { class: status >= 200 && status < 300 ? "good" : "bad" }, status === 0 ? "cut" : String(status)),
      },
    ],
    8,
  );
  const section = headed("Calls", "calls", table.root);
  return {
    root: section.root,
    show({ calls: last }) {
      section.root.hidden = last === undefined;
      section.say(last?.length === 0 ? "Nothing was asked yet. Run `pulumi up` and watch." : "The newest first.");
      table.root.hidden = !last?.length;
      table.show(last ?? []);
    },
  };
}
