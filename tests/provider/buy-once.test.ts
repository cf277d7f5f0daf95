import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as client from "../../api";
import { type Emulator, type FaultRule, startEmulator } from "../../emulator";
import { type BalanceOrder } from "../../provider/billing/buy-once";
import type * as Buying from "../../provider/billing/buy-once";

const FIVE: BalanceOrder = { what: "traffic", slotType: "shared", amount: 5 };
const SLOTS: BalanceOrder = { what: "slots", slotType: "private", amount: 2 };

let emulator: Emulator;
let api: client.Api;
let folder: string;
let buying: typeof Buying;
/** The client's. Its waits alone push it forward. */
let clock = 0;
let waits: number[];
let whileWaiting: () => void;

beforeEach(async () => {
  emulator = await startEmulator();
  const { apiKey, url } = emulator;
  api = client.createApi({
    apiKey,
    apiUrl: url,
    timeoutMs: 5_000,
    now: () => clock,
    sleep: async (ms) => void (clock += ms),
  });
  folder = join(mkdtempSync(join(tmpdir(), "proxies-sx-balance-")), "account");
  buying = newProcess();
  [waits, whileWaiting] = [[], () => undefined];
});
afterEach(async () => {
  api.close();
  await emulator.close();
  rmSync(join(folder, ".."), { recursive: true });
});

/** The module as another process has it that bears this one's number. */
function newProcess(): typeof Buying {
  let fresh: typeof Buying | undefined;
  jest.doMock("../../api", () => client);
  jest.isolateModules(() => (fresh = require("../../provider/billing/buy-once") as typeof Buying));
  return fresh as typeof Buying;
}

const sleep = async (ms: number): Promise<void> => {
  if (ms > 0) waits.push(ms);
  if (ms > 0) whileWaiting();
};
const buy = async (order = FIVE, key = "a", by = buying) => {
  const { settle, ...bought } = await by.buyOnce(api, order, { folder, key }, sleep);
  settle();
  return bought;
};
const rest = (
  amount: number,
  key = "a",
  by = buying,
  mayBuy: (rest: number) => Promise<void> = async () => undefined,
) => by.buyRest(api, { ...FIVE, amount }, { folder, key }, mayBuy, sleep);
const fail = (fault: FaultRule, path = "/billing/purchase-*"): void =>
  emulator.control.addFault({ method: "POST", path, times: 1, ...fault });
const summaries = (fault: FaultRule): void => emulator.control.addFault({ path: "/account/summary", ...fault });
const totals = async () => {
  const { shared, private: own, balance } = await api.account.summary();
  return { traffic: shared?.traffic?.total, slots: own?.slots?.total, balance };
};
const orders = (): number => emulator.control.requests().filter(({ path }) => path.includes("/purchase-")).length;
const files = (): string[] => {
  try {
    return readdirSync(join(folder, "balance"));
  } catch {
    return [];
  }
};
const fileOf = (name: string): string => join(folder, "balance", name);
const entries = () => files().map((name) => JSON.parse(readFileSync(fileOf(name), "utf8")) as Record<string, unknown>);

/** Leaves an order behind whose process was killed before or after the vendor carried it out. */
async function killed(when: "before" | "after", order = FIVE, key = "a"): Promise<void> {
  const known = files();
  const never = new Promise<never>(() => undefined);
  await new Promise<void>((sent) => {
    const purchaseTraffic = async (amount: number, isPrivate: boolean): Promise<never> => {
      if (when === "after") await api.billing.purchaseTraffic(amount, isPrivate);
      sent();
      return never;
    };
    const dying = { ...api, billing: { ...api.billing, purchaseTraffic } };
    void newProcess().buyOnce(dying, order, { folder, key }, sleep);
  });
  emulator.control.clearRequests();
  // Its claim, which is no order.
  for (const name of files())
    if (!known.includes(name) && !readFileSync(fileOf(name), "utf8").includes('"before"')) rmSync(fileOf(name));
}

it.each([
  [FIVE, { traffic: 5, balance: -20 }, { type: "traffic", category: "shared", quantity: 5, totalPrice: 20 }],
  [SLOTS, { slots: 2, balance: -40 }, { type: "slots", category: "private", quantity: 2, totalPrice: 40 }],
  [{ ...FIVE, slotType: "private" as const }, { balance: -40 }, { category: "private", totalPrice: 40 }],
  [{ ...SLOTS, slotType: "shared" as const }, { balance: -20 }, { category: "shared", totalPrice: 20 }],
])("buys %j, and keeps nothing of it", async (order, change, purchase) => {
  const before = await totals();
  expect(await buy(order)).toEqual({ settledBy: "answer", purchase: expect.objectContaining(purchase) as object });
  const after = await totals();
  for (const [name, by] of Object.entries(change))
    expect(after[name as "balance"]).toBe((before[name as "balance"] as number) + by);
  expect([orders(), files()]).toEqual([1, []]);
});

