import { type Api } from "../../api";
import { type FleetSnapshot } from "../../dashboard/fleet";
import { type SnapshotOptions, takeSnapshot } from "../../report/snapshot";
import { parseArguments } from "../terminal/arguments";
import { FLEET_HELP, FLEET_OPTIONS, fleetSource } from "../state/fleet-source";
import { LOOK_OPTIONS, lookArguments } from "../state/look-arguments";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { looks, type Pace } from "./looks";
import { interrupted, pause } from "./until-stopped";
import { messageOf, UsageError } from "../terminal/usage-error";
import { watchText } from "./watch-text";

const HELP = `Usage: proxies-sx watch [options]

Shows the figures of the fleet again and again, until Ctrl-C. Each look asks for the ports, and for slots and traffic
of the account. Traffic by day and rotations are asked for once a minute, or at each look until they can be had.

  --interval TIME  time from one look to the next, 1s at least (default 5s)
  --once           look once
  --histories N    ports whose history of rotations is asked for, one call each (default 20)
${FLEET_HELP}

Exit code: 0 it was ended, 2 wrong usage, 3 with --once, or at the first look: nothing could be had.`;

/** The fleet on the terminal. `stopped` ends it; by itself it ends with Ctrl-C. A test waits its own way. */
export async function watchCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  stopped: AbortSignal = interrupted(),
  wait = pause,
): Promise<number> {
  try {
    const args = readArguments(argv);
    if (args === "help") {
      terminal.out(HELP);
      return 0;
    }
    const { open, ...source } = await fleetSource(args, terminal);
    await watch(open, args, { ...source, histories: args.histories }, terminal, {
      stopped,
      wait: () => wait(args.intervalMs, stopped),
    });
    return 0;
  } catch (error) {
    terminal.err(`proxies-sx watch: ${messageOf(error)}`);
    return error instanceof UsageError ? 2 : 3;
  }
}

/** A look that fails after the first is told, and the next one tries again. */
async function watch(
  open: () => Api,
  { once }: { once: boolean },
  options: SnapshotOptions,
  terminal: Terminal,
  pace: Pace,
): Promise<void> {
  const look = (api: Api, earlier?: FleetSnapshot) => takeSnapshot(api, { ...options, earlier });
  for await (const { value: fleet, error, earlier } of looks(open, look, pace)) {
    const shown = fleet ?? (once ? undefined : earlier);
    if (!shown) throw error;
    const figures = watchText(shown, terminal.columns?.());
    const text = fleet ? figures : `No figures at the moment: ${messageOf(error)}\n\n${figures}`;
    if (once) return terminal.out(text);
    if (terminal.draw) terminal.draw(text);
    else terminal.out(`${text}\n`);
  }
}

const OPTIONS = {
  once: { type: "boolean" },
  ...LOOK_OPTIONS,
  ...FLEET_OPTIONS,
} as const;

function readArguments(argv: string[]) {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const look = lookArguments(values, { least: 1, usual: "5s", examples: '"5s" or "2m"' });
  return { ...values, once: values.once ?? false, ...look };
}
