import { near } from "../../provider/input-names";
import { EXIT } from "./exit-codes";
import { type Terminal } from "./terminal";

interface Group {
  /** "x402", of `proxies-sx x402 quote`. */
  name: string;
  help: string;
  commands: Record<string, (argv: string[], terminal: Terminal) => Promise<number>>;
}

/** Runs the command of a group that the first argument names. */
export async function runSubcommand(group: Group, [name, ...argv]: string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    terminal.out(group.help);
    return EXIT.fine;
  }
  const command = Object.hasOwn(group.commands, name) ? group.commands[name] : undefined;
  if (command) return command(argv, terminal);
  terminal.err(`proxies-sx ${group.name}: ${unknownCommand(name, Object.keys(group.commands))}`);
  return EXIT.usage;
}

/** What to say of a command that does not exist. What is no word could be a key that slipped in. */
export function unknownCommand(name: string, names: string[]): string {
  const shown = /^[a-z-]{1,20}$/.test(name) ? ` "${name}"` : "";
  const meant = shown === "" ? undefined : near(name, names);
  return `unknown command${shown}: ${meant === undefined ? `the commands are ${names.join(", ")}` : `did you mean ${meant}?`}`;
}
