import { formatUsdc, type Session } from "../../api";
import { Redactor } from "../../text";
import {
  ownWallet,
  walletIn,
  withX402,
  X402_OPTIONS,
  X402_PLACE_HELP,
  type X402Arguments,
  x402Arguments,
} from "../state/open-x402";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { literal } from "../../text/literal";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { IMPORTS } from "./adopt-program";
import { secretsOfSession } from "../../report/secrets";

const HELP = `Usage: proxies-sx x402 adopt [ADDRESS] [options]

Prints a program that takes the active sessions of a wallet under Pulumi's management. Its first \`pulumi up\` pays nothing
and changes nothing. Without ADDRESS it is the wallet whose key is in AGENT_WALLET_KEY; the key stays on this machine.

  --session ID     only this session; as often as needed
  --language NAME  typescript (default), or javascript
${X402_PLACE_HELP}
  --help           this text

Exit code: 0 a program was printed, 1 there is nothing to adopt, 2 wrong usage, 3 the API could not be asked.`;

const OPTIONS = {
  session: { type: "string", multiple: true },
  language: { type: "string" },
  stack: X402_OPTIONS.stack,
  cwd: X402_OPTIONS.cwd,
  "api-url": X402_OPTIONS["api-url"],
  help: X402_OPTIONS.help,
} as const;

const ABOUT = `
/**
 * Sessions that a wallet has paid for. The option \`import\` takes each under management as it is: nothing is paid. It can
 * go after the first \`pulumi up\`. What a session may cost from now on is up to you: \`maxPrice\` is the most for one payment.
 */
`;

interface AdoptArguments extends X402Arguments {
  address?: string;
  ids: string[];
  language: keyof typeof IMPORTS;
}

/** What a wallet has rented, as a program. */
export function adoptLeasesCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "x402 adopt", help: HELP, read: readArguments, run: adopt }, argv, terminal);
}

function readArguments(argv: string[]): AdoptArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  const { language = "typescript", session: ids = [] } = values;
  if (language !== "typescript" && language !== "javascript")
    throw new UsageError("--language takes one of: typescript, javascript");
  const address = walletIn(positionals);
  return { ...x402Arguments(values), language, ids, ...(address !== undefined && { address }) };
}

async function adopt({ language, ids, address, ...place }: AdoptArguments, terminal: Terminal): Promise<number> {
  const wallet = address ?? ownWallet(terminal);
  return withX402(place, terminal, async (x402) => {
    const active = await x402.sessions.byWallet(wallet, "active");
    const wanted = ids.length === 0 ? active : active.filter(({ id }) => ids.includes(id as string));
    if (wanted.length < ids.length) throw new Error(`the wallet ${wallet} has no active session of one of these ids`);
    if (wanted.length === 0) {
      terminal.err(`The wallet ${wallet} has no active session.`);
      return EXIT.attention;
    }
    for (const secret of wanted.flatMap(secretsOfSession)) terminal.hide(secret);
    const now = x402.serverNow() ?? Date.now();
    terminal.out(
      [`${IMPORTS[language]}\n${ABOUT}`, ...wanted.map((one) => codeOf(one, nameOf(one, wanted), now))].join("\n"),
    );
    terminal.err("Append it to a program, and run `pulumi up`. Sessions that a stack holds already are among these.");
    return EXIT.fine;
  });
}

/** What one session is now. What the vendor does not show is left for a person, at a place that does not compile. */
function codeOf(session: Session, name: string, now: number): string {
  const { id = "", tier, network, allocatedGB, paid, location } = session;
  const said = (text: string | undefined) =>
    text === undefined ? undefined : new Redactor(secretsOfSession(session)).line(text);
  const inputs = {
    country: said(location?.countryCode),
    ...(tier === "private" && { tier }),
    trafficGB: allocatedGB,
    duration: durationOf(session, now),
    maxPrice: paid === undefined ? undefined : formatUsdc(paid),
    network,
  };
  const missing = Object.entries(inputs).flatMap(([name, value]) => (value === undefined ? [name] : []));
  const place = [location?.carrier, location?.city].map(said).filter((one) => one !== undefined);
  return [
    ...(place.length > 0 ? [`// ${id}: now ${place.join(", ")}`] : []),
    ...(missing.length > 0 ? [`// ${id}: the vendor does not report ${missing.join(", ")}: fill it in`] : []),
    `new proxies.X402Lease(${literal(name)}, ${literal(inputs)}, ${literal({ import: id })});`,
  ].join("\n");
}

/** By the end of its id; by all of it where another one's ends alike. */
function nameOf({ id = "" }: Session, all: readonly Session[]): string {
  const end = id.slice(-6);
  const isAlone = all.filter((one) => one.id?.endsWith(end)).length < 2;
  return `lease-${isAlone ? end : id}`;
}

const HOUR = 3_600;
/** What is sold at once, seconds. */
const MOST = 30 * 24 * HOUR;

/** In whole hours, from its purchase if that is known: so long is it for a run that extends it. */
function durationOf({ createdAt, expiresAt }: Session, now: number): string | undefined {
  if (expiresAt === undefined) return undefined;
  const hours = Math.ceil((expiresAt - (createdAt ?? now)) / 1_000 / HOUR);
  return `${Math.min(Math.max(hours, 1), MOST / HOUR)}h`;
}
