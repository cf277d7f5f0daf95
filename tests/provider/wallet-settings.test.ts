import { DEFAULT_API_URL, VENDOR_PAYEES } from "../../api";
import { UNKNOWN } from "../../domain/unknown";
import {
  networkFault,
  nodeOf,
  readWalletSettings,
  lackOfKey,
  walletIn,
  type WalletSettings,
} from "../../provider/run/wallet-settings";

const KEY = `0x${"1".repeat(64)}`;
const PAYEE = `0x${"aB".repeat(20)}`;

/** What a stack's configuration and an environment come to. */
const read = (stack: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}): WalletSettings | undefined =>
  readWalletSettings((key) => stack[key.replace("proxies-sx:", "")], env);

describe("settings of a wallet", () => {
  it("without any setting are the vendor's own, and no real money", () => {
    expect(read()).toEqual({ apiUrl: DEFAULT_API_URL, payees: VENDOR_PAYEES, mainnet: false });
  });

  const ALL = {
    apiUrl: "http://127.0.0.1:9/",
    rpcUrl: " http://127.0.0.1:8/rpc ",
    walletPayees: ` ${PAYEE},${PAYEE}`,
    walletDailyBudget: "7.50",
    walletMainnet: "true",
  };
  const READ = {
    apiUrl: "http://127.0.0.1:9",
    rpcUrl: "http://127.0.0.1:8/rpc",
    payees: [PAYEE.toLowerCase(), PAYEE.toLowerCase()],
    dailyBudget: 7_500_000n,
    mainnet: true,
  };

  it("come from the stack's configuration, else from the environment, and the first wins", () => {
    const names = [
      "PROXIES_API_URL",
      "PROXIES_RPC_URL",
      "PROXIES_WALLET_PAYEES",
      "PROXIES_WALLET_DAILY_BUDGET",
      "PROXIES_WALLET_MAINNET",
    ];
    const env: NodeJS.ProcessEnv = Object.fromEntries(
      Object.values(ALL).map((value, index) => [names[index] ?? "", value]),
    );
    expect(read(ALL)).toEqual(READ);
    expect(read({}, env)).toEqual(READ);
    const others = Object.fromEntries(names.map((name) => [name, "what is not read"]));
    expect(read(ALL, others)).toEqual(READ);
  });

  it.each(Object.keys(ALL))("are not known while %s is not", (name) => {
    expect(read({ ...ALL, [name]: UNKNOWN })).toBeUndefined();
  });

  it.each<[string, boolean]>([
    ["true", true],
    ["1", true],
    ["false", false],
    ["0", false],
  ])("walletMainnet: %s", (walletMainnet, mainnet) => expect(read({ walletMainnet })?.mainnet).toBe(mainnet));

  it.each<[Record<string, string>, RegExp]>([
    [{ apiUrl: "ftp://x" }, /^proxies-sx:apiUrl: /],
    [{ rpcUrl: "http://node" }, /^proxies-sx:rpcUrl \(PROXIES_RPC_URL\): .+\.$/],
    [{ walletPayees: "0x12" }, /^proxies-sx:walletPayees \(PROXIES_WALLET_PAYEES\): give addresses of 0x and 40/],
    [{ walletPayees: `${PAYEE},x${PAYEE}` }, /walletPayees/],
    [{ walletPayees: `${PAYEE}0` }, /walletPayees/],
    [{ walletPayees: `0x${"g".repeat(40)}` }, /walletPayees/],
    [
      { walletDailyBudget: "much" },
      /^proxies-sx:walletDailyBudget \(PROXIES_WALLET_DAILY_BUDGET\): is no amount of USDC/,
    ],
    [{ walletDailyBudget: "" }, /^proxies-sx:walletDailyBudget .*: is no amount of USDC/],
    [{ walletMainnet: "yes" }, /^proxies-sx:walletMainnet \(PROXIES_WALLET_MAINNET\): give "true" or "false"\.$/],
    [{ walletKey: KEY }, /^proxies-sx:walletKey: a wallet's key does not belong into the stack.*AGENT_WALLET_KEY/],
  ])("refuse %j in one line, without the value", (stack, message) => {
    let said = "";
    try {
      read(stack);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(message);
    expect(said).not.toContain(KEY);
  });

  it("name a node, the emulator's own beside an API on this machine, or a public one", () => {
    const vendor: WalletSettings = { apiUrl: "https://vendor", payees: [], mainnet: true };
    expect([nodeOf("base", vendor), nodeOf("base-sepolia", vendor)]).toEqual([
      "https://mainnet.base.org",
      "https://sepolia.base.org",
    ]);
    expect(nodeOf("base", { ...vendor, apiUrl: "http://127.0.0.1:9" })).toBe("http://127.0.0.1:9/rpc");
    expect(nodeOf("base", { ...vendor, apiUrl: "http://127.0.0.1:9", rpcUrl: "https://node" })).toBe("https://node");
  });

  it("allow real money where they say so, and never beside an API on this machine", () => {
    const vendor: WalletSettings = { apiUrl: "https://vendor", payees: [], mainnet: false };
    expect(networkFault("base-sepolia", vendor)).toBeUndefined();
    expect(networkFault("base", vendor)).toMatch(
      /is real money: allow it by `pulumi config set proxies-sx:walletMainnet true`/,
    );
    expect(networkFault("base", { ...vendor, mainnet: true })).toBeUndefined();
    expect(networkFault("base", { ...vendor, mainnet: true, apiUrl: "http://127.0.0.1:9" })).toMatch(
      /^"base" \(chain 8453\) is real money, and the API is on this machine/,
    );
  });
});

it("a wallet is read from the environment alone, and no error has its key", () => {
  expect(lackOfKey({ AGENT_WALLET_KEY: "anything" })).toBeUndefined();
  expect(lackOfKey({})).toMatch(/^no wallet key is set: set AGENT_WALLET_KEY in the environment/);
  expect(() => walletIn({ AGENT_WALLET_KEY: "" })).toThrow(/no wallet key is set/);
  expect(() => walletIn({ AGENT_WALLET_KEY: `${KEY}22` })).toThrow(/^AGENT_WALLET_KEY: [^1]+; set AGENT_WALLET_KEY/);
  const { key, address } = walletIn({ AGENT_WALLET_KEY: KEY });
  expect([key, address]).toEqual([KEY, expect.stringMatching(/^0x[0-9a-f]{40}$/)]);
});
