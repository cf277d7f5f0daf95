import { type Api } from "../../api";
import { type FleetSnapshot } from "../../dashboard/fleet";
import { type SnapshotOptions, takeSnapshot } from "../../report/snapshot";
import { parseArguments } from "../terminal/arguments";
import { FLEET_HELP, FLEET_OPTIONS, fleetSource } from "../state/fleet-source";
import { LOOK_OPTIONS, lookArguments } from "../state/look-arguments";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { looks, type Pace } from "./looks";
import { interrupted, pause } from "./until-stopped";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { watchText } from "./watch-text";
import { messageOf } from "../../text";

const HELP = `Usage: proxies-sx watch [options]

Shows the figures of the fleet, refreshed until Ctrl-C. Each poll reads the ports, and the slots and traffic of the
account. Traffic by day and rotations are read once a minute; until the first success, at each poll.

  --interval TIME  time between two polls, at least 1s (default 5s)
  --once           poll once, then end
  --histories N    ports whose history of rotations is asked for, one call each (default 20)
${FLEET_HELP}

Exit code: 0 ended, 2 wrong usage, 3 with --once, or at the first poll: nothing could be read.`;

/** The fleet on the terminal. `stopped` ends it; by itself it ends with Ctrl-C. A test waits its own way. */
export async function watchCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  stopped: AbortSignal = interrupted(),
  wait = pause,
): Promise<number> {
  const run = async (args: Arguments): Promise<number> => {
    const { open, ...source } = await fleetSource(args, terminal);
    const pace = { stopped, wait: () => wait(args.intervalMs, stopped) };
    await watch(open, args, { ...source, histories: args.histories }, terminal, pace);
    return EXIT.fine;
  };
  return runCommand({ name: "watch", help: HELP, read: readArguments, run }, argv, terminal);
}

/** A poll that fails after the first is reported, and the next one tries again. */
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

type Arguments = Exclude<ReturnType<typeof readArguments>, "help">;

function readArguments(argv: string[]) {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const look = lookArguments(values, { least: 1, usual: "5s", examples: '"5s" or "2m"' });
  return { ...values, once: values.once ?? false, ...look };
}
