import { parseArgs } from "node:util";
import { FORMATS, isFormat, type FormatName, type Protocol } from "./proxy-formats";
import { STATE_OPTIONS, type StateArguments, stateArguments } from "./state-arguments";
import { UsageError, usageError } from "./usage-error";

const NAMES = Object.keys(FORMATS).join(", ");

export const EXPORT_HELP = `Usage: proxies-sx export (--stack NAME | --state FILE)... [options]

Writes the proxies of stacks as a client reads them. Their passwords go to a file that only this user may read, or to
the terminal if that is asked for; else "[secret]" stands in their place, and none is decrypted.

  --stack NAME      a stack; its state is read with \`pulumi stack export\`, passwords with its --show-secrets
  --state FILE      a state that was exported before; - is standard input. Passwords need an export with --show-secrets
  --cwd DIR         folder of the Pulumi project of --stack (default: this one)
  --fleet NAME      only the members of this ProxyFleet
  --format NAME     ${NAMES} (default: txt, one URL a line)
  --protocol NAME   http (default) or socks5
  --output FILE     write to this file, which must not exist
  --force           with --output: replace the file
  --show-secrets    without --output: print the passwords
  --help            this text

Exit code: 0 written, 1 there is no proxy to write, 2 wrong usage, 3 a state could not be read.`;

const OPTIONS = {
  ...STATE_OPTIONS,
  fleet: { type: "string" },
  format: { type: "string" },
  protocol: { type: "string" },
  output: { type: "string" },
  force: { type: "boolean" },
  "show-secrets": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export interface ExportArguments {
  states: StateArguments;
  fleet?: string;
  format: FormatName;
  protocol: Protocol;
  output?: string;
  force: boolean;
  showSecrets: boolean;
}

export function readArguments(argv: string[]): ExportArguments | "help" {
  const values = parse(argv);
  if (values.help) return "help";
  const { fleet, format = "txt", protocol = "http", output, force = false } = values;
  const states = stateArguments(values);
  if (states.stacks.length + states.files.length === 0) {
    throw new UsageError("name the states: --stack NAME or --state FILE, each as often as needed");
  }
  if (!isFormat(format)) throw new UsageError(`--format takes one of: ${NAMES}`);
  if (protocol !== "http" && protocol !== "socks5") throw new UsageError("--protocol takes one of: http, socks5");
  const { noSocks5 } = FORMATS[format];
  if (protocol === "socks5" && noSocks5 !== undefined) throw new UsageError(`${noSocks5}: use --protocol http`);
  if (force && output === undefined) throw new UsageError("--force goes with --output only");
  return { states, fleet, format, protocol, output, force, showSecrets: values["show-secrets"] ?? false };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS }).values;
  } catch (error) {
    throw usageError(error);
  }
}
