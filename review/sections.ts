import { type CostPlan, type Subtotal, type TrafficCost } from "./cost";
import { isKnown, type Known, valueOf } from "./known";
import { type LeaseChange, sumOf } from "./leases";
import { type Plan } from "./plan";
import { type PortChange, type PortFacts } from "./ports";
import { Cells, dayText, type Note, number, type Section, signed, timeText } from "./section";
import { spent, type TrafficPurchaseChange } from "./traffic-purchases";
import { type Cell, Word } from "./word";

/** The parts of a report, in the order in which people ask. Those that have nothing to say are left out. */
export function sectionsOf(plan: Plan): Section[] {
  const sections = [
    places,
    ports,
    retiring,
    settings,
    dependents,
    wallet,
    purchases,
    cost,
    slots,
    stock,
    traffic,
    renewals,
  ].map((make) => make(plan));
  return [...sections, notKnown(sections)].filter(({ rows, notes }) => rows.length > 0 || notes.length > 0);
}

/** What is left out since nothing of it is known, once for each reason. */
function notKnown(sections: readonly Section[]): Section {
  const titles = new Map<string, string[]>();
  for (const { title, unknown = [] } of sections) {
    for (const reason of unknown) titles.set(reason, [...(titles.get(reason) ?? []), title]);
  }
  const notes = [...titles].map(([reason, of]) => ({ text: `${of.join(", ")}:`, words: new Word(reason) }));
  return { title: "Not known", heads: [], rows: [], notes };
}

function places({ places: counts }: Plan): Section {
  return {
    title: "Ports by country",
    heads: ["country", "slot type", "before", "after", "change"],
    rows: counts.map(({ country, slotType, before, after }) => [
      new Word(country),
      new Word(slotType),
      String(before),
      String(after),
      signed(after - before),
    ]),
    notes: [],
  };
}

const DEEDS: Record<PortChange["does"], string> = {
  buy: "bought",
  adopt: "adopted",
  renew: "renewed, same resource",
  finish: "rid of old ports",
  replace: "replaced",
  move: "moved, same id",
  change: "changed",
  keep: "",
  release: "released",
  leave: "left at the vendor, no longer managed",
};

function ports({ ports: all }: Plan): Section {
  const changed = all.filter(({ does, formerName }) => does !== "keep" || formerName !== undefined);
  return {
    title: "Ports that change",
    heads: ["port", "will be", "where", "why"],
    rows: changed.map((port) => [
      new Word(port.name),
      deedText(port),
      new Word(whereText(port)),
      new Word(whyText(port)),
    ]),
    notes: [],
  };
}

function deedText({ does, formerName }: PortChange): string {
  const renamed = formerName === undefined ? "" : "renamed, same id";
  return [DEEDS[does], renamed].filter(Boolean).join("; ");
}

function whereText({ before, after }: PortChange): string {
  const [from, to] = [before, after].map((facts) => facts && placeText(facts));
  if (from === undefined || to === undefined || from === to) return from ?? to ?? "";
  return before?.country === after?.country && before?.slotType === after?.slotType ? to : `${from} → ${to}`;
}

const placeText = ({ country, carrier, slotType }: PortFacts): string =>
  [country, carrier, slotType].filter(Boolean).join(" ");

function whyText({ why, inputs, formerName, account }: PortChange): string {
  const was = formerName === undefined ? [] : [`was ${formerName}`];
  const of = account === undefined ? [] : [`account ${account}`];
  return [...why, ...inputs, ...was, ...of].join(", ");
}

/** Old ports of renewals, and how long they serve. */
function retiring({ ports: all, now }: Plan): Section {
  const rows = all.flatMap(({ name, retiring: before, releases, retires }) =>
    [...before, ...(retires ? [retires] : [])].map(({ portId, releaseAt }): Cell[] => [
      new Word(name),
      new Word(portId),
      releases.includes(portId) ? "until this run" : untilText(releaseAt, now),
    ]),
  );
  return { title: "Old ports of renewals", heads: ["of", "old port", "serves"], rows, notes: [] };
}

const untilText = (releaseAt: number, now: number): string =>
  releaseAt <= now ? "until the next run" : `until the first run after ${timeText(releaseAt)}`;

