import { buyCommand } from "../../cli/commands/buy";
import { createApi } from "../../api";
import { buyOnce } from "../../provider/billing/buy-once";
import { accountFolder } from "../../provider/run/account-folder";
import { Bench, type Given, json, last, lines } from "./on-emulator";

const bench = new Bench();
const noPause = async (): Promise<void> => undefined;
const buy = (argv: string[], given?: Given) => bench.run((terminal) => buyCommand(argv, terminal, noPause), given);

const has = () => {
  const { purchasedGB, slots, spent } = bench.control.state().accounts[0]!;
  return {
    shared: purchasedGB.shared,
    private: purchasedGB.private,
    slots: slots.shared.total,
    own: slots.private.total,
    spent,
  };
};
const AT_FIRST = { shared: 100, private: 50, slots: 50, own: 20, spent: 0 };
const TRAFFIC = ["traffic", "--amount=25"];
const YES = ["--yes", "--max-price=200"];

it("buys traffic at the vendor's price, and shows it", async () => {
  const { code, out, err } = await buy([...TRAFFIC, ...YES]);
  expect([code, has()]).toEqual([0, { ...AT_FIRST, shared: 125, spent: 90 }]);
  expect(err).toBe(
    "25 GB of shared traffic: 90.00 USD (3.60 USD per GB, 10 % discount). The balance is 1000.00 USD.\n",
  );
  expect(json(out)).toEqual({
    what: "traffic",
    slotType: "shared",
    amount: 25,
    priceUSD: 90,
    balanceUSD: 1_000,
    bought: true,
    settledBy: "answer",
    purchase: {
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      type: "traffic",
      category: "shared",
      quantity: 25,
      pricePerUnit: 3.6,
      totalPrice: 90,
      paymentStatus: "completed",
      createdAt: expect.stringMatching(/Z$/) as string,
    },
  });
});

it.each<[string[], ReturnType<typeof has>, string]>([
  [
    ["traffic", "--amount=1", "--type=private"],
    { ...AT_FIRST, private: 51, spent: 8 },
    "1 GB of private traffic: 8.00 USD (8.00 USD per GB).",
  ],
  [
    ["slots", "--amount=3"],
    { ...AT_FIRST, slots: 53, spent: 30 },
    "3 shared slots: 30.00 USD (10.00 USD each a month, by the vendor's tariff).",
  ],
  [
    ["slots", "--amount=1", "--type=private"],
    { ...AT_FIRST, own: 21, spent: 20 },
    "1 private slot: 20.00 USD (20.00 USD each a month",
  ],
])("%p", async (argv, after, why) => {
  const { code, err } = await buy([...argv, ...YES]);
  expect([code, has(), err]).toEqual([0, after, expect.stringContaining(why)]);
});

it("asks on a terminal by amount and price, and takes only yes for it", async () => {
  for (const answer of ["", "n", "90"]) {
    const { code, out, questions } = await buy(TRAFFIC, { columns: 80, answer });
    expect([code, out, questions]).toEqual([
      1,
      "Nothing is bought: you did not agree.\n",
      ["Buy 25 GB of shared traffic for 90.00 USD? [y/N] "],
    ]);
  }
  expect(bench.writes()).toEqual([]);
  const { code, out } = await buy(TRAFFIC, { columns: 80, answer: "yes" });
  expect([code, out, has().shared]).toEqual([0, "Bought: 25 GB of shared traffic for 90.00 USD.\n", 125]);
});

