import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptCommand } from "../../cli/commands/adopt";
import { buyCommand } from "../../cli/commands/buy";
import { checkCommand } from "../../cli/commands/check";
import { disownCommand } from "../../cli/commands/disown";
import { emulatorCommand } from "../../cli/commands/emulator";
import { exportCommand } from "../../cli/commands/export";
import { mcpCommand } from "../../cli/commands/mcp";
import { metricsCommand } from "../../cli/commands/metrics";
import { orphansCommand } from "../../cli/commands/orphans";
import { payCancelCommand } from "../../cli/commands/pay-cancel";
import { payCreateCommand } from "../../cli/commands/pay-create";
import { payPendingCommand } from "../../cli/commands/pay-pending";
import { payStatusCommand } from "../../cli/commands/pay-status";
import { payWatchCommand } from "../../cli/commands/pay-watch";
import { planCommand } from "../../cli/commands/plan";
import { portsCommand } from "../../cli/commands/ports";
import { reportCommand } from "../../cli/commands/report";
import { rotateCommand } from "../../cli/commands/rotate";
import { type Terminal } from "../../cli/terminal/terminal";
import { ticketsCloseCommand } from "../../cli/commands/tickets-close";
import { ticketsCreateCommand } from "../../cli/commands/tickets-create";
import { ticketsListCommand } from "../../cli/commands/tickets-list";
import { ticketsReplyCommand } from "../../cli/commands/tickets-reply";
import { ticketsShowCommand } from "../../cli/commands/tickets-show";
import { watchCommand } from "../../cli/commands/watch";
import { adoptLeasesCommand } from "../../cli/commands/x402-adopt";
import { claimsCommand } from "../../cli/commands/x402-claims";
import { receiptsCommand } from "../../cli/commands/x402-receipts";
import { quoteCommand } from "../../cli/commands/x402-quote";
import { sessionsCommand } from "../../cli/commands/x402-sessions";
import { walletCommand } from "../../cli/commands/x402-wallet";
import { hearing } from "./terminal";

type Command = (argv: string[], terminal: Terminal) => Promise<number>;

const COMMANDS: Record<string, Command> = {
  adopt: adoptCommand,
  buy: buyCommand,
  check: checkCommand,
  disown: disownCommand,
  emulator: emulatorCommand,
  export: exportCommand,
  mcp: (argv, terminal) => mcpCommand(argv, terminal),
  metrics: (argv, terminal) => metricsCommand(argv, terminal, new AbortController().signal),
  orphans: orphansCommand,
  "pay cancel": payCancelCommand,
  "pay create": payCreateCommand,
  "pay pending": payPendingCommand,
  "pay status": payStatusCommand,
  "pay watch": payWatchCommand,
  plan: planCommand,
  ports: portsCommand,
  report: reportCommand,
  rotate: rotateCommand,
  "tickets close": ticketsCloseCommand,
  "tickets create": ticketsCreateCommand,
  "tickets list": ticketsListCommand,
  "tickets reply": ticketsReplyCommand,
  "tickets show": ticketsShowCommand,
  watch: (argv, terminal) => watchCommand(argv, terminal, new AbortController().signal),
  "x402 adopt": adoptLeasesCommand,
  "x402 claims": claimsCommand,
  "x402 quote": quoteCommand,
  "x402 receipts": receiptsCommand,
  "x402 sessions": sessionsCommand,
  "x402 wallet": walletCommand,
};
const NAMES = Object.keys(COMMANDS);

const KEY = `psx_${"c".repeat(64)}`;

async function run(name: string, argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = hearing({ PROXIES_API_KEY: KEY, PROXIES_API_URL: "http://127.0.0.1:9" });
  const code = await (COMMANDS[name] as Command)(argv, terminal);
  return { code, ...terminal.said };
}

const refused = (name: string, why: string) => ({ code: 2, out: "", err: `proxies-sx ${name}: ${why}\n` });

describe.each(NAMES)("%s", (name) => {
  it("--help lists its exit codes by the one rule", async () => {
    const { code, out } = await run(name, ["--help"]);
    expect(code).toBe(0);
    expect(out.trim().replaceAll("\n", " ")).toMatch(/Exit code: 0 [^.]+, 2 wrong usage, 3 [^.]+\.$/);
  });

  it("a slip of the pen is one line that names the option that was meant", async () => {
    expect(await run(name, ["--hepl"])).toEqual(refused(name, "unknown option --hepl: did you mean --help?"));
    expect(await run(name, ["--xyzzy=5"])).toEqual(refused(name, "unknown option --xyzzy: see --help"));
    expect(await run(name, ["-x"])).toEqual(refused(name, "unknown option -x: see --help"));
  });

  it("a value where none is taken is one line without it", async () => {
    expect(await run(name, [`--help=${KEY}`])).toEqual(refused(name, "--help takes no value"));
  });

  it("a key in the place of an option is not repeated", async () => {
    for (const argv of [[`--${KEY}`], [`--${KEY}=1`], [`-${KEY}`]]) {
      const { code, err } = await run(name, argv);
      expect([code, err]).toEqual([2, expect.stringMatching(/^[^\n]+\n$/)]);
      expect(err).not.toMatch(/psx|ccc/);
    }
  });
});

