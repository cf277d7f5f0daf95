import { type CostPlan } from "./cost";
import { both, type Known } from "./known";
import { type Plan } from "./plan";
import { type PortChange, type PortFacts } from "./ports";
import { Cells, dayText, type Note, number, type Section, signed, timeText } from "./section";
import { type Cell, Word } from "./word";

/** The parts of a report, in the order in which people ask. Those that have nothing to say are left out. */
export function sectionsOf(plan: Plan): Section[] {
  const sections = [places, ports, retiring, settings, dependents, cost, slots, stock, traffic, renewals].map((make) =>
    make(plan),
  );
  return sections.filter(({ rows, notes }) => rows.length > 0 || notes.length > 0);
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
  finish: "old port released",
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
    heads: ["port", "is", "where", "why"],
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
    heads: ["port", "setting", "is", "what"],
    rows: all.map(({ port, kind, does, what }) => [new Word(port), kind, SETTING[does], new Word(what.join(", "))]),
    notes: [],
  };
}

const SETTING = { set: "set", change: "changed", remove: "removed" };

function cost({ cost: plan }: Plan): Section {
  const cells = new Cells();
  const sum = (known: Known<number>): string => cells.show(known, (value) => value.toFixed(2));
  const change = (known: Known<number>): string => cells.show(known, (value) => signed(value, (n) => n.toFixed(2)));
  const rows: Cell[][] = [...slotRows(plan, sum, change), ...trafficRows(plan, sum, cells)];
  const isEmpty = rows.length === 0;
  if (!isEmpty) rows.push(["together", sum(plan.before), sum(plan.after), change(plan.change)]);
  const isSlotsOnly = plan.traffic.some(({ newPorts }) => newPorts > 0);
  const about: Note[] = [
    {
      text: "Slots that the stack's ports take, paid for already or not; traffic as the ports that there are now use it.",
    },
    ...retiringNotes(plan),
    ...(isSlotsOnly
      ? [{ text: "What is together after the run is the slots only: traffic of new ports comes on top." }]
      : []),
    { text: "The change is that of the slots. Currency:", words: new Word(plan.currency) },
  ];
  return {
    title: "Cost of 30 days",
    heads: ["of", "before", "after", "change"],
    rows,
    notes: isEmpty ? [] : [...about, ...cells.notes()],
  };
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

type Show = (known: Known<number>) => string;

function slotRows({ slots: all }: CostPlan, sum: Show, change: Show): Cell[][] {
  return all.map(({ slotType, before, after }) => [
    `${slotType} slots (${before.slots} → ${after.slots})`,
    sum(before.cost),
    sum(after.cost),
    change(both(before.cost, after.cost, (a, b) => b - a)),
  ]);
}

function trafficRows({ traffic: all }: CostPlan, sum: Show, cells: Cells): Cell[][] {
  return all.map(({ slotType, gbPerMonth, pricePerGB, before, after }) => {
    const used = cells.show(gbPerMonth, number);
    const price = cells.show(pricePerGB, number);
    return [`${slotType} traffic (${used} GB, ${price} each)`, sum(before), sum(after), "unknown until used"];
  });
}

function slots({ slots: all }: Plan): Section {
  const cells = new Cells();
  return {
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
    notes: cells.notes(),
  };
}

function stock({ stock: all }: Plan): Section {
  const cells = new Cells();
  return {
    title: "Stock",
    heads: ["where", "slot type", "needed", "for renewals", "free devices"],
    rows: all.map(({ country, carrier = "", slotType, needed, renewed, free }) => [
      new Word(`${country} ${carrier}`),
      new Word(slotType),
      String(needed),
      String(renewed),
      cells.show(free, number),
    ]),
    notes: cells.notes(),
  };
}

function traffic({ traffic: all }: Plan): Section {
  const cells = new Cells();
  return {
    title: "Traffic of the account",
    heads: ["slot type", "GB left", "GB a day", "ends"],
    rows: all.map(({ slotType, leftGB, perDayGB, endsAt }) => [
      slotType,
      cells.show(leftGB, number),
      cells.show(perDayGB, number),
      cells.show(endsAt, (at) => (at === undefined ? "not expected" : dayText(at))),
    ]),
    notes: cells.notes(),
  };
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
