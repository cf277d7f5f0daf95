import { isOver } from "../../domain/lease";
import { had, type WalletLease, whyNot } from "../fleet";
import { count, fromNow, number } from "../wording";
import { el } from "./dom";
import { PagedTable } from "./paged-table";
import { headed, type Section } from "./section";

/** Leases that a wallet pays for. Hidden where no given state has one. */
export function wallet(): Section {
  let now = 0;
  const when = (at: number | undefined) => (at === undefined ? "–" : fromNow(at, now));
  const table = new PagedTable<WalletLease>(
    [
      { head: "Lease", cell: ({ name }) => name, by: ({ name }) => name },
      { head: "Session", cell: ({ session }) => el("code", {}, session === undefined ? "–" : `…${session}`) },
      { head: "Country", cell: ({ country }) => country ?? "–", by: ({ country }) => country },
      { head: "Tier", cell: ({ tier }) => tier ?? "–", by: ({ tier }) => tier },
      { head: "Status", cell: ({ status }) => status ?? "–", by: ({ status }) => status },
      { head: "More time", cell: renewalOf, by: ({ renewAt }) => renewAt },
      { head: "Ends", cell: ({ expiresAt }) => when(expiresAt), by: ({ expiresAt }) => expiresAt },
      { head: "GB", cell: (one) => gb(one.allocatedGB), by: (one) => one.allocatedGB, numeric: true },
      { head: "GB left", cell: (one) => gb(one.remainingGB), by: (one) => one.remainingGB, numeric: true },
      { head: "Payments", cell: ({ payments }) => String(payments), by: ({ payments }) => payments, numeric: true },
      { head: "USDC paid", cell: ({ paidUSDC }) => paidUSDC, by: ({ paidUSDC }) => Number(paidUSDC), numeric: true },
      { head: "Network", cell: ({ network }) => network ?? "–", by: ({ network }) => network },
    ],
    20,
  );
  function renewalOf(lease: WalletLease): string | Node {
    if (isOver(lease, now)) return el("span", { class: "bad" }, "over");
    const isDue = lease.renewAt !== undefined && lease.renewAt <= now;
    return isDue ? el("span", { class: "warn" }, "due") : when(lease.renewAt);
  }
  const section = headed("Paid by a wallet", "wallet", table.root);
  return {
    root: section.root,
    show(fleet) {
      now = fleet.takenAt;
      section.root.hidden = fleet.wallet === undefined;
      const leases = had(fleet.wallet) ?? [];
      section.say(
        `${count(leases.length, "lease")}. Ids of sessions are cut: whoever knows one may be told its login.`,
      );
      section.leaveOut(whyNot(fleet.wallet));
      table.show(leases);
    },
  };
}

const gb = (value: number | undefined): string => (value === undefined ? "–" : number(value));
