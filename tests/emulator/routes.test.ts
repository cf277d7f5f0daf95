import { SCOPES } from "../../emulator";
import { ROUTES as ALL_ROUTES } from "../../emulator/routes";
import { x402Routes } from "../../emulator/x402/routes";
import { BRITAIN, GERMANY, NOBODY, type World, world } from "./harness";

/** Those of x402 have a table of their own: x402-routes.test.ts. */
const ROUTES = ALL_ROUTES.filter((route) => !x402Routes.includes(route));

interface Row {
  /** Status of a good call. */
  ok: number;
  /** Makes what the call needs and gives the path's parameter. */
  make?: (world: World) => Promise<string>;
  query?: string;
  body?: unknown;
  /** Bodies, or queries as "?…", that must be refused with 400. */
  bad?: unknown[];
  /** The path's parameter can name what is not there. */
  missing?: true;
}

const port = async (world: World) => (await world.buy())._id;
const token = async (world: World) => (await world.buy()).rotationToken;
const order = async (world: World) =>
  (await world.call("POST /coingate/create-order", { body: { amount: 10 } })).body["orderId"] as string;
const ticket = async (world: World) =>
  (await world.call("POST /tickets", { body: { subject: "A subject", message: "A message of twenty letters" } })).body[
    "_id"
  ] as string;
const onPort: Row = { ok: 200, make: port, missing: true };
const move: Row = { ...onPort, body: { countryId: BRITAIN }, bad: [{}, { countryId: "x" }, { countryId: NOBODY }] };
const credentials: Row = { ...onPort, body: { proxyLogin: "me" }, bad: [{}, { proxyPassword: "" }, { proxyLogin: 1 }] };
const settings: Row = {
  ...onPort,
  body: { enabled: true, intervalSeconds: 300 },
  bad: [{ intervalSeconds: 299 }, { intervalSeconds: 86_401 }, { enabled: "yes" }, { excludedDeviceIds: ["x"] }],
};
const buying: Row = { ok: 201, body: { amount: 1 }, bad: [{}, { amount: 0 }, { amount: 1.5 }, { amount: 9_999 }] };

