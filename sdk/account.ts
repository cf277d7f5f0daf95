import * as pulumi from "@pulumi/pulumi";

/** Inputs of an {@link Account}. */
export interface AccountArgs {
  /** API key, "psx_...". Secret, whether it is given as one or not. */
  apiKey: pulumi.Input<string>;
  /**
   * Base URL of the API, https, or http to a loopback address.
   *
   * @default the environment's PROXIES_API_URL, else "https://api.proxies.sx"
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
    super(
      "pulumi-nodejs",
      name,
      { "proxies-sx:apiKey": pulumi.secret(args.apiKey), "proxies-sx:apiUrl": args.apiUrl },
      options,
    );
  }
}