/** An option with a value of each command. */
const VALUED: [string, string][] = [
  ["adopt", "language"],
  ["buy", "max-price"],
  ["check", "cwd"],
  ["disown", "api-url"],
  ["emulator", "seed"],
  ["export", "format"],
  ["mcp", "max-spend"],
  ["metrics", "listen"],
  ["orphans", "cwd"],
  ["pay cancel", "stack"],
  ["pay create", "amount"],
  ["pay pending", "cwd"],
  ["pay status", "api-url"],
  ["pay watch", "for"],
  ["plan", "limits"],
  ["ports", "search"],
  ["report", "output"],
  ["rotate", "cwd"],
  ["tickets close", "stack"],
  ["tickets create", "subject"],
  ["tickets list", "status"],
  ["tickets reply", "message"],
  ["tickets show", "stack"],
  ["watch", "interval"],
  ["x402 adopt", "language"],
  ["x402 claims", "give-up"],
  ["x402 quote", "country"],
  ["x402 receipts", "api-url"],
  ["x402 sessions", "status"],
  ["x402 wallet", "network"],
];

describe.each(VALUED)("%s --%s", (name, option) => {
  it.each<[string, string[], string]>([
    ["without a value", [`--${option}`], `--${option} needs a value: --${option}=VALUE`],
    ["with another option as its value", [`--${option}`, "--help"], `--${option} needs a value: --${option}=VALUE`],
    ["with nothing", [`--${option}=`], `--${option} is empty`],
    ["with blanks", [`--${option}`, "  "], `--${option} is empty`],
    ["twice", [`--${option}=1`, `--${option}=2`], `--${option} is given twice`],
  ])("%s", async (_what, argv, why) => {
    expect(await run(name, argv)).toEqual(refused(name, why));
  });
});

/** Those that take arguments. */
const TAKING = [
  ...["adopt", "buy", "check", "disown", "plan", "rotate", "x402 adopt", "x402 sessions"],
  ...["pay cancel", "pay status", "pay watch", "tickets close", "tickets reply", "tickets show"],
];

it.each(NAMES.filter((name) => !TAKING.includes(name)))(
  "%s: an argument that it does not take is not repeated",
  async (name) => {
    expect(await run(name, [KEY])).toEqual(refused(name, "an argument that this command does not take: see --help"));
  },
);

it.each(["buy", "check", "pay status", "rotate", "tickets show"])(
  "%s: a key in the place of an argument is not repeated, and goes nowhere",
  async (name) => {
    const { code, out, err } = await run(name, [KEY, ...(name === "rotate" ? ["--yes"] : [])]);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(/^[^\n]+\n$/)]);
    expect(err).not.toMatch(/ccc|asking/);
  },
);

it.each([
  ...["adopt", "check", "disown", "metrics", "orphans", "plan", "ports", "report", "rotate", "watch"],
  ...["buy", "pay pending", "tickets list"],
])("%s: a folder without a stack is refused, as it would say nothing", async (name) => {
  const needed: Record<string, string[]> = {
    buy: ["traffic", "--amount=1"],
    check: ["0".repeat(24)],
    rotate: ["0".repeat(24)],
    disown: ["0".repeat(24)],
    orphans: ["--state=-"],
    plan: ["-"],
    report: ["-o", "x"],
  };
  const { code, err } = await run(name, [...(needed[name] ?? []), "--cwd", "infra"]);
  expect([code, err]).toEqual([2, `proxies-sx ${name}: --cwd goes with --stack only\n`]);
});

describe("a file that is there", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
    file = join(folder, "mine");
    writeFileSync(file, "mine");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(["adopt", "export", "report"])("%s names --force before it asks anybody", async (name) => {
    const more = name === "export" ? ["--state", "-"] : [];
    const why = `--output ${file}: it exists already; add --force to replace it`;
    expect(await run(name, [...more, "--output", file])).toEqual(refused(name, why));
  });

  it.each(["adopt", "export", "report"])("%s takes --force with --output only", async (name) => {
    const more = name === "export" ? ["--state", "-"] : [];
    expect(await run(name, [...more, "--force"])).toEqual(refused(name, "--force goes with --output only"));
  });
});
