import { type FaultRule, startEmulator } from "../../emulator";
import { GERMANY, type World, withCalls, world } from "./harness";

const ORDER = { body: { countryId: GERMANY, expiresAt: 3_600 } };

describe("in process", () => {
  let here: World;
  beforeEach(() => (here = world()));
  const buy = () => here.call("POST /v1/ports", ORDER);

  test("a status is answered instead, with Retry-After, as often as the fault says", async () => {
    here.control.addFault({ method: "POST", path: "/ports", status: 503, retryAfter: 7, times: 2 });
    for (let index = 0; index < 2; index++) {
      const reply = await buy();
      expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "7"]);
      expect(reply.body).toMatchObject({ statusCode: 503, error: "Service Unavailable" });
      expect(reply.headers.get("x-request-id")).toBeTruthy();
    }
    expect(here.control.ports()).toHaveLength(0);
    expect((await buy()).status).toBe(201);
  });

  test("a status after the commit hides a port that was bought", async () => {
    here.control.addFault({ status: 500, commit: true, times: 1 });
    expect((await buy()).status).toBe(500);
    expect(here.control.ports()).toHaveLength(1);
  });

  test("body and headers are the rule's", async () => {
    here.control.addFault({ status: 502, body: "<html>Bad gateway</html>", headers: { "Content-Type": "text/html" } });
    const reply = await buy();
    expect([reply.status, reply.body, reply.headers.get("content-type")]).toEqual([
      502,
      "<html>Bad gateway</html>",
      "text/html",
    ]);
  });

  test("a body without a status replaces the answer of a call that is carried out", async () => {
    here.control.addFault({ path: "/ports", body: { unexpected: true } });
    expect(await buy()).toMatchObject({ status: 200, body: { unexpected: true } });
    expect(here.control.ports()).toHaveLength(1);
  });

  test("broken JSON comes after the commit", async () => {
    here.control.addFault({ truncate: true, times: 1 });
    const reply = await here.call<string>("POST /v1/ports", ORDER);
    expect(reply.status).toBe(201);
    expect(() => JSON.parse(reply.body) as unknown).toThrow();
    expect(here.control.ports()).toHaveLength(1);
  });

  test.each<[FaultRule["cut"], number]>([
    ["before", 0],
    ["after", 1],
  ])("a cut %s the commit leaves %i ports", async (cut, ports) => {
    here.control.addFault({ cut, times: 1 });
    await expect(buy()).rejects.toThrow("fetch failed");
    expect(here.control.ports()).toHaveLength(ports);
    expect(here.control.requests()).toMatchObject([{ method: "POST", status: 0, fault: true }]);
  });

  test("after passes calls unharmed", async () => {
    here.control.addFault({ path: "/ports", status: 500, after: 2, times: 1 });
    const statuses = [];
    for (let index = 0; index < 4; index++) statuses.push((await buy()).status);
    expect(statuses).toEqual([201, 201, 500, 201]);
    expect(here.control.faults()).toMatchObject([{ struck: 1 }]);
  });

  test.each([
    ["/ports/*", true],
    ["/v1/ports/*", true],
    ["/ports", false],
    ["/ports/*/rotate", false],
    ["/**", true],
    ["^/ports/[0-9a-f]{24}$", true],
    ["^/countries", false],
  ])("the path %s matches GET /v1/ports/:id: %s", async (path, strikes) => {
    const { _id } = await here.buy();
    here.control.addFault({ path, status: 500 });
    expect((await here.call(`GET /v1/ports/${_id}`)).status).toBe(strikes ? 500 : 200);
  });

  test("cleared faults are gone; an unknown field is refused", async () => {
    here.control.addFault({ status: 500 });
    here.control.clearFaults();
    expect((await buy()).status).toBe(201);
    expect(() => here.control.addFault({ stauts: 500 } as FaultRule)).toThrow('a fault has no field "stauts"');
  });
});

describe("on a socket", () => {
  let here: World;
  beforeEach(async () => {
    const emulator = await startEmulator();
    here = withCalls(emulator, (path, init) => fetch(emulator.url + path, init));
  });
  afterEach(() => here.close());

  test.each<[FaultRule["cut"], number]>([
    ["before", 0],
    ["after", 1],
  ])("a cut %s the commit closes the connection", async (cut, ports) => {
    here.control.addFault({ cut, times: 1 });
    await expect(here.call("POST /v1/ports", ORDER)).rejects.toThrow("fetch failed");
    expect(here.control.ports()).toHaveLength(ports);
    expect((await here.call("GET /v1/ports")).status).toBe(200);
  });

  test.each<[FaultRule["hang"], number]>([
    [true, 0],
    ["after", 1],
  ])("hang %s never answers, and lets go when the caller does", async (hang, ports) => {
    here.control.addFault({ hang, times: 1 });
    const giveUp = new AbortController();
    const lost = fetch(`${here.url}/v1/ports`, {
      method: "POST",
      headers: { "X-API-Key": here.apiKey, "Content-Type": "application/json" },
      body: JSON.stringify(ORDER.body),
      signal: giveUp.signal,
    });
    while (here.control.faults()[0]?.struck !== 1) await new Promise(setImmediate);
    await new Promise(setImmediate);
    giveUp.abort();
    await expect(lost).rejects.toThrow("aborted");
    expect(here.control.ports()).toHaveLength(ports);
  });

  test("close does not wait for a hanging call", async () => {
    here.control.addFault({ hang: true });
    const lost = here.call("GET /v1/ports");
    lost.catch(() => undefined);
    while (here.control.faults()[0]?.struck !== 1) await new Promise(setImmediate);
    await here.close();
    await expect(lost).rejects.toThrow("fetch failed");
  });

  test("latency delays the answer", async () => {
    here.control.addFault({ latencyMs: 40 });
    const start = performance.now();
    expect((await here.call("GET /v1/ports")).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(35);
  });
});

test("more requests than a second's worth are 429", async () => {
  const here = world({ config: { requestsPerSecond: 5 } });
  const statuses = [];
  for (let index = 0; index < 6; index++) statuses.push((await here.call("GET /v1/ports")).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});