describe("buys nothing", () => {
  afterEach(() => expect([bench.writes(), has()]).toEqual([[], AT_FIRST]));

  it("above --max-price, which it can be", async () => {
    const { code, out } = await buy([...TRAFFIC, "--yes", "--max-price=89.99"]);
    expect([code, json(out)]).toMatchObject([
      1,
      { bought: false, reason: "the price 90.00 USD is above --max-price, 89.99 USD" },
    ]);
    const { questions } = await buy([...TRAFFIC, "--max-price=90"], { columns: 80, answer: "n" });
    expect(questions).toHaveLength(1);
  });

  it("where the price has risen while it asked", async () => {
    bench.control.addFault({ path: "/billing/calculate-price", after: 1, body: { amount: 25, totalPrice: 90.01 } });
    const { code, out } = await buy(TRAFFIC, { columns: 80, answer: "yes" });
    expect([code, out]).toEqual([1, "Nothing is bought: the price has risen to 90.01 USD meanwhile.\n"]);
  });

  it("for more than the balance, and does not ask", async () => {
    const { code, out, questions } = await buy(["traffic", "--amount=1000"], { columns: 80, answer: "y" });
    expect([code, out, questions]).toEqual([
      1,
      "Nothing is bought: the balance 1000.00 USD is below the price, 2400.00 USD.\n",
      [],
    ]);
  });

  it.each<[string, string[], object, RegExp]>([
    [
      "no price is given",
      TRAFFIC,
      { path: "/billing/calculate-price", body: {} },
      /nothing is bought: the vendor gives no price for this$/,
    ],
    [
      "the price is of another amount",
      TRAFFIC,
      { path: "/billing/calculate-price", body: { amount: 1, totalPrice: 4 } },
      /gives no price for this$/,
    ],
    [
      "no tariff covers it",
      ["slots", "--amount=3"],
      { path: "/tariffs", body: [] },
      /nothing is bought: the vendor has no monthly tariff for 3 shared slots$/,
    ],
    ["the price cannot be asked", TRAFFIC, { path: "/billing/calculate-price", status: 400 }, /calculate-price: .*400/],
    ["the account cannot be asked", TRAFFIC, { path: "/account/summary", status: 403 }, /account:read/],
  ])("where %s", async (_what, argv, fault, why) => {
    bench.control.addFault(fault);
    const { code, out, err } = await buy([...argv, ...YES]);
    expect([code, out, last(err)]).toEqual([3, "", expect.stringMatching(why)]);
  });

  it.each<[string, string[], RegExp]>([
    ["nothing named", ["--amount=1"], /name what to buy: proxies-sx buy traffic, or proxies-sx buy slots$/],
    ["two things", ["traffic", "slots", "--amount=1"], /name what to buy/],
    ["what is not sold", ["ports", "--amount=1"], /name what to buy/],
    ["no amount", ["traffic"], /--amount is a whole number from 1 to 999999: --amount 10$/],
    ["too much", ["traffic", "--amount=1000000"], /--amount is a whole number from 1 to 999999/],
    ["no amount at all", ["traffic", "--amount=0"], /--amount is a whole number/],
    ["a part", ["traffic", "--amount=1.5"], /--amount is a whole number/],
    ["less than nothing", ["traffic", "--amount=-1"], /--amount is a whole number/],
    ["a type", ["traffic", "--amount=1", "--type=gold"], /--type takes one of: shared, private/],
    ["a cap that is none", ["traffic", "--amount=1", "--max-price=1e9"], /--max-price is a sum in US dollars/],
    ["a cap of mills", ["traffic", "--amount=1", "--max-price=1.999"], /below 10 million, with two decimals at most: /],
    ["no cap where nobody looks", ["traffic", "--amount=1", "--yes"], /--yes needs --max-price USD/],
    ["nobody to ask", ["traffic", "--amount=1"], /this asks on a terminal first: without one add --yes/],
  ])("with %s", async (_what, argv, why) => {
    const { code, out, err } = await buy(argv);
    expect([code, out, err.trimEnd()]).toEqual([2, "", expect.stringMatching(why)]);
    expect(bench.control.requests()).toEqual([]);
  });
});

it("a price that has changed since is reported, with exit code 1", async () => {
  bench.control.addFault({ path: "/billing/calculate-price", body: { amount: 25, totalPrice: 80, pricePerGB: 3.2 } });
  const { code, err } = await buy([...TRAFFIC, ...YES]);
  expect([code, last(err)]).toEqual([1, "The vendor took 90.00 USD; the price was 80.00 USD before."]);
});

