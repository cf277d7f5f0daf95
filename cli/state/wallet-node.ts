import { type Chain, createChain, type NetworkName, NETWORKS, secretsOfUrl } from "../../api";
import { nodeOf, readWalletSettings, type WalletSettings } from "../../provider/run/wallet-settings";
import { type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { apiUrlOf, type X402Arguments } from "./open-x402";
import { walletConfigOf } from "./wallet-config";
import { messageOf, withoutStop } from "../../text";

export const NETWORK_NAMES = Object.keys(NETWORKS);
export const isNetwork = (name: string): name is NetworkName => Object.hasOwn(NETWORKS, name);

/** How a run of --stack with this environment would pay. @throws UsageError */
export async function walletSettingsOf(args: X402Arguments, terminal: Terminal): Promise<WalletSettings> {
  const config = await walletConfigOf(args, terminal);
  const apiUrl = apiUrlOf(args, config, terminal);
  try {
    const settings = readWalletSettings((name) => (name === "proxies-sx:apiUrl" ? apiUrl : config(name)), terminal.env);
    for (const secret of settings?.rpcUrl ? secretsOfUrl(settings.rpcUrl) : []) terminal.hide(secret);
    return settings as WalletSettings; // undefined for what is not known yet alone, which an environment has not
  } catch (error) {
    throw new UsageError(withoutStop(messageOf(error)));
  }
}

/** Plain http is for loopback addresses only. */
export const isHere = ({ apiUrl }: Pick<WalletSettings, "apiUrl">): boolean => apiUrl.startsWith("http:");

/** What the chain brings. Says which node is asked. */
export async function withChain<T>(
  network: NetworkName,
  settings: WalletSettings,
  { err }: Terminal,
  work: (chain: Chain) => Promise<T>,
): Promise<T> {
  const url = nodeOf(network, settings);
  err(`asking ${new URL(url).host}, a node of ${network}`);
  const chain = createChain(NETWORKS[network], url);
  try {
    return await work(chain);
  } finally {
    chain.close();
  }
}
