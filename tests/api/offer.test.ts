import { type Api, createApi, signIn } from "../../api";
import { type Emulator, startEmulator } from "../../emulator";
import { failure, vendors } from "./vendor";

const vendor = vendors();
let emulator: Emulator;
let api: Api;
beforeAll(async () => {
  emulator = await startEmulator({ config: { user: { email: "me@example.com", password: "secret-of-a-person" } } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset();
  api = createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url });
});
afterEach(() => api.close());

describe("purchases from the balance", () => {
  test.each([
    ["traffic", false, "shared"],
    ["traffic", true, "private"],
    ["slots", false, "shared"],
    ["slots", true, "private"],
  ] as const)("%s, private: %s", async (what, isPrivate, category) => {
    const before = (await api.account.summary())[category];
    const { billing } = api;
    const bought = await (what === "traffic"
      ? billing.purchaseTraffic(3, isPrivate)
      : billing.purchaseSlots(3, isPrivate));
    expect(bought).toMatchObject({ type: what, category, quantity: 3, paymentStatus: "completed" });
    expect(bought.createdAt).toBeLessThanOrEqual(emulator.control.clock.now().getTime());
    const after = (await api.account.summary())[category];
    const had = { traffic: before?.traffic?.total ?? 0, slots: before?.slots?.total ?? 0 };
    expect({ traffic: after?.traffic?.total, slots: after?.slots?.total }).toEqual({ ...had, [what]: had[what] + 3 });
  });

  test("an answer that is the purchase itself is read too", async () => {
    const purchase = { _id: "66f0", type: "traffic", totalPrice: 12, createdAt: "2026-01-01T00:00:00Z" };
    const { api } = await vendor([{ json: purchase }]);
    const { _id, createdAt, ...rest } = purchase;
    expect(await api.billing.purchaseTraffic(1, false)).toStrictEqual({
      ...rest,
      id: _id,
      createdAt: Date.parse(createdAt),
    });
  });

  test.each([0, -1, 1.5, Number.NaN])("no amount: %s; nothing is sent", async (amount) => {
    const { api, seen } = await vendor([{ json: {} }]);
    for (const call of [api.billing.purchaseTraffic(amount, true), api.billing.purchaseSlots(amount, false)]) {
      expect(await failure(call)).toMatchObject({ code: "invalid_input", maybeDone: false });
    }
    expect(seen).toEqual([]);
  });

  test.each([500, 502, 400])("is sent once, and may have been done whatever %s says", async (status) => {
    const { api, seen } = await vendor([{ status, json: { message: "no" } }]);
    expect(await failure(api.billing.purchaseTraffic(1, false))).toMatchObject({ maybeDone: true });
    expect(seen).toHaveLength(1);
  });
});

describe("payments by cryptocurrency", () => {
  test("from the order to the balance", async () => {
    expect(await api.cryptoPayments.status()).toEqual({ available: true, supportedCurrencies: ["BTC", "ETH", "USDC"] });
    const order = await api.cryptoPayments.create(25);
    expect(order).toMatchObject({ status: "new", amount: 25, currency: "USD", balanceCredited: false });
    expect(order.paymentUrl).toContain(order.id);
    expect(await api.cryptoPayments.pending()).toEqual([order]);
    const { balance = 0 } = await api.account.summary();
    emulator.control.setOrder(order.id, "paid");
    const paid = await api.cryptoPayments.order(order.id);
    expect(paid).toMatchObject({ status: "paid", balanceCredited: true, payCurrency: "USDC" });
    expect(paid.paidAt).toBeGreaterThanOrEqual(paid.createdAt as number);
    expect((await api.account.summary()).balance).toBe(balance + 25);
    expect(await api.cryptoPayments.pending()).toEqual([]);
    expect(await failure(api.cryptoPayments.cancel(order.id))).toMatchObject({ status: 400 });
  });

  test("a new order can be cancelled", async () => {
    const { id } = await api.cryptoPayments.create(10);
    await api.cryptoPayments.cancel(id);
    expect((await api.cryptoPayments.order(id)).status).toBe("canceled");
  });

  test.each([9.99, 1_000.01, Number.NaN])("%s is no amount", async (amount) => {
    expect(await failure(api.cryptoPayments.create(amount))).toMatchObject({ code: "invalid_input" });
  });

  test.each([
    [1_234, { coingateOrderId: 1_234 }],
    ["CG-1234", {}],
  ])("an order's number at CoinGate may come as %j", async (coingateOrderId, told) => {
    const { api } = await vendor([{ json: { orderId: "o", coingateOrderId } }]);
    expect(await api.cryptoPayments.order("o")).toStrictEqual({ id: "o", ...told });
  });

  test("the status is asked for without a key", async () => {
    const { api, seen } = await vendor([{ json: { available: false } }]);
    expect(await api.cryptoPayments.status()).toEqual({ available: false });
    expect(seen[0]?.headers["x-api-key"]).toBeUndefined();
  });
});

