import * as pulumi from "@pulumi/pulumi";
import { sentHidden } from "../domain/hidden-inputs";
import { type Connection, httpUrlOf, socks5UrlOf } from "./connection-urls";
import { checkArgs } from "./engine/input-checks";
import { warnOfOptions } from "./engine/option-warnings";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";

/** Inputs of an {@link X402Lease}. */
export interface X402LeaseArgs {
  /**
   * Country of the device, ISO code.
   *
   * @change In place: the session moves, three times free (MCP client); after that a new session is bought, which is paid.
   * @example "DE"
   */
  country: pulumi.Input<string>;
  /**
   * Carrier of the device: name, brand or the vendor's id.
   *
   * @default any carrier of the country
   * @change As for `country`.
   */
  carrier?: pulumi.Input<string | undefined>;
  /**
   * City of the device: name or the vendor's id.
   *
   * @default any city of the country
   * @change As for `country`.
   */
  city?: pulumi.Input<string | undefined>;
  /**
   * "shared", or "private": a device of one's own.
   *
   * @default "shared"
   * @change Replaces the resource: a new session is bought, which is paid.
   */
  tier?: pulumi.Input<"shared" | "private">;
  /**
   * Total traffic of the session, in GB, 0.1 to 10000.
   *
   * @change More: in place, a top-up, which is paid. Less: updates the state only; a session that is bought later has it.
   * @example 2
   */
  trafficGB: pulumi.Input<number>;
  /**
   * How long the session lasts: seconds, or a text such as "24h", "7d"; 1 h to 30 d (vendor page).
   *
   * @change Longer: in place, the missing time is added, which is free (MCP client). Shorter: updates the state only.
   * @example "7d"
   */
  duration: pulumi.Input<number | string>;
  /**
   * The most that one payment may cost, in USDC, above 0, with six decimals at most. Checked on what is signed: a price
   * above it is refused, and nothing is paid. A number or a text; nothing is rounded.
   *
   * @change Updates the state only.
   * @example "4.00"
   */
  maxPrice: pulumi.Input<number | string>;
  /**
   * The most that all payments of this resource may cost together, in USDC, by its receipts: purchases, top-ups, and
   * sessions bought anew.
   *
   * @default no bound but the wallet's balance and its daily budget
   * @change Updates the state only.
   */
  maxTotal?: pulumi.Input<number | string>;
  /**
   * The chain that is paid on. "base" is real money, and is refused until the setting `proxies-sx:walletMainnet` allows
   * it, and always where the API is on this machine. "base-sepolia" is a test network.
   *
   * @default "base"; "base-sepolia" where the API is on this machine, as the emulator is
   * @change Replaces the resource: a new session is bought, which is paid.
   */
  network?: pulumi.Input<"base" | "base-sepolia">;
  /**
   * How the vendor is shown that it is paid. "authorization": a signed payment, which the vendor settles; the wallet needs
   * no ETH. "transfer": the provider settles the same signed payment itself and sends its transaction; the wallet needs
   * ETH for gas. The provider never falls back from one to the other.
   *
   * @default "authorization"
   * @change Updates the state only; the next payment uses it.
   */
  proof?: pulumi.Input<"authorization" | "transfer">;
  /**
   * How long before its end a run of `pulumi up` adds time to the session, so that it lasts for `duration` again; in the
   * units of `duration`, and shorter than it. Time is free (MCP client); traffic is not added. Use 0 to leave it to
   * `onExpired`.
   *
   * @default a tenth of duration, at most 3 days
   * @change Updates the state only: `renewAt` moves.
   */
  renewBefore?: pulumi.Input<number | string>;
  /**
   * What a run does about a session that has ended or is gone: "replace" buys a new one in its place, "keep" leaves it in
   * the state, "fail" stops the run.
   *
   * @default "replace"
   * @change Updates the state only.
   */
  onExpired?: pulumi.Input<"replace" | "keep" | "fail">;
}

/** One payment of an {@link X402Lease}. */
export interface X402Receipt {
  /** The transaction, 0x and 64 hexadecimal digits; undefined where neither vendor nor chain has reported it. */
  tx?: string;
  /** Of the authorization, 0x and 64 hexadecimal digits: the chain settles it once. */
  nonce: string;
  /** "base", "base-sepolia" */
  network: string;
  /** The token's contract: USDC of the network. */
  asset: string;
  /** Address that was paid, 0x and 40 hexadecimal digits. */
  payTo: string;
  /** USDC, "4.00". */
  amount: string;
  /** ISO 8601 in UTC. */
  at: string;
}

const KIND = "X402Lease";

