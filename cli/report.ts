import { parseArgs } from "node:util";
import { type Api } from "../api";
import { figuresOf } from "../report/figures";
import { type FleetSnapshot, leftOutOf } from "../report/fleet";
import { reportHtml } from "../report/html";
import { takeSnapshot } from "../report/snapshot";
import { count } from "../report/wording";
import { asJson } from "../text";
import { FLEET_HELP, FLEET_OPTIONS, fleetSource } from "./fleet-source";
import { openApi } from "./open-api";
import { writeOver } from "./output-file";
import { processTerminal, type Terminal } from "./terminal";
import { UsageError, usageError } from "./usage-error";

const HELP = `Usage: proxies-sx report --output FILE [options]

Writes the fleet as one HTML file: places, leases, traffic, rotations, health and, with states, orphans. The file needs
no other, calls nobody, and holds no login, password, rotation token or key.

  --output FILE    the file to write, -o for short; one that is there is written over
  --histories N    ports whose history of rotations is asked for, one call each: those that rotated last (default 100)
  --json           write the data alone, as JSON
${FLEET_HELP}

Exit code: 0 it was written, 2 wrong usage, 3 nothing could be had, or a state could not be read.`;

/** The fleet as one file. */
export async function reportCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  let api: Api | undefined;
  try {
    const args = readArguments(argv);
    if (args === "help") {
      terminal.out(HELP);
      return 0;
    }
    api = openApi(args["api-url"], terminal);
    const { histories } = args;
    const onProgress = progress(terminal);
    const fleet = await takeSnapshot(api, { ...fleetSource(args, terminal), needsStates: true, histories, onProgress });
    writeOver(args.output, args.json ? `${asJson(fleet, 0)}\n` : reportHtml(fleet));
    tell(fleet, args.output, terminal);
    return 0;
  } catch (error) {
    terminal.err(`proxies-sx report: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? 2 : 3;
  } finally {
    api?.close();
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
  err(`${output}: ${count(live, "live port")}${orphans === undefined ? "" : `, ${count(orphans, "orphan")}`}`);
  for (const { part, why } of leftOutOf(fleet)) err(`left out, ${part}: ${why}`);
}

const OPTIONS = {
  output: { type: "string", short: "o" },
  histories: { type: "string" },
  json: { type: "boolean" },
  ...FLEET_OPTIONS,
} as const;

function readArguments(argv: string[]) {
  const { values } = parse(argv);
  if (values.help) return "help";
  const { output, histories = "100", json = false } = values;
  if (output === undefined || output === "") throw new UsageError("name the file to write: --output FILE");
  if (!/^\d{1,5}$/.test(histories)) throw new UsageError("--histories is a whole number from 0 to 99999");
  return { ...values, output, histories: Number(histories), json };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS });
  } catch (error) {
    throw usageError(error);
  }
}
