interface ProviderSetting {
  /** The variable of the environment that has it where the stack's configuration has not. */
  readonly env: string;
  readonly text: string;
  readonly secret?: true;
}

/** Settings of a provider, by their names in the configuration of a stack, behind "proxies-sx:". All are texts. */
export const PROVIDER_SETTINGS = {
  apiKey: { env: "PROXIES_API_KEY", text: 'API key of the account, "psx_...".', secret: true },
  apiUrl: {
    env: "PROXIES_API_URL",
    text: "Base URL of the API, https, or http to a loopback address; by default https://api.proxies.sx.",
  },
  rpcUrl: {
    env: "PROXIES_RPC_URL",
    text: "A node of the chain on which a wallet pays, https or loopback; by default a public one of Base. It may hold a key.",
    secret: true,
  },
  walletPayees: {
    env: "PROXIES_WALLET_PAYEES",
    text: "Addresses that a wallet may pay, with commas between; by default those that the vendor published.",
  },
  walletDailyBudget: {
    env: "PROXIES_WALLET_DAILY_BUDGET",
    text: "The most that a wallet may send within 24 hours, in USDC; by default what it holds.",
  },
  walletMainnet: {
    env: "PROXIES_WALLET_MAINNET",
    text: 'Whether a wallet may pay real money, "true" or "false"; by default "false".',
  },
} as const satisfies Readonly<Record<string, ProviderSetting>>;

/** Setting of a stack that the classes of the SDK read, and no provider. */
export const HOST_SETTING = "host";

/** What the engine reads in a provider's namespace. */
export const OF_ENGINE: readonly string[] = ["version", "pluginDownloadURL", "pluginChecksums"];
