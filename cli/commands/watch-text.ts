import { type Figures, figuresOf, isDue, isRetiring, nameOf, nextToEnd, nextToGo } from "../../dashboard/figures";
import { type FleetSnapshot, had, leftOutOf, type PortFacts, whyNot } from "../../dashboard/fleet";
import { count, daysText, fromNow, gigabytes, moment, percent, releaseText, whole } from "../../dashboard/wording";
import { table } from "../terminal/table";

const PLACES = 8;
const NEXT = 8;

/** Of a line; a screen that is narrower cuts it. */
const LEAST_WIDTH = 50;

/**
 * The figures of the report, for a terminal.
 *
 * @param columns of the screen: nothing is wider, and its last column stays free
 */
export function watchText(fleet: FleetSnapshot, columns = 80): string {
  const figures = figuresOf(fleet);
  const width = Math.max(LEAST_WIDTH, columns - 1);
  const lines = [
    portLine(fleet, figures),
    healthLine(fleet, figures),
    trafficLine(fleet, figures),
    rotationLine(fleet, figures),
    ...orphanLine(fleet, figures),
  ];
  const blocks = [
    `${fleet.source}, ${moment(fleet.takenAt)}`,
    lines.map((one) => wrapped(one, width)).join("\n"),
    placeTable(figures, width),
    nextTable(fleet, width),
    retiringTable(fleet, width),
    leftOut(fleet, width),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

interface Line {
  label: string;
  parts: string[];
}

const line = (label: string, ...parts: (string | false | undefined)[]): Line => ({
  label,
  parts: parts.filter((part) => part !== false && part !== undefined),
});

const INDENT = 11;

/** What does not fit goes on below, a whole part at a time. */
function wrapped({ label, parts }: Line, width: number): string {
  const lines = [label.padEnd(INDENT)];
  for (const [at, part] of parts.entries()) {
    const text = at < parts.length - 1 ? `${part}, ` : part;
    const isFirst = (lines.at(-1)?.length ?? 0) === INDENT;
    if (isFirst || (lines.at(-1) + text).trimEnd().length <= width) lines.push(`${lines.pop()}${text}`);
    else lines.push(" ".repeat(INDENT) + text);
  }
  return lines.map((one) => one.trimEnd()).join("\n");
}

function portLine({ takenAt, ports }: FleetSnapshot, { live, over, retiring, due, nextEnd, slotTypes }: Figures): Line {
  if (whyNot(ports) !== undefined) return line("Ports", "not known");
  return line(
    "Ports",
    `${whole(live)} live`,
    over > 0 && `${whole(over)} over`,
    retiring > 0 && `${whole(retiring)} retiring`,
    `${whole(due)} due for renewal`,
    nextEnd !== undefined && `next end ${fromNow(nextEnd, takenAt)}`,
    ...slotTypes.map(
      ({ slotType, used, total }) =>
        total !== undefined && `${used === undefined ? "?" : whole(used)} of ${whole(total)} ${slotType} slots`,
    ),
  );
}

function healthLine({ ports }: FleetSnapshot, { health: { healthy, degraded, offline, unknown } }: Figures): Line {
  if (whyNot(ports) !== undefined) return line("Health", "not known");
  return line(
    "Health",
    `${whole(healthy)} healthy`,
    `${whole(degraded)} degraded`,
    `${whole(offline)} offline`,
    unknown > 0 && `${whole(unknown)} unknown`,
  );
}

function trafficLine(
  fleet: FleetSnapshot,
  {
    traffic: {
      usedGB,
      boughtGB,
      leftGB,
      perDayGB,
      perDayUnknown,
      lasts: [first],
    },
  }: Figures,
): Line {
  return line(
    "Traffic",
    boughtGB === undefined ? "bought: not known" : `${gigabytes(usedGB)} of ${gigabytes(boughtGB)} used`,
    leftGB !== undefined && `${gigabytes(leftGB)} left`,
    perDayGB !== undefined && `${gigabytes(perDayGB)} a day`,
    ...(perDayUnknown !== undefined && had(fleet.usage) && had(fleet.ports)
      ? ["GB a day: not known", perDayUnknown]
      : []),
    first && `${first.slotType} lasts ${daysText(first.days)}`,
  );
}

function rotationLine(fleet: FleetSnapshot, { rotations }: Figures): Line {
  const facts = had(fleet.rotations);
  return line(
    "Rotations",
    whole(rotations.count),
    rotations.automatic === 1 ? "1 rotates by itself" : `${whole(rotations.automatic)} rotate by themselves`,
    rotations.successRate !== undefined &&
      facts &&
      `${percent(rotations.successRate)} succeeded (${count(facts.ports, "port")}, 30 days)`,
  );
}

function orphanLine({ managed }: FleetSnapshot, { orphans }: Figures): Line[] {
  const states = had(managed)?.states.map(({ name }) => name) ?? [];
  return orphans === undefined
    ? []
    : [line("Orphans", whole(orphans), ...states.map((name, at) => (at === 0 ? `compared with ${name}` : name)))];
}

function placeTable({ places }: Figures, width: number): string {
  if (places.length === 0) return "";
  const rows = places.slice(0, PLACES).map(({ country, ports, due, health, carriers }) => [
    country,
    String(ports),
    String(health.degraded + health.offline),
    String(due),
    carriers
      .slice(0, 4)
      .map(({ carrier, ports: n }) => `${carrier} ${n}`)
      .join(", ") + (carriers.length > 4 ? ", …" : ""),
  ]);
  const more = places.length > PLACES ? `\nand ${places.length - PLACES} more` : "";
  return table(["COUNTRY", "PORTS", "UNHEALTHY", "DUE", "CARRIERS"], rows, width) + more;
}

/** The leases that end next. */
function nextTable({ ports, takenAt: now }: FleetSnapshot, width: number): string {
  const next = nextToEnd(had(ports) ?? [], now)
    .filter((port) => !isRetiring(port))
    .slice(0, NEXT);
  if (next.length === 0) return "";
  return table(
    ["EXPIRING NEXT", "PLACE", "STATUS", "ENDS", "RENEWAL"],
    next.map((port) => [
      nameOf(port),
      placeOf(port),
      port.status ?? "-",
      fromNow(port.expiresAt ?? now, now),
      renewalOf(port, now),
    ]),
    width,
  );
}

const placeOf = ({ country, carrier }: PortFacts): string => [country, carrier].filter(Boolean).join(" ");

/** Old ports of renewals, those that are released first. */
function retiringTable({ ports, takenAt: now }: FleetSnapshot, width: number): string {
  const retiring = nextToGo(had(ports) ?? []);
  if (retiring.length === 0) return "";
  const rows = retiring
    .slice(0, NEXT)
    .map((port) => [port.heldBy ?? port.id, placeOf(port), port.status ?? "-", releaseText(port, now)]);
  const more = retiring.length > NEXT ? `\nand ${retiring.length - NEXT} more` : "";
  return table(["OLD PORT OF", "PLACE", "STATUS", "RELEASED BY"], rows, width) + more;
}

function renewalOf(port: PortFacts, now: number): string {
  if (port.renewAt === undefined) return "-";
  return isDue(port, now) ? "due" : fromNow(port.renewAt, now);
}

/** One line for each reason, in lines of words. */
function leftOut(fleet: FleetSnapshot, width: number): string {
  const parts = new Map<string, string[]>();
  for (const { part, why } of leftOutOf(fleet)) parts.set(why, [...(parts.get(why) ?? []), part]);
  return [...parts].map(([why, of]) => inWords(`Left out, ${of.join(", ")}: ${why}`, width)).join("\n");
}

function inWords(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= width || lines.at(-1) === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}
