import { formatUsdc, type Session } from "../../api";
import { describeSpan } from "../../domain/duration";
import {
  ownWallet,
  usdcOf,
  walletIn,
  withX402,
  X402_HELP,
  X402_OPTIONS,
  type X402Arguments,
  x402Arguments,
} from "../state/open-x402";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { secretsOfSession } from "../../report/secrets";
import { isoTime } from "../../domain/lease";

const HELP = `Usage: proxies-sx x402 sessions [ADDRESS] [options]

What a wallet has rented: its sessions, as the vendor lists them to everybody who knows the address. Without ADDRESS it
is the wallet whose key is in AGENT_WALLET_KEY; the key stays on this machine.

  --status NAME   active (default), expired or all
  --show-secrets  tokens, passwords and rotation links too, as far as the vendor shows them
${X402_HELP}

Exit code: 0 done, 1 there is no such session, 2 wrong usage, 3 the API could not be asked.`;

const OPTIONS = { status: { type: "string" }, "show-secrets": { type: "boolean" }, ...X402_OPTIONS } as const;

const STATUSES = ["active", "expired", "all"] as const;

interface SessionsArguments extends X402Arguments {
  address?: string;
  status: (typeof STATUSES)[number];
  showSecrets: boolean;
}

/** What a wallet has rented. */
export function sessionsCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "x402 sessions", help: HELP, read: readArguments, run: sessions }, argv, terminal);
}

function readArguments(argv: string[]): SessionsArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  const address = walletIn(positionals);
  const status = STATUSES.find((one) => one === (values.status ?? "active"));
  if (status === undefined) throw new UsageError(`--status takes one of: ${STATUSES.join(", ")}`);
  return {
    ...x402Arguments(values),
    ...(address !== undefined && { address }),
    status,
    showSecrets: values["show-secrets"] ?? false,
  };
}

async function sessions(args: SessionsArguments, terminal: Terminal): Promise<number> {
  const address = args.address ?? ownWallet(terminal);
  return withX402(args, terminal, async (x402) => {
    const found = await x402.sessions.byWallet(address, args.status);
    const { showSecrets } = args;
    if (!showSecrets) for (const secret of found.flatMap(secretsOfSession)) terminal.hide(secret);
    const now = x402.serverNow() ?? Date.now();
    tell(args, terminal, {
      json: found.map((session) => ({ ...factsOf(session), ...(showSecrets && secretFactsOf(session)) })),
      text: (width) => (found.length > 0 ? tableOf(found, showSecrets, now, width) : ""),
    });
    if (found.length > 0) return EXIT.fine;
    terminal.err(`The wallet ${address} has no ${args.status === "all" ? "" : `${args.status} `}session.`);
    return EXIT.attention;
  });
}

/** Named one by one: a session has secrets too. */
function factsOf(session: Session) {
  const { id, status, isActive, tier, network, transactionHash, location } = session;
  const { paid, allocatedGB, usedGB, remainingGB, createdAt, expiresAt } = session;
  return {
    id,
    status: status ?? (isActive === undefined ? undefined : isActive ? "active" : "inactive"),
    tier,
    country: location?.countryCode ?? location?.country,
    network,
    transaction: transactionHash,
    paidUSDC: usdcOf(paid),
    allocatedGB,
    usedGB,
    remainingGB: remainingGB ?? (allocatedGB === undefined || usedGB === undefined ? undefined : allocatedGB - usedGB),
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
  };
}

const secretFactsOf = ({ token, proxy, rotationUrl }: Session) => ({
  token,
  proxy: proxy && { ...proxy, expiresAt: isoTime(proxy.expiresAt) },
  rotationUrl,
});

const HEADS = ["SESSION", "STATUS", "TIER", "COUNTRY", "GB LEFT", "EXPIRES IN", "USDC", "TRANSACTION"];
const SECRET_HEADS = ["TOKEN", "LOGIN", "PASSWORD"];

function tableOf(found: Session[], showSecrets: boolean, now: number, width: number): string {
  const rows = found.map((session) => {
    const { id, status, tier, country, remainingGB, transaction } = factsOf(session);
    const { paid, expiresAt, token, proxy } = session;
    const left =
      expiresAt === undefined ? undefined : expiresAt <= now ? "over" : describeSpan((expiresAt - now) / 1_000);
    const gb = remainingGB === undefined ? undefined : String(Math.round(remainingGB * 1_000) / 1_000);
    return [
      ...[id, status, tier, country, gb, left, paid === undefined ? undefined : formatUsdc(paid), transaction],
      ...(showSecrets ? [token, proxy?.username, proxy?.password] : []),
    ].map((text) => text ?? "-");
  });
  return table([...HEADS, ...(showSecrets ? SECRET_HEADS : [])], rows, showSecrets ? Infinity : width);
}
