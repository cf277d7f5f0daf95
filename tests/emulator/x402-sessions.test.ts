import { buy, type Bought, expectBalanced, OTHER, PAYER, PROXY, shop, v1 } from "./x402-wallet";
import { type Reply, type World } from "./harness";

type Json = Record<string, unknown>;

let here: World;
let bought: Bought;
let token: Record<string, string>;
beforeEach(async () => {
  here = shop({ config: { trafficPerDayGB: { shared: 0, private: 0 } } });
  bought = await buy(here);
  token = { "X-Session-Token": bought.sessionToken };
});
afterEach(() => expectBalanced(here));

const call = <T = Json>(line: string, body?: unknown, headers: Record<string, string> = token): Promise<Reply<T>> =>
  here.call<T>(line, { key: null, body, headers });
const get = async <T = Json>(path: string) => (await call<T>(`GET /v1${path}`)).body;
const own = () => get<Json & { ports: Json[] }>("/x402/manage/session");
const topup = (body: unknown, headers: Record<string, string>) =>
  call("POST /v1/x402/manage/session/topup", body, { ...token, ...headers });
const replace = (body: unknown = {}) => call<Json>("POST /v1/x402/manage/ports/replace", body);
const rotate = async () =>
  (await here.call(`GET ${new URL(bought.session.rotationUrl).pathname}`, { key: null })).status;

test("its owner sees the session and its port", async () => {
  const { host, httpPort, socksPort, username, password } = bought.credentials;
  const port = {
    id: here.control.x402.sessions()[0]?.portId,
    displayName: "Proxy #1",
    http: `http://${username}:${password}@${host}:${httpPort}`,
    socks5: `socks5://${username}:${password}@${host}:${socksPort}`,
    expiresAt: "2026-01-15T13:00:00.000Z",
    expiresInSeconds: 3_600,
    rotationUrl: bought.session.rotationUrl,
    status: "active",
    traffic: { usedBytes: 0, usedGB: 0 },
  };
  expect(username).toMatch(/^x402_/);
  expect(await own()).toMatchObject({
    sessionId: bought.session.id,
    walletAddress: PAYER.address,
    network: "base-sepolia",
    txHash: bought.payment.transactionHash,
    amountUSDC: 4,
    tier: "shared",
    trafficAllocatedGB: 1,
    trafficUsedGB: 0,
    portCount: 1,
    createdAt: "2026-01-15T12:00:00.000Z",
    isActive: true,
    ports: [port],
  });
  expect(await get("/x402/manage/ports")).toEqual({ ports: [port], total: 1 });
  expect(await get(`/x402/manage/ports/${port.id}/status`)).toEqual(port);
  expect(await get("/x402/manage/session/credit")).toMatchObject({ allocatedGB: 1, remainingGB: 1, enabled: true });
  expect(await rotate()).toBe(200);
});

test("a token is read as a query parameter too, as the vendor's client sends it", async () => {
  const query = `?X-Session-Token=${bought.sessionToken}`;
  expect((await call(`GET /x402/manage/session${query}`, undefined, {})).status).toBe(200);
  const line = `POST /x402/manage/session/topup${query}&Payment-Signature=duration-only`;
  expect((await call(line, { addDurationSeconds: 3_600 }, {})).status).toBe(200);
});

test("the chain's facts find it: id, transaction and wallet, in any capitals", async () => {
  const { id } = bought.session;
  const { transactionHash: hash } = bought.payment;
  for (const path of [`session/${id}`, `session/tx/${hash.toUpperCase().replace("0X", "0x")}`])
    expect(await get(`/x402/${path}`)).toMatchObject({
      id,
      sessionToken: bought.sessionToken,
      proxy: bought.credentials,
    });
  const list = await get<{ sessions: Json[]; total: number }>(`/x402/sessions/wallet/${PAYER.address.toLowerCase()}`);
  expect(list).toMatchObject({ total: 1, sessions: [{ id, sessionId: id, isActive: true, status: "active" }] });
  expect(await get(`/x402/sessions/wallet/${OTHER.address}`)).toEqual({ sessions: [], total: 0 });
  const status = await get(`/x402/sessions/${id}/status`);
  expect(status).toMatchObject({ id, status: "active", walletAddress: PAYER.address, traffic: { allowedGB: 1 } });
  expect(JSON.stringify(status)).not.toContain(bought.credentials.password);
});

