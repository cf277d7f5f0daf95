import { type Api, checkApiKey, createApi, DEFAULT_API_URL, normaliseApiUrl } from "../../api";
import { type Settings } from "../../provider/run/account-settings";
import { readStackConfig, type StackConfig } from "./stack-config";
import { type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

/** Options of every command that asks the API, for parseArguments. */
export const ACCOUNT_OPTIONS = {
  "api-url": { type: "string" },
  env: { type: "boolean" },
} as const;

export const ACCOUNT_HELP = `The key is proxies-sx:apiKey of the first --stack that has one, else PROXIES_API_KEY. The API is --api-url, else
proxies-sx:apiUrl of that stack, else PROXIES_API_URL, else ${DEFAULT_API_URL}. With --env both come from the
environment alone, as for a key that may do less than the stack's. If the stack's key cannot be read, a command that
spends or changes something ends with code 2 without --env. One that only reads takes the environment's.`;

/** Where a command finds its account. */
export interface AccountArguments {
  /** The value of --api-url. */
  apiUrl?: string;
  stacks?: readonly string[];
  /** Folder of the stacks' project. */
  cwd?: string;
  /** Whether the stacks' configuration is left alone. */
  onlyEnv?: boolean;
  /** Whether the command spends or changes something: no other account takes the place of one that cannot be read. */
  changes?: boolean;
}

export const accountArguments = (values: { "api-url"?: string; env?: boolean }) => ({
  apiUrl: values["api-url"],
  onlyEnv: values.env ?? false,
});

/** There is no key. Says what to do. */
export class NoKeyError extends UsageError {}

/**
 * The account that a command is about, as the stack's program would ask it. Says where it was read; the key is from now
 * on cut out of all that is written. No argument gives a key: others see arguments.
 *
 * @throws UsageError
 */
export async function accountOf(args: AccountArguments, terminal: Terminal): Promise<Settings> {
  const { env } = terminal;
  const [name, config] = await configOf(args, env);
  const stack = `stack ${name}`;
  const [apiUrl, urlFrom] = first(
    [args.apiUrl, "--api-url"],
    [config.apiUrl, stack],
    [env.PROXIES_API_URL, "PROXIES_API_URL"],
    [DEFAULT_API_URL, ""],
  );
  const [apiKey, keyFrom] = first([config.apiKey, stack], [env.PROXIES_API_KEY, "PROXIES_API_KEY"]);
  terminal.hide(apiKey);
  if (apiKey === "" || (args.changes && config.fault !== undefined)) throw new NoKeyError(noKey(args, name, config));
  const fault = checkApiKey(apiKey);
  if (fault) throw new UsageError(`the key of ${keyFrom}: ${fault}`);
  let account: Settings;
  try {
    account = { apiKey, apiUrl: normaliseApiUrl(apiUrl) };
  } catch (error) {
    throw new UsageError(`${urlFrom}: ${(error as Error).message}`);
  }
  const isOneSource = urlFrom === keyFrom;
  const asked = isOneSource || urlFrom === "" ? account.apiUrl : `${account.apiUrl} (from ${urlFrom})`;
  const unread = config.fault === undefined ? "" : `: that of ${stack} cannot be read, ${config.fault}`;
  terminal.err(`asking ${asked} with the key${isOneSource ? ", both" : ""} from ${keyFrom}${unread}`);
  return account;
}

export function openApi(account: Settings, { err }: Terminal): Api {
  return createApi({ ...account, onNotice: (text) => err(`note: ${text}`) });
}

/** What a client of that account brings. */
export async function withApi<T>(
  args: AccountArguments,
  terminal: Terminal,
  work: (api: Api, account: Settings) => Promise<T>,
): Promise<T> {
  const account = await accountOf(args, terminal);
  const api = openApi(account, terminal);
  try {
    return await work(api, account);
  } finally {
    api.close();
  }
}

/** Of the first stack that has any, or that cannot be read. */
async function configOf(
  { stacks = [], cwd = ".", onlyEnv }: AccountArguments,
  env: NodeJS.ProcessEnv,
): Promise<[string, StackConfig]> {
  for (const stack of onlyEnv ? [] : stacks) {
    const config = await readStackConfig({ stack, cwd, env });
    if (Object.keys(config).length > 0) return [stack, config];
  }
  return [onlyEnv ? "" : (stacks[0] ?? ""), {}];
}

const first = (...choices: [string | undefined, string][]): [string, string] => {
  const [value = "", from = ""] = choices.find(([value]) => value) ?? [];
  return [value, from];
};

function noKey({ onlyEnv, changes }: AccountArguments, stack: string, { fault }: StackConfig): string {
  if (onlyEnv) return "no API key: set PROXIES_API_KEY, or leave --env out";
  if (fault !== undefined) {
    const otherwise = changes ? "add --env, which takes PROXIES_API_KEY" : "set PROXIES_API_KEY";
    return `no API key: that of stack ${stack} cannot be read, ${fault}. Correct that, or ${otherwise}`;
  }
  return stack === ""
    ? "no API key: set PROXIES_API_KEY, or give --stack NAME, whose configuration has it as proxies-sx:apiKey"
    : `no API key: run \`pulumi config set --secret proxies-sx:apiKey --stack ${stack}\`, which asks for it, or set PROXIES_API_KEY`;
}
