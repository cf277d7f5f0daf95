import { type ConfigReader } from "../../provider/run/account-settings";
import { type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { readStackSettings } from "./stack-config";

/** What leases of a stack are configured by, without "proxies-sx:". */
const NAMES = ["apiUrl", "rpcUrl", "walletPayees", "walletDailyBudget", "walletMainnet"] as const;

export interface WalletPlace {
  /** A stack of Pulumi. */
  stack?: string;
  /** Folder of its project. */
  cwd?: string;
}

/** What the configuration of --stack says, as its runs read it; nothing without one. @throws UsageError, StateError */
export async function walletConfigOf({ stack, cwd }: WalletPlace, { env }: Terminal): Promise<ConfigReader> {
  if (stack === undefined && cwd !== undefined) throw new UsageError("--cwd goes with --stack only");
  if (stack === undefined) return () => undefined;
  const { fault, ...told } = await readStackSettings(NAMES, { stack, cwd: cwd ?? ".", env }, "leave --stack out");
  if (fault !== undefined) throw new UsageError(`the configuration of stack ${stack} cannot be read: ${fault}`);
  const values: Record<string, string | undefined> = told;
  return (name) => values[name.replace(/^proxies-sx:/, "")];
}
