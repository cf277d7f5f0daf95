import { type Group, GROUPS } from "../../mcp";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, accountArguments } from "../state/open-api";
import { STATE_OPTIONS, stateArguments, type StateArguments } from "../state/state-arguments";
import { parseArguments } from "../terminal/arguments";
import { UsageError } from "../terminal/usage-error";

export const MCP_HELP = `Usage: proxies-sx mcp [options]

Serves agents by the Model Context Protocol on standard input and output: the tools of the vendor's own server by their
names, and what stacks declare. It only reads, unless it is allowed more. docs/agents.md explains how to set it up.

  --allow GROUP     what it may change, as often as needed or with commas between: ${GROUPS.join(", ")}
  --max-spend USD   the most that all its calls may spend, counted over restarts; needed with purchases and wallet
  --max-ports N     the most ports that agents may have at once, counted over restarts
  --show-secrets    answers hold logins, passwords, tokens and rotation links
  --stack NAME      a stack whose ports are changed by its program alone, as often as needed
  --state FILE      the same for a state that was exported before
  --cwd DIR         folder of the Pulumi project of --stack, and of programs to propose changes to (default: this one)
  --limits FILE     limits that plans are checked against: see docs/review.md
  --api-url URL     API to ask
  --env             take the key and the API from the environment, also with --stack
  --help            this text

${ACCOUNT_HELP}
Without a key, what needs none still works. Each change is written to a file of the account on this machine, before and
after it.

Exit code: 0 the client ended it, 2 wrong usage, 3 it could not be served.`;

const OPTIONS = {
  allow: { type: "string", multiple: true },
  "max-spend": { type: "string" },
  "max-ports": { type: "string" },
  "show-secrets": { type: "boolean" },
  limits: { type: "string" },
  ...STATE_OPTIONS,
  ...ACCOUNT_OPTIONS,
  help: { type: "boolean", short: "h" },
} as const;

export interface McpArguments {
  allow: ReadonlySet<Group>;
  maxSpend?: number;
  maxPorts?: number;
  showSecrets: boolean;
  states: StateArguments;
  limits?: string;
  apiUrl?: string;
  onlyEnv: boolean;
}

export function readMcpArguments(argv: string[]): McpArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const allow = groupsIn(values.allow ?? []);
  const maxSpend = amountIn(values["max-spend"]);
  const maxPorts = countIn(values["max-ports"]);
  const spends = (["purchases", "wallet"] as const).filter((group) => allow.has(group));
  if (spends.length > 0 && maxSpend === undefined)
    throw new UsageError(`--allow ${spends.join(",")} spends money: say how much with --max-spend USD`);
  const { cwd = ".", ...given } = values;
  const states = { ...stateArguments(given), cwd };
  if (states.files.includes("-")) throw new UsageError("--state -: standard input is the client's: give a file");
  return {
    allow,
    ...(maxSpend !== undefined && { maxSpend }),
    ...(maxPorts !== undefined && { maxPorts }),
    showSecrets: values["show-secrets"] ?? false,
    states,
    limits: values.limits,
    ...accountArguments(values),
  };
}

function groupsIn(given: string[]): Set<Group> {
  const names = given.flatMap((text) => text.split(",")).map((name) => name.trim());
  const groups = GROUPS.filter((group) => names.includes(group));
  if (groups.length < new Set(names).size) throw new UsageError(`--allow takes ${GROUPS.join(", ")}`);
  return new Set(groups);
}

function amountIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,7}(\.\d{1,2})?$/.test(text))
    throw new UsageError(
      '--max-spend is an amount of US dollars below 10 million, with two decimals at most, such as "20" or "7.50"',
    );
  return Number(text);
}

function countIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text)) throw new UsageError("--max-ports is a whole number from 0 to 99999");
  return Number(text);
}
