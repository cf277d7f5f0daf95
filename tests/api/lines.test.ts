import { type Api, createApi, signIn } from "../../api";
import { EVERY_CALL } from "./every-call";
import { failure, KEY, vendors } from "./vendor";

const vendor = vendors();

type Line = [line: string, scope?: string, body?: object];

/**
 * What each method asks, and the scope that a key needs for it (vendor page and MCP client). What is refused to a payment
 * may have been paid, so its error speaks of that.
 */
const LINES: Record<string, Line> = {
  "ports.list": ["GET /v1/ports?page=1&limit=100", "ports:read"],
  "ports.page": ["GET /v1/ports?page=1&limit=100", "ports:read"],
  "ports.get": ["GET /v1/ports/a", "ports:read"],
  "ports.create": ["POST /v1/ports", "ports:write", { countryId: "c", expiresAt: 60 }],
  "ports.delete": ["DELETE /v1/ports/a", "ports:write"],
  "ports.reconfigure": ["PUT /v1/ports/a/reconfigure", "ports:write", { countryId: "c" }],
  "ports.setCredentials": ["PUT /v1/ports/a/credentials", "ports:write", { proxyLogin: "b" }],
  "ports.setOsFingerprint": ["PATCH /v1/ports/a/os-fingerprint", "ports:write", { osFingerprint: "" }],
  "ports.osFingerprints": ["GET /v1/ports/a/os-fingerprints", "ports:read"],
  "ports.status": ["GET /v1/ports/a/status", "ports:read"],
  "ports.ping": ["GET /v1/ports/a/ping", "ports:read"],
  "ports.ip": ["GET /v1/ports/a/ip", "ports:read"],
  "ports.speedTest": ["GET /v1/ports/a/speed-test", "ports:read"],
  "rotation.rotate": ["POST /v1/ports/a/rotate", "ports:rotate"],
  "rotation.canRotate": ["GET /v1/ports/a/can-rotate", "ports:read"],
  "rotation.setSettings": ["PATCH /v1/ports/a/rotation-settings", "ports:write", { enabled: false }],
  "rotation.history": ["GET /v1/ports/a/rotation-history", "ports:read"],
  "rotation.rotateByToken": ["GET /rotate/t"],
  "reference.countries": ["GET /v1/countries/with-devices", "ports:read"],
  "reference.carriers": ["GET /v1/carriers/country/c?withDevice=true", "ports:read"],
  "reference.cities": ["GET /v1/cities/country/c", "ports:read"],
  "reference.regions": ["GET /v1/regions/country/c", "ports:read"],
  "reference.tariffs": ["GET /v1/tariffs", "ports:read"],
  "account.get": ["GET /v1/account", "account:read"],
  "account.summary": ["GET /v1/account/summary", "account:read"],
  "account.usage": ["GET /v1/account/usage?period=30d", "traffic:read"],
  "billing.balanceBreakdown": ["GET /v1/traffic/balance-breakdown", "traffic:read"],
  "billing.pricing": ["GET /v1/billing/pricing", "billing:read"],
  "billing.calculatePrice": ["GET /v1/billing/calculate-price?amount=1&isPrivate=false", "billing:read"],
  "billing.purchaseTraffic": ["POST /v1/billing/purchase-traffic", undefined, { amount: 1 }],
  "billing.purchaseSlots": ["POST /v1/billing/purchase-ports", undefined, { amount: 1 }],
  "cryptoPayments.status": ["GET /v1/coingate/status"],
  "cryptoPayments.create": ["POST /v1/coingate/create-order", "billing:write", { amount: 10 }],
  "cryptoPayments.order": ["GET /v1/coingate/order/a", "billing:read"],
  "cryptoPayments.pending": ["GET /v1/coingate/pending", "billing:read"],
  "cryptoPayments.cancel": ["POST /v1/coingate/cancel/a", "billing:write"],
  "tickets.list": ["GET /v1/tickets", "tickets:read"],
  "tickets.get": ["GET /v1/tickets/a", "tickets:read"],
  "tickets.create": [
    "POST /v1/tickets",
    "tickets:write",
    { subject: "A port is offline", message: "Since noon no answer." },
  ],
  "tickets.reply": ["POST /v1/tickets/a/replies", "tickets:write", { message: "It works again." }],
  "tickets.close": ["PATCH /v1/tickets/a/close", "tickets:write"],
};

