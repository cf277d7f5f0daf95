import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { OTHER_KEY } from "./x402-keys";
import { type Kill, ARGS, LeaseLife, failed, Shop } from "./x402-life";
import { casesOf, runsOf } from "../cases";

let shop: Shop;
let lease: LeaseLife;

beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());
beforeEach(() => {
  shop.reset();
  lease = new LeaseLife(shop);
});
afterEach(() => shop.expectBalanced());

const x402 = () => shop.control.x402;
const PAID = { path: "/x402/proxy", paid: true } as const;
const delivered = () =>
  x402()
    .receipts()
    .filter((one) => one.delivered);

/** What goes wrong once, on the way to a payment or back. */
const FAULTS: Record<string, () => void> = {
  nothing: () => undefined,
  "an answer lost before settling": () => shop.control.addFault({ ...PAID, times: 1, cut: "before" }),
  "an answer lost after settling": () => shop.control.addFault({ ...PAID, times: 1, cut: "after" }),
  "half an answer": () => shop.control.addFault({ ...PAID, times: 1, truncate: true }),
  "402 after settling": () => shop.control.addFault({ ...PAID, times: 1, status: 402, commit: true }),
  "503 after settling": () => shop.control.addFault({ ...PAID, times: 1, status: 503, commit: true }),
  "an empty body after settling": () =>
    shop.control.addFault({ ...PAID, times: 1, status: 200, body: "", commit: true }),
  "500 before settling": () => shop.control.addFault({ ...PAID, times: 1, status: 500 }),
  "a facilitator that refuses": () => x402().addFault({ kind: "settleRefused", times: 1 }),
  "a payment settled late": () => x402().addFault({ kind: "settleLate", times: 1, seconds: 20 }),
  "a payment settled, and 402": () => x402().addFault({ kind: "settleLost", times: 1 }),
  "out of stock after payment": () => x402().addFault({ kind: "outOfStock", times: 1 }),
  "a price that changes": () => x402().addFault({ kind: "terms", times: 1, change: "price" }),
  "a payee that changes": () => x402().addFault({ kind: "terms", times: 1, change: "payTo" }),
  "a node that fails": () => x402().setNode({ failing: ["eth_call"] }),
  "a node that is down": () => x402().setNode({ down: true }),
  "a node that is behind": () => x402().setNode({ behindBlocks: 3 }),
  "a node that shows few logs": () => x402().setNode({ logRange: 5 }),
  "an answer as the page has it": () => shop.control.setQuirks({ x402Answer: "page" }),
  "a vendor that shows no tokens": () => shop.control.setQuirks({ x402Recovery: "noToken" }),
  "a vendor that takes version 2": () => shop.control.setQuirks({ x402Offer: "v2" }),
  "a vendor that does not look at the chain": () => shop.control.setQuirks({ x402Resend: "refuses" }),
};
const heal = () => {
  x402().setNode();
  x402().clearFaults();
  shop.control.clearFaults();
};

/** Of all that was tried: one session, paid once, and known to the state. */
function expectPaidOnce(): void {
  expect(shop.spent()).toBe("4.00");
  expect(x402().sessions()).toHaveLength(1);
  const [session] = x402().sessions();
  expect(lease.told).toMatchObject({ sessionId: session?.id, status: "active" });
  expect(lease.told.receipts).toMatchObject([{ amount: "4.00" }]);
  expect(lease.told.username).toMatch(/^x402_/);
  shop.expectBalanced();
}

test.each(Object.keys(FAULTS))("%s: paid once, and delivered in the end", async (fault) => {
  FAULTS[fault]?.();
  if ((await failed(lease.up(ARGS))) !== "it went well") {
    heal();
    await lease.upAtLast(ARGS);
  }
  expectPaidOnce();
  expect(await lease.up(ARGS)).toBe("same");
});

