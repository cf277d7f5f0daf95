import * as pulumi from "@pulumi/pulumi";
import { HOST_SETTING, OF_ENGINE, PROVIDER_SETTINGS } from "../../domain/provider-settings";
import { near, unknownName } from "../../provider/input-names";
import type * as wallet from "../../provider/run/wallet-settings";
import { runError } from "./run-error";

const NAMESPACE = "proxies-sx";
const NAMES = [...Object.keys(PROVIDER_SETTINGS), HOST_SETTING];
const OF_WALLETS = ["walletPayees", "walletDailyBudget", "walletMainnet", "rpcUrl", "walletKey"];

/**
 * Refuses settings of the stack that nothing reads, and those of a wallet that cannot be used: a limit that was misspelt
 * would not hold. The program alone knows all names: a dynamic provider can only ask for one by its name.
 *
 * @throws RunError in one line, without the value
 */
export function checkStackSettings(): void {
  const all = Object.entries(pulumi.runtime.allConfig()).flatMap(([key, value]) =>
    key.startsWith(`${NAMESPACE}:`) ? [[key.slice(NAMESPACE.length + 1), value] as const] : [],
  );
  if (all.length === 0) return;
  const fault = nameFault(Object.fromEntries(all)) ?? walletFault(new Map(all));
  if (fault !== undefined) throw runError(fault);
}

function nameFault(settings: Record<string, string>): string | undefined {
  const own = Object.entries(settings).filter(
    ([name]) => ![...OF_ENGINE, "walletKey", ...othersOf(name)].includes(name),
  );
  const fault = unknownName(Object.fromEntries(own), NAMES, "setting");
  if (!fault) return undefined;
  const isNamed = fault.property in settings;
  const key = isNamed ? `${NAMESPACE}:${fault.property}` : NAMESPACE;
  const how = isNamed ? `\`pulumi config rm ${key}\`` : "`pulumi config rm`";
  return `${key}: ${fault.reason} Take it out by ${how}.`;
}

/** A project of the provider's own name has its own settings in the same namespace. */
const othersOf = (name: string): string[] =>
  pulumi.runtime.getProject() === NAMESPACE && near(name, NAMES) === undefined ? [name] : [];

function walletFault(settings: ReadonlyMap<string, string>): string | undefined {
  if (!OF_WALLETS.some((name) => settings.has(name))) return undefined;
  // Loaded here: a program without a wallet is spared it.
  const { walletFault: faultOf } = require("../../provider/run/wallet-settings") as typeof wallet;
  return faultOf((key) => settings.get(key.slice(NAMESPACE.length + 1)));
}
