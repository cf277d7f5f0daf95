import { x402Client } from "@x402/core/client";
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment } from "@x402/fetch";
import { type Chain, createChain, formatUsdc, NETWORKS, parseUsdc } from "../../api";
import { OTHER, PAYER } from "../emulator/x402-wallet";
import { ARGS, LeaseLife, Shop, failed } from "../lifecycle/x402-life";
import { ChainVendor, type Mishap } from "./chain-vendor";
import { type TestChain, TEST_CHAINS } from "./test-chains";
import { casesOf } from "../cases";

const RICH = 500;

/** A lease whose vendor asks the official facilitator, and whose chain is a test chain. */
class ChainLease extends LeaseLife {
  constructor(
    shop: Shop,
    private readonly vendor: ChainVendor,
    name: string,
  ) {
    super(shop, name);
  }

  override process(config: Record<string, string> = {}) {
    return super.process({ "proxies-sx:apiUrl": this.vendor.url, ...config });
  }
}

describe.each(TEST_CHAINS)("a lease that the official facilitator settles on %s", (_name, start) => {
  let shop: Shop;
  let ledger: TestChain;
  let vendor: ChainVendor;
  let chain: Chain;
  let before: bigint;
  let count = 0;
  beforeAll(async () => {
    [shop, ledger] = [await Shop.open(), await start()];
    vendor = await ChainVendor.open(ledger);
    chain = createChain(NETWORKS["base-sepolia"], ledger.url);
    for (let usdc = 0; usdc < RICH; usdc += 100) await ledger.faucet(PAYER.address);
    await ledger.faucet(OTHER.address);
  });
  afterAll(async () => {
    chain.close();
    await vendor.close();
    await ledger.close();
    await shop.close();
  });
  beforeEach(async () => {
    shop.reset();
    process.env.PROXIES_RPC_URL = ledger.url;
    vendor.sold.length = 0;
    before = await chain.balanceOf(PAYER.address);
  });

  /** Each is another resource, with nonces of its own. */
  const another = () => new ChainLease(shop, vendor, `lease${count++}`);
  const spent = async () => formatUsdc(before - (await chain.balanceOf(PAYER.address)));
  async function expectPaidOnce(lease: LeaseLife): Promise<void> {
    expect([await spent(), vendor.sold.length]).toEqual(["4.00", 1]);
    const [sold] = vendor.sold;
    expect(lease.told).toMatchObject({ sessionId: sold?.id, receipts: [{ amount: "4.00", tx: sold?.tx }] });
    expect(await chain.receipt(sold?.tx ?? "")).toMatchObject({
      transfers: [{ amount: parseUsdc(4), to: ledger.payTo.toLowerCase() }],
      uses: [{ nonce: lease.told.receipts[0]?.nonce }],
    });
    expect(await lease.up(ARGS)).toBe("same");
  }

  test("a life: bought, topped up, with more time for nothing, read, taken up again", async () => {
    const lease = another();
    expect(await lease.up(ARGS)).toBe("create");
    await expectPaidOnce(lease);
    expect(await lease.refresh()).toBe("same");
    expect(await lease.up({ ...ARGS, trafficGB: 1.5, duration: "48h" })).toBe("update");
    expect(lease.told.receipts.map(({ amount }) => amount)).toEqual(["4.00", "2.00"]);
    expect(vendor.sold).toMatchObject([{ gb: 1.5 }]);
    expect(Date.parse(lease.told.expiresAt ?? "")).toBe(vendor.sold[0]?.expiresAt);
    await lease.destroy();
    shop.loseJournal();
    await lease.up({ ...ARGS, trafficGB: 1.5 });
    expect(lease.told.sessionId).toBe(vendor.sold[0]?.id);
    expect(await spent()).toBe("6.00");
  });

  test("what the official client bought is taken under management", async () => {
    const client = registerExactEvmScheme(new x402Client(), { signer: PAYER, networks: ["eip155:84532"] });
    const reply = await wrapFetchWithPayment(
      fetch,
      client,
    )(`${vendor.url}/v1/x402/proxy?country=DE&traffic=0.1&duration=86400`);
    expect([reply.status, await spent()]).toEqual([200, "0.40"]);
    const lease = another();
    await lease.up({ ...ARGS, trafficGB: 0.1 }, { __adopt: vendor.sold[0]?.tx });
    expect(lease.told.sessionId).toBe(vendor.sold[0]?.id);
    expect(await lease.up({ ...ARGS, trafficGB: 0.6 })).toBe("update");
    expect([await spent(), vendor.sold.map(({ gb }) => gb)]).toEqual(["2.40", [0.6]]);
  });

  test.each<[Mishap, string]>([
    ["lost before", "kept"],
    ["lost after", "kept"],
    ["lost after", "lost"],
    ["not delivered", "kept"],
    ["not delivered", "lost"],
  ])("%s, with a journal that is %s: paid once, and delivered", async (mishap, journal) => {
    const lease = another();
    vendor.mishap = mishap;
    await lease.upKilled(ARGS, { step: mishap === "lost before" ? 99 : 9, when: "after" });
    if (journal === "lost") shop.loseJournal();
    await lease.upAtLast(ARGS);
    await expectPaidOnce(lease);
  });

  test("killed at any step, with a journal that is kept or lost: paid once", async () => {
    for (const step of casesOf(14)) {
      [vendor.sold.length, before] = [0, await chain.balanceOf(PAYER.address)];
      const lease = another();
      await lease.upKilled(ARGS, { step, when: step % 3 ? "after" : "before" });
      if (step % 2) shop.loseJournal();
      await lease.upAtLast(ARGS);
      await expectPaidOnce(lease);
    }
  }, 60_000);

  test("a payment that a reorganisation takes away is repeated, once", async () => {
    const lease = another();
    vendor.mishap = "not delivered";
    await lease.upKilled(ARGS, { step: 9, when: "after" });
    if ((await spent()) !== "0.00") await ledger.reorganise(1);
    expect(await spent()).toBe("0.00");
    await lease.upAtLast(ARGS);
    await expectPaidOnce(lease);
  });

  test("above the cap nothing is signed", async () => {
    expect(await failed(another().up({ ...ARGS, maxPrice: "3.999999" }))).toBe(
      "nothing was paid: the price is 4.00 USDC, and may be 3.999999 at most.",
    );
    expect(await spent()).toBe("0.00");
  });
});
