import { type Api } from "../../api";
import { type AccountFacts, askAccount, noAccount } from "../../review/account";

/** What was asked, and what each call answers: an error where it has none. */
let asked: unknown[][];
function facts(answers: Record<string, unknown> = {}, serverNow?: number): Promise<AccountFacts> {
  asked = [];
  const look =
    (name: string) =>
    async (...more: unknown[]) => {
      asked.push([name, ...more]);
      if (!(name in answers)) throw new Error(`${name}: the key may not`);
      return answers[name];
    };
  const api = {
    reference: { countries: look("countries"), tariffs: look("tariffs"), carriers: look("carriers") },
    account: { summary: look("summary"), usage: look("usage") },
    billing: { balanceBreakdown: look("breakdown"), calculatePrice: look("price") },
    ports: { list: look("ports") },
    serverNow: () => serverNow,
  };
  return askAccount(api as unknown as Api);
}
afterEach(() => jest.restoreAllMocks());

it("each part is what its call returned, or why it failed", async () => {
  const account = await facts({ summary: { balance: 1 }, tariffs: [{ price: 2 }] }, 42.4);
  const refused = (name: string) => ({ unknown: `${name}: the key may not` });
  expect(account).toMatchObject({
    ...{ now: 42, summary: { value: { balance: 1 } }, tariffs: { value: [{ price: 2 }] } },
    ...{ usage: refused("usage"), breakdown: refused("breakdown") },
    countries: { shared: refused("countries"), private: refused("countries") },
  });
  expect(asked).toEqual(
    expect.arrayContaining([
      ["countries", { isPrivate: false }],
      ["countries", { isPrivate: true }],
      ["usage", "30d"],
    ]),
  );
});

it("the time is this machine's where the vendor gave none", async () => {
  jest.spyOn(Date, "now").mockReturnValue(7);
  expect((await facts()).now).toBe(7);
  expect(noAccount("no key").now).toBe(7);
});

it("carriers are asked for once for each country and slot type", async () => {
  const account = await facts({ carriers: [{ id: "c" }] });
  asked = [];
  const germany = { id: "de", name: "Germany", code: "DE" };
  for (const slotType of ["shared", "private", "shared"] as const) {
    expect(await account.carriers(germany, slotType)).toEqual({ value: [{ id: "c" }] });
  }
  await account.carriers({ ...germany, id: "pl" }, "shared");
  expect(asked).toEqual([
    ["carriers", "de", { isPrivate: false }],
    ["carriers", "de", { isPrivate: true }],
    ["carriers", "pl", { isPrivate: false }],
  ]);
});

it("the price of traffic is the vendor's own, of the slot type", async () => {
  const account = await facts({ price: { totalPrice: 160 } });
  expect(await account.trafficPrice(50, "private")).toEqual({ value: 160 });
  await account.trafficPrice(5, "shared");
  expect(asked.slice(-2)).toEqual([
    ["price", 50, true],
    ["price", 5, false],
  ]);
  expect(await (await facts({ price: {} })).trafficPrice(5, "shared")).toEqual({
    unknown: "the vendor's answer does not have the price",
  });
});

it("live ports are those that the vendor still has", async () => {
  const a = { id: "a", slotType: "shared", createdAt: 5 };
  const account = await facts({ ports: [{ ...a, status: "active" }, { id: "b", status: "deleted" }, { id: "c" }] });
  expect(await account.livePorts()).toEqual({ value: [a, { id: "c" }] });
});

it("without an account nothing is known, with why", async () => {
  const none = noAccount("no key");
  const why = { unknown: "no key" };
  expect([none.summary, none.countries.private, await none.livePorts()]).toEqual([why, why, why]);
  expect(await none.carriers({ id: "de", name: "Germany", code: "DE" }, "shared")).toEqual(why);
  expect(await none.trafficPrice(1, "shared")).toEqual(why);
});
