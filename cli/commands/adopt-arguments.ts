import { parseArguments } from "../terminal/arguments";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, accountArguments } from "../state/open-api";
import { outputArguments } from "../terminal/output-file";
import { portIds } from "./port-ids";
import { STATE_OPTIONS, type StateArguments, stateArguments } from "../state/state-arguments";
import { UsageError } from "../terminal/usage-error";

export const ADOPT_HELP = `Usage: proxies-sx adopt [ID...] [options]

Prints a program that takes ports which exist under Pulumi's management: those that are named, or all live ports of the
account. Its first \`pulumi up\` buys nothing and changes nothing at the vendor.

  --language NAME  typescript (default), or javascript
  --output FILE    write the program to this file
  --import-file FILE
                   write what \`pulumi import --file\` takes to this file, in the place of a program: for stacks of the
                   plugin, see docs/hosts.md
  --force          with --output or --import-file: replace a file that is there
  --json           a report for programs, with the code of each port
  --stack NAME     leave out what this stack manages already; its state is read with \`pulumi stack export\`
  --state FILE     the same for a state that was exported before; - is standard input
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask
  --env            take the key and the API from the environment, also with --stack
  --help           this text

${ACCOUNT_HELP}

Exit code: 0 a program was printed, 1 there is nothing to adopt, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = {
  ...STATE_OPTIONS,
  language: { type: "string" },
  output: { type: "string" },
  "import-file": { type: "string" },
  force: { type: "boolean" },
  json: { type: "boolean" },
  ...ACCOUNT_OPTIONS,
  help: { type: "boolean", short: "h" },
} as const;

const LANGUAGES = ["typescript", "javascript"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface AdoptArguments {
  /** None: all ports of the account. */
  ids: string[];
  language: Language;
  output?: string;
  /** Not a program, but what `pulumi import` takes. */
  isImport: boolean;
  force: boolean;
  json: boolean;
  /** States of stacks that hold ports already. */
  states: StateArguments;
  apiUrl?: string;
  onlyEnv: boolean;
}

export function readArguments(argv: string[]): AdoptArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  const language = LANGUAGES.find((one) => one === (values.language ?? "typescript"));
  if (!language) throw new UsageError(`--language takes one of: ${LANGUAGES.join(", ")}`);
  return {
    ids: portIds(positionals),
    language,
    ...fileArguments(values),
    json: values.json ?? false,
    states: stateArguments(values),
    ...accountArguments(values),
  };
}

interface FileOptions {
  output?: string;
  "import-file"?: string;
  force?: boolean;
}

function fileArguments({ output, "import-file": importFile, force }: FileOptions) {
  if (importFile === undefined) return { ...outputArguments({ output, force }), isImport: false };
  if (output !== undefined) throw new UsageError("--import-file and --output: give one of them");
  return { ...outputArguments({ output: importFile, force }, "import-file"), isImport: true };
}
