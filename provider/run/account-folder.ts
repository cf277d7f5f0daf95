import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { makeOwnFolder, requireOwnFolder } from "../../files/own-files";
import { ProviderError } from "../errors";

/** Where this machine keeps what it knows of an account: in PROXIES_SX_JOURNAL_DIR or the user's folder for state. */
export const accountFolder = (account: { apiKey: string; apiUrl: string }, env = process.env): string =>
  folderOf(`${account.apiUrl}\n${account.apiKey}`, env);

/** The same of payments by wallets: one for all wallets, since a preview that reads it knows none. */
export const walletFolder = ({ apiUrl }: { apiUrl: string }, env = process.env): string =>
  folderOf(`${apiUrl}\nx402`, env);

/** Where the processes of a run leave word for each other, whatever account each works for. */
export const runsFolder = (env = process.env): string => join(above(env), "runs");

function folderOf(whose: string, env: NodeJS.ProcessEnv): string {
  const name = createHash("sha256").update(whose).digest("hex").slice(0, 16);
  return join(above(env), name);
}

/** @throws ProviderError */
function above({ XDG_STATE_HOME: state = "", PROXIES_SX_JOURNAL_DIR: named }: NodeJS.ProcessEnv): string {
  if (named && !isAbsolute(named)) throw new ProviderError(RELATIVE);
  return named || join(isAbsolute(state) ? state : join(homedir(), ".local", "state"), "pulumi-proxies-sx");
}

const RELATIVE =
  "PROXIES_SX_JOURNAL_DIR is a relative path, so runs and commands from another folder would not find what was bought. " +
  "Give an absolute one.";

/** @throws NotOwnError where another user may have put something into this folder, or may put it into their own's place */
export function requireSafeAccountFolder(folder: string): void {
  const above = dirname(folder);
  if (existsSync(above)) requireOwnFolder(realpathSync(above), true);
  requireOwnFolder(folder);
}

/** Makes the folder of an account, where it is missing. @throws NotOwnError as for one that is there */
export function makeSafeAccountFolder(folder: string): void {
  makeOwnFolder(folder);
  requireSafeAccountFolder(folder);
}