/** What a preview shows of others because it does not know what a port will have. */
function dependents({ dependents: all }: Plan): Section {
  return {
    title: "Unknown until the run",
    heads: ["resource", "type", "shown as", "depends on"],
    rows: all.map(({ name, type, op, on }) => [new Word(name), new Word(type), op, new Word(on.join(", "))]),
    notes:
      all.length === 0
        ? []
        : [
            {
              text: "The preview does not know the portId and the URLs of a port that it updates. The run may change less.",
            },
          ],
  };
}

function settings({ settings: all }: Plan): Section {
  return {
    title: "Settings that change",
    heads: ["port", "setting", "will be", "what"],
    rows: all.map(({ port, kind, does, what }) => [new Word(port), kind, SETTING[does], new Word(what.join(", "))]),
    notes: [],
  };
}

const SETTING = { set: "set", change: "changed", remove: "removed" };

const LEASES: Record<LeaseChange["does"], string> = {
  pay: "paid",
  renew: "paid again: it is over",
  raise: "given more traffic",
  move: "moved; another is paid where the vendor moves it no more",
  adopt: "adopted",
  change: "changed",
  keep: "",
  forget: "forgotten; it runs on to its end",
};

/** What a wallet pays for, and the most that it is. */
function wallet({ leases }: Plan): Section {
  const cells = new Cells();
  const rows = leases.map(({ name, country, does, mostNow, paidLately }): Cell[] => [
    new Word(name),
    new Word(country),
    LEASES[does],
    cells.show(mostNow, (most) => most),
    paidLately,
  ]);
  const most = sumOf(leases.map(({ mostNow }) => valueOf(mostNow)));
  const together = ["together", "", "", most, sumOf(leases.map(({ paidLately }) => paidLately))];
  const heads = ["lease", "country", "will be", "at most, USDC", "paid in 30 days, USDC"];
  const all = leases.length > 1 ? [...rows, together] : rows;
  return { title: "Leases that a wallet pays for", heads, rows: all, notes: cells.notes() };
}

const PURCHASES: Record<TrafficPurchaseChange["does"], string> = {
  buy: "bought",
  "buy more": "bought, in addition",
  "buy again": "bought again: the triggers changed",
  change: "recorded; nothing is bought",
  keep: "",
  forget: "forgotten; the traffic stays",
};

/** What the run buys from the balance. The cost of 30 days has traffic by its use. */
function purchases({ purchases: all, balance }: Plan): Section {
  const cells = new Cells();
  const rows = all
    .filter(({ does }) => does !== "keep")
    .map(({ name, slotType, does, amountGB, price, mostNow, account }): Cell[] => [
      new Word(name),
      new Word(account === undefined ? slotType : `${slotType}, account ${account}`),
      PURCHASES[does],
      cells.show(amountGB, number),
      cells.show(price, money),
      cells.show(mostNow, money),
    ]);
  const together = ["together", "", "", "", "", money(spent(all))];
  const isOwn = all.some(({ does, account }) => does !== "keep" && account === undefined);
  const notes = isKnown(balance) && isOwn ? [{ text: `Once, from the balance: $${money(balance.value)}.` }] : [];
  return {
    title: "Traffic bought from the balance",
    heads: ["purchase", "slot type", "will be", "GB", "price, USD", "at most, USD"],
    rows: rows.length > 1 ? [...rows, together] : rows,
    notes: rows.length === 0 ? [] : [...notes, ...cells.notes()],
  };
}

function cost({ cost: plan }: Plan): Section {
  const cells = new Cells();
  const sum = (known: Known<number>, when: "before" | "after"): string => cells.show(known, money, when);
  const parts = costParts(plan);
  const rows: Cell[][] = [
    ...parts.map(({ name, before, after, change }) => [
      name,
      sum(before, "before"),
      sum(after, "after"),
      cells.show(change, moneyMore),
    ]),
    ["together", subtotal(plan.before, money), subtotal(plan.after, money), subtotal(plan.change, moneyMore)],
  ];
  const notes: Note[] = [
    {
      text: "Slots that the stack's ports take, paid for already or not; traffic as the ports that there are now use it.",
    },
    ...retiringNotes(plan),
    { text: "Currency:", words: new Word(plan.currency) },
  ];
  const section = { title: "Cost of 30 days", heads: ["of", "before", "after", "change"], rows, notes };
  const isNothing = parts.every(({ before, after }) =>
    [before, after].every((one) => !isKnown(one) || one.value === 0),
  );
  return parts.length === 0 ? { ...section, rows: [], notes: [] } : cells.section(section, isNothing);
}

