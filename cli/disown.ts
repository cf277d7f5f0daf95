import { parseArgs } from "node:util";
import { accountFolder } from "../provider/account-folder";
import { Journal, UnsafeJournalError } from "../provider/journal";
import { accountOf } from "./open-api";
import { processTerminal, type Terminal } from "./terminal";
import { UsageError, usageError } from "./usage-error";

const HELP = `Usage: proxies-sx disown ID... [options]

Says that no stack on this machine bought these ports. Where a run lost the answer to a purchase and more ports fit than
answers were lost, the next runs ask which is whose instead of buying again; after this they leave these ports out.
Nothing is changed at the vendor.

  --api-url URL  API of the account (default: PROXIES_API_URL, else https://api.proxies.sx)
  --help         this text

The key is read from PROXIES_API_KEY only: what was bought is noted for each key.

Exit code: 0 noted, 1 no purchase is open on this machine, 2 wrong usage.`;

/** Leaves ports out when a run looks for what a lost answer bought. */
export async function disownCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const { out, err, env } = terminal;
  try {
    const { values, positionals: ids } = parse(argv);
    if (values.help) {
      out(HELP);
      return 0;
    }
    if (ids.length === 0) throw new UsageError("name the ports: proxies-sx disown ID...");
    for (const id of ids)
      if (!/^[0-9a-f]{24}$/i.test(id)) throw new UsageError("an id of a port is 24 hexadecimal digits");
    const journal = new Journal(accountFolder(accountOf(values["api-url"], env), env), err);
    if (journal.read().length === 0) {
      err("No purchase of this account is open on this machine: there is nothing to leave these ports out of.");
      return 1;
    }
    for (const id of ids) journal.disown(id);
    out(`Noted: ${ids.join(", ")}. Run \`pulumi up\` again.`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof UnsafeJournalError)) throw error;
    err(`proxies-sx disown: ${error.message}`);
    return 2;
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: { "api-url": { type: "string" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw usageError(error);
  }
}
