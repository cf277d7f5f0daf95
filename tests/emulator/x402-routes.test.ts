import { ROUTES } from "../../emulator/routes";
import { x402Routes } from "../../emulator/x402/routes";
import { NOBODY, type World } from "./harness";
import { buy, nonceOf, OTHER, PAYER, shop } from "./x402-wallet";

interface Row {
  ok: number;
  /** Gives the path's parameter, and headers that the call needs. */
  make?: (here: World) => Promise<{ parameter?: string; headers?: Record<string, string> }>;
  query?: string;
  body?: unknown;
  /** Queries as "?…", or bodies, that are refused with 400. */
  bad?: unknown[];
  /** A parameter of nothing that is there: 404. */
  missing?: string;
  /** It is opened by a session's token. */
  owned?: true;
  quirk?: true;
}

const token = async (here: World) => ({ headers: { "X-Session-Token": (await buy(here)).sessionToken } });
const own: Row = { ok: 200, make: token, owned: true };
const id = async (here: World) => ({ parameter: (await buy(here)).session.id });
const order: Row = {
  ok: 402,
  query: "?country=de&duration=7200&traffic=0.5&tier=private&city=munich&carrier=vodafone",
  bad: [
    ...["", "?country=XX", "?country=DE&duration=3599", "?country=DE&duration=2592001", "?country=DE&duration=1h"],
    ...["?country=DE&traffic=0.05", "?country=DE&traffic=x", "?country=DE&tier=gold", "?country=DE&city=paris"],
  ],
};
const size = { ok: 200, query: "?tier=private&duration=3600&traffic=2", bad: ["?traffic=0", "?traffic=1&tier=both"] };

/** Every x402 route has a row: a route that is added without one fails below. */
const TABLE: Record<string, Row> = {
  "GET /x402/health": { ok: 200 },
  "POST /x402/health": { ok: 200 },
  "GET /x402/info": { ok: 200 },
  "GET /x402/countries": { ok: 200, query: "?tier=shared", bad: ["?tier=both"] },
  "GET /x402/pricing": { ...size },
  "POST /x402/pricing": { ok: 200, body: { traffic: 1 }, bad: [{ traffic: 0 }, []] },
  "GET /x402/calculate": { ...size },
  "POST /x402/calculate": { ok: 200, body: { tier: "shared", traffic: 1 }, bad: [{ tier: "both" }, "{half"] },
  "GET /x402/agents": { ok: 200 },
  "POST /x402/agents": { ok: 201, body: { wallet: PAYER.address, name: "me" }, bad: [{}, { walletAddress: "me" }] },
  "GET /x402/proxy": order,
  "POST /x402/proxy": { ok: 402, body: { country: "DE", traffic: 1 }, bad: [{}, { country: "DE", duration: 1 }] },
  "GET /x402/session/:id": { ok: 200, make: id, missing: NOBODY },
  "GET /x402/session/tx/:txHash": {
    ok: 200,
    make: async (here) => ({ parameter: (await buy(here)).payment.transactionHash }),
    missing: nonceOf("none"),
  },
  "GET /x402/sessions/wallet/:wallet": {
    ok: 200,
    make: async () => ({ parameter: PAYER.address }),
    query: "?status=all",
    bad: ["?status=gone"],
  },
  "GET /x402/sessions/:id/status": { ok: 200, make: id, missing: NOBODY },
  "POST /x402/sessions/:id/extend": { ok: 402, make: id, query: "?hours=2", missing: NOBODY, quirk: true },
  "GET /x402/manage/session": own,
  "GET /x402/manage/session/credit": own,
  "GET /x402/manage/session/topup/calculate": {
    ...own,
    query: "?addTrafficGB=1&addDurationSeconds=3600",
    bad: ["", "?addTrafficGB=0.05", "?addDurationSeconds=3599", "?addTrafficGB=x"],
  },
  "POST /x402/manage/session/topup": {
    ...{ ...own, ok: 402, body: { addTrafficGB: 1 } },
    bad: [{}, { addTrafficGB: 0.01 }, { addDurationSeconds: 60 }, { addDurationSeconds: 3_600 }],
  },
  "GET /x402/manage/ports": own,
  "GET /x402/manage/ports/:id/status": {
    ...own,
    make: async (here) => {
      const made = await token(here);
      return { ...made, parameter: here.control.x402.sessions()[0]?.portId };
    },
    missing: NOBODY,
  },
  "POST /x402/manage/ports/replace": { ...own, body: {}, bad: [{ country: "XX" }, { city: "paris" }, "{half"] },
  "POST /x402/manage/ports/recreate": {
    ...own,
    make: async (here) => {
      const made = await token(here);
      here.control.removePort(here.control.x402.sessions()[0]?.portId ?? "");
      return made;
    },
  },
  "POST /rpc": { ok: 200, body: { jsonrpc: "2.0", id: 1, method: "eth_chainId" }, bad: ["{half"] },
};

test("the table has a row for each x402 route, and no other", () => {
  expect(Object.keys(TABLE).sort()).toEqual(x402Routes.map(({ verb, path }) => `${verb} ${path}`).sort());
  expect(ROUTES).toEqual(expect.arrayContaining(x402Routes));
});

