import { type Api, type Port, PORT_STATUSES, type PortFilter } from "../../api";
import { type PortFacts } from "../../dashboard/fleet";
import { fromNow, gigabytes } from "../../dashboard/wording";
import { isGone, isoTime } from "../../domain/lease";
import { isSlotType, SLOT_TYPES } from "../../domain/slot-type";
import { InputError } from "../../provider/errors";
import { Reference } from "../../provider/run/reference";
import { portFacts } from "../../report/port-facts";
import { natural } from "../../text";
import { type FleetArguments, FLEET_OPTIONS, fleetSource, SOURCE_HELP } from "../state/fleet-source";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const HELP = `Usage: proxies-sx ports [options]

Lists the ports of the account and, with states, the resource that holds each. It shows no login and no password:
\`proxies-sx export\` writes those.

  --country NAME   only those in this country: ISO code, English name, or the vendor's id
  --carrier NAME   with --country: only those of this carrier: brand, name, or the vendor's id
  --type NAME      shared or private
  --status NAME    ${PORT_STATUSES.join(", ")}
  --search TEXT    only those with this text in their id, name, place or resource
  --json           JSON on a terminal too; in a pipe it is the default
${SOURCE_HELP}
The key needs the scope ports:read.

Exit code: 0 done, 1 there is no such port, 2 wrong usage, 3 the ports could not be read.`;

const OPTIONS = {
  country: { type: "string" },
  carrier: { type: "string" },
  type: { type: "string" },
  status: { type: "string" },
  search: { type: "string" },
  json: { type: "boolean" },
  ...FLEET_OPTIONS,
} as const;

interface PortsArguments extends FleetArguments {
  filter: Pick<PortFilter, "status" | "slotType">;
  country?: string;
  carrier?: string;
  search?: string;
  json: boolean;
}

/** The ports of an account. */
export function portsCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "ports", help: HELP, read: readArguments, run: ports }, argv, terminal);
}

function readArguments(argv: string[]): PortsArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { type, status, json = false } = values;
  if (type !== undefined && !isSlotType(type)) throw new UsageError(`--type takes one of: ${SLOT_TYPES.join(", ")}`);
  if (status !== undefined && !PORT_STATUSES.includes(status))
    throw new UsageError(`--status takes one of: ${PORT_STATUSES.join(", ")}`);
  if (values.carrier !== undefined && values.country === undefined)
    throw new UsageError("--carrier goes with --country only");
  return { ...values, filter: { slotType: type, status }, json };
}

async function ports(args: PortsArguments, terminal: Terminal): Promise<number> {
  const { open, managed, apiKey } = await fleetSource(args, terminal);
  const api = open();
  try {
    const listed = await api.ports.list({ ...args.filter, ...(await placeOf(args, api)) });
    const holders = (await managed?.(listed))?.holders;
    const wanted = listed
      .filter(({ status }) => args.filter.status !== undefined || !isGone(status))
      .map((port) => ({ port, facts: portFacts(port, apiKey, holders?.get(port.id)) }))
      .filter(({ port, facts }) => args.search === undefined || isFound(args.search, port, facts))
      .sort((a, b) => natural(sortedBy(a.facts), sortedBy(b.facts)));
    const now = api.serverNow() ?? Date.now();
    const facts = wanted.map((one) => one.facts);
    tell(args, terminal, {
      json: wanted.map((one) => ({ ...inWords(one.facts), ...addressOf(one.port) })),
      text: (width) =>
        facts.length > 0 ? tableOf(facts, holders !== undefined, now, width) : "There is no such port in the account.",
    });
    return wanted.length > 0 ? EXIT.fine : EXIT.attention;
  } finally {
    api.close();
  }
}

/** @throws UsageError that names the nearest country or carrier. */
async function placeOf({ country, carrier, filter }: PortsArguments, api: Api): Promise<Partial<PortFilter>> {
  if (country === undefined) return {};
  const isPrivate = filter.slotType === "private";
  try {
    const place = await new Reference(api).resolve({ country, ...(carrier !== undefined && { carrier }) }, isPrivate);
    return { countryId: place.country.id, ...(place.carrier && { carrierId: place.carrier.id }) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new UsageError(`--${error.message.replace(": ", " ")}`);
  }
}

const sortedBy = ({ heldBy, name, id }: PortFacts): string => heldBy ?? name ?? id;

function isFound(text: string, { city, region }: Port, facts: PortFacts): boolean {
  const { id, name, country, countryName, carrier, heldBy } = facts;
  const words = [id, name, country, countryName, carrier, heldBy, city?.name, region?.name];
  return words.some((word) => word?.toLowerCase().includes(text.toLowerCase()));
}

/** For a program. Times are ISO 8601 in UTC. */
function inWords({ createdAt, expiresAt, renewAt, releaseAt, rotation, ...facts }: PortFacts) {
  return {
    ...facts,
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
    renewAt: isoTime(renewAt),
    releaseAt: isoTime(releaseAt),
    rotation: rotation && { ...rotation, lastRotatedAt: isoTime(rotation.lastRotatedAt) },
  };
}

/** Where a client connects to. No login is in it. */
const addressOf = ({ serverIp, httpPort, socksPort }: Port) => ({ serverIp, httpPort, socksPort });

/** Columns of a screen that all of the table fits in. On a narrower one a port has the name that it has in its state. */
const WIDE = 90;

function tableOf(all: PortFacts[], withHolders: boolean, now: number, width: number): string {
  const isWide = width >= WIDE;
  const rows = all.map(({ id, name, country, carrier, status, health, expiresAt, slotType, usedGB, heldBy }) =>
    [
      id,
      isWide ? name : (heldBy ?? name),
      joined([country, carrier], " "),
      joined([status, health === "healthy" ? undefined : health], ", "),
      expiresAt === undefined ? undefined : fromNow(expiresAt, now),
      ...(isWide ? [slotType, gigabytes(usedGB)] : []),
      ...(isWide && withHolders ? [heldBy] : []),
    ].map((cell) => cell ?? "-"),
  );
  const wideHeads = ["SLOT TYPE", "TRAFFIC", ...(withHolders ? ["HELD BY"] : [])];
  return table(["ID", "NAME", "PLACE", "STATUS", "EXPIRES", ...(isWide ? wideHeads : [])], rows, width, 1);
}

const joined = (parts: (string | undefined)[], by: string): string | undefined =>
  parts.filter((part) => part !== undefined).join(by) || undefined;
