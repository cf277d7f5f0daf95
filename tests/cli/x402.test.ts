import { x402Command } from "../../cli/commands/x402";
import { type Bought } from "../../api";
import { type Emulator, startEmulator } from "../../emulator";
import { PAYER, rented } from "../api/x402/rented";
import { TOKEN } from "../api/x402/shop";
import { vendors } from "../api/vendor";
import { hearing } from "./terminal";

const vendor = vendors();

/** A test key that everybody knows: that of PAYER. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const BARE = KEY.slice(2);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => emulator.control.reset());

interface Given {
  env?: NodeJS.ProcessEnv;
  /** On a terminal of so many columns. */
  columns?: number;
}

async function run(argv: string[], { env = {}, columns }: Given = {}) {
  const terminal = hearing(
    { PROXIES_API_URL: emulator.url, ...env },
    columns === undefined ? {} : { screen: () => ({ rows: 40, columns }) },
  );
  const code = await x402Command(argv, terminal);
  const { out, err } = terminal.said;
  expect(out + err).not.toContain(BARE);
  return { code, out, err };
}

const json = (out: string): unknown => JSON.parse(out);
const WITH_KEY = { env: { AGENT_WALLET_KEY: KEY } };
const lines = (out: string) => out.trimEnd().split("\n");

describe("quote", () => {
  it("shows price, network and payee, and buys nothing", async () => {
    const { code, out, err } = await run(["quote", "--country", "de", "--gb", "0.5", "--duration", "2h"]);
    const { payTo } = emulator.control.x402.ledgerView();
    expect([code, err]).toEqual([0, `asking ${emulator.url} without a key\n`]);
    expect(json(out)).toEqual({
      order: { country: "DE", tier: "shared", trafficGB: 0.5, durationSeconds: 7_200 },
      offers: [
        {
          network: "base-sepolia",
          amountUSDC: 2,
          payTo: payTo.toLowerCase(),
          asset: "0x036cbd53842c5426634e7929541ec2318f3dcf7e",
        },
      ],
      disagreements: [],
    });
    expect(emulator.control.x402.receipts()).toEqual([]);
  });

  it("is a table on a terminal", async () => {
    const { out } = await run(["quote", "--country=DE", "--tier=private"], { columns: 120 });
    expect(lines(out)).toEqual([
      "DE, private, 1 GB, 1 h",
      "",
      expect.stringMatching(/^NETWORK {7}USDC {2}PAID TO {37}CAN BE PAID$/),
      expect.stringMatching(/^base-sepolia {2}8\.00 {2}0x[0-9a-f]{40} {2}yes$/),
    ]);
    expect(json((await run(["quote", "--country=DE", "--json"], { columns: 80 })).out)).toMatchObject({ offers: [{}] });
  });

  it.each([
    ["an unknown payee", { x402WrongOffer: "payTo" }, /^the payee 0x[0-9a-f]{40} is not among those that are allowed$/],
    ["an unknown chain", { x402WrongOffer: "network" }, /^not supported: only base and base-sepolia are$/],
  ] as const)("exits 1 where %s is all that is offered", async (_what, quirks, problem) => {
    emulator.control.setQuirks({ x402Offer: "mcp", ...quirks });
    const { code, out } = await run(["quote", "--country", "DE"]);
    expect(code).toBe(1);
    expect(json(out)).toMatchObject({ offers: [{ problem: expect.stringMatching(problem) as string }] });
  });

  it("says where the vendor contradicts itself", async () => {
    emulator.control.setQuirks({ x402WrongOffer: "amount", x402WrongIn: "header" });
    const { code, err } = await run(["quote", "--country", "DE"]);
    expect([code, err]).toEqual([1, expect.stringContaining("the vendor contradicts itself: the amount on") as string]);
  });

  it.each<[string, string[], number, RegExp]>([
    ["no country", [], 2, /^proxies-sx x402 quote: --country takes the two letters/],
    ["a country that is none", ["--country", "Germany"], 2, /--country takes/],
    ["a tier", ["--country=DE", "--tier=gold"], 2, /--tier takes one of: shared, private/],
    ["traffic", ["--country=DE", "--gb=-1"], 2, /--gb is a number above 0/],
    ["no traffic", ["--country=DE", "--gb=0"], 2, /--gb is a number above 0/],
    [
      "too fine traffic",
      ["--country=DE", "--gb=0.1234"],
      2,
      /below a million, with three decimals at most: --gb 0\.5$/,
    ],
    ["a duration", ["--country=DE", "--duration=soon"], 2, /--duration is a length of time/],
    ["a URL", ["--country=DE", "--api-url=ftp://a"], 2, /^proxies-sx x402 quote: --api-url: /],
    ["a country that is not sold", ["--country=XX"], 3, /Country XX is not available/],
    ["a duration below the least", ["--country=DE", "--duration=30m"], 3, /must not be less than 3600/],
  ])("refuses %s in one line", async (_what, argv, code, why) => {
    const told = await run(["quote", ...argv]);
    const last = lines(told.err).at(-1);
    expect([told.code, told.out, last]).toEqual([code, "", expect.stringMatching(why)]);
  });

  it("says that nothing is free there", async () => {
    emulator.control.reset({ devicesPerCarrier: { shared: 0 } });
    const { code, err } = await run(["quote", "--country=DE"]);
    expect([code, lines(err).at(-1)]).toEqual([
      3,
      expect.stringContaining("No free shared device in Germany") as string,
    ]);
  });
});

