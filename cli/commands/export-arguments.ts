import { parseArguments } from "../terminal/arguments";
import { outputArguments } from "../terminal/output-file";
import { PROTOCOLS, type Protocol } from "./proxy";
import { FORMATS, isProtocol, isFormat, type FormatName } from "./proxy-formats";
import { STATE_OPTIONS, type StateArguments, stateArguments } from "../state/state-arguments";
import { UsageError } from "../terminal/usage-error";

const NAMES = Object.keys(FORMATS).join(", ");

export const EXPORT_HELP = `Usage: proxies-sx export (--stack NAME | --state FILE)... [options]

Writes the proxies of stacks as a client reads them. Their passwords go to a file that only this user may read, or to
the terminal if that is asked for; else "[secret]" stands in their place, and none is decrypted.

  --stack NAME      a stack; its state is read with \`pulumi stack export\`, passwords with its --show-secrets
  --state FILE      a state that was exported before; - is standard input. Passwords need an export with --show-secrets
  --cwd DIR         folder of the Pulumi project of --stack (default: this one)
  --fleet NAME      only the members of this ProxyFleet
  --format NAME     ${NAMES}
                    (default: txt, one URL a line). squid and haproxy are files for a program of yours that stands
                    before the proxies, so that clients have one address for ever: docs/export.md
  --protocol NAME   http (default), socks5, or socks5h, by which the proxy resolves names. curl and requests get socks5h
                    for both. A list or .env has what is asked for: not every client knows socks5h
  --output FILE     write to this file
  --force           with --output: replace a file that is there
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
  const values = parseArguments(argv, OPTIONS).values;
  if (values.help) return "help";
  const { fleet, format = "txt", protocol = "http" } = values;
  const states = stateArguments(values);
  if (states.stacks.length + states.files.length === 0) {
    throw new UsageError("name the states: --stack NAME or --state FILE, each as often as needed");
  }
  if (!isFormat(format)) throw new UsageError(`--format takes one of: ${NAMES}`);
  if (!isProtocol(protocol)) throw new UsageError(`--protocol takes one of: ${PROTOCOLS.join(", ")}`);
  const { noSocks5 } = FORMATS[format];
  if (protocol !== "http" && noSocks5 !== undefined) throw new UsageError(`${noSocks5}: use --protocol http`);
  return { states, fleet, format, protocol, ...outputArguments(values), showSecrets: values["show-secrets"] ?? false };
}
