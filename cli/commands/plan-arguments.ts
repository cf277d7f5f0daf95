import { parseArguments } from "../terminal/arguments";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, accountArguments } from "../state/open-api";
import { UsageError } from "../terminal/usage-error";

export const PLAN_HELP = `Usage: proxies-sx plan FILE | - | --stack NAME [options]

Shows what the next \`pulumi up\` does to ports: how many, where and why, whether the account has the slots, stock and
traffic for it, and what it costs.

  FILE             what \`pulumi preview --json --show-sames\` wrote; - is standard input
  --stack NAME     runs that preview
  --refresh        with --stack: the preview reads all ports at the vendor first
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --limits FILE    JSON with what is allowed: see docs/review.md
  --allow-unchecked  a limit that could not be checked does not block
  --markdown       a comment for a pull request, short enough for GitHub
  --json           all of it
  --api-url URL    API to ask
  --env            take the key and the API from the environment, also with --stack
  --help           this text

${ACCOUNT_HELP}
Without a key, the parts that come from the account are left out.

Exit code: 0 fine, 1 blocked by a limit, 2 wrong usage, 3 the preview failed, or could not be read.`;

const OPTIONS = {
  stack: { type: "string" },
  refresh: { type: "boolean" },
  cwd: { type: "string" },
  limits: { type: "string" },
  "allow-unchecked": { type: "boolean" },
  markdown: { type: "boolean" },
  json: { type: "boolean" },
  ...ACCOUNT_OPTIONS,
  help: { type: "boolean", short: "h" },
} as const;

export interface PlanArguments {
  /** A file, or "-". */
  file?: string;
  stack?: string;
  refresh: boolean;
  cwd: string;
  limits?: string;
  allowUnchecked: boolean;
  format: "text" | "markdown" | "json";
  apiUrl?: string;
  onlyEnv: boolean;
}

export function readPlanArguments(argv: string[]): PlanArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError("plan takes one preview: give a file, or -");
  if ((file === undefined) === (values.stack === undefined)) {
    throw new UsageError("give either a file with a preview, - for standard input, or --stack NAME to run one");
  }
  if (values.cwd !== undefined && values.stack === undefined) throw new UsageError("--cwd goes with --stack only");
  if (values.refresh && values.stack === undefined) throw new UsageError("--refresh needs --stack");
  if (values.markdown && values.json) throw new UsageError("--markdown and --json exclude each other: give one");
  return {
    file,
    stack: values.stack,
    refresh: values.refresh ?? false,
    cwd: values.cwd ?? ".",
    limits: values.limits,
    allowUnchecked: values["allow-unchecked"] ?? false,
    format: values.markdown ? "markdown" : values.json ? "json" : "text",
    ...accountArguments(values),
  };
}
