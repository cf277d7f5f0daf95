import {
  ACCOUNT,
  BREAKDOWN,
  CARRIERS,
  COUNTRIES,
  HISTORY,
  PORT,
  PORT_ID,
  SETTINGS,
  SUMMARY,
  TARIFFS,
  USAGE,
} from "./samples";
import { failure, vendors } from "./vendor";

const vendor = vendors();

describe("rotation", () => {
  test("of a shared port, by POST without a body", async () => {
    const result = {
      success: true,
      oldDeviceId: "a",
      newDeviceId: "b",
      oldIp: "1.1.1.1",
      newIp: "2.2.2.2",
      rotationDurationMs: 2450,
      rotationCount: 5,
      message: "Port rotated successfully",
    };
    const { api, seen } = await vendor([{ json: { ...result, portId: PORT_ID } }]);
    expect(await api.rotation.rotate(PORT_ID)).toStrictEqual(result);
    expect(seen[0]).toMatchObject({ method: "POST", url: `/v1/ports/${PORT_ID}/rotate`, body: undefined });
    expect(seen[0]!.headers["content-type"]).toBeUndefined();
  });

  test.each([
    [
      "a private port",
      { success: true, oldIp: "1.1.1.1", rotationDurationMs: 1523, message: "m", isAirplaneMode: true },
      { success: true, oldIp: "1.1.1.1", rotationDurationMs: 1523, message: "m", isAirplaneMode: true },
    ],
    ["a port", PORT, { success: true, rotationCount: 5 }],
    ["a failure", { success: false, message: "no device" }, { success: false, message: "no device" }],
  ])("answered with %s", async (_, wire, result) => {
    const { api } = await vendor([{ json: wire }]);
    expect(await api.rotation.rotate(PORT_ID)).toStrictEqual(result);
  });

  test.each([
    ["JSON", { json: { newIp: "2.2.2.2" } }, { success: true, newIp: "2.2.2.2" }],
    ["text", { text: "OK rotated" }, { success: true }],
    ["nothing", {}, { success: true }],
  ])("by token goes outside /v1 and without the key: %s", async (_, reply, result) => {
    const { api, calls, seen } = await vendor([reply]);
    expect(await api.rotation.rotateByToken("32c2144a26f1ff1a3a0b79c4e31b7369")).toStrictEqual(result);
    expect(calls()).toEqual(["GET /rotate/32c2144a26f1ff1a3a0b79c4e31b7369"]);
    expect(seen[0]!.headers["x-api-key"]).toBeUndefined();
  });

  test("by token is not repeated, and its error does not name the token", async () => {
    const { api, seen } = await vendor([
      { status: 500, json: { message: "token 32c2144a26f1ff1a3a0b79c4e31b7369 failed" } },
    ]);
    const error = await failure(api.rotation.rotateByToken("32c2144a26f1ff1a3a0b79c4e31b7369"));
    expect(error.message).toMatch(
      /^GET \/rotate\/:id: token \[secret\] failed \(500 server_error, request req-1\)\. It may/,
    );
    expect(error.maybeDone).toBe(true);
    expect(seen.length).toBe(1);
  });

  const at = "2025-12-17T10:05:00.000Z";
  test.each([
    [
      { canRotate: true, availableDevices: 26 },
      { canRotate: true, availableDevices: 26 },
    ],
    [
      { canRotate: false, reason: "wait", nextRotationAt: at, cooldownRemaining: 180 },
      { canRotate: false, reason: "wait", nextRotationAt: Date.parse(at), cooldownRemaining: 180 },
    ],
    [
      { canRotate: false, cooldownEndsAt: at },
      { canRotate: false, nextRotationAt: Date.parse(at), cooldownRemaining: 60 },
    ],
    [
      { canRotate: false, nextAvailableRotation: at },
      { canRotate: false, nextRotationAt: Date.parse(at), cooldownRemaining: 60 },
    ],
  ])("may it be: %j", async (wire, result) => {
    const { api } = await vendor([{ json: wire, headers: { Date: "Wed, 17 Dec 2025 10:04:00 GMT" } }]);
    expect(await api.rotation.canRotate("a")).toStrictEqual(result);
  });

  test.each([
    ["bare", SETTINGS],
    ["in a port", { ...PORT, rotationSettings: SETTINGS }],
    ["both", { ...SETTINGS, enabled: false, rotationSettings: SETTINGS }],
  ])("settings answered %s", async (_, json) => {
    const { api, seen } = await vendor([{ json }]);
    expect(await api.rotation.setSettings("a", { enabled: true, intervalSeconds: 1800 })).toStrictEqual({
      enabled: true,
      intervalSeconds: 1800,
      lastRotatedAt: Date.parse("2025-12-17T02:24:17.359Z"),
      rotationCount: 7,
      matchCarrier: false,
      matchCity: false,
      excludedDeviceIds: [],
    });
    expect(seen[0]).toMatchObject({
      method: "PATCH",
      url: "/v1/ports/a/rotation-settings",
      body: { enabled: true, intervalSeconds: 1800 },
    });
  });

  test("settings not answered are read back", async () => {
    const { api, calls } = await vendor([{ json: { message: "ok" } }, { json: PORT }]);
    expect(await api.rotation.setSettings("a", { enabled: true })).toMatchObject({
      enabled: true,
      intervalSeconds: 1800,
    });
    expect(calls()).toEqual(["PATCH /v1/ports/a/rotation-settings", "GET /v1/ports/a"]);
  });

  test("settings nowhere to be found are an error", async () => {
    const { api } = await vendor([{ json: { _id: "a" } }]);
    expect(await failure(api.rotation.setSettings("a", { enabled: true }))).toMatchObject({
      code: "bad_answer",
      maybeDone: true,
    });
  });

  test("settings by PUT where PATCH is not known", async () => {
    const { api, calls } = await vendor(({ method }) => (method === "PATCH" ? { status: 405 } : { json: SETTINGS }));
    await api.rotation.setSettings("a", { enabled: false });
    await api.rotation.setSettings("a", { enabled: true });
    expect(calls().map((call) => call.split(" ")[0])).toEqual(["PATCH", "PUT", "PUT"]);
  });

  const record = {
    fromDeviceId: "69280411c01b1bb60efc4ab7",
    toDeviceId: "69280412c01b1bb60efc4ab8",
    fromIp: "109.40.240.170",
    toIp: "109.40.241.55",
    triggerType: "api_token",
    success: true,
    rotationDurationMs: 2450,
    country: "Germany",
    carrier: "Vodafone",
    createdAt: 1765965300000,
  };
  const other = {
    trigger: "manual",
    rotatedAt: "2025-12-17T09:55:00Z",
    previousDeviceName: "x",
    newDeviceName: "y",
    success: false,
    errorMessage: "e",
  };
  const otherRead = {
    triggerType: "manual",
    createdAt: 1765965300000,
    fromDeviceName: "x",
    toDeviceName: "y",
    success: false,
    error: "e",
  };
  test.each([
    ["rotations", HISTORY, { rotations: [record], total: 5 }],
    ["a list", HISTORY.rotations, { rotations: [record], total: 1 }],
    ["data", { data: [other], total: 9 }, { rotations: [otherRead], total: 9 }],
    ["both", { ...HISTORY, data: [other] }, { rotations: [record], total: 5 }],
  ])("history as %s", async (_, wire, result) => {
    const { api, calls } = await vendor([{ json: wire }]);
    expect(await api.rotation.history("a", { limit: 10 })).toStrictEqual(result);
    expect(calls()).toEqual(["GET /v1/ports/a/rotation-history?limit=10"]);
  });

  test("history that is none", async () => {
    const { api } = await vendor([{ json: "soon" }]);
    expect(await failure(api.rotation.history("a"))).toMatchObject({ code: "bad_answer" });
  });

  test("broken history", async () => {
    const { api } = await vendor([{ json: { rotations: [{ createdAt: "soon" }] } }]);
    expect((await failure(api.rotation.history("a"))).message).toBe(
      "GET /v1/ports/:id/rotation-history: answer field rotations[0].createdAt is not a time (200 bad_answer, request req-1)",
    );
  });
});

