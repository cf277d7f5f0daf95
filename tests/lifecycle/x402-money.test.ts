import { OTHER_KEY } from "./x402-keys";
import { walletFolder } from "../../provider/run/account-folder";
import { type PaymentEntry, PaymentJournal } from "../../provider/x402-lease/journal";
import { ARGS, LeaseLife, failed, Shop } from "./x402-life";
import { casesOf } from "../cases";

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

const HOUR = 3_600_000;
const x402 = () => shop.control.x402;
/** A vendor that keeps to its page: nothing of a session can be read by id, wallet or transaction. */
const tellsNothing = () => {
  for (const path of ["/x402/session/*", "/x402/session/tx/*", "/x402/sessions/*", "/x402/sessions/wallet/*"])
    shop.control.addFault({ path, status: 404 });
};
/** A run that is killed when all is done but the engine's own writing of the state. */
async function upUnsaved(args: typeof ARGS): Promise<void> {
  const { id, outs, inputs } = lease.state;
  await lease.up(args);
  lease.restore({ id, outs, inputs });
}

describe.each([true, false])("a lease that gets a new name after a killed run (journal kept: %p)", (isKept) => {
  const rename = (): void => {
    if (!isKept) shop.loseJournal();
    Object.assign(lease, { urn: `${lease.urn}-new` });
  };

  test("its renewal is paid once, and so is the next, under a third name", async () => {
    await lease.up(ARGS);
    for (const spent of ["8.00", "12.00"]) {
      shop.control.clock.advance(25 * HOUR);
      await upUnsaved(ARGS);
      rename();
      expect(await lease.up(ARGS)).toBe("update");
      expect(shop.spent()).toBe(spent);
      expect(lease.told.sessionId).toBe(x402().sessions().at(-1)?.id);
    }
  });

  test("more traffic is paid once", async () => {
    await lease.up(ARGS);
    await upUnsaved({ ...ARGS, trafficGB: 2 });
    const spent = shop.spent();
    rename();
    await lease.up({ ...ARGS, trafficGB: 2 });
    expect(shop.spent()).toBe(spent);
  });
});