describe.each(x402Routes.map((route) => [`${route.verb} ${route.path}`, route] as const))("%s", (line, route) => {
  const row = TABLE[line] as Row;
  const at = (parameter = "") => `${route.verb} /v1${route.path.replace(/:\w+/, parameter)}`;
  const open = () => {
    const here = shop();
    if (row.quirk) here.control.setQuirks({ x402Extend: true });
    return here;
  };

  test(`is ${row.ok} for a good call without a key`, async () => {
    const here = open();
    const { parameter, headers } = (await row.make?.(here)) ?? {};
    const reply = await here.call(at(parameter) + (row.query ?? ""), { body: row.body, key: null, headers });
    expect(reply.status).toBe(row.ok);
    expect(reply.headers.get("content-type")).toContain("application/json");
  });

  if (row.owned)
    test("is 401 without a session's token, and 404 with a wrong one", async () => {
      const here = open();
      const call = (headers: Record<string, string>) => here.call(at(NOBODY), { body: row.body, key: null, headers });
      expect((await call({})).status).toBe(401);
      expect((await call({ "X-Session-Token": "x402s_wrong" })).status).toBe(404);
    });

  if (row.missing)
    test("is 404 for what is not there", async () => {
      const here = open();
      const { headers } = (await row.make?.(here)) ?? {};
      const reply = await here.call(at(row.missing), { body: row.body, key: null, headers });
      expect(reply.body).toMatchObject({ statusCode: 404, error: "Not Found" });
    });

  if (row.bad)
    test.each(row.bad.map((bad) => [JSON.stringify(bad), bad]))("is 400 for %s", async (_text, bad) => {
      const here = open();
      const { parameter, headers } = (await row.make?.(here)) ?? {};
      const isQuery = route.verb === "GET";
      const body = isQuery ? undefined : bad;
      const reply = await here.call(at(parameter) + (isQuery ? String(bad) : ""), { body, key: null, headers });
      expect(reply.body).toMatchObject({ statusCode: 400, error: "Bad Request" });
    });
});

describe("the public answers", () => {
  const get = async (path: string) => (await shop().call(`GET /v1${path}`, { key: null })).body;

  test("health, info and pricing hold the page's fields", async () => {
    expect(await get("/x402/health")).toEqual({ enabled: true, status: "ok", version: "1.0.0" });
    const pricing = { shared: { perGB: 4, perHour: 0 }, private: { perGB: 8, perHour: 0 } };
    expect(await get("/x402/pricing")).toEqual({ ...pricing, networks: ["solana", "base-sepolia"], currency: "USDC" });
    expect(await get("/x402/info")).toMatchObject({
      pricing,
      networks: ["solana", "base-sepolia"],
      wallets: { "base-sepolia": "0xF8cD900794245fc36CBE65be9afc23CDF5103042" },
      limits: { minDuration: 3_600, maxDuration: 2_592_000, minTrafficGB: 0.1 },
    });
  });

  test("a calculation has the page's cost and the client's total", async () => {
    expect(await get("/x402/calculate?tier=private&duration=7200&traffic=0.25")).toEqual({
      cost: "2.00",
      currency: "USDC",
      tier: "private",
      trafficRatePerGB: 8,
      totalCost: 2,
      breakdown: { trafficCost: 2, durationCost: 0, trafficGB: 0.25, durationSeconds: 7_200 },
    });
    expect(await get("/x402/pricing?country=DE&traffic=2")).toMatchObject({ totalCost: 8, shared: { perGB: 4 } });
  });

  test("countries show the stock by tier", async () => {
    const here = shop({ config: { devicesPerCarrier: { shared: 1, private: 0 }, countries: ["DE", "GB"] } });
    const list = async (query = "") => (await here.call(`GET /x402/countries${query}`, { key: null })).body;
    expect(await list()).toEqual([
      { code: "DE", name: "Germany", availableDevices: 3, tier: "shared" },
      { code: "GB", name: "United Kingdom", availableDevices: 2, tier: "shared" },
    ]);
    expect(await list("?tier=private")).toEqual([]);
    await buy(here);
    expect(await list("?tier=shared")).toMatchObject([{ availableDevices: 2 }, { availableDevices: 2 }]);
  });

  test("agents are registered, each wallet once", async () => {
    const here = shop();
    const register = (wallet: string, name: string) =>
      here.call("POST /x402/agents", { key: null, body: { walletAddress: wallet, name } });
    await register(PAYER.address, "one");
    await register(OTHER.address, "two");
    await register(PAYER.address.toLowerCase(), "three");
    expect((await here.call("GET /x402/agents", { key: null })).body).toMatchObject({
      agents: [{ name: "two" }, { name: "three", registeredAt: "2026-01-15T12:00:00.000Z" }],
      total: 2,
    });
  });

  test("countries, cities and carriers ask for no key, and have codes", async () => {
    expect(await get("/countries")).toMatchObject([{ code: "DE", isActive: true }, {}, {}, {}, {}, {}]);
    expect(await get("/cities?country=PL")).toMatchObject([{ code: "warsaw" }, { name: "Kraków", code: "krakow" }]);
    expect(await get("/carriers?country=DE")).toMatchObject([{ code: "vodafone" }, { code: "o2" }, {}]);
  });
});
