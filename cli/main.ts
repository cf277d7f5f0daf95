#!/usr/bin/env node
import { adoptCommand } from "./commands/adopt";
import { buyCommand } from "./commands/buy";
import { checkCommand } from "./commands/check";
import { disownCommand } from "./commands/disown";
import { emulatorCommand } from "./commands/emulator";
import { EXIT, EXIT_HELP } from "./terminal/exit-codes";
import { exportCommand } from "./commands/export";
import { mcpCommand } from "./commands/mcp";
import { metricsCommand } from "./commands/metrics";
import { orphansCommand } from "./commands/orphans";
import { payCommand } from "./commands/pay";
import { planCommand } from "./commands/plan";
import { portsCommand } from "./commands/ports";
import { reportCommand } from "./commands/report";
import { rotateCommand } from "./commands/rotate";
import { unknownCommand } from "./terminal/subcommands";
import { processTerminal } from "./terminal/terminal";
import { ticketsCommand } from "./commands/tickets";
import { version } from "./terminal/version";
import { watchCommand } from "./commands/watch";
import { x402Command } from "./commands/x402";
import { messageOf } from "../text";

type Command = (argv: string[]) => Promise<number>;

// Those that wait end the process themselves: a call that hangs must not hold Ctrl-C up, nor outlive an agent.
const COMMANDS: Record<string, Command> = {
  emulator: emulatorCommand,
  orphans: (argv) => orphansCommand(argv),
  adopt: (argv) => adoptCommand(argv),
  export: (argv) => exportCommand(argv),
  disown: (argv) => disownCommand(argv),
  plan: (argv) => planCommand(argv),
  ports: (argv) => portsCommand(argv),
  check: (argv) => checkCommand(argv),
  rotate: (argv) => rotateCommand(argv),
  buy: (argv) => buyCommand(argv),
  pay: async (argv) => process.exit(await payCommand(argv)),
  tickets: (argv) => ticketsCommand(argv),
  report: (argv) => reportCommand(argv),
  metrics: async (argv) => process.exit(await metricsCommand(argv)),
  x402: (argv) => x402Command(argv),
  mcp: async (argv) => process.exit(await mcpCommand(argv)),
  watch: async (argv) => process.exit(await watchCommand(argv)),
};

const terminal = processTerminal();

const HELP = `Usage: proxies-sx <command>

Commands:
  emulator   an emulator of the API of proxies.sx, on this machine
  orphans    the live ports that no stack holds: list, adopt or delete them
  adopt      prints a program that takes existing ports under management
  export     the proxies of stacks, as clients read them: lists, .env, PAC, curl, Python, Node, browsers, Squid, HAProxy
  disown     marks ports as not yours, so that recovery after a lost response ignores them
  plan       what the next run does to ports and what it costs, checked against limits; also for a pull request
  report     the fleet as one HTML file: places, leases, traffic, rotations, health, orphans
  watch      the same figures on the terminal, live
  metrics    the same for Prometheus
  ports      the ports of the account, with filters
  check      whether ports serve: status, a test, the public address, speed
  rotate     a new public address for ports, now
  buy        traffic or slots from the balance
  pay        top up the balance by cryptocurrency: open orders, wait until they are paid
  tickets    questions to the vendor's support
  mcp        a server for agents (Model Context Protocol): it only reads, unless you allow more
  x402       proxies that a wallet pays for, without an account: prices, the wallet, what it has rented

  --help     this text; after a command, the command's own
  --version  the version of pulumi-proxies-sx

${EXIT_HELP}`;

async function main([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") return say(HELP);
  if (name === "--version" || name === "-v") return say(version());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(argv);
  terminal.err(`proxies-sx: ${unknownCommand(name, Object.keys(COMMANDS))}`);
  return EXIT.usage;
}

function say(text: string): number {
  terminal.out(text);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    terminal.err(`proxies-sx: ${messageOf(error)}`);
    process.exitCode = EXIT.failed;
  },
);