const money = (amount: number): string => amount.toFixed(2);
const moneyMore = (amount: number): string => signed(amount, money);

/** "70.00 and 1 unknown" */
function subtotal({ known, unknown, parts }: Subtotal, as: (amount: number) => string): string {
  if (unknown === 0) return as(known);
  return unknown === parts ? "unknown" : `${as(known)} and ${unknown} unknown`;
}

function retiringNotes({ slots: all }: CostPlan): Note[] {
  const held = all.filter(({ retiring: { before, after } }) => before + after > 0);
  if (held.length === 0) return [];
  const counts = held.map(({ slotType, retiring: { before, after } }) => `${before} → ${after} ${slotType}`);
  return [
    { text: `Slots of old ports of renewals among them: ${counts.join(", ")}. They count until a run releases them.` },
    { text: "Traffic of old ports is not counted: their clients move to the new ones." },
  ];
}

interface CostRow {
  name: string;
  before: Known<number>;
  after: Known<number>;
  change: Known<number>;
}

function costParts({ slots: ofSlots, traffic: ofTraffic }: CostPlan): CostRow[] {
  return [
    ...ofSlots.map(({ slotType, before, after, change }) => ({
      name: `${slotType} slots (${before.slots} → ${after.slots})`,
      before: before.cost,
      after: after.cost,
      change,
    })),
    ...ofTraffic.map((one) => ({ ...one, name: `${one.slotType} traffic${useText(one)}` })),
  ];
}

function useText({ gbPerMonth, pricePerGB }: TrafficCost): string {
  const used = isKnown(gbPerMonth) ? [`${number(gbPerMonth.value)} GB`] : [];
  const price = isKnown(pricePerGB) ? [`${number(pricePerGB.value)} for a GB`] : [];
  return used.length + price.length > 0 ? ` (${[...used, ...price].join(", ")})` : "";
}

function slots({ slots: all }: Plan): Section {
  const cells = new Cells();
  return cells.section({
    title: "Slots",
    heads: ["slot type", "total", "used", "free", "needed", "for renewals", "old ports", "free after"],
    rows: all.map(({ slotType, total, used, free, needed, renewals: renewed, retiring: old, freeAfter }) => [
      slotType,
      cells.show(total, number),
      cells.show(used, number),
      cells.show(free, number),
      String(needed),
      String(renewed),
      old.before === old.after ? String(old.before) : `${old.before} → ${old.after}`,
      cells.show(freeAfter, number),
    ]),
    notes: [],
  });
}

function stock({ stock: all }: Plan): Section {
  const cells = new Cells();
  return cells.section({
    title: "Stock",
    heads: ["where", "slot type", "needed", "for renewals", "free devices"],
    rows: all.map(({ country, carrier = "", slotType, needed, renewed, free }) => [
      new Word(`${country} ${carrier}`),
      new Word(slotType),
      String(needed),
      String(renewed),
      cells.show(free, number),
    ]),
    notes: [],
  });
}

function traffic({ traffic: all }: Plan): Section {
  const cells = new Cells();
  return cells.section({
    title: "Traffic of the account",
    heads: ["slot type", "GB left", "GB a day", "ends"],
    rows: all.map(({ slotType, leftGB, perDayGB, endsAt }) => [
      slotType,
      cells.show(leftGB, number),
      cells.show(perDayGB, number),
      cells.show(endsAt, (at) => (at === undefined ? "not expected" : dayText(at))),
    ]),
    notes: [],
  });
}

function renewals({ renewals: all, now }: Plan): Section {
  return {
    title: "Renewals due in 7 days",
    heads: ["port", "due"],
    rows: all.map(({ port, at, isNew }) => [
      new Word(port),
      at <= now ? "now, by another run" : `${timeText(at)}${isNew ? ", with the lease of this run" : ""}`,
    ]),
    notes: [],
  };
}