describe("tickets", () => {
  const TICKET = { subject: "A port is offline", message: "Since noon it gives no answer.", priority: "high" } as const;

  test("from the question to its end", async () => {
    const opened = await api.tickets.create(TICKET);
    expect(opened).toMatchObject({ ...TICKET, category: "technical", status: "open", replies: [] });
    const replied = await api.tickets.reply(opened.id, "It works again.");
    expect(replied.replies).toMatchObject([{ message: "It works again.", isFromSupport: false }]);
    expect(await api.tickets.get(opened.id)).toEqual(replied);
    expect((await api.tickets.close(opened.id)).status).toBe("closed");
    expect(await api.tickets.list()).toEqual([await api.tickets.get(opened.id)]);
  });

  test("a long message stays whole, in one line that draws nothing", async () => {
    const message = `${"word ".repeat(900)}\nend`;
    const reply = { _id: "1", message: "\u001b[2Jwiped", isFromSupport: true };
    const { api } = await vendor([{ json: { _id: "t", message, replies: [reply] } }]);
    const ticket = await api.tickets.get("t");
    expect(ticket.message).toBe(`${"word ".repeat(900)}end`);
    expect(ticket.replies[0]?.message).toBe("[2Jwiped");
  });

  test.each([
    ["subject", { ...TICKET, subject: "hm" }, "5 to 200"],
    ["message", { ...TICKET, message: "too short" }, "20 to 5000"],
  ])("a %s of another length is refused before it is sent", async (_, ticket, rule) => {
    expect((await failure(api.tickets.create(ticket))).message).toContain(rule);
    expect((await failure(api.tickets.reply("a", "no"))).message).toContain("10 to 5000");
  });
});

describe("sign-in by e-mail", () => {
  const person = { email: "me@example.com", password: "secret-of-a-person" };

  test("gives what a client takes in the place of a key", async () => {
    const signedIn = await signIn({ ...person, apiUrl: emulator.url });
    expect(signedIn.user).toMatchObject({ email: person.email, role: "customer" });
    const mine = createApi({ apiKey: signedIn, apiUrl: emulator.url });
    expect(await mine.ports.list()).toEqual([]);
    mine.close();
  });

  test("a wrong password is one line without it", async () => {
    const error = await failure(signIn({ ...person, password: "another-secret", apiUrl: emulator.url }));
    expect(error).toMatchObject({ code: "unauthorized" });
    expect(error.message).not.toContain("another-secret");
  });

  test.each([[{ token: "token-of-8" }], [{ access_token: "token-of-8", user: { _id: "66f0", email: "a@b.c" } }]])(
    "each name of the token is known: %j",
    async (json) => {
      const { url } = await vendor([{ json }]);
      expect(await signIn({ ...person, apiUrl: url })).toMatchObject({ accessToken: "token-of-8" });
    },
  );

  test("the token is sent as a bearer token, and never shown", async () => {
    const accessToken = "token-that-is-a-secret";
    const { api, seen } = await vendor([{ status: 403, json: { message: `no ${accessToken}` } }], {
      apiKey: { accessToken },
    });
    const error = await failure(api.ports.list());
    expect(error.message).not.toContain(accessToken);
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${accessToken}` });
    expect(seen[0]?.headers["x-api-key"]).toBeUndefined();
  });

  test.each(["", "with blank", undefined])("%p is no token", (accessToken) => {
    expect(() => createApi({ apiKey: { accessToken: accessToken as string } })).toThrow(/access token must/);
  });
});

describe("the list of ports", () => {
  test("by what ports are, and page by page", async () => {
    emulator.control.configure({ slots: { shared: 10, private: 10 } });
    const shared = ["DE", "US", "DE"].map((country) => emulator.control.buyPort({ country }).id);
    const own = emulator.control.buyPort({ country: "DE", slotType: "private" }).id;
    const germany = (await api.reference.countries()).find(({ code }) => code === "DE")?.id;
    const ids = async (listed: Promise<{ id: string }[]>): Promise<string[]> =>
      (await listed).map(({ id }) => id).sort();
    expect(await ids(api.ports.list({ slotType: "private" }))).toEqual([own]);
    expect(await ids(api.ports.list({ slotType: "shared", countryId: germany }))).toEqual(
      [shared[0], shared[2]].sort(),
    );
    expect(await ids(api.ports.list({ status: "expired" }))).toEqual([]);
    const pages = [await ids(api.ports.page(1, 3)), await ids(api.ports.page(2, 3))];
    expect(pages.map((page) => page.length)).toEqual([3, 1]);
    expect(pages.flat().sort()).toEqual([...shared, own].sort());
    for (const [page, limit] of [
      [0, 10],
      [1, 101],
      [1.5, 10],
    ] as const) {
      expect(await failure(api.ports.page(page, limit))).toMatchObject({ code: "invalid_input" });
    }
  });

  test("cities and regions of a country", async () => {
    const germany = (await api.reference.countries()).find(({ code }) => code === "DE")?.id ?? "";
    for (const areas of [await api.reference.cities(germany), await api.reference.regions(germany)]) {
      expect(areas.length).toBeGreaterThan(0);
      expect(areas[0]).toMatchObject({ id: expect.any(String) as string, name: expect.any(String) as string });
    }
  });
});