describe("wallet", () => {
  it("shows address, balance and network", async () => {
    emulator.control.x402.faucet({ address: PAYER, usdc: "12.345678" });
    const { code, out, err } = await run(["wallet"], WITH_KEY);
    const { host } = new URL(emulator.url);
    expect([code, err]).toEqual([0, `asking ${host}, a node of base-sepolia\n`]);
    expect(json(out)).toEqual({ address: PAYER, network: "base-sepolia", chainId: 84_532, usdc: 12.345678 });
    const shown = await run(["wallet"], { ...WITH_KEY, columns: 100 });
    expect(lines(shown.out)[1]).toBe(`${PAYER}  base-sepolia  12.345678`);
  });

  it("exits 1 where it is empty", async () => {
    expect(await run(["wallet"], WITH_KEY)).toMatchObject({ code: 1 });
  });

  it.each<[string, string | undefined, RegExp]>([
    ["no key", undefined, /^proxies-sx x402 wallet: no wallet key: set AGENT_WALLET_KEY$/],
    ["a key that is too short", BARE.slice(1), /^proxies-sx x402 wallet: AGENT_WALLET_KEY: the wallet key must be 64/],
    ["a key with a blank", ` ${KEY}`, /AGENT_WALLET_KEY: the wallet key must not contain white space/],
  ])("refuses %s in one line without it", async (_what, key, why) => {
    const { code, out, err } = await run(["wallet"], { env: { AGENT_WALLET_KEY: key } });
    expect([code, out, err.trimEnd()]).toEqual([2, "", expect.stringMatching(why)]);
    if (key) expect(err).not.toContain(BARE.slice(1, 20));
  });

  it.each<[string, NodeJS.ProcessEnv, string[], number, RegExp]>([
    [
      "a node that is no URL",
      { PROXIES_RPC_URL: "canary" },
      [],
      2,
      /: proxies-sx:rpcUrl \(PROXIES_RPC_URL\): the RPC URL must be/,
    ],
    ["a node in clear", { PROXIES_RPC_URL: "http://a.example" }, [], 2, /must start with https/],
    ["a network", {}, ["--network=solana"], 2, /--network takes one of: base, base-sepolia/],
    ["a node of another chain", {}, ["--network=base"], 3, /is of chain 84532, and base is chain 8453/],
  ])("refuses %s", async (_what, env, argv, code, why) => {
    const told = await run(["wallet", ...argv], { env: { AGENT_WALLET_KEY: KEY, ...env } });
    expect([told.code, told.out, lines(told.err).at(-1)]).toEqual([code, "", expect.stringMatching(why)]);
    expect(told.err).not.toContain("canary");
  });

  it("says that the chain cannot be asked", async () => {
    emulator.control.x402.setNode({ failing: ["eth_call"] });
    const { code, err } = await run(["wallet"], WITH_KEY);
    expect([code, lines(err).at(-1)]).toEqual([3, expect.stringContaining("eth_call: it said: ") as string]);
    emulator.control.x402.setNode({});
  });
});

