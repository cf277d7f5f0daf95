import { listed } from "../../review/section";
import { clean, MASK } from "../../text";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { EXPORT_HELP, type ExportArguments, readArguments } from "./export-arguments";
import { writeOutput } from "../terminal/output-file";
import { basicOf, type Proxy } from "./proxy";
import { FORMATS, whyLeftOut } from "./proxy-formats";
import { proxiesIn } from "../state/state-proxies";
import { stateTexts } from "../state/state-source";
import { UsageError } from "../terminal/usage-error";
import { processTerminal, type Terminal } from "../terminal/terminal";

/** The proxies of stacks, for clients. */
export function exportCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "export", help: EXPORT_HELP, read: readArguments, run }, argv, terminal);
}

async function run(args: ExportArguments, terminal: Terminal): Promise<number> {
  const { protocol, fleet, output, force } = args;
  const format = FORMATS[args.format];
  const { write, hasNoLogins = false, refuses } = format;
  const showSecrets = !hasNoLogins && (output !== undefined || args.showSecrets);
  const states: { name: string; text: string }[] = [];
  for (const { name, read } of stateTexts(args.states, terminal, { showSecrets })) {
    states.push({ name, text: await read() });
  }
  const found = proxiesIn(states, { protocol, fleet, showSecrets, now: Date.now() });
  const proxies = found.proxies.filter((proxy) => whyLeftOut(proxy, format, protocol) === undefined);
  const { leftOut } = found;
  for (const proxy of found.proxies) {
    const why = whyLeftOut(proxy, format, protocol);
    if (why !== undefined) leftOut.push({ name: proxy.name, why });
  }
  if (leftOut.length > 0)
    terminal.err(`Left out: ${leftOut.map(({ name, why }) => `${clean(name)} ${why}`).join("; ")}.`);
  if (proxies.length === 0) {
    terminal.err(nothingText(fleet, found.fleets));
    return EXIT.attention;
  }
  const refusal = refuses?.(proxies, protocol);
  if (refusal !== undefined) throw new UsageError(refusal);
  const lines = write(proxies, protocol).join("\n");
  const text = showSecrets ? lines : withMasks(lines, proxies);
  if (output === undefined) terminal.out(text);
  else writeOutput(output, `${text}\n`, { isPrivate: true, force });
  if (!showSecrets && text.includes(MASK)) terminal.err("Passwords are masked: add --output FILE, or --show-secrets.");
  return EXIT.fine;
}

function nothingText(fleet: string | undefined, all: readonly string[]): string {
  if (fleet === undefined) return "There is no proxy to write.";
  if (all.includes(fleet)) return `There is no proxy to write of the fleet "${fleet}".`;
  const others =
    all.length === 0
      ? "no given state has one"
      : `the states have ${listed(
          all.map((name) => clean(name)),
          MOST_NAMES,
        )}`;
  return `There is no fleet "${clean(fleet)}": ${others}.`;
}

const MOST_NAMES = 20;

/** A format may have a login in code: the mask in it is to be seen as one. */
const withMasks = (text: string, proxies: readonly Proxy[]): string =>
  proxies.reduce((all, proxy) => all.replaceAll(basicOf(proxy), MASK), text.replaceAll(encodeURIComponent(MASK), MASK));