/** Every route has a row: a route that is added without one fails below. */
const TABLE: Record<string, Row> = {
  "POST /login/signin": {
    ok: 200,
    body: { email: "user@example.com", password: "emulator-password" },
    bad: [{}, { email: "user@example.com" }],
  },
  "GET /countries": { ok: 200, bad: ["?isPrivate=1"] },
  "GET /countries/with-devices": { ok: 200, query: "?isPrivate=true", bad: ["?isPrivate=yes"] },
  "GET /carriers": { ok: 200, query: "?country=DE" },
  "GET /carriers/country/:countryId": {
    ok: 200,
    make: async () => GERMANY,
    query: "?withDevice=true",
    bad: ["?withDevice=1", "?isPrivate=no"],
    missing: true,
  },
  "GET /cities": { ok: 200, query: "?country=DE" },
  "GET /cities/country/:countryId": { ok: 200, make: async () => GERMANY, missing: true },
  "GET /regions": { ok: 200 },
  "GET /regions/country/:countryId": { ok: 200, make: async () => GERMANY, missing: true },
  "GET /tariffs": { ok: 200, query: "?category=shared", bad: ["?category=both", "?type=Ports"] },
  "GET /ports": {
    ok: 200,
    query: "?page=1&limit=100",
    bad: [
      ...["?limit=0", "?limit=101", "?limit=abc", "?limit=1.5", "?limit=1e1", "?page=0", "?page=x", "?page="],
      ...["?status=bogus", "?type=bogus", "?countryId=DE", "?carrierId=O2"],
    ],
  },
  "POST /ports": {
    ok: 201,
    body: { countryId: GERMANY, expiresAt: 86_400 },
    bad: [
      {},
      { countryId: GERMANY },
      { countryId: NOBODY, expiresAt: 60 },
      { countryId: GERMANY, expiresAt: 59 },
      { countryId: GERMANY, expiresAt: 31_536_001 },
      { countryId: GERMANY, expiresAt: 60.5 },
      { countryId: GERMANY, expiresAt: "60" },
      { countryId: GERMANY, expiresAt: 60, carrierId: NOBODY },
      { countryId: GERMANY, expiresAt: 60, osFingerprint: "plan9:1" },
      { countryId: GERMANY, expiresAt: 60, isPrivate: "true" },
      "{broken",
      [],
    ],
  },
  "GET /ports/:id": onPort,
  "DELETE /ports/:id": onPort,
  "PUT /ports/:id/reconfigure": move,
  "PATCH /ports/:id/reconfigure": move,
  "PUT /ports/:id/credentials": credentials,
  "PATCH /ports/:id/credentials": credentials,
  "GET /ports/:id/os-fingerprints": onPort,
  "PATCH /ports/:id/os-fingerprint": {
    ...onPort,
    body: { osFingerprint: "windows:1" },
    bad: [{}, { osFingerprint: "x" }],
  },
  "PUT /ports/:id/rotation-settings": settings,
  "PATCH /ports/:id/rotation-settings": settings,
  "POST /ports/:id/rotate": onPort,
  "GET /ports/:id/can-rotate": onPort,
  "GET /ports/:id/rotation-history": {
    ...onPort,
    query: "?limit=5&offset=0",
    bad: ["?limit=abc", "?limit=0", "?limit=-5", "?offset=-1", "?offset=x", "?offset=1.5"],
  },
  "GET /rotate/:token": { ok: 200, make: token, missing: true },
  "POST /rotate/:token": { ok: 200, make: token, missing: true },
  "GET /ports/:id/status": onPort,
  "GET /ports/:id/ping": onPort,
  "GET /ports/:id/ip": onPort,
  "GET /ports/:id/speed-test": onPort,
  "GET /account": { ok: 200 },
  "GET /account/summary": { ok: 200 },
  "GET /account/usage": { ok: 200, query: "?period=7d", bad: ["?period=1d"] },
  "GET /traffic/balance-breakdown": { ok: 200 },
  "GET /billing/pricing": { ok: 200 },
  "GET /billing/calculate-price": {
    ok: 200,
    query: "?amount=5&isPrivate=true",
    bad: ["", "?amount=0", "?amount=0.05", "?amount=0x10", "?amount=10001", "?amount=5&isPrivate=2"],
  },
  "POST /billing/purchase-traffic": buying,
  "POST /billing/purchase-traffic-private": buying,
  "POST /billing/purchase-ports": buying,
  "POST /billing/purchase-ports-private": buying,
  "GET /coingate/status": { ok: 200 },
  "POST /coingate/create-order": { ok: 201, body: { amount: 10 }, bad: [{}, { amount: 9 }, { amount: 1_001 }] },
  "GET /coingate/order/:id": { ok: 200, make: order, missing: true },
  "GET /coingate/pending": { ok: 200 },
  "GET /coingate/history": { ok: 200 },
  "POST /coingate/cancel/:id": { ok: 200, make: order, missing: true },
  "GET /tickets": { ok: 200 },
  "POST /tickets": {
    ok: 201,
    body: { subject: "A subject", message: "A message of twenty letters", priority: "low" },
    bad: [{}, { subject: "A", message: "A message of twenty letters" }, { subject: "A subject", message: "short" }],
  },
  "GET /tickets/:id": { ok: 200, make: ticket, missing: true },
  "POST /tickets/:id/replies": {
    ok: 201,
    make: ticket,
    body: { message: "A reply of some length" },
    bad: [{}],
    missing: true,
  },
  "PATCH /tickets/:id/close": { ok: 200, make: ticket, missing: true },
};

const PUBLIC = [
  ...["POST /login/signin", "GET /coingate/status", "GET /rotate/:token", "POST /rotate/:token"],
  ...["GET /countries", "GET /cities", "GET /carriers"],
];

