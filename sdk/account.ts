import * as pulumi from "@pulumi/pulumi";
import { hostOfRun } from "./engine/host";
import { checkGiven, checkInputs, failing } from "./engine/input-checks";
import { beginProgram } from "./engine/program-start";

/** Inputs of an {@link Account}. */
export interface AccountArgs {
  /**
   * API key, "psx_...". Always stored as a secret.
   *
   * @change In place: the next calls use the new key.
   */
  apiKey: pulumi.Input<string>;
  /**
   * Base URL of the API. https; http is allowed for localhost only.
   *
   * @default the environment variable PROXIES_API_URL, else "https://api.proxies.sx"
   * @change In place.
   */
  apiUrl?: pulumi.Input<string>;
}

/**
 * One account of the vendor, for programs that use several: pass it as the option `provider` of a resource. A resource
 * without one uses the account of the stack's configuration.
 *
 * @example
 * const second = new proxies.Account("second", { apiKey: config.requireSecret("secondKey") });
 * new proxies.Port("scraper", { country: "DE", expiresIn: "30d" }, { provider: second });
 */
export class Account extends pulumi.ProviderResource {
  constructor(name: string, args: AccountArgs, options?: pulumi.ResourceOptions) {
    beginProgram();
    const fail = failing(`Account "${name}"`);
    checkInputs(args, ["apiKey", "apiUrl"], fail);
    checkGiven("apiKey", args.apiKey, fail); // else the stack's own account would be used
    const [type, settings] = providerOf({
      apiKey: pulumi.secret(args.apiKey),
      apiUrl: args.apiUrl,
      ...walletSettings(),
    });
    super(type, name, settings, options);
    given.set(this, args);
  }
}

/** The engine's name of the run's host, and its settings: dynamic providers have them by their full names. */
function providerOf(settings: pulumi.Inputs): [string, pulumi.Inputs] {
  if (hostOfRun() === "plugin") return ["proxies-sx", settings];
  const named = Object.entries(settings).map(([name, value]): [string, unknown] => [`proxies-sx:${name}`, value]);
  return ["pulumi-nodejs", Object.fromEntries(named)];
}

/**
 * How leases are paid that have an account as their provider, if only by their parent: as the stack says, or its budget
 * would not hold for them.
 */
function walletSettings(): Record<string, pulumi.Output<string>> {
  const config = new pulumi.Config("proxies-sx");
  const names = ["rpcUrl", "walletPayees", "walletDailyBudget", "walletMainnet"];
  const told = names.map((name) => [name, config.getSecret(name)] as const);
  return Object.fromEntries(told.flatMap(([name, value]) => (value ? [[name, value] as const] : [])));
}

/** Beside the accounts, where no state, no log and no serialised function finds the keys. */
const given = new WeakMap<object, AccountArgs>();

/**
 * Key and URL of an account, secret. Undefined for a provider that is no Account of this package.
 *
 * @internal
 */
export function settingsOf(
  account: pulumi.ProviderResource,
): pulumi.Output<{ apiKey: string; apiUrl?: string }> | undefined {
  const args = given.get(account);
  return args && pulumi.secret({ apiKey: args.apiKey, apiUrl: args.apiUrl });
}
