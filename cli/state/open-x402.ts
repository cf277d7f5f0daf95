import {
  addressOfKey,
  checkWalletKey,
  createX402Api,
  DEFAULT_API_URL,
  formatUsdc,
  type MicroUsdc,
  normaliseApiUrl,
  type X402Api,
} from "../../api";
import { type ConfigReader } from "../../provider/run/account-settings";
import { type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { walletConfigOf, type WalletPlace } from "./wallet-config";

/** Options of every command about wallets, for parseArguments. */
export const X402_OPTIONS = {
  stack: { type: "string" },
  cwd: { type: "string" },
  "api-url": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const X402_PLACE_HELP = `  --stack NAME     take API, node and limits from this stack's configuration, as its runs do
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask (default: that of --stack, else PROXIES_API_URL,
                   else ${DEFAULT_API_URL})`;

export const X402_HELP = `${X402_PLACE_HELP}
  --json           JSON on a terminal too; in a pipe it is the default
  --help           this text`;

export interface X402Arguments extends WalletPlace {
  apiUrl?: string;
  json: boolean;
}

export const x402Arguments = (values: WalletPlace & { "api-url"?: string; json?: boolean }): X402Arguments => ({
  stack: values.stack,
  cwd: values.cwd,
  apiUrl: values["api-url"],
  json: values.json ?? false,
});

/** The API that is asked, as its client wants it. @throws UsageError */
export function apiUrlOf({ apiUrl, stack }: X402Arguments, config: ConfigReader, { env }: Terminal): string {
  const ofStack = config("proxies-sx:apiUrl");
  try {
    return normaliseApiUrl(apiUrl || ofStack || env.PROXIES_API_URL || DEFAULT_API_URL);
  } catch (error) {
    const from = apiUrl ? "--api-url" : ofStack ? `stack ${stack}` : "PROXIES_API_URL";
    throw new UsageError(`${from}: ${(error as Error).message}`);
  }
}

/** What a client without a key brings. Says which API it asks. */
export async function withX402<T>(
  args: X402Arguments,
  terminal: Terminal,
  work: (x402: X402Api, apiUrl: string) => Promise<T>,
): Promise<T> {
  const apiUrl = apiUrlOf(args, await walletConfigOf(args, terminal), terminal);
  terminal.err(`asking ${apiUrl} without a key`);
  const x402 = createX402Api({ apiUrl, onNotice: (text) => terminal.err(`note: ${text}`) });
  try {
    return await work(x402, apiUrl);
  } finally {
    x402.close();
  }
}

/** The wallet that arguments name, if they do. @throws UsageError without what was given: it could be a key */
export function walletIn([address, ...more]: string[]): string | undefined {
  if (more.length > 0) throw new UsageError("name one wallet: see --help");
  if (address !== undefined && !/^0x[0-9a-fA-F]{40}$/.test(address))
    throw new UsageError("a wallet's address is 0x and 40 hexadecimal digits; a key is never an argument");
  return address;
}

/** The address of the wallet whose key is in the environment: others see arguments. @throws UsageError */
export function ownWallet({ env }: Terminal): string {
  const { AGENT_WALLET_KEY: key = "" } = env;
  const problem = checkWalletKey(key);
  if (problem)
    throw new UsageError(key === "" ? "no wallet key: set AGENT_WALLET_KEY" : `AGENT_WALLET_KEY: ${problem}`);
  return addressOfKey(key);
}

/** As JSON has it. */
export const usdcOf = (amount: MicroUsdc | undefined): number | undefined =>
  amount === undefined ? undefined : Number(formatUsdc(amount));
