import { rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ExportError, exportStack } from "../sdk/stack-export";
import { FORMATS, type Protocol } from "./proxy-formats";
import { proxiesIn, type StateProxies } from "./state-proxies";
import { StateError } from "./stack-state";
import { processTerminal, type Terminal } from "./terminal";
import { UsageError, usageError } from "./usage-error";

const HELP = `Usage: proxies-sx export --stack NAME... [options]

Writes the proxies of stacks as a client reads them. Their passwords go to a file that only this user may read, or to
the terminal if that is asked for; else "[secret]" stands in their place.

  --stack NAME      a stack; its state is read with \`pulumi stack export --show-secrets\`
  --cwd DIR         folder of the Pulumi project (default: this one)
  --fleet NAME      only the members of this ProxyFleet
  --format NAME     ${Object.keys(FORMATS).join(", ")} (default: txt, one URL a line)
  --protocol NAME   http (default) or socks5
  --output FILE     write to this file, which must not exist
  --force           with --output: replace the file
  --show-secrets    without --output: print the passwords
  --help            this text

Exit code: 0 written, 1 there is no proxy to write, 2 wrong usage, 3 a state could not be read.`;

/** The proxies of stacks, for clients. */
export async function exportCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const args = readArguments(argv);
    if (args === "help") {
      terminal.out(HELP);
      return 0;
    }
    return await run(args, terminal);
  } catch (error) {
    terminal.err(`proxies-sx export: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? 2 : 3;
  }
}

async function run(args: Arguments, { out, err, env }: Terminal): Promise<number> {
  const found: StateProxies = { proxies: [], leftOut: [] };
  for (const stack of args.stacks) {
    const text = await read(stack, args.cwd, env);
    const { proxies, leftOut } = proxiesIn(stack, text, args.protocol, Date.now(), args.fleet);
    found.proxies.push(...proxies);
    found.leftOut.push(...leftOut);
  }
  if (found.leftOut.length > 0)
    err(`Left out, as they serve no more or were not read yet: ${found.leftOut.join(", ")}.`);
  if (found.proxies.length === 0) {
    err("There is no proxy to write.");
    return 1;
  }
  const isShown = args.output !== undefined || args.showSecrets;
  const shown = isShown ? found.proxies : found.proxies.map((proxy) => ({ ...proxy, password: MASK }));
  const lines = (FORMATS[args.format] as (typeof FORMATS)[string])(shown, args.protocol);
  const text = isShown ? lines.join("\n") : lines.join("\n").replaceAll(encodeURIComponent(MASK), MASK);
  if (args.output === undefined) out(text);
  else writePrivate(args.output, `${text}\n`, args.force);
  if (!isShown) err("Passwords are masked: add --output FILE, or --show-secrets.");
  return 0;
}

const MASK = "[secret]";

async function read(stack: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    return await exportStack({ stack, cwd, env, showSecrets: true });
  } catch (error) {
    throw error instanceof ExportError ? new StateError(error.explain(stack)) : error;
  }
}

/** For this user only, whatever the file that it replaces allowed. */
function writePrivate(file: string, text: string, force: boolean): void {
  try {
    if (force) rmSync(file, { force: true });
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const why = code === "EEXIST" ? "it exists already; --force replaces it" : `it cannot be written (${code})`;
    throw new UsageError(`--output ${file}: ${why}`);
  }
}

interface Arguments {
  stacks: string[];
  cwd: string;
  fleet?: string;
  format: string;
  protocol: Protocol;
  output?: string;
  force: boolean;
  showSecrets: boolean;
}

function readArguments(argv: string[]): Arguments | "help" {
  const { values } = parse(argv);
  if (values.help) return "help";
  const { stack = [], cwd = ".", fleet, format = "txt", protocol = "http", output, force = false } = values;
  if (stack.length === 0) throw new UsageError("name the stack: --stack NAME, as often as needed");
  if (!Object.hasOwn(FORMATS, format))
    throw new UsageError(`--format takes one of: ${Object.keys(FORMATS).join(", ")}`);
  if (protocol !== "http" && protocol !== "socks5") throw new UsageError("--protocol takes one of: http, socks5");
  if (force && output === undefined) throw new UsageError("--force goes with --output only");
  return { stacks: stack, cwd, fleet, format, protocol, output, force, showSecrets: values["show-secrets"] ?? false };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        stack: { type: "string", multiple: true },
        cwd: { type: "string" },
        fleet: { type: "string" },
        format: { type: "string" },
        protocol: { type: "string" },
        output: { type: "string" },
        force: { type: "boolean" },
        "show-secrets": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw usageError(error);
  }
}
