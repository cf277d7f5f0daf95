import { type LoggedRequest, startEmulator, type WirePort } from "../../emulator";
import { DAY, NOON, O2, type World, world } from "./harness";

let here: World;
beforeEach(() => (here = world()));

const control = <T = Record<string, unknown>>(line: string, body?: unknown) => {
  const [verb, path] = line.split(" ");
  return here.call<T>(`${verb} /_emulator${path}`, { key: null, body });
};

test("the clock is read, moved and set", async () => {
  expect((await control("GET /clock")).body).toEqual({ now: new Date(NOON).toISOString() });
  expect((await control("POST /clock", { advance: 90 })).body).toEqual({ now: "2026-01-15T12:01:30.000Z" });
  expect((await control("POST /clock", { advance: "1d12h" })).body).toEqual({ now: "2026-01-17T00:01:30.000Z" });
  expect((await control("POST /clock", { set: "2026-02-01" })).body).toEqual({ now: "2026-02-01T00:00:00.000Z" });
  for (const bad of [{}, { advance: "soon" }, { set: "tomorrow" }])
    expect((await control("POST /clock", bad)).status).toBe(400);
});

test("a port is edited behind the customer's back", async () => {
  const { _id } = await here.buy();
  await control(`PATCH /ports/${_id}`, {
    country: "PL",
    carrier: "play",
    proxyLogin: "drifted",
    proxyPassword: "drifted too",
    osFingerprint: "ios:2",
    rotationSettings: { enabled: true, intervalSeconds: 900 },
    expiresAt: "2026-01-16T12:00:00Z",
    usedTraffic: 1.5,
    healthStatus: "degraded",
  });
  const { body } = await here.call<WirePort>(`GET /v1/ports/${_id}`);
  expect(body).toMatchObject({
    device: { country: { code: "PL" }, carrier: { brand: "Play" } },
    proxyLogin: "drifted",
    proxyPassword: "drifted too",
    osFingerprint: "ios:2",
    rotationSettings: { enabled: true, intervalSeconds: 900 },
    expiresAt: NOON + DAY * 1_000,
    usedTraffic: 1.5,
    healthStatus: "degraded",
  });
  here.control.editPort(_id, { healthStatus: null, status: "quarantine" });
  expect(here.control.port(_id)).toMatchObject({ healthStatus: "healthy", status: "quarantine" });
});

test("what control does not know is 404 or 400 in one line", async () => {
  const { _id } = await here.buy();
  expect((await control("PATCH /ports/0123456789abcdef01234567", {})).status).toBe(404);
  expect((await control("DELETE /ports/0123456789abcdef01234567")).status).toBe(404);
  expect((await control("GET /nowhere")).status).toBe(404);
  expect((await control(`PATCH /ports/${_id}`, { country: "XX" })).body["message"]).toContain("it has DE, GB");
  expect((await control(`PATCH /ports/${_id}`, { carrier: "XX" })).body["message"]).toContain("it has Vodafone, O2");
  expect((await control("PATCH /config", { slot: 1 })).body["message"]).toBe('the emulator has no setting "slot"');
  expect((await control("PUT /quirks", { nothing: true })).status).toBe(400);
  expect((await control("POST /faults", { nothing: true })).status).toBe(400);
});

test("someone else buys and deletes; the ledger knows who and when", async () => {
  const mine = await here.buy({ carrierId: O2 });
  const { body: theirs } = await control<WirePort>("POST /ports", {
    country: "GB",
    slotType: "private",
    expiresIn: "1d",
  });
  here.control.clock.advance("1h");
  await control(`DELETE /ports/${mine._id}`);
  expect((await here.call(`GET /v1/ports/${mine._id}`)).status).toBe(404);
  expect(here.control.ports().map((port) => port._id)).toEqual([theirs._id]);
  expect((await control("GET /purchases")).body).toEqual([
    {
      portId: mine._id,
      account: "main",
      boughtAt: "2026-01-15T12:00:00.000Z",
      boughtBy: "api",
      keyName: "default",
      requestId: expect.any(String) as string,
      order: { country: "DE", carrier: "O2", slotType: "shared", leaseSeconds: 30 * DAY },
      deletedAt: "2026-01-15T13:00:00.000Z",
      deletedBy: "control",
    },
    expect.objectContaining({ portId: theirs._id, boughtBy: "control" }),
  ]);
});

