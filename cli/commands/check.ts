import {
  type Api,
  isApiError,
  type PingResult,
  type Port,
  type PortIp,
  type PortStatus,
  type SpeedTest,
} from "../../api";
import { isoTime, isOver } from "../../domain/lease";
import { clean, messageOf } from "../../text";
import {
  NAMED_PORTS_HELP,
  NAMED_PORTS_OPTIONS,
  type NamedPort,
  type NamedPortsArguments,
  namedPortsArguments,
  portsNamed,
  whyUnknown,
} from "../state/named-ports";
import { withApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";

const HELP = `Usage: proxies-sx check PORT... [options]

Checks whether ports serve: the vendor's status of each, a test through it, and its public address now. The vendor runs
the test; nothing goes through the port from this machine.

  --speed          measure speed as well: each measurement uses traffic of the account
${NAMED_PORTS_HELP}
The key needs the scope ports:read.

Exit code: 0 all serve, 1 at least one does not, 2 wrong usage, 3 nothing could be determined.`;

const OPTIONS = { speed: { type: "boolean" }, ...NAMED_PORTS_OPTIONS } as const;

interface CheckArguments extends NamedPortsArguments {
  speed: boolean;
}

/** Whether ports serve. */
export function checkCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const run = (args: CheckArguments): Promise<number> =>
    withApi({ ...args, changes: args.speed }, terminal, async (api) =>
      check(await portsNamed(args, terminal), args, api, terminal),
    );
  return runCommand({ name: "check", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): CheckArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  return { ...namedPortsArguments("check", values, positionals), speed: values.speed ?? false };
}

async function check(named: NamedPort[], args: CheckArguments, api: Api, terminal: Terminal): Promise<number> {
  const checks = await Promise.all(named.map((one) => checkOne(one, args.speed, api)));
  if (checks.every(({ isUnknown }) => isUnknown)) throw checks[0]?.error;
  const facts = checks.map(({ facts }) => facts);
  tell(args, terminal, { json: facts, text: (width) => tableOf(facts, args.speed, width) });
  return facts.every(({ problems }) => problems.length === 0) ? EXIT.fine : EXIT.attention;
}

/** What is known of one port. It serves where there is no problem. */
interface Facts extends NamedPort {
  online?: boolean;
  /** "active", "suspended", "expired", …; asked for where the port does not serve. */
  status?: string;
  ip?: string;
  pingMs?: number;
  downloadMbps?: number;
  uploadMbps?: number;
  latencyMs?: number;
  /** ISO 8601. */
  expiresAt?: string;
  problems: string[];
}

interface Checked {
  facts: Facts;
  /** Nothing was answered, not even that the port is gone. */
  isUnknown: boolean;
  error?: unknown;
}

async function checkOne(one: NamedPort, withSpeed: boolean, api: Api): Promise<Checked> {
  const { ports } = api;
  const { id } = one;
  const [status, ping, ip] = await Promise.allSettled([ports.status(id), ports.ping(id), ports.ip(id)]);
  // After the others: a port that does not serve is refused, and a measurement disturbs a test.
  const speed =
    withSpeed && valueOf(status)?.isOnline ? (await Promise.allSettled([ports.speedTest(id)]))[0] : undefined;
  const answers = [status, ping, ip, ...(speed ? [speed] : [])];
  const errors = answers.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  // One of them alone may be an endpoint that the vendor has not.
  const isGone = [status, ping, ip].every((each) => each.status === "rejected" && isApiError(each.reason, "not_found"));
  const found = problemsOf(valueOf(status), valueOf(ping));
  const whole = found.length > 0 ? (await Promise.allSettled([ports.get(id)]))[0] : undefined;
  const port = whole && valueOf(whole);
  const why = port && whyNotServing(port, api.serverNow() ?? Date.now());
  const problems = isGone
    ? [whyUnknown(one)]
    : [...(why === undefined ? found : [why]), ...errors.map((error) => clean(messageOf(error), { max: 600 }))];
  const told = port && statusOf(port);
  return {
    facts: {
      ...one,
      ...(told !== undefined && { status: told }),
      ...factsOf(valueOf(status), valueOf(ping), valueOf(ip), speed && valueOf(speed)),
      problems,
    },
    isUnknown: !isGone && errors.length === answers.length,
    error: errors[0],
  };
}

const valueOf = <T>(settled: PromiseSettledResult<T>): T | undefined =>
  settled.status === "fulfilled" ? settled.value : undefined;

function problemsOf(status: PortStatus | undefined, ping: PingResult | undefined): string[] {
  return [
    ...(status?.isOnline === false ? ["offline"] : []),
    ...(status?.isOnline && status.isActive === false ? ["not active"] : []),
    ...(ping?.success === false ? [clean(`the test failed${ping.error === undefined ? "" : `: ${ping.error}`}`)] : []),
  ];
}

const statusOf = ({ status }: Port): string | undefined => status && clean(status);

/** Why a port cannot serve, by its status, and the next step. Undefined where its status says nothing of it. */
function whyNotServing(port: Port, now: number): string | undefined {
  if (isOver(port, now))
    return `its lease is over (${statusOf(port) ?? "expired"}): the next \`pulumi up\` renews it, unless onExpired says otherwise`;
  if (statusOf(port) !== "suspended") return undefined;
  return "suspended by the vendor: see to the account's balance and traffic, or ask by `proxies-sx tickets create`";
}

function factsOf(
  status?: PortStatus,
  ping?: PingResult,
  ip?: PortIp,
  speed?: SpeedTest,
): Omit<Facts, "id" | "problems" | "status"> {
  const told = {
    online: status?.isOnline,
    ip: ip?.publicIp ?? ping?.ip,
    pingMs: ping?.success ? ping.responseTime : undefined,
    downloadMbps: speed?.downloadMbps,
    uploadMbps: speed?.uploadMbps,
    latencyMs: speed?.latencyMs,
    expiresAt: isoTime(status?.expiresAt),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

function tableOf(all: Facts[], withSpeed: boolean, width: number): string {
  const hasNames = all.some(({ name }) => name !== undefined);
  const hasStatus = all.some(({ status }) => status !== undefined);
  const heads = [
    "ID",
    ...(hasNames ? ["NAME"] : []),
    "ONLINE",
    ...(hasStatus ? ["STATUS"] : []),
    "ADDRESS",
    "PING",
    ...(withSpeed ? ["DOWN", "UP"] : []),
  ];
  const rows = all.map(({ id, name, online, status, ip, pingMs, downloadMbps, uploadMbps, problems }) =>
    [
      id,
      ...(hasNames ? [name] : []),
      online === undefined ? undefined : online ? "yes" : "no",
      ...(hasStatus ? [status] : []),
      ip,
      unit(pingMs, "ms"),
      ...(withSpeed ? [unit(downloadMbps, "Mbit/s"), unit(uploadMbps, "Mbit/s")] : []),
      problems.join("; "),
    ].map((cell) => cell ?? "-"),
  );
  return table([...heads, "PROBLEMS"], rows, width, 1);
}

const unit = (value: number | undefined, name: string): string | undefined =>
  value === undefined ? undefined : `${Math.round(value * 10) / 10} ${name}`;