/**
 * Mobile proxies without an account: a wallet pays for a session by x402 (HTTP 402, USDC), and the credentials come at
 * once. Creating one costs money, and so do more traffic, a new session after the end, and a change of `tier` or
 * `network`. The vendor has no way to end a session or to pay anything back: destroying one forgets it, and says what is
 * left of it. Created again, the same resource takes up its session if that still runs.
 *
 * The wallet's key stands in the environment variable AGENT_WALLET_KEY, 64 hexadecimal digits, and nowhere else: it is
 * read by create and update when they pay, never in a preview, and is in no state and no log. Give it a small wallet of
 * its own. Settings of the stack, each also by the environment: `proxies-sx:rpcUrl` (PROXIES_RPC_URL), a node of the
 * chain, https or loopback, by default Base's public one, or the emulator's where the API is on this machine; `proxies-sx:walletDailyBudget` (PROXIES_WALLET_DAILY_BUDGET),
 * the most USDC that the wallet may send within 24 hours, counted on the chain; `proxies-sx:walletPayees`
 * (PROXIES_WALLET_PAYEES), who may be paid, by default the vendor's published addresses; `proxies-sx:walletMainnet`
 * (PROXIES_WALLET_MAINNET), "true" to allow real money.
 *
 * Each purchase has one authorization, whose nonce is derived from key, resource and number: whoever repeats it, after a
 * lost answer, a killed run, or on another machine, pays at most once. What is paid and not delivered stays an error of
 * each run, which claims it and pays nothing. Names and stacks are part of the nonce: do not rename a resource while its
 * payment is not decided.
 *
 * Solana is not supported: there is no nonce on that chain to derive.
 *
 * ## Import
 *
 * The resource option `import` takes an existing session under management: give its token, the transaction that bought
 * it, or its id. Nothing is paid. `npx proxies-sx x402 adopt` prints the code.
 *
 * @example
 * const lease = new proxies.X402Lease("scraper", {
 *   country: "DE", trafficGB: 1, duration: "24h", maxPrice: "4.00", network: "base-sepolia",
 * });
 * export const url = lease.httpUrl; // secret
 */
export class X402Lease extends pulumi.CustomResource implements ExposedBy<"X402Lease"> {
  /** The vendor's id of the session that serves now. `id` is that of the first one, and stays. */
  declare readonly sessionId: pulumi.Output<string>;
  /** Whoever has it manages the session. Secret. Undefined where the vendor did not report it. */
  declare readonly sessionToken: pulumi.Output<string>;
  /** Address of the wallet that paid, 0x and 40 hexadecimal digits. */
  declare readonly wallet: pulumi.Output<string>;
  /** Address of the server that the proxy answers on. */
  declare readonly host: pulumi.Output<string>;
  /** Number of the port on that server for HTTP. */
  declare readonly httpPort: pulumi.Output<number>;
  /** Number of the port on that server for SOCKS5. */
  declare readonly socksPort: pulumi.Output<number>;
  /** Login of the proxy. */
  declare readonly username: pulumi.Output<string>;
  /** Password of the proxy. Secret. */
  declare readonly password: pulumi.Output<string>;
  /** URL that rotates the proxy when it is called, without a key. Secret. */
  declare readonly rotationUrl: pulumi.Output<string>;
  /**
   * "active", "suspended" (its traffic is used up: raise `trafficGB`), "expired", or another word of the vendor's.
   * "deleted": the vendor has no such session, and the next run does what `onExpired` says.
   */
  declare readonly status: pulumi.Output<string>;
  /** End of the session, ISO 8601 in UTC. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** When a run first adds time to it, ISO 8601 in UTC. */
  declare readonly renewAt: pulumi.Output<string>;
  /** Time of the purchase, ISO 8601 in UTC, where the vendor reports it. */
  declare readonly createdAt: pulumi.Output<string>;
  /** ISO code of the country. */
  declare readonly countryCode: pulumi.Output<string>;
  /** Total traffic that is paid for, in GB. */
  declare readonly trafficAllocatedGB: pulumi.Output<number>;
  declare readonly tier: pulumi.Output<"shared" | "private">;
  declare readonly network: pulumi.Output<"base" | "base-sepolia">;
  /** All payments of this resource, the oldest first. */
  declare readonly receipts: pulumi.Output<X402Receipt[]>;

  constructor(name: string, args: X402LeaseArgs, options?: pulumi.CustomResourceOptions) {
    checkArgs(KIND, name, args);
    const { import: adopt, ...rest } = options ?? {};
    const traces = suspendStackTraces();
    try {
      super(
        typeInRun(KIND),
        name,
        propertiesOf(KIND, name, withInputs(args, adopt), rest),
        optionsOf(KIND, name, rest),
      );
    } finally {
      resumeStackTraces(traces);
    }
    warnOfOptions(this, options, "replaceOnChanges");
  }

  /** `http://username:password@host:port`. Secret. */
  get httpUrl(): pulumi.Output<string> {
    return httpUrlOf(connectionOf(this));
  }

  /** `socks5://username:password@host:port`. Secret. */
  get socks5Url(): pulumi.Output<string> {
    return socks5UrlOf(connectionOf(this));
  }
}

const connectionOf = ({ host, httpPort, socksPort, username, password }: X402Lease): Connection => ({
  ...{ serverIp: host, httpPort, socksPort, proxyLogin: username, proxyPassword: password },
});

/** What is imported may be named by its token, which the state must not show. */
const withInputs = (args: X402LeaseArgs, adopt: string | undefined): Record<string, unknown> => ({
  ...args,
  tier: args.tier ?? "shared",
  ...sentHidden({ adopt: adopt === undefined ? undefined : pulumi.secret(adopt) }),
});
