import { figuresOf } from "../../dashboard/figures";
import { type FleetSnapshot, leftOutOf, whyNot } from "../../dashboard/fleet";
import { reportHtml } from "../../dashboard/html";
import { takeSnapshot } from "../../report/snapshot";
import { count } from "../../dashboard/wording";
import { asJson } from "../../text";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { type FleetArguments, FLEET_HELP, FLEET_OPTIONS, fleetSource } from "../state/fleet-source";
import { outputArguments, writeOutput } from "../terminal/output-file";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const HELP = `Usage: proxies-sx report --output FILE [options]

Writes the fleet as one HTML file: places, leases, traffic, rotations, health and, with states, orphans and what a
wallet pays for. The file is self-contained and makes no request. It holds no login, password, rotation
token or key.

  --output FILE    the file to write, -o for short
  --force          replace a file that is there
  --histories N    ports whose history of rotations is asked for, one call each: those that rotated last (default 100)
  --json           write the data alone, as JSON
${FLEET_HELP}

Exit code: 0 it was written, 2 wrong usage, 3 nothing could be read, or a state could not be read.`;

/** The fleet as one file. */
export function reportCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "report", help: HELP, read: readArguments, run: report }, argv, terminal);
}

async function report(args: ReportArguments, terminal: Terminal): Promise<number> {
  const { open, ...source } = await fleetSource(args, terminal, { withLeases: true });
  const api = open();
  try {
    const { histories, output } = args;
    const onProgress = progress(terminal);
    const fleet = await takeSnapshot(api, { ...source, needsStates: true, histories, onProgress });
    writeOutput(output, args.json ? `${asJson(fleet, 0)}\n` : reportHtml(fleet), args);
    tell(fleet, output, terminal);
    return EXIT.fine;
  } finally {
    api.close();
  }
}

/** A line for each quarter, where there is enough to wait for. */
function progress({ err }: Terminal): (done: number, of: number) => void {
  return (done, of) => {
    const quarter = Math.ceil(of / 4);
    if (of >= 40 && (done % quarter === 0 || done === of)) err(`histories of rotations: ${done} of ${of}`);
  };
}

function tell(fleet: FleetSnapshot, output: string, { err }: Terminal): void {
  const { live, orphans } = figuresOf(fleet);
  const ports = whyNot(fleet.ports) === undefined ? count(live, "live port") : "ports not known";
  err(`${output}: ${ports}${orphans === undefined ? "" : `, ${count(orphans, "orphan")}`}`);
  for (const { part, why } of leftOutOf(fleet)) err(`left out, ${part}: ${why}`);
}

const OPTIONS = {
  output: { type: "string", short: "o" },
  force: { type: "boolean" },
  histories: { type: "string" },
  json: { type: "boolean" },
  ...FLEET_OPTIONS,
} as const;

interface ReportArguments extends FleetArguments {
  output: string;
  force: boolean;
  histories: number;
  json: boolean;
}

function readArguments(argv: string[]): ReportArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { histories = "100", json = false } = values;
  const { output, force } = outputArguments(values);
  if (output === undefined) throw new UsageError("name the file to write: --output FILE");
  if (!/^\d{1,5}$/.test(histories)) throw new UsageError("--histories is a whole number from 0 to 99999");
  return { ...values, output, force, histories: Number(histories), json };
}