test("it expires by the clock, stays listed, and its port goes", async () => {
  const list = async (status: string) =>
    (await get<{ sessions: Json[] }>(`/x402/sessions/wallet/${PAYER.address}?status=${status}`)).sessions.length;
  expect([await list("active"), await list("expired"), await list("all")]).toEqual([1, 0, 1]);
  here.control.clock.advance(3_600_000 - 1);
  expect(await own()).toMatchObject({ status: "active" });
  here.control.clock.advance(1);
  expect(await own()).toMatchObject({ status: "expired", isActive: false, ports: [{ expiresInSeconds: 0 }] });
  expect([await list("active"), await list("expired"), await list("all")]).toEqual([0, 1, 1]);
  expect(await rotate()).toBe(400);
  here.control.clock.advance("1d");
  expect(await own()).toMatchObject({ portCount: 0, ports: [] });
  for (const reply of [await replace(), await topup({ addDurationSeconds: 3_600 }, { "Payment-Signature": "x" })])
    expect([reply.status, reply.body["message"]]).toEqual([400, "Session has expired"]);
  expect(here.control.purchases()).toMatchObject([{ account: "x402", deletedBy: "clock" }]);
});

test("it uses traffic as the clock passes, is suspended without any, and goes on after a top-up", async () => {
  here.control.configure({ trafficPerDayGB: { shared: 24, private: 24 } });
  await topup({ addDurationSeconds: 86_400 }, { "Payment-Signature": "duration-only" });
  expect(await rotate()).toBe(200);
  here.control.clock.advance("1d");
  expect(await own()).toMatchObject({ status: "suspended", isActive: false, trafficUsedGB: 1 });
  expect(await rotate()).toBe(403);
  const more = await topup({ addTrafficGB: 10 }, await v1(here, { nonce: "more", value: 40_000_000n }));
  expect([more.status, more.body["trafficAllocatedGB"]]).toEqual([200, 11]);
  here.control.x402.setUsed(bought.session.id, 2.5);
  expect(await own()).toMatchObject({ status: "active", trafficUsedGB: 2.5 });
  expect(await rotate()).toBe(200);
});

describe("a top-up", () => {
  test("is calculated: the traffic costs, the time is free", async () => {
    expect(await get("/x402/manage/session/topup/calculate?addTrafficGB=0.5&addDurationSeconds=7200")).toEqual({
      trafficCost: 2,
      durationCost: 0,
      totalCost: 2,
      breakdown: { addTrafficGB: 0.5, addDurationSeconds: 7_200, trafficPricePerGB: 4, tier: "shared" },
    });
  });

  test("of time alone is free, and wants a word for a signature", async () => {
    const none = await topup({ addDurationSeconds: 3_600 }, {});
    expect([none.status, none.body["message"]]).toEqual([400, "Payment-Signature is missing: send duration-only"]);
    const reply = await topup({ addDurationSeconds: 3_600 }, { "Payment-Signature": "duration-only" });
    expect(reply.body).toEqual({
      sessionId: bought.session.id,
      trafficAllocatedGB: 1,
      expiresAt: "2026-01-15T14:00:00.000Z",
      payment: { txHash: "duration-only", network: "base-sepolia", amountUSDC: 0 },
      ports: [{ id: here.control.x402.sessions()[0]?.portId, expiresAt: "2026-01-15T14:00:00.000Z" }],
    });
    here.control.clock.advance("90m");
    expect(await own()).toMatchObject({ status: "active", ports: [{ expiresInSeconds: 1_800 }] });
    expect(here.control.x402.receipts()).toHaveLength(1);
  });

  test("of traffic is offered, paid once, and the same again adds nothing", async () => {
    const asked = await topup({ addTrafficGB: 2, addDurationSeconds: 3_600 }, {});
    expect([asked.status, asked.body["payment"]]).toMatchObject([402, { amount: "8.00" }]);
    const payment = await v1(here, { nonce: "more", value: 8_000_000n });
    const replies = [1, 2, 3].map(() => topup({ addTrafficGB: 2, addDurationSeconds: 3_600 }, payment));
    for (const reply of await Promise.all(replies))
      expect(reply.body).toMatchObject({ trafficAllocatedGB: 3, expiresAt: "2026-01-15T14:00:00.000Z" });
    expect(here.control.x402.balance(PAYER.address)).toBe("88.00");
    expect((await topup({ addTrafficGB: 1 }, payment)).status).toBe(409);
    expect((await here.call(PROXY, { key: null, headers: payment })).status).toBe(409);
    const hash = here.control.x402.receipts()[1]?.txHash ?? "";
    expect(await get(`/x402/session/tx/${hash}`)).toMatchObject({ id: bought.session.id });
  });

  test("by a transaction's hash takes it once", async () => {
    const { payTo } = here.control.x402.ledgerView();
    const { hash } = here.control.x402.transfer({ from: PAYER.address, to: payTo, usdc: 4 });
    const header = { "Payment-Signature": hash };
    expect((await topup({ addTrafficGB: 1 }, header)).body).toMatchObject({ payment: { txHash: hash, amountUSDC: 4 } });
    expect((await topup({ addTrafficGB: 1 }, header)).status).toBe(409);
    expect((await topup({ addTrafficGB: 1 }, { "Payment-Signature": bought.payment.transactionHash })).status).toBe(
      409,
    );
    expect(await own()).toMatchObject({ trafficAllocatedGB: 2 });
  });

  test("that a word pays for is refused", async () => {
    const reply = await topup({ addTrafficGB: 1 }, { "Payment-Signature": "duration-only" });
    expect([reply.status, reply.body["error"]]).toEqual([402, "invalid_payload"]);
  });

  test("is seen on the chain too", async () => {
    const asked = await topup({ addTrafficGB: 1 }, {});
    const { paymentId } = asked.body["payment"] as { paymentId: string };
    const { payTo } = here.control.x402.ledgerView();
    here.control.x402.transfer({ from: PAYER.address, to: payTo, usdc: 4 });
    const claim = () => topup({ addTrafficGB: 1 }, { "X-Payment-Id": paymentId });
    for (const reply of [await claim(), await claim()]) expect(reply.body).toMatchObject({ trafficAllocatedGB: 2 });
  });
});

