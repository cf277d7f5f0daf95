import { type WirePort } from "../../emulator";
import { DAY, GERMANY, type Reply, type World, world } from "./harness";

/**
 * The vendor's MCP client is in no registry, so its calls are replayed as contract.md §1 and §6 describe them:
 * JSON content type on every call, paths with /v1 (tickets without), and the fields that its tools read.
 */
let here: World;
beforeEach(() => (here = world()));

const ok = async <T>(reply: Promise<Reply<T>>): Promise<T> => {
  const { status, body } = await reply;
  expect([200, 201]).toContain(status);
  return body;
};

test("the ports tools: list, create, get, update, reconfigure, delete", async () => {
  const [country] = await ok(here.call<{ _id: string }[]>("GET /v1/countries/with-devices?isPrivate=false"));
  const port = await ok(
    here.call<WirePort>("POST /v1/ports", {
      body: { countryId: country?._id, isPrivate: true, expiresAt: 30 * DAY, osFingerprint: "" },
    }),
  );
  expect(port).toMatchObject({
    slotType: "private",
    customerId: expect.any(String) as string,
    originalPortName: port.name,
    countryName: "Germany",
    carrierName: expect.any(String) as string,
    syncStatus: "synced",
    isExpired: false,
    device: { countryId: { name: "Germany", code: "DE" }, cityId: { name: expect.any(String) as string } },
  });
  const list = await ok(here.call<WirePort[]>("GET /v1/ports?page=1&limit=50&type=private&status=active"));
  expect(list.map((each) => each._id)).toEqual([port._id]);
  const credentials = { proxyLogin: "agent", proxyPassword: "letmein" };
  expect(await ok(here.call(`PUT /v1/ports/${port._id}/credentials`, { body: credentials }))).toMatchObject(
    credentials,
  );
  const moved = await ok(
    here.call<WirePort>(`PUT /v1/ports/${port._id}/reconfigure`, { body: { countryId: GERMANY } }),
  );
  expect(moved._id).toBe(port._id);
  expect(
    await ok(here.call(`PATCH /v1/ports/${port._id}/os-fingerprint`, { body: { osFingerprint: "macosx:3" } })),
  ).toMatchObject({ osFingerprint: "macosx:3" });
  expect((await ok(here.call(`DELETE /v1/ports/${port._id}`)))["message"]).toBeTruthy();
});

test("the rotation tools: rotate_port asks first, configure_auto_rotation puts seconds", async () => {
  const { _id, rotationToken } = await here.buy();
  expect(await ok(here.call(`GET /v1/ports/${_id}/can-rotate`))).toMatchObject({ canRotate: true });
  expect(await ok(here.call(`POST /v1/ports/${_id}/rotate`))).toMatchObject({
    _id,
    httpPort: expect.any(Number) as number,
  });
  expect(await ok(here.call(`GET /v1/ports/${_id}/can-rotate`))).toMatchObject({
    canRotate: false,
    reason: expect.any(String) as string,
    cooldownEndsAt: expect.any(String) as string,
    nextAvailableRotation: expect.any(String) as string,
  });
  const put = here.call(`PUT /v1/ports/${_id}/rotation-settings`, {
    body: { enabled: true, intervalSeconds: 30 * 60 },
  });
  expect(await ok(put)).toMatchObject({ rotationSettings: { enabled: true, intervalSeconds: 1_800 } });
  expect(await ok(here.call(`GET /v1/ports/${_id}/rotation-history?limit=10&offset=0`))).toMatchObject({
    data: [{ success: true, trigger: "manual", rotatedAt: expect.any(String) as string }],
    total: 1,
  });
  here.control.clock.advance("5m");
  expect(await ok(here.call(`GET /rotate/${rotationToken}`, { key: null }))).toMatchObject({
    newIp: expect.any(String) as string,
    newDevice: { carrier: expect.any(String) as string },
  });
});