const KEYLESS = ["rotation.rotateByToken", "cryptoPayments.status"];

test("each method asks its own line, and names the scope that a refused key needs", async () => {
  const { url, seen } = await vendor([{ status: 403, json: { message: "Forbidden resource" } }]);
  const asked: Record<string, Line> = {};
  for (const [name, call] of Object.entries(EVERY_CALL)) {
    const api = createApi({ apiKey: KEY, apiUrl: url });
    const { message } = await failure(call(api));
    api.close();
    const { method, url: path, body, headers } = seen.at(-1)!;
    const scope = /The scope that this call needs: ([\w:]+)/.exec(message)?.[1];
    const line: Line = [`${method} ${path}`];
    if (scope !== undefined || body !== undefined) line.push(scope);
    if (body !== undefined) line.push(body as object);
    asked[name] = line;
    expect([name, headers["x-api-key"]]).toEqual([name, KEYLESS.includes(name) ? undefined : KEY]);
  }
  expect(asked).toEqual(LINES);
  expect(seen).toHaveLength(Object.keys(LINES).length);
});

const text = (length: number): string => "x".repeat(length);
test.each<[string, string, (api: Api) => Promise<unknown>, RegExp]>([
  ["coingate below 10", "POST /v1/coingate/create-order", (api) => api.cryptoPayments.create(9.99), /from 10 to 1000/],
  [
    "coingate above 1000",
    "POST /v1/coingate/create-order",
    (api) => api.cryptoPayments.create(1_000.01),
    /from 10 to 1000/,
  ],
  [
    "coingate of no number",
    "POST /v1/coingate/create-order",
    (api) => api.cryptoPayments.create(NaN),
    /from 10 to 1000/,
  ],
  [
    "no GB",
    "POST /v1/billing/purchase-traffic-private",
    (api) => api.billing.purchaseTraffic(0, true),
    /a whole number from 1/,
  ],
  [
    "half a slot",
    "POST /v1/billing/purchase-ports-private",
    (api) => api.billing.purchaseSlots(1.5, true),
    /a whole number from 1/,
  ],
  [
    "a short subject",
    "POST /v1/tickets",
    ({ tickets }) => tickets.create({ subject: text(4), message: text(20) }),
    /subject must have 5 to 200 characters/,
  ],
  [
    "a long subject",
    "POST /v1/tickets",
    ({ tickets }) => tickets.create({ subject: text(201), message: text(20) }),
    /subject must have 5 to 200 characters/,
  ],
  [
    "a short message",
    "POST /v1/tickets",
    ({ tickets }) => tickets.create({ subject: text(5), message: text(19) }),
    /message must have 20 to 5000 characters/,
  ],
  [
    "a long reply",
    "POST /v1/tickets/:id/replies",
    ({ tickets }) => tickets.reply("a", text(5_001)),
    /reply must have 10 to 5000 characters/,
  ],
  [
    "a reply that is no text",
    "POST /v1/tickets/:id/replies",
    ({ tickets }) => tickets.reply("a", Array(20) as never),
    /reply must have 10/,
  ],
  [
    "no page",
    "GET /v1/ports",
    ({ ports }) => ports.page(0),
    /page and limit must be whole numbers from 1, and limit at most 100/,
  ],
  ["too large a page", "GET /v1/ports", ({ ports }) => ports.page(1, 101), /page and limit/],
  [
    "no lease",
    "POST /v1/ports",
    ({ ports }) => ports.create({ countryId: "c", expiresInSeconds: 0 }),
    /expiresInSeconds must be a whole number above 0/,
  ],
  [
    "a short key",
    "POST /v1/ports",
    ({ ports }) => ports.create({ countryId: "c", expiresInSeconds: 60, idempotencyKey: text(7) }),
    /idempotencyKey must be 8 to 128/,
  ],
  [
    "a key with a blank",
    "POST /v1/ports",
    ({ ports }) => ports.create({ countryId: "c", expiresInSeconds: 60, idempotencyKey: "key 12345678" }),
    /idempotencyKey must be/,
  ],
  [
    "a key with a line end",
    "POST /v1/ports",
    ({ ports }) => ports.create({ countryId: "c", expiresInSeconds: 60, idempotencyKey: "12345678\r\nX: y" }),
    /idempotencyKey must be/,
  ],
])("%s is refused before anything is sent, by %s", async (_what, line, call, reason) => {
  const { api, seen } = await vendor([{ json: {} }]);
  const error = await failure(call(api));
  expect([error.code, error.maybeDone, error.message.split(":")[0]]).toEqual([
    "invalid_input",
    false,
    line.split(":")[0],
  ]);
  expect(error.message).toMatch(reason);
  expect(seen).toEqual([]);
});

