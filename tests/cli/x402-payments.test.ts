import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { NETWORKS } from "../../api";
import { x402Command } from "../../cli/commands/x402";
import { walletFolder } from "../../provider/run/account-folder";
import { type PaymentEntry, PaymentJournal } from "../../provider/x402-lease/journal";
import { KEY, OTHER_KEY, PAYER } from "../lifecycle/x402-keys";
import { ARGS, LeaseLife, Shop } from "../lifecycle/x402-life";
import { hearing } from "./terminal";

jest.setTimeout(60_000);

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());
beforeEach(() => shop.reset());

async function run(argv: string[], columns?: number, folder = shop.journalFolder, rpcUrl?: string) {
  const { url } = shop.world.emulator;
  const terminal = hearing(
    { PROXIES_API_URL: url, AGENT_WALLET_KEY: KEY, PROXIES_SX_JOURNAL_DIR: folder, PROXIES_RPC_URL: rpcUrl },
    columns === undefined ? {} : { screen: () => ({ rows: 40, columns }) },
  );
  const code = await x402Command(argv, terminal);
  const { out, err } = terminal.said;
  expect(out + err).not.toContain(KEY.slice(2));
  return { code, out, err };
}

const journalHere = () =>
  new PaymentJournal(walletFolder({ apiUrl: shop.world.emulator.url }, { PROXIES_SX_JOURNAL_DIR: shop.journalFolder }));