describe("reference data", () => {
  test("countries", async () => {
    const { api, calls } = await vendor([{ json: [{ ...COUNTRIES[0], flag: "🇩🇪" }] }]);
    const germany = {
      id: COUNTRIES[0]!._id,
      name: "Germany",
      code: "DE",
      iso3: "DEU",
      phoneCode: "+49",
      freeDeviceCount: 26,
    };
    expect(await api.reference.countries()).toStrictEqual([germany]);
    await api.reference.countries({ isPrivate: true });
    expect(calls()).toEqual(["GET /v1/countries/with-devices", "GET /v1/countries/with-devices?isPrivate=true"]);
  });

  test("carriers", async () => {
    const { api, calls } = await vendor([{ json: CARRIERS }]);
    const [vodafone, o2] = await api.reference.carriers("c1", { isPrivate: false });
    expect(vodafone).toStrictEqual({
      id: CARRIERS[0]!._id,
      name: "Vodafone D2 GmbH",
      brand: "Vodafone",
      mcc: "262",
      mnc: "02",
      technology: "LTE",
      freeDeviceCount: 19,
    });
    expect(o2).not.toHaveProperty("mcc");
    expect(calls()).toEqual(["GET /v1/carriers/country/c1?withDevice=true&isPrivate=false"]);
  });

  test("tariffs", async () => {
    const { api } = await vendor([{ json: TARIFFS }]);
    expect((await api.reference.tariffs())[0]).toMatchObject({
      type: "PortsShared",
      price: 10,
      portRange: { min: 1, max: 10 },
    });
  });

  test.each([
    ["[0].code is missing", [{ _id: "a", name: "Germany" }]],
    ["[0].name is not a string", [{ _id: "a", name: 1, code: "DE" }]],
  ])("broken: %s", async (what, json) => {
    const { api } = await vendor([{ json }]);
    expect((await failure(api.reference.countries())).message).toContain(`answer field ${what} (`);
  });
});

