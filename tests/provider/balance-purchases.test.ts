import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountSummary, type Api } from "../../api";
import { HeldPurchases } from "../../provider/billing/held-purchases";
import { type BalanceEntry, BalanceJournal, type BalanceOrder } from "../../provider/billing/journal";
import { checkElsewhere } from "../../provider/billing/killed-elsewhere";
import { missingGB } from "../../provider/billing/missing";
import { lookFor, totalsOf } from "../../provider/billing/totals";
import { ProviderError } from "../../provider/errors";
import { type StackState } from "../../provider/run/stack-state";

const FIVE: BalanceOrder = { what: "traffic", slotType: "shared", amount: 5 };

/** An account whose summary is each of these in turn, the last one again and again. */
function account(...summaries: object[]): Api {
  let asked = 0;
  const summary = async (): Promise<AccountSummary> =>
    summaries[Math.min((asked += 1), summaries.length) - 1] as AccountSummary;
  return { account: { summary } } as unknown as Api;
}
const has = (total?: number, balance?: number): object => ({ balance, shared: { traffic: { total } } });

describe("what an account has", () => {
  const all = {
    balance: 9,
    shared: { traffic: { total: 1 }, slots: { total: 2 } },
    private: { traffic: { total: 3 }, slots: { total: 4 } },
  };
  it.each([
    ["traffic", "shared", 1],
    ["slots", "shared", 2],
    ["traffic", "private", 3],
    ["slots", "private", 4],
  ] as const)("of %s that are %s", async (what, slotType, total) => {
    expect(await totalsOf(account(all), { what, slotType, amount: 1 })).toEqual({ total, balance: 9 });
  });

  it("is not known where its summary does not say it; its balance need not be", async () => {
    for (const one of [{}, { shared: {} }, has()]) expect(await totalsOf(account(one), FIVE)).toBeUndefined();
    expect(await totalsOf(account({}), { ...FIVE, what: "slots" })).toBeUndefined();
    expect(await totalsOf(account(has(0)), FIVE)).toEqual({ total: 0 });
  });
});

describe("an order whose answer was lost, of an account that had 10 GB and $50", () => {
  const look = async (summaries: object[], looks?: number, before: object = { total: 10, balance: 50 }) => {
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    const { outcome } = await lookFor(account(...summaries), FIVE, before as { total: number }, sleep, looks);
    return { outcome, waits };
  };

  it.each<[string, object[], number[]]>([
    ["its total has grown by it", [has(15, 30)], [0]],
    ["by it but for the vendor's rounding", [has(14.99, 30)], [0]],
    ["by more, since others bought too", [has(25, 0)], [0]],
    ["late", [has(10, 50), has(15, 30)], [0, 2_000]],
    ["at the last read", [has(10, 50), has(10, 50), has(15, 30)], [0, 2_000, 5_000]],
    ["late, once the summary says it again", [{}, has(15, 30)], [0, 2_000]],
  ])("was carried out where %s", async (_what, summaries, waits) => {
    expect(await look(summaries)).toEqual({ outcome: "bought", waits });
  });

  it.each<[string, object[], "not bought" | "unclear"]>([
    ["all is as it was", [has(10, 50)], "not bought"],
    ["it is but for the vendor's rounding", [has(10.01, 49.99)], "not bought"],
    ["the balance is more", [has(10, 90)], "not bought"],
    ["the balance is not known any more", [has(10)], "not bought"],
    ["the total has grown by a part", [has(12, 50)], "unclear"],
    ["the total has grown by nearly all", [has(14.98, 50)], "unclear"],
    ["the total is less", [has(8, 50)], "unclear"],
    ["the balance is less", [has(10, 30)], "unclear"],
    ["the total is not known any more", [{}], "unclear"],
  ])("where %s, it is %3$s: three looks show it", async (_what, summaries, outcome) => {
    expect(await look(summaries)).toEqual({ outcome, waits: [0, 2_000, 5_000] });
  });

  it("that the vendor refused is looked for once", async () => {
    expect(await look([has(10, 50), has(15, 30)], 1)).toEqual({ outcome: "not bought", waits: [0] });
  });

  it("is settled by the total alone where the balance was never known", async () => {
    expect(await look([has(10, 50)], 1, { total: 10 })).toMatchObject({ outcome: "not bought" });
  });
});

it.each([
  [{}, { amountGB: 5 }, 5],
  [{ __countedGB: 2 }, { amountGB: 5 }, 3],
  [{ __countedGB: 5 }, { amountGB: 5 }, 0],
  [{ __countedGB: 9 }, { amountGB: 5 }, 0],
  [{ __countedGB: "2" }, { amountGB: 5 }, 5],
  [{ __countedGB: 5, triggers: { month: [1] } }, { amountGB: 5, triggers: { month: [1] } }, 0],
  [{ __countedGB: 5, triggers: { month: [1] } }, { amountGB: 5, triggers: { month: [2] } }, 5],
  [{ __countedGB: 5, triggers: { month: [1] } }, { amountGB: 5 }, 5],
])("of a state with %j and a program with %j, %p GB are still to be bought", (olds, news, missing) => {
  expect(missingGB(olds, news)).toBe(missing);
});

