import { SLOT_TYPES } from "../../domain/slot-type";
import { byName, type Figures, nameOf } from "../figures";
import { type AccountFacts, had, type PortFacts, type UsageFacts, weekOf, whyNot } from "../fleet";
import { daysText, gigabytes, number, whole } from "../wording";
import { ChartBox, type Colours, type Drawing, shortened } from "./charts";
import { el } from "./dom";
import { headed, type Section } from "./section";

const TOP = 15;

/** Traffic against what was bought, by day and by port. */
export function traffic(): Section {
  const bought = new ChartBox("Used, of what was bought (GB)");
  const perDay = new ChartBox("A day, as means of periods (GB)");
  const perPort = new ChartBox("By port so far, most first (GB)");
  const section = headed("Traffic", "traffic", el("div", { class: "charts" }, bought.root, perDay.root, perPort.root));
  return {
    root: section.root,
    show(fleet, figures) {
      const [account, usage, ports] = [had(fleet.account), had(fleet.usage), had(fleet.ports)];
      const missing = [
        ["what was bought", whyNot(fleet.account)],
        ["traffic by day", whyNot(fleet.usage)],
        ["traffic by port", whyNot(fleet.ports)],
      ].flatMap(([what, why]) => (why === undefined ? [] : `Left out, ${what}: ${why}`));
      const isUsed = usage?.periods.some(({ sharedGB, privateGB }) => sharedGB + privateGB > 0) ?? false;
      const ofPorts = ports?.some(({ usedGB = 0 }) => usedGB > 0) ?? false;
      const none = [
        usage && !isUsed && "No traffic in the last 90 days.",
        ports && !ofPorts && "No port has used traffic yet.",
      ].filter(Boolean);
      section.say([words(figures), ...none].join(" "), ...missing.map((line) => el("span", { class: "reason" }, line)));
      bought.root.hidden = !account;
      perDay.root.hidden = !isUsed;
      perPort.root.hidden = !ofPorts;
      if (account) bought.draw((colours) => boughtBars(account, colours));
      if (usage && isUsed) perDay.draw((colours) => dayBars(usage, figures, colours));
      if (ports && ofPorts) perPort.draw((colours) => portBars(ports, usage, colours));
    },
  };
}

function words({
  traffic: {
    usedGB,
    boughtGB,
    perDayGB,
    perDayUnknown,
    lasts: [first],
  },
}: Figures): string {
  const sentences = [
    usedGB !== undefined && boughtGB !== undefined && `${gigabytes(usedGB)} of ${gigabytes(boughtGB)} are used.`,
    perDayGB !== undefined && `The ports use ${gigabytes(perDayGB)} a day, by the last 7 days.`,
    perDayUnknown !== undefined && `How much is used a day is not known: ${perDayUnknown}.`,
    first &&
      `At its rate the ${gigabytes(first.leftGB)} of ${first.slotType} traffic left last ${daysText(first.days)}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}

function boughtBars(account: AccountFacts, { accent, rest }: Colours): Drawing {
  const types = SLOT_TYPES.filter((type) => account[type]?.trafficGB);
  const gb = (name: "used" | "available") => types.map((type) => account[type]?.trafficGB?.[name] ?? 0);
  return {
    label: "Traffic used and left by slot type",
    height: 200,
    data: {
      labels: [...types],
      datasets: [
        { label: "used", data: gb("used"), backgroundColor: accent },
        { label: "left", data: gb("available"), backgroundColor: rest },
      ],
    },
    options: {
      indexAxis: "y",
      datasets: { bar: { maxBarThickness: 36 } },
      scales: { x: { stacked: true }, y: { stacked: true, grid: { display: false } } },
    },
  };
}

/** The vendor reports no single days: each bar is the mean day of its period. */
function dayBars(
  { periods }: UsageFacts,
  { traffic: { budgetPerDayGB } }: Figures,
  { accent, second, ink }: Colours,
): Drawing {
  const oldestFirst = [...periods].reverse();
  const mean = (name: "sharedGB" | "privateGB") =>
    oldestFirst.map((period) => period[name] / (period.to - period.from));
  return {
    label: "Traffic a day",
    height: 200,
    data: {
      labels: oldestFirst.map(({ from, to }) => (from === 0 ? `last ${to} days` : `${from}–${to} days ago`)),
      datasets: [
        { label: "shared", data: mean("sharedGB"), backgroundColor: accent, stack: "used" },
        { label: "private", data: mean("privateGB"), backgroundColor: second, stack: "used" },
        ...(budgetPerDayGB === undefined
          ? []
          : [
              {
                type: "line" as const,
                label: `left to use a day: ${number(budgetPerDayGB)}`,
                data: oldestFirst.map(() => budgetPerDayGB),
                borderColor: ink,
                backgroundColor: ink,
                borderWidth: 1.5,
                order: -1, // above the bars
                pointRadius: 0,
              },
            ]),
      ],
    },
    options: {
      datasets: { bar: { maxBarThickness: 70 } },
      scales: { x: { stacked: true, grid: { display: false } }, y: { beginAtZero: true } },
    },
  };
}

function portBars(ports: PortFacts[], usage: UsageFacts | undefined, { accent, rest }: Colours): Drawing {
  const byUse = [...ports].sort((a, b) => (b.usedGB ?? 0) - (a.usedGB ?? 0) || byName(a, b));
  const top = byUse.slice(0, TOP);
  const others = byUse.slice(TOP);
  const mean = others.reduce((sum, { usedGB = 0 }) => sum + usedGB, 0) / Math.max(1, others.length);
  return {
    label: "Traffic of the ports that used most",
    height: 80 + 20 * (top.length + (others.length > 0 ? 1 : 0)),
    data: {
      labels: [
        ...top.map((port) => shortened(nameOf(port))),
        ...(others.length > 0 ? [`mean of ${whole(others.length)} others`] : []),
      ],
      datasets: [
        {
          label: "GB",
          data: [...top.map(({ usedGB = 0 }) => usedGB), ...(others.length > 0 ? [mean] : [])],
          backgroundColor: [...top.map(() => accent), rest],
        },
      ],
    },
    options: {
      indexAxis: "y",
      datasets: { bar: { maxBarThickness: 16 } },
      scales: { x: { beginAtZero: true }, y: { grid: { display: false }, ticks: { autoSkip: false } } },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            label: ({ dataIndex, parsed: { x } }) => {
              const week = weekOf(usage, top[dataIndex]?.id ?? "");
              return [
                gigabytes(x ?? 0),
                ...(week === undefined ? [] : [`${gigabytes(week / 7)} a day over the last 7 days`]),
              ];
            },
          },
        },
      },
    },
  };
}