describe("a replacement", () => {
  test("is another port on another device, free, three times", async () => {
    here.control.x402.setUsed(bought.session.id, 0.25);
    const before = here.control.ports("x402")[0];
    const reply = await replace();
    const after = here.control.ports("x402")[0];
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      portId: after?._id,
      proxy: {
        http: expect.stringContaining(String(after?.proxyPassword)) as string,
        expiresAt: "2026-01-15T13:00:00.000Z",
      },
      traffic: { allocatedGB: 1, usedGB: 0.25, remainingGB: 0.75 },
      location: { country: "Germany", countryCode: "DE" },
    });
    expect(after?._id).not.toBe(before?._id);
    expect(after?.device._id).not.toBe(before?.device._id);
    expect(here.control.ports("x402")).toHaveLength(1);
    expect([(await replace()).status, (await replace()).status]).toEqual([200, 200]);
    const fourth = await replace();
    expect([fourth.status, fourth.body["message"]]).toEqual([400, "A session has 3 replacements at most"]);
    expect(here.control.x402.balance(PAYER.address)).toBe("96.00");
  });

  test("can be elsewhere, and names its port or none", async () => {
    expect((await replace({ country: "pl", city: "krakow" })).body).toMatchObject({
      location: { countryCode: "PL", city: "Kraków" },
    });
    expect((await replace({ portId: "0123456789abcdef01234567" })).status).toBe(404);
    const { portId } = here.control.x402.sessions()[0] ?? {};
    expect((await replace({ portId, carrier: "Play" })).body).toMatchObject({ location: { carrier: "Play" } });
  });

  test("without a free device changes nothing", async () => {
    here = shop({ config: { devicesPerCarrier: { shared: 1, private: 0 }, countries: ["GB"] } });
    const line = "GET /x402/proxy?country=GB&carrier=EE";
    token = { "X-Session-Token": (await buy(here, "one", line)).sessionToken };
    const reply = await replace();
    expect([reply.status, reply.body["message"]]).toEqual([409, "No free shared device in United Kingdom with EE"]);
    expect(await own()).toMatchObject({ portCount: 1 });
  });
});

test("a port that was deleted is created again, and only then", async () => {
  const recreate = () => call("POST /x402/manage/ports/recreate", {});
  expect((await recreate()).status).toBe(400);
  here.control.removePort(here.control.x402.sessions()[0]?.portId ?? "");
  expect(await own()).toMatchObject({ portCount: 0, ports: [] });
  expect((await recreate()).status).toBe(200);
  expect(await own()).toMatchObject({ portCount: 1 });
  expect((await replace()).status).toBe(200);
});