test("the check tools: status, ip, ping, speed test", async () => {
  const { _id, serverIp } = await here.buy();
  expect(await ok(here.call(`GET /v1/ports/${_id}/status`))).toMatchObject({ portId: _id, isOnline: true });
  expect(await ok(here.call(`GET /v1/ports/${_id}/ip`))).toMatchObject({
    serverIp,
    publicIp: expect.any(String) as string,
  });
  expect(await ok(here.call(`GET /v1/ports/${_id}/ping`))).toMatchObject({ success: true });
  expect(await ok(here.call(`GET /v1/ports/${_id}/speed-test`))).toMatchObject({
    portId: _id,
    downloadMbps: expect.any(Number) as number,
  });
});

test("the account and billing tools: a purchase reads the pricing before and after", async () => {
  await ok(here.call("GET /v1/account/summary"));
  expect(await ok(here.call("GET /v1/traffic/balance-breakdown"))).toMatchObject({ trafficUsedMB: 0, pricePerGB: 4 });
  const before = await ok(here.call<{ userTierInfo: { cumulativeGB: number } }>("GET /v1/billing/pricing"));
  expect(await ok(here.call("GET /v1/billing/calculate-price?amount=60&isPrivate=false"))).toEqual({
    basePrice: 4,
    discountPercent: 20,
    pricePerGB: 3.2,
    totalPrice: 192,
    amount: 60,
    isPrivate: false,
  });
  const bought = await ok(here.call("POST /v1/billing/purchase-traffic", { body: { amount: 60 } }));
  expect(bought).toMatchObject({ purchase: { totalPrice: 192 } });
  const after = await ok(here.call<{ userTierInfo: { cumulativeGB: number } }>("GET /v1/billing/pricing"));
  expect(after.userTierInfo.cumulativeGB).toBe(before.userTierInfo.cumulativeGB + 60);
});

test("the crypto tools: create, status, pending, cancel", async () => {
  expect(await ok(here.call("GET /v1/coingate/status"))).toMatchObject({ available: true });
  const order = await ok(
    here.call<{ orderId: string }>("POST /v1/coingate/create-order", { body: { amount: 50, currency: "USD" } }),
  );
  expect(order.orderId).toMatch(/^topup_[0-9a-f]{6}_\d{13}$/);
  expect(await ok(here.call(`GET /v1/coingate/order/${order.orderId}`))).toMatchObject({
    status: "new",
    priceAmount: 50,
    balanceCredited: false,
  });
  expect(await ok(here.call<unknown[]>("GET /v1/coingate/pending"))).toHaveLength(1);
  expect(await ok(here.call(`POST /v1/coingate/cancel/${order.orderId}`))).toMatchObject({ success: true });
  expect(await ok(here.call<unknown[]>("GET /v1/coingate/pending"))).toEqual([]);
});

test("the ticket tools go without /v1, and close is a PATCH without a body", async () => {
  const opened = await ok(
    here.call<{ _id: string }>("POST /tickets", {
      body: {
        subject: "No answer",
        message: "My port does not answer any more",
        category: "technical",
        priority: "medium",
      },
    }),
  );
  await ok(here.call(`POST /tickets/${opened._id}/replies`, { body: { message: "It answers again" } }));
  expect(await ok(here.call(`GET /tickets/${opened._id}`))).toMatchObject({
    status: "open",
    replies: [{ message: "It answers again", isFromSupport: false }],
  });
  await ok(here.call(`PATCH /tickets/${opened._id}/close`));
  expect(await ok(here.call("GET /tickets"))).toMatchObject([{ status: "closed" }]);
});

test("it signs in with a password and then sends a Bearer token", async () => {
  const signIn = (password: string) =>
    here.call("POST /v1/login/signin", { key: null, body: { email: "user@example.com", password } });
  expect((await signIn("wrong")).status).toBe(401);
  const { access_token: token, user } = await ok(signIn("emulator-password"));
  expect(user).toMatchObject({ email: "user@example.com" });
  const headers = { Authorization: `Bearer ${String(token)}` };
  expect((await here.call("GET /v1/v1/ports", { key: null, headers })).status).toBe(200);
});