describe("a lost answer", () => {
  it.each(["cut", "truncate", "status"] as const)("to what was bought is settled by the account: %s", async (how) => {
    const lost = {
      cut: { cut: "after" as const },
      truncate: { truncate: true },
      status: { status: 502, commit: true },
    }[how];
    bench.control.addFault({ path: "/billing/purchase-traffic", times: 1, ...lost });
    const { code, out } = await buy(TRAFFIC, { columns: 80, answer: "y" });
    expect([code, out]).toEqual([0, "Bought: 25 GB of shared traffic. The answer was lost; the account has it.\n"]);
    expect([bench.writes().length, has().shared]).toEqual([1, 125]);
  });

  it("to a purchase that was not made is reported, and the purchase is not repeated", async () => {
    bench.control.addFault({ path: "/billing/purchase-traffic", times: 1, cut: "before" });
    const { code, out, err } = await buy([...TRAFFIC, ...YES]);
    expect([code, out, last(err)]).toEqual([3, "", expect.stringMatching(/and nothing was bought: .* Try again\.$/)]);
    expect([bench.writes().length, has()]).toEqual([1, AT_FIRST]);
    expect((await buy([...TRAFFIC, ...YES])).code).toBe(0);
    expect(has().shared).toBe(125);
  });
});

/** A run whose order was carried out, and which never learnt of it. */
async function buyUnheard(): Promise<void> {
  const { apiKey, url: apiUrl } = bench.emulator;
  const folder = accountFolder({ apiKey, apiUrl }, { PROXIES_SX_JOURNAL_DIR: bench.folder });
  const api = createApi({ apiKey, apiUrl });
  bench.control.addFault({ path: "/billing/purchase-traffic", times: 1, cut: "after" });
  bench.control.addFault({ path: "/account/summary", after: 1, times: 1, status: 400 });
  const at = { folder, key: "command buy" };
  await expect(buyOnce(api, { what: "traffic", slotType: "shared", amount: 25 }, at, noPause)).rejects.toThrow(
    "could not be asked",
  );
  api.close();
  bench.control.clearFaults();
}

it("what a killed run bought is reported by the next one, which buys nothing", async () => {
  await buyUnheard();
  const { code, out } = await buy([...TRAFFIC, ...YES]);
  expect([code, json(out)]).toMatchObject([
    1,
    { bought: false, boughtEarlierAt: expect.stringMatching(/Z$/) as string },
  ]);
  expect(has().shared).toBe(125);
  const again = await buy(TRAFFIC, { columns: 80, answer: "y" });
  expect([again.code, has().shared]).toEqual([0, 150]);
  expect(lines(again.out)).toHaveLength(1);
});

it.each([
  ["has taken all of the balance", 1, YES],
  ["was at a price that is above the limit now", 1_000, ["--yes", "--max-price=1"]],
])("it is reported also where it %s", async (_, balanceNow, how) => {
  await buyUnheard();
  bench.control.configure({ balance: balanceNow });
  const { code, out } = await buy([...TRAFFIC, ...how]);
  expect([code, json(out)]).toMatchObject([1, { bought: false, boughtEarlierAt: expect.any(String) as string }]);
  expect(has().shared).toBe(125);
});

it("a purchase that the vendor refuses is reported in the vendor's words", async () => {
  bench.control.addFault({ path: "/billing/purchase-traffic", status: 403, body: { message: "Purchases are closed" } });
  const { code, out, err } = await buy([...TRAFFIC, ...YES]);
  expect([code, out, last(err)]).toEqual([3, "", expect.stringContaining("Purchases are closed")]);
});

it("a key without the scope names it", async () => {
  const key = bench.control.keys.addKey(["billing:read", "account:read"]);
  expect(await buy([...TRAFFIC, ...YES], { key })).toMatchObject({
    code: 3,
    err: expect.stringContaining("billing:write") as string,
  });
  expect(has()).toEqual(AT_FIRST);
});