it("each order of a key is another purchase", async () => {
  await buy();
  await buy();
  expect(orders()).toBe(2);
});

it("what a process bought and never passed on goes to the next one, and to no other before", async () => {
  const first = newProcess();
  await first.buyOnce(api, FIVE, { folder, key: "a" }, sleep);
  await buy(FIVE, "a", first);
  expect([orders(), files().length]).toEqual([2, 1]);
  expect(await buy()).toMatchObject({ settledBy: "answer", since: expect.any(Number) as number });
  expect([orders(), files()]).toEqual([2, []]);
});

describe("a lost answer", () => {
  it.each<[string, FaultRule]>([
    ["a cut connection", { cut: "after" }],
    ["silence", { hang: "after" }],
    ["half an answer", { truncate: true }],
    ["a gateway's page", { status: 502, commit: true, body: "<html>Bad Gateway</html>" }],
  ])("is settled by the account: %s", async (_, fault) => {
    api.close();
    api = client.createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url, timeoutMs: 500 });
    const { traffic } = await totals();
    fail(fault);
    expect(await buy()).toEqual({ settledBy: "account" });
    expect([orders(), files(), waits]).toEqual([1, [], []]);
    expect((await totals()).traffic).toBe((traffic as number) + 5);
  });

  it("of slots too", async () => {
    fail({ cut: "after" });
    expect(await buy(SLOTS)).toEqual({ settledBy: "account" });
    expect([orders(), files()]).toEqual([1, []]);
  });

  it.each<[string, FaultRule]>([
    ["a cut connection", { cut: "before" }],
    ["a broken server", { status: 500 }],
    ["an order at odds with another", { status: 409 }],
  ])("that bought nothing says so after some looks: %s", async (_, fault) => {
    fail(fault);
    const failure = await buy().catch((error: Error) => error.message);
    expect(failure).toMatch(
      /^the answer to the purchase of 5 GB of shared traffic was lost \([^()]* \((network|500 server_error|409 conflict)\)\), and nothing was bought: the account still has \d+ GB in total\. Try again\.$/,
    );
    expect([orders(), files(), waits]).toEqual([1, [], [2_000, 5_000]]);
    await buy();
    expect(orders()).toBe(2);
  });

  it("whose purchase shows late is found by a later look", async () => {
    const { traffic } = await totals();
    fail({ cut: "before" });
    whileWaiting = () => emulator.control.configure({ trafficGB: { shared: (traffic as number) + 5 } });
    expect(await buy()).toEqual({ settledBy: "account" });
    expect(waits).toEqual([2_000]);
  });

  it("stays open where the account cannot be asked, and the next purchase settles it first", async () => {
    fail({ cut: "after" });
    summaries({ after: 1, status: 403 });
    await expect(buy()).rejects.toThrow(
      /5 GB of shared traffic was lost .* and the account could not be asked whether it was bought \(.*403 forbidden.*\)\. The next/,
    );
    expect(entries()).toEqual([expect.objectContaining({ key: "a", lost: true, before: expect.anything() as object })]);
    await expect(buy(SLOTS, "b")).rejects.toThrow(/403/);
    emulator.control.clearFaults();
    await buy(SLOTS, "b");
    const { at } = entries()[0] as { at: number };
    expect(await buy()).toEqual({ settledBy: "account", since: at });
    expect([orders(), files()]).toEqual([2, []]);
  });

  it("that the totals do not explain stops all purchases, until a person decides", async () => {
    const { traffic } = await totals();
    fail({ cut: "before" });
    whileWaiting = () => emulator.control.configure({ trafficGB: { shared: (traffic as number) + 2 } });
    const unclear = await buy().catch((error: Error) => error.message);
    const [file] = files();
    expect(unclear).toMatch(
      /was lost \(.*\), and the account does not show whether it was carried out: it had \d+ GB in total/,
    );
    expect(unclear).toContain(`If this was not, delete ${fileOf(file as string)}; if it was, add "bought":true there.`);
    await expect(buy(SLOTS, "b")).rejects.toThrow(
      /^20.*: a purchase of 5 GB of shared traffic broke off, and the account/,
    );
    const entry = entries()[0] as { at: number };
    writeFileSync(fileOf(file as string), JSON.stringify({ ...entry, bought: true }));
    await buy(SLOTS, "b");
    expect(await buy()).toEqual({ settledBy: "account", since: entry.at });
    expect(orders()).toBe(2);
  });

  it("with a balance that fell and a total that did not grow is not taken for none", async () => {
    fail({ cut: "before" });
    whileWaiting = () => emulator.control.configure({ balance: 980 });
    await expect(buy()).rejects.toThrow(/its balance went from \$1000 to \$980\. Nothing more is bought/);
    rmSync(fileOf(files()[0] as string));
    await buy();
    expect(orders()).toBe(2);
  });
});