describe("account and billing", () => {
  test("account", async () => {
    const { api, calls } = await vendor([{ json: ACCOUNT }]);
    expect(await api.account.get()).toStrictEqual({
      user: { id: "6935a45d04523391208cc33c", email: "user@example.com", role: "customer", isActive: true },
      wallet: ACCOUNT.wallet,
      subscription: {
        shared: {
          active: true,
          slots: { total: 5, used: 2, available: 3 },
          traffic: { total: 10, used: 2.5, available: 7.5 },
          expiresAt: Date.parse("2025-01-15T00:00:00.000Z"),
          daysRemaining: 29,
        },
        private: { active: false, slots: { total: 0, used: 0, available: 0 } },
      },
      status: ACCOUNT.status,
    });
    expect(calls()).toEqual(["GET /v1/account"]);
  });

  test("summary", async () => {
    const { api } = await vendor([{ json: SUMMARY }]);
    expect(await api.account.summary()).toStrictEqual({
      balance: 50,
      currency: "USD",
      shared: {
        slots: { total: 5, used: 2, available: 3 },
        traffic: { total: 10, used: 2.5, available: 7.5 },
        expiresAt: Date.parse("2025-01-15T00:00:00.000Z"),
        daysRemaining: 29,
      },
      private: { slots: { total: 0, used: 0, available: 0 }, traffic: { total: 0, used: 0, available: 0 } },
      alerts: SUMMARY.alerts,
    });
  });

  test("alerts as strings, and none", async () => {
    const { api } = await vendor([{ json: { alerts: ["low"] } }, { json: {} }]);
    expect((await api.account.summary()).alerts).toEqual([{ message: "low" }]);
    expect(await api.account.summary()).toStrictEqual({ alerts: [] });
  });

  test("usage", async () => {
    const { api, calls } = await vendor([{ json: USAGE }]);
    expect(await api.account.usage()).toMatchObject({
      generatedAt: 1765965600000,
      traffic: { combined: { portCount: 2 } },
    });
    await api.account.usage("7d");
    expect(calls()).toEqual(["GET /v1/account/usage?period=30d", "GET /v1/account/usage?period=7d"]);
  });

  test("balance, pricing and price", async () => {
    const tier = { name: "Gold", minGB: 100, sharedSlots: 10, privateSlots: 2 };
    const discount = { minGB: 10, maxGB: null, discountPercent: 5 };
    const info = {
      currentTier: tier,
      nextTier: null,
      cumulativeGB: 120,
      gbToNextTier: 0,
      sharedSlotLimit: 10,
      privateSlotLimit: 2,
    };
    const price = { basePrice: 4, discountPercent: 5, pricePerGB: 3.8, totalPrice: 38, amount: 10, isPrivate: false };
    const pricing = {
      basePrices: { shared: 4, private: 8 },
      volumeDiscounts: [discount],
      slotTiers: [tier],
      userTierInfo: info,
    };
    const { api, calls } = await vendor([{ json: BREAKDOWN }, { json: pricing }, { json: price }]);
    expect(await api.billing.balanceBreakdown()).toStrictEqual(BREAKDOWN);
    expect(await api.billing.pricing()).toStrictEqual({
      ...pricing,
      volumeDiscounts: [{ minGB: 10, discountPercent: 5 }],
      userTierInfo: {
        currentTier: "Gold",
        cumulativeGB: 120,
        gbToNextTier: 0,
        sharedSlotLimit: 10,
        privateSlotLimit: 2,
      },
    });
    expect(await api.billing.calculatePrice(10, false)).toStrictEqual(price);
    expect(calls()).toEqual([
      "GET /v1/traffic/balance-breakdown",
      "GET /v1/billing/pricing",
      "GET /v1/billing/calculate-price?amount=10&isPrivate=false",
    ]);
  });

  test("a tier that is not reported", async () => {
    const { api } = await vendor([{ json: { userTierInfo: { cumulativeGB: 1 } } }]);
    expect(await api.billing.pricing()).toStrictEqual({ userTierInfo: { cumulativeGB: 1 } });
  });

  test("broken summary", async () => {
    const { api } = await vendor([{ json: { shared: { slots: { total: "5" } } } }]);
    expect((await failure(api.account.summary())).message).toContain("answer field shared.slots.total is not a number");
  });
});
