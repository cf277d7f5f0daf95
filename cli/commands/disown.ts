import { accessSync, constants } from "node:fs";
import { makeOwnFolder } from "../../files/own-files";
import { accountFolder } from "../../provider/run/account-folder";
import { Journal } from "../../provider/purchase/journal";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, accountArguments, type AccountArguments, accountOf } from "../state/open-api";
import { portIds } from "./port-ids";
import { stateArguments } from "../state/state-arguments";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const HELP = `Usage: proxies-sx disown ID... [options]

Marks ports as not yours, so that recovery ignores them. After a lost response to a purchase, the next run looks for the
port that was bought. If several ports fit, it stops and names them; it ignores those that are marked by this command.
Nothing is changed at the vendor. Marks are kept for each key, on this machine, for as long as a port can live. Mark none
that another of your stacks may have lost: run that stack first.

  --stack NAME   the stack whose run lost the answer
  --cwd DIR      folder of the Pulumi project of --stack (default: this one)
  --api-url URL  API of the account
  --env          take the key and the API from the environment, also with --stack
  --help         this text

${ACCOUNT_HELP}
Exit code: 0 noted, 2 wrong usage, 3 it could not be noted.`;

const OPTIONS = {
  stack: { type: "string" },
  cwd: { type: "string" },
  ...ACCOUNT_OPTIONS,
  help: { type: "boolean", short: "h" },
} as const;

/** Leaves ports out when a run looks for what a lost answer bought. */
export function disownCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "disown", help: HELP, read: readArguments, run: disown }, argv, terminal);
}

interface DisownArguments {
  ids: string[];
  account: AccountArguments;
}

function readArguments(argv: string[]): DisownArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  if (positionals.length === 0) throw new UsageError("name the ports: proxies-sx disown ID...");
  const { stacks, cwd } = stateArguments({ ...values, stack: values.stack === undefined ? [] : [values.stack] });
  return { ids: portIds(positionals), account: { ...accountArguments(values), stacks, cwd } };
}

async function disown({ ids, account }: DisownArguments, terminal: Terminal): Promise<number> {
  const { out, err, env } = terminal;
  const folder = accountFolder(await accountOf({ ...account, changes: true }, terminal), env);
  requireUsable(folder);
  const journal = new Journal(folder, err);
  for (const id of ids) journal.disown(id);
  journal.read();
  if (!ids.every((id) => journal.isDisowned(id))) return EXIT.failed;
  out(`Noted: ${ids.join(", ")}. Run \`pulumi up\` again.`);
  return EXIT.fine;
}

/** The journal's own warnings are of runs that buy. */
function requireUsable(folder: string): void {
  try {
    makeOwnFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `nothing is noted: the journal's folder ${folder} cannot be written (${code ?? message}). Correct that, or set ` +
        "PROXIES_SX_JOURNAL_DIR to another folder, for the runs too",
      { cause: error },
    );
  }
}