test("a replacement of a renamed lease that is paid and not delivered holds off another wallet", async () => {
  await lease.up(ARGS);
  Object.assign(lease, { urn: `${lease.urn}-new` });
  x402().addFault({ kind: "outOfStock", times: 9 });
  await failed(lease.replace(ARGS));
  expect(shop.spent()).toBe("8.00");
  shop.control.clock.advance(25 * HOUR);
  process.env.AGENT_WALLET_KEY = OTHER_KEY;
  x402().faucet("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
  expect(await failed(lease.up(ARGS))).toMatch(/^nothing was paid: .* 0x7099/);
});

test("a new lease under the name that another had first: each pays for its own", async () => {
  await lease.up(ARGS);
  const first = lease.urn;
  Object.assign(lease, { urn: `${first}-new` });
  await lease.up(ARGS);
  const other = new LeaseLife(shop);
  await other.up(ARGS);
  expect(shop.spent()).toBe("8.00");
  expect(other.told.sessionId).not.toBe(lease.told.sessionId);
  shop.control.clock.advance(25 * HOUR);
  await lease.up(ARGS);
  await other.up(ARGS);
  expect(shop.spent()).toBe("16.00");
  expect(
    new Set(
      x402()
        .sessions()
        .map(({ id }) => id),
    ).size,
  ).toBe(4);
});

describe("a vendor that returns no session by its transaction", () => {
  beforeEach(tellsNothing);

  test("delivered, and killed before the state was written: the same payment gets it again", async () => {
    await upUnsaved(ARGS);
    expect(await lease.up(ARGS)).toBe("create");
    expect(shop.spent()).toBe("4.00");
    expect(lease.told.sessionId).toBe(x402().sessions()[0]?.id);
  });

  test("killed at any step, with a journal that is kept or lost: paid once", async () => {
    for (const step of casesOf(16)) {
      for (const when of ["before", "after"] as const) {
        shop.reset();
        lease = new LeaseLife(shop);
        tellsNothing();
        await lease.upKilled(ARGS, { step, when });
        if (step % 2) shop.loseJournal();
        await lease.upAtLast(ARGS);
        expect([step, when, shop.spent()]).toEqual([step, when, "4.00"]);
        expect(lease.told.sessionId).toBe(x402().sessions()[0]?.id);
      }
    }
  }, 60_000);

  test("and that does not deliver again: it stays to be claimed, and can be given up", async () => {
    await upUnsaved(ARGS);
    shop.control.addFault({ path: "/x402/proxy", paid: true, status: 402 });
    for (let run = 0; run < 2; run++) expect(await failed(lease.up(ARGS))).toContain("is not paid again");
    expect(shop.spent()).toBe("4.00");
  });

  test("without a journal it stays to be claimed, and can be given up by then", async () => {
    await lease.up(ARGS);
    await lease.destroy();
    shop.loseJournal();
    shop.control.addFault({ path: "/x402/proxy", paid: true, status: 409 });
    for (let run = 0; run < 2; run++) {
      expect(await failed(lease.up(ARGS))).toContain("is not paid again");
      shop.control.clock.advance(25 * HOUR);
    }
    const journal = new PaymentJournal(walletFolder({ apiUrl: shop.world.emulator.url }));
    expect(journal.open()).toMatchObject([{ amount: "4000000", nonce: x402().receipts()[0]?.nonce }]);
    journal.note(journal.open()[0] as PaymentEntry, { outcome: "abandoned" });
    shop.control.clearFaults();
    expect(await lease.up(ARGS)).toBe("create");
    expect(shop.spent()).toBe("8.00");
  });

  test("--replace buys another all the same", async () => {
    await lease.up(ARGS);
    await lease.replace(ARGS);
    expect(shop.spent()).toBe("8.00");
  });

  test("what has ended is passed by", async () => {
    await upUnsaved(ARGS);
    shop.control.clock.advance(25 * HOUR);
    await lease.up(ARGS);
    expect(shop.spent()).toBe("8.00");
  });

  test("a session without an id is never taken for one that is gone", async () => {
    shop.control.setQuirks({ x402Answer: "page" });
    shop.control.addFault({ path: "/x402/manage/session", status: 404 });
    await lease.up(ARGS);
    await lease.refresh();
    await lease.up(ARGS);
    expect(shop.spent()).toBe("4.00");
    expect(lease.told).toMatchObject({ status: "active", trafficAllocatedGB: 1 });
    expect(await failed(lease.up({ ...ARGS, trafficGB: 2 }))).toMatch(
      /cannot be changed: the vendor never reported its token/,
    );
    shop.control.clock.advance(25 * HOUR);
    await lease.up(ARGS);
    expect(shop.spent()).toBe("8.00");
  });
});

describe("a payment that is not decided", () => {
  beforeEach(async () => {
    x402().addFault({ kind: "settleRefused" });
    expect(await failed(lease.up(ARGS))).toMatch(/^whether it is paid is not decided/);
    x402().clearFaults();
  });
  const NOT_DECIDED = /^whether it is paid is not decided \(4\.00 USDC/;

  test.each<[string, () => void]>([
    ["a node that is down", () => x402().setNode({ down: true })],
    ["a node that fails on the way", () => x402().setNode({ failing: ["eth_getBlockByNumber"] })],
  ])("is not taken for an unpaid one because of %s", async (_, fault) => {
    fault();
    expect(await failed(lease.up(ARGS))).toMatch(NOT_DECIDED);
    expect(await failed(lease.up({ ...ARGS, trafficGB: 2, maxPrice: 9 }))).toMatch(NOT_DECIDED);
    x402().setNode();
    await lease.up(ARGS);
    expect(shop.spent()).toBe("4.00");
  });

  test("is not named where the node is down for another lease, which goes on later", async () => {
    const other = new LeaseLife(shop, "b");
    x402().setNode({ down: true });
    const refused = await failed(other.up(ARGS));
    expect(refused).toMatch(/^nothing was paid/);
    expect(refused).not.toContain("4.00");
    x402().setNode();
    expect(await other.up(ARGS)).toBe("create");
    await lease.up(ARGS);
    expect(shop.spent()).toBe("8.00");
  });

  test.each<[string, Partial<typeof ARGS>]>([
    ["a price that is above the cap by now", { trafficGB: 2 }],
    ["more than the wallet has", { trafficGB: 30, maxPrice: 200 }],
  ])("is not taken for an unpaid one because of %s", async (_, args) => {
    expect(await failed(lease.up({ ...ARGS, ...args }))).toMatch(NOT_DECIDED);
    expect(await lease.up(ARGS)).toBe("create");
    expect(shop.spent()).toBe("4.00");
  });

  test("on another network stops the purchase", async () => {
    const journal = new PaymentJournal(walletFolder({ apiUrl: shop.world.emulator.url }));
    const [open] = journal.open();
    journal.write({ ...(open as PaymentEntry), network: "base" });
    journal.note(open as PaymentEntry, { outcome: "unpaid" });
    expect(await failed(lease.up(ARGS))).toMatch(/^whether it is paid is not decided .* on base, /);
    expect(shop.spent()).toBe("0.00");
  });
});

test("what was given up stands in the receipts, and counts for maxTotal", async () => {
  const args = { ...ARGS, maxTotal: 7 };
  x402().addFault({ kind: "outOfStock" });
  expect(await failed(lease.up(args))).toContain("does not deliver");
  x402().clearFaults();
  const journal = new PaymentJournal(walletFolder({ apiUrl: shop.world.emulator.url }));
  journal.note(journal.open()[0] as PaymentEntry, { outcome: "abandoned" });
  expect(await failed(lease.up(args))).toBe("nothing was paid: the price is 4.00 USDC, and may be 3.00 at most.");
  await lease.up({ ...args, maxTotal: 8 });
  expect(lease.told.receipts.map(({ amount }) => amount)).toEqual(["4.00", "4.00"]);
});

test("a top-up that is not decided is decided before another of the same session is paid", async () => {
  await lease.up(ARGS);
  x402().addFault({ kind: "settleRefused" });
  expect(await failed(lease.up({ ...ARGS, trafficGB: 2 }))).toMatch(/^whether it is paid is not decided/);
  x402().clearFaults();
  const said = await failed(lease.up({ ...ARGS, trafficGB: 3, maxPrice: 12 }));
  expect(said).toMatch(/^whether it is paid is not decided \(4\.00 USDC/);
  shop.control.clock.advance(1_000_000);
  x402().mine(13);
  expect(await lease.up({ ...ARGS, trafficGB: 3, maxPrice: 12 })).toBe("update");
  expect(shop.spent()).toBe("12.00");
  expect(lease.told.trafficAllocatedGB).toBe(3);
});

test.each([
  [1, true],
  [1, false],
  [2, true],
  [5, false],
])("receipts hold what was paid by %p killed runs, though the sessions have ended", async (runs, isKept) => {
  await lease.up({ ...ARGS, renewBefore: 0 });
  for (let run = 0; run < runs; run++) {
    shop.control.clock.advance(25 * HOUR);
    await upUnsaved({ ...ARGS, renewBefore: 0 });
    if (!isKept) shop.loseJournal();
  }
  shop.control.clock.advance(25 * HOUR);
  await lease.up({ ...ARGS, renewBefore: 0 });
  expect(shop.spent()).toBe(`${4 * (runs + 2)}.00`);
  expect(lease.told.receipts.map(({ amount }) => amount)).toEqual(Array<string>(runs + 2).fill("4.00"));
  expect(new Set(lease.told.receipts.map(({ nonce }) => nonce)).size).toBe(runs + 2);
  expect(await lease.up({ ...ARGS, renewBefore: 0 })).toBe("same");
});

test("what a killed run paid for that is of another tier is left, said, and bought as it is asked for", async () => {
  await upUnsaved(ARGS);
  expect(await lease.up({ ...ARGS, tier: "private", maxPrice: 9 })).toBe("create");
  const [left, bought] = x402().sessions();
  expect(lease.notices).toContain(`session ${left?.id} is shared: it is left, and runs until its end.`);
  expect([lease.told.sessionId, lease.told.tier]).toEqual([bought?.id, "private"]);
  expect(shop.spent()).toBe("12.00");
  expect(await lease.up({ ...ARGS, tier: "private", maxPrice: 9 })).toBe("same");
});

test("receipts of a session that was taken up have nothing of an earlier resource of the same name", async () => {
  await lease.up(ARGS);
  await lease.destroy();
  const other = new LeaseLife(shop, "b");
  await other.up(ARGS);
  shop.loseJournal(); // another machine, and the other resource is out of the state
  shop.world.lives.length = 0;
  lease = new LeaseLife(shop);
  await lease.up(ARGS, { __adopt: other.told.sessionId });
  const taken = lease.told.receipts.length;
  shop.control.clock.advance(25 * HOUR);
  expect(await lease.up(ARGS)).toBe("update");
  expect(lease.told.receipts).toHaveLength(taken + 1);
  expect(shop.spent()).toBe("12.00");
});

describe("a forced replacement that did not end", () => {
  const replaced = async (): Promise<void> => {
    const { id, outs, inputs } = lease.state;
    await failed(lease.replace(ARGS));
    lease.restore({ id, outs, inputs });
  };

  test("after it paid is finished by the next run, which nobody asked to replace anything", async () => {
    await lease.up(ARGS);
    await replaced();
    expect(await lease.up(ARGS)).toBe("update");
    expect(lease.infos.join()).toContain("did not end: what it paid for is taken up");
    expect(lease.told.sessionId).toBe(x402().sessions()[1]?.id);
    expect(lease.told.receipts).toHaveLength(2);
    expect(await lease.up(ARGS)).toBe("same");
    expect(shop.spent()).toBe("8.00");
  });

  test("and whose session another resource has by then is left, and said once", async () => {
    await lease.up(ARGS);
    await replaced();
    const other = new LeaseLife(shop, "b");
    await other.up(ARGS, { __adopt: x402().sessions()[1]?.id });
    expect(await lease.up(ARGS)).toBe("update");
    expect(await lease.up(ARGS)).toBe("same");
    expect(lease.told.sessionId).toBe(x402().sessions()[0]?.id);
    expect(shop.spent()).toBe("8.00");
  });

  test("and whose session has ended by then costs nothing more", async () => {
    await lease.up({ ...ARGS, duration: "48h" });
    await replaced();
    shop.control.clock.advance(25 * HOUR);
    expect(await lease.up({ ...ARGS, duration: "48h" })).toBe("same");
    expect(shop.spent()).toBe("8.00");
  });

  test("before it was settled is reported, and nothing is bought", async () => {
    await lease.up(ARGS);
    x402().addFault({ kind: "settleRefused" });
    await replaced();
    x402().clearFaults();
    expect(await lease.up(ARGS)).toBe("update");
    expect(lease.notices.join()).toMatch(/whether it is paid is not decided/);
    shop.control.clock.advance(1_000_000);
    x402().mine(13);
    expect(await lease.up(ARGS)).toBe("update");
    expect(await lease.up(ARGS)).toBe("same");
    expect(shop.spent()).toBe("4.00");
  });
});

test("killed at any step, and then reorganised: paid once", async () => {
  for (const step of casesOf(14)) {
    shop.reset();
    lease = new LeaseLife(shop);
    if (!(await lease.upKilled(ARGS, { step, when: step % 3 ? "after" : "before" }))) return;
    if (x402().receipts().length > 0) x402().reorganise({ blocks: 1, transactions: step % 2 ? "again" : "dropped" });
    if (step % 4 > 1) shop.loseJournal();
    await lease.upAtLast(ARGS);
    expect([step, shop.spent()]).toEqual([step, "4.00"]);
  }
}, 60_000);

test("two runs at once, one of which is killed at any step: paid once", async () => {
  for (const step of casesOf(14)) {
    shop.reset();
    lease = new LeaseLife(shop);
    const other = new LeaseLife(shop);
    await Promise.all([lease.upKilled(ARGS, { step, when: step % 3 ? "after" : "before" }), failed(other.up(ARGS))]);
    shop.world.lives.splice(shop.world.lives.indexOf(other as never), 1); // one state holds one of them
    await lease.upAtLast(ARGS);
    expect([step, shop.spent()]).toEqual([step, "4.00"]);
    expect(x402().sessions()).toHaveLength(1);
  }
}, 60_000);

describe("a vendor that gives another session than was paid for", () => {
  const bodyOf = (at: number) => {
    const { id, token } = x402().sessions()[at] ?? {};
    return { success: true, sessionToken: token, session: { id, status: "active", sessionToken: token } };
  };

  test("that of another lease: it is not taken, and what was paid for is looked for", async () => {
    await lease.up(ARGS);
    const other = new LeaseLife(shop, "b");
    shop.control.addFault({ path: "/x402/proxy", paid: true, times: 2, status: 200, body: bodyOf(0), commit: true });
    shop.control.addFault({ path: "/x402/session/tx/*", status: 404, times: 1 });
    shop.control.addFault({ path: "/x402/proxy", paid: true, times: 9, status: 409 });
    expect(await failed(other.up(ARGS))).toMatch(/^4\.00 USDC was paid by .*, and the vendor does not deliver/);
    shop.control.clearFaults();
    expect(await other.up(ARGS)).toBe("create");
    expect(other.told.sessionId).toBe(x402().sessions()[1]?.id);
    expect(shop.spent()).toBe("8.00");
  });

  test.each(["kept", "lost"])(
    "one that has ended, with a journal that is %s: a run pays once at most",
    async (journal) => {
      await lease.up({ ...ARGS, renewBefore: 0 });
      shop.control.clock.advance(25 * HOUR);
      shop.control.addFault({ path: "/x402/proxy", paid: true, cut: "after" });
      const ended = { id: lease.told.sessionId, status: "expired", expiresAt: lease.told.expiresAt };
      shop.control.addFault({ path: "/x402/session/tx/*", status: 200, body: ended });
      for (let run = 0; run < 3; run++) {
        expect(await failed(lease.up({ ...ARGS, renewBefore: 0 }))).toMatch(
          /^4\.00 USDC was paid by .*, and the vendor does not deliver/,
        );
        if (journal === "lost") shop.loseJournal();
      }
      expect(shop.spent()).toBe("8.00");
      shop.control.clearFaults();
      await lease.up({ ...ARGS, renewBefore: 0 });
      expect(lease.told).toMatchObject({ status: "active", sessionId: x402().sessions()[1]?.id });
      expect(shop.spent()).toBe("8.00");
    },
  );
});

test("what is delivered elsewhere than ordered, and is not moved, is said, and nothing is paid for it again", async () => {
  await upUnsaved(ARGS);
  const [session] = x402().sessions();
  const elsewhere = {
    id: session?.id,
    status: "active",
    sessionToken: session?.token,
    location: { countryCode: "US" },
  };
  const proxy = { host: "a.example", httpPort: 1, socksPort: 2, username: "u", password: "p" };
  shop.control.addFault({ path: "/x402/session/tx/*", status: 200, body: { ...elsewhere, proxy } });
  shop.control.addFault({ path: "/x402/manage/ports/replace", status: 400 });
  expect(await lease.up(ARGS)).toBe("create");
  expect(lease.notices.join()).toMatch(/is in US, and DE was ordered and paid for\./);
  expect(await lease.up(ARGS)).toBe("same");
  expect(shop.spent()).toBe("4.00");
});
