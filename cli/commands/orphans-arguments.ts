import { parseArguments } from "../terminal/arguments";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, accountArguments } from "../state/open-api";
import { STATE_OPTIONS, type StateArguments, stateArguments } from "../state/state-arguments";
import { UsageError } from "../terminal/usage-error";

export const ORPHANS_HELP = `Usage: proxies-sx orphans (--stack NAME | --state FILE)... [options]

Lists the live ports of the account that no given state holds. Give every stack that uses the account.

  --stack NAME       a stack; its state is read with \`pulumi stack export\`
  --state FILE       a state that was exported before; - is standard input
  --cwd DIR          folder of the Pulumi project (default: this one)
  --api-url URL      API to ask
  --env              take the key and the API from the environment, also with --stack
  --json             a report for programs
  --adopt            print the code that takes each orphan under management
  --delete           delete the orphans, after a question
  --yes              with --delete: do not ask
  --holds-none NAME  with --delete: this stack or file holds no live port of the account, and that is right
  --help             this text

${ACCOUNT_HELP}

Exit code: 0 no orphans, 1 orphans, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = {
  ...STATE_OPTIONS,
  ...ACCOUNT_OPTIONS,
  json: { type: "boolean" },
  adopt: { type: "boolean" },
  delete: { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  "holds-none": { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

export interface OrphansArguments extends StateArguments {
  apiUrl?: string;
  onlyEnv: boolean;
  json: boolean;
  action: "report" | "adopt" | "delete";
  yes: boolean;
  /** Stacks and files of which the user says that they hold no live port. */
  holdsNone: string[];
}

export function readArguments(argv: string[]): OrphansArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const states = stateArguments(values);
  const { stacks, files } = states;
  const action = values.delete ? "delete" : values.adopt ? "adopt" : "report";
  const read: OrphansArguments = {
    ...states,
    ...accountArguments(values),
    json: values.json ?? false,
    action,
    yes: values.yes ?? false,
    holdsNone: [...new Set(values["holds-none"])],
  };
  if (values.adopt && values.delete) throw new UsageError("give either --adopt or --delete, not both");
  if (action !== "delete") {
    if (read.yes) throw new UsageError("--yes goes with --delete only");
    if (read.holdsNone.length > 0) throw new UsageError("--holds-none goes with --delete only");
  }
  if (stacks.length + files.length === 0) {
    throw new UsageError("name the states to compare with: --stack NAME or --state FILE, each as often as needed");
  }
  const stranger = read.holdsNone.find((name) => !stacks.includes(name) && !files.includes(name));
  if (stranger !== undefined) throw new UsageError(`--holds-none ${stranger}: no --stack or --state is called so`);
  return read;
}