/** A chain's node of a few lines. */
async function nodeThat(answers: (method: string, params: unknown[]) => unknown) {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      const { method, params } = JSON.parse(text) as { method: string; params: unknown[] };
      response.setHeader("Content-Type", "application/json").end(JSON.stringify({ result: answers(method, params) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const json = (out: string): unknown => JSON.parse(out);
const lines = (out: string) => out.trimEnd().split("\n");
const HASH = expect.stringMatching(/^0x[0-9a-f]{64}$/) as string;
const payer = PAYER.toLowerCase();

/** What a run left that was paid and did not get what it paid for. */
async function unclaimed(name = "a"): Promise<string> {
  shop.control.x402.addFault({ kind: "outOfStock", times: 1_000 });
  const failure = await new LeaseLife(shop, name).up(ARGS).then(
    () => "",
    (error: Error) => error.message,
  );
  expect(failure).toContain("the vendor does not deliver");
  return /authorization (0x[0-9a-f]{64})/.exec(failure)?.[1] as string;
}

describe("receipts", () => {
  it("show what was paid for which lease", async () => {
    await new LeaseLife(shop, "scraper").up(ARGS);
    const { code, out, err } = await run(["receipts"]);
    expect([code, err]).toEqual([0, ""]);
    expect(json(out)).toEqual([
      {
        at: expect.any(String) as string,
        lease: "scraper",
        stack: "dev",
        for: "proxy",
        amountUSDC: 4,
        network: "base-sepolia",
        payer,
        payTo: shop.control.x402.ledgerView().payTo.toLowerCase(),
        authorization: HASH,
        transaction: shop.control.x402.receipts()[0]?.txHash,
        session: shop.control.x402.sessions()[0]?.id,
        order: { country: "DE", durationSeconds: 86_400, trafficGB: 1, tier: "shared" },
        state: "delivered",
      },
    ]);
    expect(out).not.toContain(shop.control.x402.sessions()[0]?.token);
    expect(out).not.toContain("signature");
  });

  it("are a table on a terminal, with a sum of what was paid", async () => {
    await new LeaseLife(shop, "one").up(ARGS);
    await new LeaseLife(shop, "two").up({ ...ARGS, trafficGB: 0.5 });
    await unclaimed("three");
    const { out } = await run(["receipts"], 300);
    expect(lines(out)[0]).toMatch(/^TIME +LEASE +STACK +USDC +NETWORK +STATE +SESSION +TRANSACTION$/);
    expect(out).toMatch(/ two +dev +2\.00 +base-sepolia +delivered +[0-9a-f]{24} +0x[0-9a-f]{64}\n/);
    expect(out).toMatch(/ three +dev +4\.00 +base-sepolia +open: see x402 claims +-/);
    expect(lines(out).at(-1)).toBe("Paid: 6.00 USDC on base-sepolia");
  });

  it("and claims are not said to be none where the journal cannot be read", async () => {
    await unclaimed();
    const file = join(shop.journalFolder, "file");
    writeFileSync(file, "");
    for (const command of ["receipts", "claims"]) {
      const { code, out, err } = await run([command], undefined, file);
      const why = /the journal of payments in .* cannot be read \(ENOTDIR\)/;
      expect([code, out, err]).toEqual([3, "", expect.stringMatching(why)]);
    }
  });

  it("there are none", async () => {
    const { code, out, err } = await run(["receipts"]);
    expect([code, json(out), err]).toEqual([
      1,
      [],
      `This machine remembers no payment at ${shop.world.emulator.url}.\n`,
    ]);
  });
});

describe("claims", () => {
  it("have what the vendor's support needs, until the vendor delivers", async () => {
    const nonce = await unclaimed();
    const [paid] = shop.control.x402.receipts();
    const { code, out } = await run(["claims"]);
    expect(code).toBe(1);
    expect(json(out)).toMatchObject([
      { lease: "a", amountUSDC: 4, payer, authorization: nonce, transaction: paid?.txHash, state: "paid" },
    ]);
    const shown = (await run(["claims"], 100)).out;
    expect(lines(shown)[0]).toBe("a in stack dev: paid, not delivered");
    for (const one of ["4.00 USDC on base-sepolia", paid?.txHash, payer, nonce, '"country":"DE"'])
      expect(shown).toContain(one);
    expect(shown).not.toContain("signature");

    shop.control.x402.clearFaults();
    await new LeaseLife(shop).up(ARGS);
    expect(await run(["claims"])).toMatchObject({ code: 0, err: expect.stringContaining("is open") as string });
    expect(shop.spent()).toBe("4.00");
  });

  it("that the chain has not decided are shown as undecided, and cannot be given up", async () => {
    shop.control.x402.setMining("manual");
    const failure = await new LeaseLife(shop).up(ARGS).catch((error: Error) => error.message);
    expect(failure).toContain("not decided");
    const { code, out } = await run(["claims"]);
    const found = json(out) as { authorization: string; validUntil: string; state: string }[];
    expect([code, found]).toMatchObject([1, [{ state: "undecided" }]]);
    const nonce = found[0]?.authorization as string;
    expect((await run(["claims"], 100)).out).toContain(`may still use it until ${found[0]?.validUntil}`);
    const refused = await run(["claims", "--give-up", nonce]);
    expect([refused.code, lines(refused.err).at(-1)]).toEqual([
      3,
      expect.stringContaining("has not settled") as string,
    ]);
    shop.control.x402.setMining("auto");
  });

  it("that are void, and were never used, are none", async () => {
    shop.control.addFault({ path: "/x402/proxy", paid: true, status: 503, times: 1_000 });
    await new LeaseLife(shop).up(ARGS).catch(() => undefined);
    shop.control.clock.advance("1h");
    shop.control.x402.mine(20);
    expect(await run(["claims"])).toMatchObject({ code: 0 });
    expect(shop.spent()).toBe("0.00");
    shop.control.clearFaults();
  });

  it("are given up on demand: the next run buys anew", async () => {
    const nonce = await unclaimed();
    const { code, out } = await run(["claims", "--give-up", nonce]);
    expect([code, out]).toEqual([0, `Given up: ${nonce} on base-sepolia. The next \`pulumi up\` buys anew.\n`]);
    expect((await run(["claims"])).code).toBe(0);
    expect((await run(["receipts"], 300)).out).toContain("given up");
    shop.control.x402.clearFaults();
    await new LeaseLife(shop).up(ARGS);
    expect(shop.spent()).toBe("8.00");
  });

  it("are given up where they are paid: a resource has the same nonce on each network", async () => {
    const nonce = await unclaimed();
    const journal = journalHere();
    const [entry] = journal.all();
    const { at, validBefore } = entry as PaymentEntry;
    journal.write({ ...(entry as PaymentEntry), network: "base", at: at + 1, validBefore: validBefore + 9_999 });
    const chains = ["0x2105", "0x14a34"];
    const node = await nodeThat((method, params) => {
      if (method === "eth_chainId") return chains.shift();
      if (method !== "eth_call") return { number: "0x1", timestamp: `0x${at.toString(16)}` };
      const isBase = (params[0] as { to: string }).to === NETWORKS.base.usdc;
      return `0x${(isBase ? "0" : "1").padStart(64, "0")}`;
    });
    const { code, out } = await run(["claims", "--give-up", nonce], undefined, shop.journalFolder, node.url);
    expect([code, out]).toEqual([0, `Given up: ${nonce} on base-sepolia. The next \`pulumi up\` buys anew.\n`]);
    expect(journal.all().map(({ network, outcome }) => [network, outcome])).toEqual([
      ["base", undefined],
      ["base-sepolia", "abandoned"],
    ]);
    node.close();
  });

  it.each<[string, string[], number, RegExp]>([
    ["a nonce that is none", ["--give-up", "0x12"], 2, /^proxies-sx x402 claims: --give-up takes the nonce/],
    [
      "one that is not open",
      ["--give-up", `0x${"1".repeat(64)}`],
      3,
      /this machine has no open payment of that authorization$/,
    ],
  ])("refuse %s", async (_what, argv, code, why) => {
    const told = await run(["claims", ...argv]);
    expect([told.code, told.out, lines(told.err).at(-1)]).toEqual([code, "", expect.stringMatching(why)]);
  });

  it("are not said to be given up where that cannot be written down", async () => {
    const nonce = await unclaimed();
    jest.spyOn(PaymentJournal.prototype, "write").mockImplementationOnce(() => {
      throw new Error("ENOSPC: no space left on device");
    });
    const { code, out, err } = await run(["claims", "--give-up", nonce]);
    expect([code, out, lines(err).at(-1)]).toEqual([3, "", expect.stringMatching(/: not given up: .*ENOSPC/)]);
    expect((await run(["claims"])).code).toBe(1);
  });

  it("a key that slipped in for a nonce is not repeated", async () => {
    const { code, err } = await run(["claims", "--give-up", OTHER_KEY]);
    expect([code, err.includes(OTHER_KEY.slice(2))]).toEqual([3, false]);
  });

  it("for a top-up are not given up: a new purchase would be another lease", async () => {
    await new LeaseLife(shop).up(ARGS);
    const journal = journalHere();
    const [entry] = journal.all();
    const { nonce } = journal.write({ ...(entry as PaymentEntry), purpose: "topup", outcome: undefined });
    const { code, err } = await run(["claims", "--give-up", nonce]);
    expect([code, err]).toEqual([3, expect.stringContaining("this payment is for a top-up") as string]);
    expect((await run(["claims"])).code).toBe(1);
  });

  it("say that the chain cannot be asked", async () => {
    await unclaimed();
    shop.control.x402.setNode({ failing: ["eth_call"] });
    const { code, err } = await run(["claims"]);
    expect([code, lines(err).at(-1)]).toEqual([3, expect.stringContaining("eth_call: it said: ") as string]);
    shop.control.x402.setNode({});
  });
});
