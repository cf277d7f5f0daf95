import { BRITAIN, DAY, type World, world } from "./harness";

let here: World;
beforeEach(() => (here = world()));

interface Tariff {
  _id: string;
  type: string;
  price: number;
  pricePerUnit: number;
  portRange?: { min: number; max: number };
  trafficRange?: { min: number; max: number };
  displayName: string;
}

describe("tariffs", () => {
  test("those of the vendor's page are its samples", async () => {
    const { body } = await here.call<Tariff[]>("GET /v1/tariffs");
    expect(body).toContainEqual({
      _id: "69414767d149cecffee56788",
      type: "PortsShared",
      price: 10,
      portRange: { min: 1, max: 10 },
      category: "shared",
      resourceType: "ports",
      pricePerUnit: 10,
      unitType: "slot",
      billingPeriod: "monthly",
      displayName: "Shared Port Slots (1-10)",
    });
    expect(body).toContainEqual({
      _id: "69414788d149cecffee567a0",
      type: "TrafficShared",
      price: 4,
      trafficRange: { min: 1, max: 10 },
      category: "shared",
      resourceType: "traffic",
      pricePerUnit: 4,
      unitType: "gb",
      billingPeriod: "one-time",
      displayName: "Shared Traffic (1-10 GB)",
    });
    expect(new Set(body.map(({ _id }) => _id)).size).toBe(body.length);
  });

  test.each(["PortsShared", "PortsPrivate", "TrafficShared", "TrafficPrivate"])(
    "each number from 1 to 10,000 has one of %s",
    async (type) => {
      const { body } = await here.call<Tariff[]>(`GET /v1/tariffs?type=${type}`);
      const ranges = body.map(
        ({ portRange, trafficRange }) => (portRange ?? trafficRange) as { min: number; max: number },
      );
      expect(ranges[0]?.min).toBe(1);
      for (const [at, { max }] of ranges.entries()) expect(max + 1).toBe(ranges[at + 1]?.min ?? 10_001);
    },
  );

  test("of traffic cost what calculate-price says", async () => {
    for (const isPrivate of [false, true]) {
      const { body } = await here.call<Tariff[]>(`GET /v1/tariffs?type=Traffic${isPrivate ? "Private" : "Shared"}`);
      for (const { trafficRange, pricePerUnit } of body)
        for (const amount of [trafficRange?.min, trafficRange?.max]) {
          const price = await here.call(`GET /v1/billing/calculate-price?amount=${amount}&isPrivate=${isPrivate}`);
          expect(price.body["pricePerGB"]).toBe(pricePerUnit);
        }
    }
  });
});

test.each([
  [0.1, 0, 0.4],
  [2.5, 0, 10],
  [24.9, 0, 99.6],
  [25, 10, 90],
  [49.5, 10, 178.2],
  [50, 20, 160],
  [100, 30, 280],
  [249.99, 30, 699.97],
  [250, 40, 600],
])("%d GB have a discount of %d %%, and cost %d USD", async (amount, discountPercent, totalPrice) => {
  const { body } = await here.call(`GET /v1/billing/calculate-price?amount=${amount}`);
  expect(body).toMatchObject({ basePrice: 4, discountPercent, totalPrice, amount, isPrivate: false });
});

test("pricing has the tiers and discounts that the vendor's client prints", async () => {
  interface Pricing {
    volumeDiscounts: { minGB: number; discountPercent: number }[];
    slotTiers: { name: string; sharedSlots: number; privateSlots: number }[];
    userTierInfo: { currentTier: { name: string }; nextTier: { name: string }; gbToNextTier: number };
  }
  const { body } = await here.call<Pricing>("GET /v1/billing/pricing");
  expect(body.volumeDiscounts.slice(1).map((each) => [each.minGB, each.discountPercent])).toEqual([
    [25, 10],
    [50, 20],
    [100, 30],
    [250, 40],
  ]);
  expect(body.slotTiers.map(({ name, sharedSlots, privateSlots }) => [name, sharedSlots, privateSlots])).toEqual([
    ["Starter", 5, 1],
    ["Bronze", 10, 2],
    ["Silver", 20, 4],
    ["Gold", 35, 7],
    ["Platinum", 50, 10],
    ["Enterprise", 80, 15],
  ]);
  expect(body.userTierInfo).toMatchObject({
    currentTier: { name: "Gold" },
    nextTier: { name: "Platinum" },
    gbToNextTier: 100,
  });
});

describe("crypto orders", () => {
  const create = async () =>
    (await here.call<{ orderId: string }>("POST /v1/coingate/create-order", { body: { amount: 50 } })).body.orderId;
  const say = (id: string, status: string) =>
    here.call(`PATCH /_emulator/orders/${id}`, { key: null, body: { status } });
  const order = async (id: string) => (await here.call(`GET /v1/coingate/order/${id}`)).body;

  test("of one millisecond have different ids", async () => {
    expect(new Set([await create(), await create(), await create()]).size).toBe(3);
  });

  test.each(["new", "pending", "confirming", "paid", "invalid", "expired", "canceled"])(
    "one that is %s",
    async (status) => {
      const id = await create();
      await say(id, status);
      expect((await order(id))["status"]).toBe(status);
      const open = (await here.call<unknown[]>("GET /v1/coingate/pending")).body;
      expect(open).toHaveLength(["new", "pending", "confirming"].includes(status) ? 1 : 0);
      expect((await here.call<unknown[]>("GET /v1/coingate/history")).body).toHaveLength(1);
      const canceled = await here.call(`POST /v1/coingate/cancel/${id}`);
      expect([canceled.status, (await order(id))["status"]]).toEqual(
        status === "new" ? [200, "canceled"] : [400, status],
      );
    },
  );

  test("a payment is credited once", async () => {
    const balance = async () => (await here.call("GET /v1/account/summary")).body["balance"];
    const before = Number(await balance());
    const id = await create();
    expect(await order(id)).toMatchObject({ balanceCredited: false });
    for (const status of ["confirming", "paid", "paid", "confirming", "paid"]) await say(id, status);
    expect(await order(id)).toMatchObject({ balanceCredited: true, payAmount: 50, paidAt: "2026-01-15T12:00:00.000Z" });
    expect(await balance()).toBe(before + 50);
    expect((await say(id, "refunded")).status).toBe(400);
    expect((await say("topup_000000_1", "paid")).status).toBe(400);
  });
});

test("a port that is not at work has no speed", async () => {
  const speed = async (id: string) => (await here.call(`GET /v1/ports/${id}/speed-test`)).status;
  const shared = (await here.buy({ expiresAt: DAY }))._id;
  const own = (await here.buy({ countryId: BRITAIN, isPrivate: true }))._id;
  expect([await speed(shared), await speed(own)]).toEqual([200, 200]);
  await here.call(`POST /v1/ports/${own}/rotate`);
  expect(await speed(own)).toBe(409); // in airplane mode
  here.control.clock.advance("1d");
  expect([await speed(shared), await speed(own)]).toEqual([400, 200]);
  here.control.editPort(own, { suspended: true });
  expect(await speed(own)).toBe(403);
});

test("a status that control says can be asked for", async () => {
  const { _id } = await here.buy();
  expect((await here.call("GET /v1/ports?status=quarantine")).status).toBe(400);
  here.control.editPort(_id, { status: "quarantine" });
  expect((await here.call("GET /v1/ports?status=quarantine")).body).toHaveLength(1);
  expect((await here.call("GET /v1/ports?status=expired")).body).toEqual([]);
});