test("the table has a row for each route, and no other", () => {
  expect(Object.keys(TABLE).sort()).toEqual(ROUTES.map(({ verb, path }) => `${verb} ${path}`).sort());
});

describe.each(ROUTES.map((route) => [`${route.verb} ${route.path}`, route] as const))("%s", (line, route) => {
  const row = TABLE[line] as Row;
  const at = (parameter: string) => `${route.verb} /v1${route.path.replace(/:\w+/, parameter)}`;
  const isPublic = PUBLIC.includes(line);

  test(`is ${row.ok} for a good call`, async () => {
    const here = world();
    const made = (await row.make?.(here)) ?? "";
    const reply = await here.call(at(made) + (row.query ?? ""), { body: row.body, key: isPublic ? null : undefined });
    expect(reply.status).toBe(row.ok);
    expect(reply.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers.get("date")).toBe("Thu, 15 Jan 2026 12:00:00 GMT");
    expect(reply.headers.get("content-type")).toContain("application/json");
  });

  if (!isPublic)
    test("is 401 without a key, with a wrong one and with a wrong token", async () => {
      const here = world();
      const parameter = (await row.make?.(here)) ?? "";
      const refusals = [
        await here.call(at(parameter), { body: row.body, key: null }),
        await here.call(at(parameter), { body: row.body, key: "psx_wrong" }),
        await here.call(at(parameter), { body: row.body, key: null, headers: { Authorization: "Bearer wrong" } }),
      ];
      for (const refusal of refusals) expect([refusal.status, refusal.body["error"]]).toEqual([401, "Unauthorized"]);
    });

  if (!isPublic)
    test("is 403, naming the scope, for a key that lacks it", async () => {
      const here = world();
      const parameter = (await row.make?.(here)) ?? "";
      const others = SCOPES.filter((scope) => scope !== "admin:full" && !route.scopes.includes(scope));
      const reply = await here.call(at(parameter), { body: row.body, key: here.control.keys.addKey(others) });
      expect(reply.status).toBe(403);
      expect(reply.body["message"]).toContain(route.scopes[0]);
      const enough = here.control.keys.addKey(route.scopes);
      expect((await here.call(at(parameter) + (row.query ?? ""), { body: row.body, key: enough })).status).toBe(row.ok);
    });

  if (row.missing)
    test("is 404 for what is not there", async () => {
      const reply = await world().call(at(NOBODY), { body: row.body });
      expect(reply.status).toBe(404);
      expect(reply.body).toEqual({ statusCode: 404, message: expect.any(String) as string, error: "Not Found" });
    });

  if (row.bad)
    test.each(row.bad.map((bad) => [JSON.stringify(bad), bad]))("is 400 for %s", async (_text, bad) => {
      const here = world();
      const parameter = (await row.make?.(here)) ?? "";
      const isQuery = route.verb === "GET";
      const reply = await here.call(at(parameter) + (isQuery ? String(bad) : ""), { body: isQuery ? undefined : bad });
      expect(reply.status).toBe(400);
      expect(reply.body).toMatchObject({ statusCode: 400, error: "Bad Request" });
    });
});

test("an unknown route is 404 in JSON", async () => {
  const reply = await world().call("GET /v1/nowhere");
  expect([reply.status, reply.body["message"]]).toEqual([404, "Cannot GET /v1/nowhere"]);
});

test.each(["/ports", "/v1/ports", "/v1/v1/ports"])("%s is the list of ports", async (path) => {
  expect((await world().call(`GET ${path}`)).status).toBe(200);
});

test("an empty body is none, whatever its Content-Type says", async () => {
  const here = world();
  const { _id } = await here.buy();
  expect((await here.call(`POST /v1/ports/${_id}/rotate`)).status).toBe(200);
  expect((await here.call(`DELETE /v1/ports/${_id}`)).status).toBe(200);
});