test("what is at a bound is sent", async () => {
  const ticket = { _id: "t", replies: [] };
  const { api, seen } = await vendor(({ url }) => ({
    json: url.includes("tickets")
      ? ticket
      : url.includes("coingate")
        ? { orderId: "o" }
        : url.includes("?")
          ? []
          : { _id: "p" },
  }));
  await api.cryptoPayments.create(1_000, "EUR");
  await api.tickets.create({ subject: text(5), message: text(20) });
  await api.tickets.create({ subject: text(200), message: text(5_000) });
  await api.tickets.reply("t", text(10));
  await api.ports.page(1, 100);
  await api.ports.create({ countryId: "c", expiresInSeconds: 1, idempotencyKey: text(8) });
  expect(seen).toHaveLength(6);
  expect(seen[0]?.body).toEqual({ amount: 1_000, currency: "EUR" });
  expect(seen[5]?.headers["idempotency-key"]).toBe(text(8));
});

test("to cancel a payment again does no harm, so it is tried again", async () => {
  const { api, seen } = await vendor([{ status: 503 }, { json: {} }]);
  await api.cryptoPayments.cancel("a");
  expect(seen).toHaveLength(2);
});

test.each([
  ["of another amount", { totalPrice: 4, amount: 2, isPrivate: false }, {}],
  ["of the other slot type", { totalPrice: 8, amount: 1, isPrivate: true }, {}],
  ["that names no order", { totalPrice: 4 }, { totalPrice: 4 }],
])("a price %s", async (_what, json, price) => {
  const { api } = await vendor([{ json }]);
  expect(await api.billing.calculatePrice(1, false)).toEqual(price);
});

test("of an account's flags only those with a plain name are returned, and at most 50", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`flag${"abcdefgh"[at % 8]}${"x".repeat(at % 30)}`, true]),
  );
  const { api } = await vendor([
    { json: { status: { isActive: true, isBanned: false, note: "text", "odd name": true } } },
    { json: { status: { ...many } } },
    { json: {} },
  ]);
  expect(await api.account.get()).toEqual({ status: { isActive: true, isBanned: false } });
  expect(Object.keys((await api.account.get()).status ?? {}).length).toBeLessThanOrEqual(50);
  expect(await api.account.get()).toEqual({});
});

describe("a sign-in", () => {
  const TOKEN = "a-token-of-the-vendor";
  const signedIn = async (json: object) => {
    const { url, seen } = await vendor([{ json }]);
    return { seen, answer: signIn({ apiUrl: url, email: "a@b.example", password: "hunter2" }) };
  };

  test.each([
    ["access_token", { access_token: TOKEN, user: { _id: "u", email: "a@b.example", role: "customer" } }],
    ["token", { token: TOKEN, user: { _id: "u", email: "a@b.example", role: "customer" } }],
  ])("answered with %s", async (_what, json) => {
    const { seen, answer } = await signedIn(json);
    expect(await answer).toMatchObject({
      accessToken: TOKEN,
      user: { id: "u", email: "a@b.example", role: "customer" },
    });
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/v1/login/signin",
      body: { email: "a@b.example", password: "hunter2" },
    });
    expect(seen[0]?.headers["x-api-key"]).toBeUndefined();
  });

  test.each([
    ["without a token", {}, /access_token is missing/],
    ["with a token of two lines", { access_token: "12345678\r\nX: y" }, /access_token is no token/],
    ["with one that begins odd", { token: "é12345678" }, /token is no token/],
    ["with one that is too short", { token: "1234567" }, /token is no token/],
  ])("answered %s", async (_what, json, reason) => {
    const { message } = await failure((await signedIn(json)).answer);
    expect(message).toMatch(reason);
  });
});
