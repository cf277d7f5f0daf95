import { type Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { messageOf } from "../../text";

/** How every command ends. `attention`: it worked, and the result needs attention, or there was nothing to do. */
export const EXIT = { fine: 0, attention: 1, usage: 2, failed: 3 } as const;

export const EXIT_HELP = `Exit codes of all commands:
  0  done
  1  done, with something to look at: orphans, a limit or a port that fails, an unpaid order, nothing to do
  2  wrong usage: invalid arguments, key or URL; a file of limits or for output that cannot be used
  3  it could not be done or determined: a state, a preview or the API cannot be read`;

interface Command<Args> {
  name: string;
  help: string;
  /** @throws UsageError */
  read: (argv: string[]) => Args | "help";
  /** Gives the exit code. */
  run: (args: Args, terminal: Terminal) => Promise<number>;
}

/** Runs a command; what it throws is reported in its name, a line each. */
export async function runCommand<Args>(
  { name, help, read, run }: Command<Args>,
  argv: string[],
  terminal: Terminal,
): Promise<number> {
  try {
    const args = read(argv);
    if (args !== "help") return await run(args, terminal);
    terminal.out(help);
    return EXIT.fine;
  } catch (error) {
    for (const line of messageOf(error).split("\n")) terminal.err(`proxies-sx ${name}: ${line}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