test("a node that says of every authorization that it was used is not asked without end, and nothing is paid", async () => {
  let asked = 0;
  const node = createServer((request, response) => {
    let text = "";
    request
      .on("data", (part: Buffer) => (text += part.toString()))
      .on("end", () => {
        const { method } = JSON.parse(text) as { method: string };
        if (method === "eth_call" && ++asked > 200) request.destroy();
        const result = { eth_chainId: "0x14a34", eth_call: `0x${"1".padStart(64, "0")}` }[method];
        response.setHeader("Content-Type", "application/json").end(JSON.stringify({ result }));
      });
  });
  await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
  process.env.PROXIES_RPC_URL = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  expect(await failed(lease.up(ARGS))).toBe(
    "nothing was paid: the chain's node says of every authorization that it was used: name another node.",
  );
  expect(asked).toBeLessThan(50);
  expect(shop.spent()).toBe("0.00");
  node.close();
});

/** The same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((at / 2 ** 32) * below);
  };
}

const RUNS = runsOf(240);
test(`${RUNS} seeded runs: a fault, kills at any step, a journal that is kept or lost: paid once each`, async () => {
  const kills: Record<string, number> = {};
  for (let seed = 1; seed <= RUNS; seed++) {
    shop.reset();
    lease = new LeaseLife(shop);
    const roll = dice(seed);
    const names = Object.keys(FAULTS);
    const fault = names[seed % names.length] ?? "";
    FAULTS[fault]?.();
    const said: string[] = [];
    for (let killed = roll(3); killed >= 0; killed--) {
      const kill: Kill = { step: roll(16), when: roll(2) ? "before" : "after" };
      const was = await lease.upKilled(ARGS, kill);
      said.push(`${fault}: ${was ? `killed ${kill.when} ${kill.step}` : "not killed"}`);
      if (was) kills[`${kill.step} ${kill.when}`] = (kills[`${kill.step} ${kill.when}`] ?? 0) + 1;
      if (roll(3) === 0) shop.loseJournal();
      if (roll(4) === 0) shop.control.clock.advance(roll(2) ? 400_000 : 20_000);
      if (roll(4) === 0) x402().mine(13);
    }
    heal();
    try {
      await lease.upAtLast(ARGS);
      expectPaidOnce();
    } catch (error) {
      throw new Error(`seed ${seed}, ${said.join(", ")}: ${(error as Error).message}`, { cause: error });
    }
  }
  // Kills struck before and after each of the steps up to the last.
  expect(Object.keys(kills).length).toBeGreaterThan(RUNS < 240 ? 10 : 20);
}, 240_000);

describe("a top-up", () => {
  test.each([
    [
      "an answer lost",
      () => shop.control.addFault({ path: "/x402/manage/session/topup", paid: true, times: 1, cut: "after" }),
    ],
    ["402 after settling", () => x402().addFault({ kind: "settleLost", times: 1 })],
    ["a facilitator that refuses", () => x402().addFault({ kind: "settleRefused", times: 1 })],
  ])(
    "%s, killed at any step: paid once, with a receipt",
    async (_, fault) => {
      for (const step of casesOf(14)) {
        for (const when of ["before", "after"] as const) {
          shop.reset();
          lease = new LeaseLife(shop);
          await lease.up(ARGS);
          fault();
          const more = { ...ARGS, trafficGB: 1.5 };
          await lease.upKilled(more, { step, when });
          if (step % 2) shop.loseJournal();
          await lease.upAtLast(more);
          expect(shop.spent()).toBe("6.00");
          expect(lease.told.trafficAllocatedGB).toBe(1.5);
          expect(lease.told.receipts.map(({ amount }) => amount)).toEqual(["4.00", "2.00"]);
        }
      }
    },
    120_000,
  );
});

describe('proof "transfer": the wallet settles the same authorization itself', () => {
  const OWN = { ...ARGS, proof: "transfer" } as const;
  beforeEach(() => shop.control.setQuirks({ x402Proofs: "hash" }));

  test.each<[string, () => void]>([
    ["nothing", () => undefined],
    ["an answer lost", () => shop.control.addFault({ ...PAID, times: 1, cut: "after" })],
    ["a hash that is refused though it is mined", () => x402().addFault({ kind: "hashRefused", times: 1 })],
    ["a node that mines late", () => x402().setMining("manual")],
  ])(
    "%s, and kills: paid once, and delivered",
    async (_, fault) => {
      for (const step of casesOf(16)) {
        shop.reset();
        shop.control.setQuirks({ x402Proofs: "hash" });
        lease = new LeaseLife(shop);
        fault();
        await lease.upKilled(OWN, { step, when: step % 3 ? "after" : "before" });
        if (step % 2) shop.loseJournal();
        x402().setMining("auto");
        x402().mine();
        await lease.upAtLast(OWN);
        expect(lease.told.proof).toBe("transfer");
        expectPaidOnce();
      }
    },
    60_000,
  );

  test("without ETH for gas it is refused in one line, and so is a signature by a vendor that wants a hash", async () => {
    process.env.AGENT_WALLET_KEY = OTHER_KEY;
    x402().faucet({ address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", eth: 0 });
    expect(await failed(lease.up(OWN))).toMatch(
      /^nothing was paid: proof "transfer" needs ETH for gas, and the wallet 0x3c44\w+ has none on base-sepolia; "authorization" needs none\.$/,
    );
    // It is not paid in the other way by itself.
    expect(await failed(new LeaseLife(shop, "b").up(ARGS))).toMatch(
      /^whether it is paid is not decided.*unsupported_payment/,
    );
    expect(x402().receipts()).toEqual([]);
  });
});

describe("paid and not delivered", () => {
  beforeEach(() => x402().addFault({ kind: "outOfStock" }));

  test.each(["kept", "lost"])("stays to be claimed, and is said, with a journal that is %s", async (journal) => {
    const said = await failed(lease.up(ARGS));
    const { txHash = "", nonce = "" } = x402().receipts()[0] ?? {};
    expect(said).toMatch(
      /^4\.00 USDC was paid by 0x7099.* on base-sepolia, and the vendor does not deliver: .*No free shared device/,
    );
    expect(said).toContain(
      `It is not paid again: each run claims it. For the vendor's support: transaction ${txHash}, authorization ${nonce}.`,
    );
    if (journal === "lost") shop.loseJournal();
    for (let run = 0; run < 3; run++) {
      expect(await failed(lease.up(ARGS))).toContain("is not paid again");
      shop.control.clock.advance(4 * 86_400_000);
    }
    expect(shop.spent()).toBe("4.00");
    expect(delivered()).toHaveLength(0);
    heal();
    expect(await lease.up(ARGS)).toBe("create");
    expectPaidOnce();
  });
});

test("a run pays once, also where what it bought turns out to be something else", async () => {
  const answer = { id: "s1", sessionToken: "x402s_canaryToken", tier: "private", status: "active", isActive: true };
  shop.control.addFault({ ...PAID, times: 1, cut: "after" });
  shop.control.addFault({ path: "/x402/session/tx/*", status: 200, body: JSON.stringify(answer) });
  const said = await failed(lease.up(ARGS));
  expect(said).toMatch(/^4\.00 USDC was paid by 0x7099.*, and the vendor does not deliver: it is private\./);
  expect(shop.spent()).toBe("4.00");
});

describe("what is not as it should be is refused, and nothing is signed", () => {
  const nothingPaid = async (args = ARGS): Promise<string> => {
    const said = await failed(lease.up(args));
    expect(
      shop.control.requests().filter(({ path }) => path.includes("rpc") || path.includes("proxy")).length,
    ).toBeLessThan(12);
    expect(shop.spent()).toBe("0.00");
    expect(x402().receipts()).toEqual([]);
    return said;
  };

  test.each([
    ["payTo", "both", /the payee 0x0+dead is not among those that are allowed\.$/],
    ["asset", "both", /the asset 0x0+dead is not USDC of base-sepolia/],
    ["network", "both", /does not offer to be paid on base-sepolia, only on/],
    ["amount", "both", /the price is 8\.00 USDC, and may be 4\.00 at most\.$/],
    ["unit", "both", /the price is 4\.000001 USDC, and may be 4\.00 at most\.$/],
    ["payTo", "header", /the vendor's terms contradict each other: the payee/],
    ["amount", "body", /the vendor's terms contradict each other: the amount/],
  ] as const)("an offer with another %s in %s", async (what, where, why) => {
    // Version 2's header alone says it where both say the same: the page's form names no asset.
    shop.control.setQuirks({ x402WrongOffer: what, x402WrongIn: where, x402Offer: where === "both" ? "v2" : "union" });
    expect(await nothingPaid()).toMatch(why);
  });

  test("a price one unit above the cap, and a total that is used up", async () => {
    expect(await nothingPaid({ ...ARGS, maxPrice: "3.999999" })).toBe(
      "nothing was paid: the price is 4.00 USDC, and may be 3.999999 at most.",
    );
    await lease.up({ ...ARGS, maxTotal: 5 });
    expect(await failed(lease.up({ ...ARGS, maxTotal: 5, trafficGB: 2 }))).toBe(
      "nothing was paid: the price is 4.00 USDC, and may be 1.00 at most.",
    );
    expect(shop.spent()).toBe("4.00");
  });

  test("a wallet that has too little", async () => {
    x402().transfer({
      from:
        x402()
          .ledgerView()
          .balances.find(({ usdc }) => usdc === "100.00")?.address ?? "",
      to: `0x${"9".repeat(40)}`,
      usdc: 97,
    });
    expect(await failed(lease.up(ARGS))).toMatch(
      /^nothing was paid: the price is 4\.00 USDC, and the wallet 0x7099\w+ has 3\.00 on base-sepolia\.$/,
    );
  });

  test("a daily budget, counted on the chain, holds for other leases, other runs and lost journals", async () => {
    process.env.PROXIES_WALLET_DAILY_BUDGET = "7.50";
    await lease.up(ARGS);
    shop.loseJournal();
    const other = new LeaseLife(shop, "b");
    expect(await failed(other.up(ARGS))).toBe(
      "nothing was paid: the price is 4.00 USDC, and the wallet has spent 4.00 of its daily budget of 7.50 USDC within 24 hours.",
    );
    shop.control.clock.advance(25 * 3_600_000);
    expect(await other.up(ARGS)).toBe("create");
    delete process.env.PROXIES_WALLET_DAILY_BUDGET;
  });

  test("runs at once share the budget", async () => {
    process.env.PROXIES_WALLET_DAILY_BUDGET = "8";
    const all = ["a", "b", "c", "d"].map((name) => new LeaseLife(shop, name));
    const said = await Promise.all(all.map((one) => failed(one.up(ARGS))));
    delete process.env.PROXIES_WALLET_DAILY_BUDGET;
    expect(Number(shop.spent())).toBeLessThanOrEqual(8);
    expect(said.filter((one) => one === "it went well").length).toBeLessThanOrEqual(2);
  });

  test("a node that is down, or is of another chain", async () => {
    x402().setNode({ down: true });
    expect(await nothingPaid()).toMatch(/^nothing was paid: the chain's node 127\.0\.0\.1:\d+: eth_chainId: /);
  });

  test("a journal that cannot be written", async () => {
    process.env.PROXIES_SX_JOURNAL_DIR = "/dev/null/none";
    expect(await nothingPaid()).toMatch(
      /^nothing is signed, since the journal of payments in \/dev\/null.* cannot be written/,
    );
  });

  test("another wallet, while a payment of the first is under way", async () => {
    x402().addFault({ kind: "settleRefused" });
    expect(await failed(lease.up(ARGS))).toMatch(/^whether it is paid is not decided \(4\.00 USDC to 0x/);
    process.env.AGENT_WALLET_KEY = OTHER_KEY;
    expect(await failed(lease.up(ARGS))).toMatch(
      /^nothing was paid: an earlier run has a payment of the wallet 0x7099/,
    );
    heal();
    shop.control.clock.advance(1_000_000);
    x402().mine(13);
    x402().faucet("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
    expect(await lease.up(ARGS)).toBe("create");
    expect(shop.spent()).toBe("0.00");
  });
});

test("a payment that a reorganisation takes away is repeated, once", async () => {
  x402().addFault({ kind: "outOfStock", times: 9 });
  await failed(lease.up(ARGS));
  x402().reorganise({ blocks: 1, transactions: "dropped" });
  expect(shop.spent()).toBe("0.00");
  heal();
  await lease.upAtLast(ARGS);
  expect(shop.spent()).toBe("4.00");
  expect(delivered()).toHaveLength(1);
});

test("two runs at once pay once", async () => {
  const other = new LeaseLife(shop);
  await Promise.all([lease.up(ARGS), other.up(ARGS)]);
  expect(shop.spent()).toBe("4.00");
  expect(other.told.sessionId).toBe(lease.told.sessionId);
});
