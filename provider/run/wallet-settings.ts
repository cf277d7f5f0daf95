import {
  addressOfKey,
  checkRpcUrl,
  checkWalletKey,
  DEFAULT_API_URL,
  isLoopback,
  type MicroUsdc,
  type NetworkName,
  NETWORKS,
  normaliseApiUrl,
  parseUsdc,
  VENDOR_PAYEES,
} from "../../api";
import { isUnknown } from "../../domain/unknown";
import { ProviderError } from "../errors";
import { type ConfigReader } from "./account-settings";

/** How leases are paid by a wallet. Its key is none of them: see `walletIn`. */
export interface WalletSettings {
  apiUrl: string;
  /** A node of the chain. @default see `nodeOf` */
  rpcUrl?: string;
  /** Who may be paid. */
  payees: readonly string[];
  /** The most that the wallet may send within 24 hours, to anybody. @default no bound but its balance */
  dailyBudget?: MicroUsdc;
  /** Real money may be spent. */
  mainnet: boolean;
}

/** Each setting's name in the stack's configuration, and in the environment. */
const NAMES = {
  rpcUrl: ["proxies-sx:rpcUrl", "PROXIES_RPC_URL"],
  payees: ["proxies-sx:walletPayees", "PROXIES_WALLET_PAYEES"],
  dailyBudget: ["proxies-sx:walletDailyBudget", "PROXIES_WALLET_DAILY_BUDGET"],
  mainnet: ["proxies-sx:walletMainnet", "PROXIES_WALLET_MAINNET"],
} as const;

/** Base's own public nodes (its documentation). They are slow, and answer for a limited number of blocks at once. */
const PUBLIC_NODES: Record<NetworkName, string> = {
  base: "https://mainnet.base.org",
  "base-sepolia": "https://sepolia.base.org",
};

/** Where no node is named: the emulator's own where the API is on this machine, else a public one. */
export const nodeOf = (network: NetworkName, { rpcUrl, apiUrl }: WalletSettings): string =>
  rpcUrl ?? (isLoopback(new URL(apiUrl).hostname) ? `${apiUrl}/rpc` : PUBLIC_NODES[network]);

/**
 * Configuration wins over the environment. Gives undefined while a value is unknown, in a preview that has not made it.
 *
 * @throws ProviderError in one line, without the value
 */
export function readWalletSettings(config: ConfigReader, env: NodeJS.ProcessEnv): WalletSettings | undefined {
  const valueOf = ([ofStack, ofEnvironment]: readonly [string, string]) => config(ofStack) || env[ofEnvironment];
  const apiUrl = valueOf(["proxies-sx:apiUrl", "PROXIES_API_URL"]) || DEFAULT_API_URL;
  const [rpcUrl, payees, budget, mainnet] = Object.values(NAMES).map(valueOf);
  if ([apiUrl, rpcUrl, payees, budget, mainnet].some(isUnknown)) return undefined;
  if (config("proxies-sx:walletKey")) throw new ProviderError(KEY_IN_STACK);
  // Else a script whose variable is unset would take the bound away.
  if (config(NAMES.dailyBudget[0]) === "") budgetIn("");
  const fault = rpcUrl && checkRpcUrl(rpcUrl);
  if (fault) throw fail("rpcUrl", fault);
  return {
    apiUrl: apiUrlIn(apiUrl),
    ...(rpcUrl && { rpcUrl: rpcUrl.trim() }),
    payees: payeesIn(payees),
    ...(budget && { dailyBudget: budgetIn(budget) }),
    mainnet: isOn(mainnet),
  };
}

/** Why those of a stack cannot be used: a limit that cannot be read would be noticed by the first lease only. */
export function walletFault(config: ConfigReader): string | undefined {
  try {
    readWalletSettings(config, {});
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export const KEY_IN_STACK =
  "proxies-sx:walletKey: a wallet's key does not belong into the stack, whose state would hold it. Take it out, move " +
  "what the wallet holds to a new one, and set AGENT_WALLET_KEY in the environment of `pulumi up`.";

function fail(setting: keyof typeof NAMES, why: string): ProviderError {
  const [ofStack, ofEnvironment] = NAMES[setting];
  return new ProviderError(`${ofStack} (${ofEnvironment}): ${why}.`);
}

function apiUrlIn(text: string): string {
  try {
    return normaliseApiUrl(text);
  } catch (error) {
    throw new ProviderError(`proxies-sx:apiUrl: ${(error as Error).message}`);
  }
}

function payeesIn(text: string | undefined): readonly string[] {
  if (!text) return VENDOR_PAYEES;
  const all = text.split(",").map((one) => one.trim().toLowerCase());
  if (all.every((one) => /^0x[0-9a-f]{40}$/.test(one))) return all;
  throw fail("payees", "give addresses of 0x and 40 hexadecimal digits, with commas between");
}

function budgetIn(text: string): MicroUsdc {
  const amount = parseUsdc(text);
  if (amount === undefined) throw fail("dailyBudget", 'is no amount of USDC; give one such as "20" or "7.50"');
  return amount;
}

function isOn(text = "false"): boolean {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw fail("mainnet", 'give "true" or "false"');
}

/** Why a network may not be paid on with these settings, in one line; undefined where it may. */
export function networkFault(network: NetworkName, { apiUrl, mainnet }: WalletSettings): string | undefined {
  if (!NETWORKS[network].isMainnet) return undefined;
  if (isLoopback(new URL(apiUrl).hostname))
    return `"${network}" (chain ${NETWORKS[network].chainId}) is real money, and the API is on this machine: use "base-sepolia"`;
  if (mainnet) return undefined;
  const [ofStack, ofEnvironment] = NAMES.mainnet;
  return `"${network}" is real money: allow it by \`pulumi config set ${ofStack} true\` or ${ofEnvironment}=true, or use "base-sepolia"`;
}

/** A wallet that pays. Its key leaves no process of ours. */
export interface Wallet {
  key: string;
  /** In small letters. */
  address: string;
}

const HOW_TO_SET = "set AGENT_WALLET_KEY in the environment to the key of a small wallet of its own";

/** What a run that pays lacks, if so: nothing looks at the key's value, and a preview needs none. */
export const lackOfKey = (env: NodeJS.ProcessEnv): string | undefined =>
  env.AGENT_WALLET_KEY ? undefined : `no wallet key is set: ${HOW_TO_SET}.`;

/** @throws ProviderError in one line, never with the key */
export function walletIn(env: NodeJS.ProcessEnv): Wallet {
  const lack = lackOfKey(env);
  if (lack !== undefined) throw new ProviderError(lack);
  const key = env.AGENT_WALLET_KEY ?? "";
  const fault = checkWalletKey(key);
  if (fault) throw new ProviderError(`AGENT_WALLET_KEY: ${fault}; ${HOW_TO_SET}.`);
  return { key, address: addressOfKey(key) };
}