describe("sessions", () => {
  let bought: Bought;
  beforeEach(async () => (bought = await rented(emulator)));
  const secrets = () =>
    [
      bought.token,
      bought.proxy?.password,
      bought.proxy?.username,
      bought.rotationUrl,
      bought.rotationToken,
    ] as string[];

  it.each<[string, string[], Given]>([
    ["of an address", [PAYER], {}],
    ["of the own wallet", [], WITH_KEY],
  ])("%s, without secrets", async (_what, argv, given) => {
    const { code, out, err } = await run(["sessions", ...argv], given);
    expect([code, err]).toEqual([0, `asking ${emulator.url} without a key\n`]);
    expect(json(out)).toEqual([
      {
        id: bought.id,
        status: "active",
        tier: "shared",
        country: "DE",
        network: "base-sepolia",
        transaction: bought.transactionHash,
        paidUSDC: 4,
        allocatedGB: 1,
        usedGB: 0,
        remainingGB: 1,
        createdAt: expect.any(String) as string,
        expiresAt: new Date(bought.expiresAt as number).toISOString(),
      },
    ]);
    for (const secret of secrets()) expect(out).not.toContain(secret);
  });

  it("is a table on a terminal, without secrets but on demand", async () => {
    const shown = await run(["sessions", PAYER], { columns: 200 });
    expect(lines(shown.out)[0]).toMatch(/^SESSION +STATUS +TIER +COUNTRY +GB LEFT +EXPIRES IN +USDC +TRANSACTION$/);
    expect(lines(shown.out)[1]).toMatch(/ active +shared +DE +1 +\S+ \S+.* +4\.00 +0x[0-9a-f]{64}$/);
    for (const secret of secrets()) expect(shown.out).not.toContain(secret);
    const open = await run(["sessions", PAYER, "--show-secrets"], { columns: 80 });
    expect(open.out).toContain(bought.token);
    expect(open.out).toContain(bought.proxy?.password);
    expect(json((await run(["sessions", PAYER, "--show-secrets"])).out)).toMatchObject([
      { token: bought.token, proxy: { password: bought.proxy?.password }, rotationUrl: bought.rotationUrl },
    ]);
  });

  it("a secret that stands in another field is cut out", async () => {
    const session = { id: "a1", sessionToken: TOKEN, location: { country: `at ${TOKEN}` }, traffic: { usedGB: 1 } };
    const { url } = await vendor([{ json: { sessions: [session], total: 1 } }]);
    for (const given of [{}, { columns: 200 }]) {
      const { out } = await run(["sessions", PAYER, "--api-url", url], given);
      expect(out).toContain("at [secret]");
    }
  });

  it("of another state: there is none, which is 1", async () => {
    const { code, out, err } = await run(["sessions", PAYER, "--status=expired"]);
    expect([code, json(out), lines(err).at(-1)]).toEqual([1, [], `The wallet ${PAYER} has no expired session.`]);
    emulator.control.clock.advance("2h");
    expect(await run(["sessions", PAYER, "--status=expired"])).toMatchObject({ code: 0 });
  });

  it.each<[string, string[], RegExp]>([
    ["a key in the address's place", [KEY], /^proxies-sx x402 sessions: a wallet's address is 0x and 40/],
    ["two addresses", [PAYER, PAYER], /: name one wallet/],
    ["a status", [PAYER, "--status=old"], /--status takes one of: active, expired, all$/],
    ["no wallet at all", [], /: no wallet key: set AGENT_WALLET_KEY$/],
  ])("refuses %s in one line", async (_what, argv, why) => {
    const { code, out, err } = await run(["sessions", ...argv]);
    expect([code, out, err.trimEnd()]).toEqual([2, "", expect.stringMatching(why)]);
  });
});

describe("adopt", () => {
  it("prints a program of the active sessions, without secrets", async () => {
    const bought = await rented(emulator);
    const id = bought.id as string;
    const { code, out, err } = await run(["adopt"], WITH_KEY);
    const inputs = 'country: "DE", trafficGB: 1, duration: "1h", maxPrice: "4.00", network: "base-sepolia"';
    expect([code, lines(out).at(0), lines(out).at(-1)]).toEqual([
      0,
      'import * as proxies from "pulumi-proxies-sx";',
      `new proxies.X402Lease("lease-${id.slice(-6)}", { ${inputs} }, { import: "${id}" });`,
    ]);
    expect(out + err).not.toContain(bought.token);
    expect(out + err).not.toContain(bought.proxy?.password);
    const other = await run(["adopt", PAYER, "--language=javascript", "--session", id]);
    expect(other.out).toMatch(/^const proxies = require\("pulumi-proxies-sx"\);/);
    expect(lines(other.out).at(-1)).toBe(lines(out).at(-1));
  });

  it("leaves what the vendor does not report to a person", async () => {
    const { url } = await vendor([{ json: { sessions: [{ id: "a1b2c3d4", sessionToken: TOKEN }] } }]);
    const { out } = await run(["adopt", PAYER, "--api-url", url]);
    expect(lines(out).slice(-2)).toEqual([
      "// a1b2c3d4: the vendor does not report country, trafficGB, duration, maxPrice, network: fill it in",
      'new proxies.X402Lease("lease-b2c3d4", {  }, { import: "a1b2c3d4" });',
    ]);
  });

  it("names sessions by all of their ids where these end alike", async () => {
    const sessions = ["a1b2c3d4", "b1b2c3d4", "a1b2c3d5"].map((id) => ({ id, sessionToken: TOKEN }));
    const { url } = await vendor([{ json: { sessions } }]);
    const { out } = await run(["adopt", PAYER, "--api-url", url]);
    expect(out.match(/"lease-\w+"/g)).toEqual(['"lease-a1b2c3d4"', '"lease-b1b2c3d4"', '"lease-b2c3d5"']);
  });

  it.each<[string, string[], number, RegExp]>([
    ["nothing to adopt", [PAYER], 1, /^The wallet 0x[0-9a-f]{40} has no active session\.$/],
    ["a session that is not there", [PAYER, "--session=a1"], 3, /has no active session of one of these ids$/],
    ["a language", [PAYER, "--language=go"], 2, /--language takes one of: typescript, javascript$/],
    ["a key in the address's place", [KEY], 2, /: a wallet's address is 0x and 40/],
  ])("%s", async (_what, argv, code, why) => {
    const told = await run(["adopt", ...argv]);
    expect([told.code, told.out, lines(told.err).at(-1)]).toEqual([code, "", expect.stringMatching(why)]);
  });
});

it.each([
  [[], 0, /^Usage: proxies-sx x402 <command>/, ""],
  [["--help"], 0, /^Usage: proxies-sx x402 <command>/, ""],
  [["walet"], 2, /^$/, 'proxies-sx x402: unknown command "walet": did you mean wallet?\n'],
  [
    [KEY],
    2,
    /^$/,
    "proxies-sx x402: unknown command: the commands are quote, wallet, sessions, receipts, claims, adopt\n",
  ],
])("%j", async (argv, code, out, err) => {
  expect(await run(argv)).toEqual({ code, out: expect.stringMatching(out) as string, err });
});
