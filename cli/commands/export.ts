import { clean, MASK } from "../../text";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { EXPORT_HELP, type ExportArguments, readArguments } from "./export-arguments";
import { writeOutput } from "../terminal/output-file";
import { FORMATS } from "./proxy-formats";
import { proxiesIn } from "../state/state-proxies";
import { stateTexts } from "../state/state-source";
import { processTerminal, type Terminal } from "../terminal/terminal";

/** The proxies of stacks, for clients. */
export function exportCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "export", help: EXPORT_HELP, read: readArguments, run }, argv, terminal);
}

async function run(args: ExportArguments, terminal: Terminal): Promise<number> {
  const { protocol, fleet, output, force } = args;
  const { write, hasNoLogins = false } = FORMATS[args.format];
  const showSecrets = !hasNoLogins && (output !== undefined || args.showSecrets);
  const states: { name: string; text: string }[] = [];
  for (const { name, read } of stateTexts(args.states, terminal, { showSecrets })) {
    states.push({ name, text: await read() });
  }
  const { proxies, leftOut } = proxiesIn(states, { protocol, fleet, showSecrets, now: Date.now() });
  if (leftOut.length > 0)
    terminal.err(`Left out: ${leftOut.map(({ name, why }) => `${clean(name)} ${why}`).join("; ")}.`);
  if (proxies.length === 0) {
    terminal.err(`There is no proxy to write${fleet === undefined ? "" : ` of a fleet "${fleet}"`}.`);
    return EXIT.attention;
  }
  const lines = write(proxies, protocol).join("\n");
  const text = showSecrets ? lines : lines.replaceAll(encodeURIComponent(MASK), MASK);
  if (output === undefined) terminal.out(text);
  else writeOutput(output, `${text}\n`, { isPrivate: true, force });
  if (!showSecrets && !hasNoLogins) terminal.err("Passwords are masked: add --output FILE, or --show-secrets.");
  return EXIT.fine;
}