test("support answers a ticket, which shows it to its customer", async () => {
  const { body: ticket } = await here.call<{ _id: string }>("POST /v1/tickets", {
    body: { subject: "A subject", message: "A message of twenty letters" },
  });
  here.control.clock.advance("1h");
  const message = "We are on it.";
  expect((await control(`POST /tickets/${ticket._id}/replies`, { message })).status).toBe(200);
  expect((await here.call(`GET /v1/tickets/${ticket._id}`)).body).toMatchObject({
    updatedAt: "2026-01-15T13:00:00.000Z",
    replies: [{ message, isFromSupport: true, createdAt: "2026-01-15T13:00:00.000Z" }],
  });
  for (const body of [{}, { message: "" }, { message, isFromSupport: false }])
    expect((await control(`POST /tickets/${ticket._id}/replies`, body)).status).toBe(400);
  expect((await control("POST /tickets/nowhere/replies", { message })).status).toBe(400);
  for (let more = 1; more < 100; more++) here.control.answerTicket(ticket._id, message);
  expect(() => here.control.answerTicket(ticket._id, message)).toThrow("100 replies");
});

test("the request log has path, route, query, body and outcome", async () => {
  const { _id } = await here.buy();
  await here.call(`GET /v1/ports/${_id}`, { headers: { "Idempotency-Key": "k-12345678" } });
  await here.call("GET /v1/ports?page=1&limit=100");
  const { body } = await control<LoggedRequest[]>("GET /requests");
  expect(body).toMatchObject([
    {
      method: "POST",
      path: "/v1/ports",
      route: "/ports",
      status: 201,
      keyName: "default",
      body: { expiresAt: 30 * DAY },
    },
    { method: "GET", path: `/v1/ports/${_id}`, route: "/ports/:id", idempotencyKey: "k-12345678" },
    { method: "GET", path: "/v1/ports", query: { page: "1", limit: "100" }, time: "2026-01-15T12:00:00.000Z" },
  ]);
  await control("DELETE /requests");
  expect(here.control.requests()).toEqual([]);
});

test("faults, quirks, config and keys over HTTP", async () => {
  await control("POST /faults", [{ path: "/ports", status: 500, times: 1 }]);
  expect((await here.call("GET /v1/ports")).status).toBe(500);
  await control("DELETE /faults");
  expect((await control("GET /faults")).body).toEqual([]);

  await control("PUT /quirks", { listPaged: true });
  expect((await here.call("GET /v1/ports")).body).toMatchObject({ total: 0 });
  expect((await control("GET /quirks")).body).toMatchObject({ quirks: { listPaged: true } });

  await control("PATCH /config", { slots: { shared: 1 } });
  expect((await here.call("GET /v1/account/summary")).body["shared"]).toMatchObject({ slots: { total: 1 } });

  const { key } = (await control<{ key: string }>("POST /keys", { scopes: ["ports:read"] })).body;
  expect((await here.call("GET /v1/ports", { key })).status).toBe(200);
  await control(`DELETE /keys/${key}`);
  expect((await here.call("GET /v1/ports", { key })).status).toBe(401);
});

test("reset goes back to the start", async () => {
  const first = await here.buy();
  here.control.setQuirks({ listPaged: true });
  here.control.addFault({ path: "/tickets", status: 500 });
  here.control.clock.advance("5d");
  await control("POST /reset", {});
  expect(here.control.ports()).toEqual([]);
  expect([here.control.faults(), here.control.requests(), here.control.quirks().listPaged]).toEqual([[], [], false]);
  expect(await here.buy()).toEqual(first);
  here.control.reset({ seed: 9, slots: { shared: 1 } });
  expect((await here.buy())._id).not.toBe(first._id);
});

test("control answers to this machine only", async () => {
  const env = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
  const from = async (address: string) => (await here.app.request("/_emulator/state", {}, env(address))).status;
  expect(await Promise.all(["127.0.0.1", "::1", "::ffff:127.0.0.1"].map(from))).toEqual([200, 200, 200]);
  expect(await Promise.all(["192.0.2.7", "::ffff:192.0.2.7", "10.0.0.1"].map(from))).toEqual([403, 403, 403]);
});

test("it listens on loopback, closes at once, and its Date is its own clock's", async () => {
  const emulator = await startEmulator({ now: () => NOON });
  expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const response = await fetch(`${emulator.url}/v1/ports`, { headers: { "X-API-Key": emulator.apiKey } });
  expect(response.headers.get("date")).toBe("Thu, 15 Jan 2026 12:00:00 GMT");
  expect((await fetch(`${emulator.url}/_emulator/state`)).status).toBe(200);
  await emulator.close();
  await expect(fetch(`${emulator.url}/v1/ports`)).rejects.toThrow();
});