it.each([
  [400, "rejected).", ""],
  [403, "forbidden).", " The scope that buying needs: billing:write."],
])("what the vendor refuses is reported in its words, and nothing stays open: %d", async (status, code, hint) => {
  fail({ status, body: { message: "Not\u001b[2J today." } });
  await expect(buy()).rejects.toThrow(
    new Error(`5 GB of shared traffic: nothing was bought: Not [2J today (${status} ${code}${hint}`),
  );
  expect([orders(), files(), waits]).toEqual([1, [], []]);
});

it("a refusal after which the account has it is a purchase", async () => {
  fail({ status: 409, commit: true });
  expect(await buy()).toEqual({ settledBy: "account" });
});

it("too many calls are tried again, five times at most", async () => {
  fail({ status: 429, retryAfter: 0, times: 4 });
  expect(await buy()).toMatchObject({ settledBy: "answer" });
  expect(orders()).toBe(5);
  fail({ status: 429, retryAfter: 0, times: 5 });
  await expect(buy()).rejects.toThrow(/nothing was bought: .* \(429 rate_limited\)\.$/);
  expect([orders(), files()]).toEqual([10, []]);
});

it("too little money is the vendor's own words", async () => {
  emulator.control.configure({ balance: 3 });
  await expect(buy()).rejects.toThrow(/Insufficient balance: 20 USD needed, 3 USD available/);
  expect(files()).toEqual([]);
});

it.each([[0], [1.5], [Number.NaN]])("an amount of %d is refused here", async (amount) => {
  await expect(buy({ ...FIVE, amount })).rejects.toThrow("amount: must be a whole number from 1 on.");
  expect([orders(), files()]).toEqual([0, []]);
});

it("nothing is bought where the account does not show its totals", async () => {
  summaries({ status: 200, body: { balance: 5, currency: "USD", alerts: [] } });
  await expect(buy()).rejects.toThrow(
    /^5 GB of shared traffic: nothing was bought, since the account's summary does not/,
  );
  expect([orders(), files()]).toEqual([0, []]);
});

describe("after a killed run", () => {
  it("what it bought is taken up, and not bought again", async () => {
    await killed("after");
    const { at } = entries()[0] as { at: number };
    expect(await buy()).toEqual({ settledBy: "account", since: at });
    expect([orders(), files()]).toEqual([0, []]);
    await buy();
    expect(orders()).toBe(1);
  });

  it("what it did not buy is bought", async () => {
    await killed("before");
    expect(await buy()).toMatchObject({ settledBy: "answer" });
    expect([orders(), files()]).toEqual([1, []]);
  });

  it("purchases of others do not blur what it bought", async () => {
    await killed("before");
    await buy({ ...FIVE, amount: 10 }, "b");
    expect(await buy()).toMatchObject({ settledBy: "answer" });
    await killed("after");
    await buy({ ...FIVE, amount: 10 }, "b");
    expect(await buy()).toMatchObject({ settledBy: "account" });
  });

  it("another order of the same key is bought, and the earlier one stays to be taken up", async () => {
    await killed("after");
    expect(await buy({ ...FIVE, amount: 7 })).toMatchObject({ settledBy: "answer" });
    expect(await buy()).toMatchObject({ settledBy: "account" });
    expect(orders()).toBe(1);
  });

  it("a claim that sent nothing is dropped", async () => {
    await killed("before");
    const [name] = files();
    const { before, ...claim } = entries()[0] as { before: object };
    writeFileSync(fileOf(name as string), JSON.stringify(claim));
    expect(before).toBeDefined();
    await buy();
    expect([orders(), files(), waits]).toEqual([1, [], []]);
  });
});

