import { type Figures, figuresOf, isDue, isRetiring, nameOf, nextToEnd, nextToGo } from "../report/figures";
import { type FleetSnapshot, had, leftOutOf, type PortFacts, whyNot } from "../report/fleet";
import { count, daysText, fromNow, gigabytes, moment, percent, releaseText, whole } from "../report/wording";
import { table } from "./table";

const PLACES = 8;
const NEXT = 8;

/** The figures of the report, for a terminal. */
export function watchText(fleet: FleetSnapshot): string {
  const figures = figuresOf(fleet);
  const blocks = [
    `${fleet.source}, ${moment(fleet.takenAt)}`,
    [portLine(fleet, figures), healthLine(fleet, figures), trafficLine(fleet, figures), rotationLine(fleet, figures)]
      .concat(orphanLine(fleet, figures))
      .join("\n"),
    placeTable(figures),
    nextTable(fleet),
    retiringTable(fleet),
    leftOut(fleet),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

const line = (label: string, ...parts: (string | false | undefined)[]): string =>
  `${label.padEnd(11)}${parts.filter(Boolean).join(", ")}`;

function portLine(
  { takenAt, ports }: FleetSnapshot,
  { live, over, retiring, due, nextEnd, slotTypes }: Figures,
): string {
  if (whyNot(ports) !== undefined) return line("Ports", "not known");
  return line(
    "Ports",
    `${whole(live)} live`,
    over > 0 && `${over} over`,
    retiring > 0 && `${retiring} retiring`,
    `${due} due for renewal`,
    nextEnd !== undefined && `next end ${fromNow(nextEnd, takenAt)}`,
    ...slotTypes.map(
      ({ slotType, used, total }) =>
        total !== undefined && `${used === undefined ? "?" : whole(used)} of ${whole(total)} ${slotType} slots`,
    ),
  );
}

function healthLine({ ports }: FleetSnapshot, { health: { healthy, degraded, offline, unknown } }: Figures): string {
  if (whyNot(ports) !== undefined) return line("Health", "not known");
  return line(
    "Health",
    `${healthy} healthy`,
    `${degraded} degraded`,
    `${offline} offline`,
    unknown > 0 && `${unknown} unknown`,
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
      lasts: [first],
    },
  }: Figures,
): string {
  return line(
    "Traffic",
    boughtGB === undefined ? "bought: not known" : `${gigabytes(usedGB)} of ${gigabytes(boughtGB)} used`,
    leftGB !== undefined && `${gigabytes(leftGB)} left`,
    perDayGB !== undefined && `${gigabytes(perDayGB)} a day`,
    first && `${first.slotType} lasts ${daysText(first.days)}`,
  );
}

function rotationLine(fleet: FleetSnapshot, { rotations }: Figures): string {
  const facts = had(fleet.rotations);
  return line(
    "Rotations",
    whole(rotations.count),
    `${whole(rotations.automatic)} rotate by themselves`,
    rotations.successRate !== undefined &&
      facts &&
      `${percent(rotations.successRate)} succeeded (${count(facts.ports, "port")}, 30 days)`,
  );
}

function orphanLine({ managed }: FleetSnapshot, { orphans }: Figures): string[] {
  const states = had(managed)?.states.map(({ name }) => name) ?? [];
  return orphans === undefined ? [] : [line("Orphans", `${orphans}, compared with ${states.join(", ")}`)];
}

function placeTable({ places }: Figures): string {
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
  return table(["COUNTRY", "PORTS", "UNHEALTHY", "DUE", "CARRIERS"], rows) + more;
}

/** The leases that end next. */
function nextTable({ ports, takenAt: now }: FleetSnapshot): string {
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
  );
}

const placeOf = ({ country, carrier }: PortFacts): string => [country, carrier].filter(Boolean).join(" ");

/** Old ports of renewals, those that are released first. */
function retiringTable({ ports, takenAt: now }: FleetSnapshot): string {
  const retiring = nextToGo(had(ports) ?? []);
  if (retiring.length === 0) return "";
  const rows = retiring
    .slice(0, NEXT)
    .map((port) => [port.heldBy ?? port.id, placeOf(port), port.status ?? "-", releaseText(port, now)]);
  const more = retiring.length > NEXT ? `\nand ${retiring.length - NEXT} more` : "";
  return table(["OLD PORT OF", "PLACE", "STATUS", "RELEASED BY"], rows) + more;
}

function renewalOf(port: PortFacts, now: number): string {
  if (port.renewAt === undefined) return "-";
  return isDue(port, now) ? "due" : fromNow(port.renewAt, now);
}

const leftOut = (fleet: FleetSnapshot): string =>
  leftOutOf(fleet)
    .map(({ part, why }) => `Left out, ${part}: ${why}`)
    .join("\n");