describe("a run that was killed on another machine", () => {
  const [urn, other] = ["a", "b"].map((name) => `urn:pulumi:dev::shop::t::${name}`);
  const state = (pending: object[], resources: object[] = []): StackState =>
    ({ of: async () => ({ pending, resources }) }) as unknown as StackState;
  const begun = (type: string, of = urn): object => ({ type, resource: { urn: of } });
  const check = (stackState: StackState): Promise<void> => checkElsewhere("5 GB", undefined, { urn }, stackState);

  it.each<[string, StackState, RegExp]>([
    ["a create", state([begun("creating")]), /^5 GB: .*another machine.*run `pulumi refresh --clear-pending-creates`,/],
    ["an update", state([begun("updating")], [{ urn }]), /^5 GB: .*run `pulumi refresh`,/],
    [
      "the create of its replacement",
      state([begun("creating")], [{ urn, delete: true }]),
      /refresh --clear-pending-creates`/,
    ],
  ])("and left %s begun may have bought: a person must look", async (_what, stackState, message) => {
    await expect(check(stackState)).rejects.toThrow(ProviderError);
    await expect(check(stackState)).rejects.toThrow(message);
  });

  it.each<[string, StackState]>([
    ["nothing is begun", state([])],
    ["another resource's is", state([begun("creating", other)])],
    ["a create is that a later run made good", state([begun("creating")], [{ urn }])],
    ["an update is of what the state does not hold", state([begun("updating")], [{ urn: other }])],
    ["a delete is", state([begun("deleting")], [{ urn }])],
    ["the state cannot be read", { of: async () => undefined } as unknown as StackState],
  ])("is no matter where %s", async (_what, stackState) => {
    await expect(check(stackState)).resolves.toBeUndefined();
  });
});

describe("the journal of purchases from the balance", () => {
  let folder: string;
  let journal: BalanceJournal;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "proxies-sx-balance-")), "account");
    journal = new BalanceJournal(folder);
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

  const entry = (number: number, more: Partial<BalanceEntry> = {}): BalanceEntry => ({
    nonce: `${number}`.padStart(36, "0"),
    key: "a",
    order: FIVE,
    at: number,
    pid: 1,
    run: "r",
    ...more,
  });
  const nonces = (): number[] => new BalanceJournal(folder).all().map(({ nonce }) => Number(nonce));

  it("knows what was written, the newest first, and what was written anew once", () => {
    for (const number of [2, 3, 1]) journal.write(entry(number));
    journal.write(entry(2, { lost: true }));
    expect(nonces()).toEqual([3, 2, 1]);
    expect(new BalanceJournal(folder).all()[1]).toEqual(entry(2, { lost: true }));
  });

  it("is empty where there is none, and forgets what is done with; what is gone is no error", () => {
    expect(nonces()).toEqual([]);
    journal.write(entry(1));
    journal.remove(entry(1).nonce);
    journal.remove(entry(1).nonce);
    expect(nonces()).toEqual([]);
  });

  it("passes over files of other names", () => {
    journal.write(entry(1));
    for (const name of ["notes.txt", `.${entry(2).nonce}.json.tmp`, `${entry(2).nonce}.json.bak`, "short.json"])
      writeFileSync(join(folder, "balance", name), "{}");
    expect(nonces()).toEqual([1]);
  });

  it.each([
    "",
    "{",
    "null",
    "{}",
    JSON.stringify({ ...entry(1), nonce: 1 }),
    JSON.stringify({ ...entry(1), key: undefined }),
    JSON.stringify({ ...entry(1), at: "now" }),
    JSON.stringify({ ...entry(1), order: {} }),
  ])("buys nothing by a file that holds %j: it may have been a purchase", (text) => {
    journal.write(entry(1));
    const file = journal.fileOf(entry(1).nonce);
    writeFileSync(file, text);
    expect(() => journal.all()).toThrow(ProviderError);
    expect(() => journal.all()).toThrow(
      /^nothing is bought, since .* cannot be written or trusted \(.*is no purchase; see what the account bought, then delete it\)\. .*PROXIES_SX_JOURNAL_DIR/,
    );
  });

  it.each<[string, () => void]>([
    ["the account's folder", () => chmodSync(folder, 0o777)],
    ["their own folder", () => chmodSync(join(folder, "balance"), 0o777)],
  ])("is not written where others may write to %s, and an end that cannot be noted is no error", (_what, spoil) => {
    mkdirSync(join(folder, "balance"), { recursive: true, mode: 0o700 });
    spoil();
    expect(() => journal.write(entry(1))).toThrow(/^nothing is bought, .*chmod go-w/);
    expect(journal.note(entry(1))).toEqual(entry(1));
    expect(existsSync(journal.fileOf(entry(1).nonce))).toBe(false);
  });

  it("gets nothing for a run that was interrupted while the price was asked for", async () => {
    const api = { account: { summary: async () => ({}) } } as unknown as Api; // it has nothing that buys
    let isWanted = true;
    const balance = new HeldPurchases(api, folder, { isWanted: async () => isWanted });
    const priced = async (): Promise<void> => void (isWanted = false);
    await expect(balance.buy(FIVE, "a", undefined, priced)).rejects.toThrow(/interrupted; nothing was bought\.$/);
    expect(nonces()).toEqual([]);
  });

  it("keeps what no state holds yet: what the engine was given goes with a run that ended well", () => {
    for (const number of [1, 2, 3]) journal.write(entry(number, { bought: true }));
    const balance = new HeldPurchases({} as Api, folder, {});
    balance.gaveEngine([entry(1).nonce]);
    expect([nonces(), balance.leftFor("a", FIVE)]).toEqual([[3, 2, 1], "open"]);
    balance.endedWell();
    expect(nonces()).toEqual([3, 2]);
    balance.stateHolds([entry(2).nonce, entry(3).nonce]);
    expect([nonces(), balance.leftFor("a", FIVE)]).toEqual([[], undefined]);
  });
});