describe("for who keeps count in a state", () => {
  it("a part stays until the state has it, and counts", async () => {
    const [part] = await rest(5);
    expect(part).toMatchObject({ amount: 5, settledBy: "answer", purchase: { totalPrice: 20 } });
    expect(await rest(5, "a", newProcess())).toEqual([part]);
    const more = await rest(8, "a", newProcess());
    expect(more).toEqual([part, expect.objectContaining({ amount: 3, purchase: expect.anything() as object })]);
    buying.forget(
      folder,
      more.map(({ nonce }) => nonce),
    );
    expect(await rest(5)).toHaveLength(1);
    expect(orders()).toBe(3);
  });

  it("is asked whether to buy the rest, and of it alone", async () => {
    await killed("after");
    const mayBuy = jest.fn<Promise<void>, [number]>(() => Promise.reject(new Error("too dear")));
    await expect(rest(7, "a", buying, mayBuy)).rejects.toThrow("too dear");
    expect(mayBuy.mock.calls).toEqual([[2]]);
    expect(await rest(5, "a", buying, mayBuy)).toHaveLength(1);
    expect([orders(), buying.leftFor(folder, "a", FIVE), buying.leftFor(folder, "b", FIVE)]).toEqual([
      0,
      "open",
      undefined,
    ]);
  });

  it("what a killed run bought counts, whatever its amount", async () => {
    await killed("after");
    expect(await rest(3)).toEqual([expect.objectContaining({ amount: 5, settledBy: "account" })]);
    expect(orders()).toBe(0);
    expect(await rest(6)).toMatchObject([{ amount: 5 }, { amount: 1, settledBy: "answer" }]);
  });
});

it("what waits for its turn when its run is killed is known to have ordered nothing", async () => {
  const [first, second] = [newProcess(), newProcess()];
  const never = new Promise<never>(() => undefined);
  const dying = { ...api, account: { ...api.account, summary: () => never } };
  for (const key of ["a", "b"])
    void first.buyRest(dying, FIVE, { folder, key }, async () => undefined, sleep).catch(() => undefined);
  await new Promise(setImmediate);
  expect([second.leftFor(folder, "a", FIVE), second.leftFor(folder, "b", FIVE)]).toEqual(["unsent", "unsent"]);
  expect(await rest(5, "a", second)).toMatchObject([{ settledBy: "answer" }]);
  expect([second.leftFor(folder, "a", FIVE), second.leftFor(folder, "b", FIVE)]).toEqual(["open", "unsent"]);
  expect(await rest(5, "b", second)).toMatchObject([{ settledBy: "answer" }]);
  expect([orders(), files()]).toEqual([2, [expect.anything(), expect.anything()]]);
});

describe("two at once", () => {
  it("of this process take turns, so the totals show each", async () => {
    fail({ cut: "after", times: 2 });
    const both = await Promise.all([buy(), buy({ ...FIVE, amount: 3 }, "b")]);
    expect(both).toEqual([{ settledBy: "account" }, { settledBy: "account" }]);
    expect([orders(), files(), buying.isBuying()]).toEqual([2, [], false]);
  });

  it("of another process that is there are waited for, and refused after two minutes", async () => {
    await killed("after");
    const [name] = files();
    const theirs = { ...(entries()[0] as object), pid: process.ppid };
    writeFileSync(fileOf(name as string), JSON.stringify(theirs));
    await expect(buy(SLOTS, "b")).rejects.toThrow(
      `2 private slots: nothing was bought, since another process (${process.ppid}) is buying from this account's balance. Try again`,
    );
    const waited = waits.reduce((sum, ms) => sum + ms, 0);
    expect([waited >= 120_000, waited < 123_000, orders(), files()]).toEqual([true, true, 0, [name]]);
    whileWaiting = () => rmSync(fileOf(name as string));
    expect(await buy(SLOTS, "b")).toMatchObject({ settledBy: "answer" });
  });

  it("one that has been under way for an hour is another process of its number", async () => {
    await killed("after");
    const [name] = files();
    const old = { ...(entries()[0] as object), pid: process.ppid, at: Date.now() - 3_600_001 };
    writeFileSync(fileOf(name as string), JSON.stringify(old));
    expect(await buy()).toMatchObject({ settledBy: "account" });
  });
});

describe("a journal that is not to be trusted buys nothing", () => {
  it("others may write there", async () => {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    await expect(buy()).rejects.toThrow(/^nothing is bought, since the journal .*chmod go-w/);
    expect(orders()).toBe(0);
  });

  it("a file in it is no purchase", async () => {
    await killed("after");
    const [name] = files();
    writeFileSync(fileOf(name as string), "{}");
    await expect(buy()).rejects.toThrow(`${fileOf(name as string)} is no purchase`);
    expect([orders(), files()]).toEqual([0, [name]]);
  });
});

it("the journal holds no secret", async () => {
  await killed("after");
  const [text] = files().map((name) => readFileSync(fileOf(name), "utf8"));
  expect(text).not.toContain(emulator.apiKey);
  expect(Object.keys(entries()[0] as object).sort()).toEqual(["at", "before", "key", "nonce", "order", "pid", "run"]);
});
