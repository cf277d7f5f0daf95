import { createX402Api, type X402Api } from "../../../api";
import { failure } from "../vendor";
import { PAYEE } from "../../lifecycle/x402-keys";
import { ACCEPT, base64, HASH, PAGE, required, shops, TOKEN, WALLET } from "./shop";

const shop = shops();
const AT = "2026-01-15T13:00:00.000Z";
const END = Date.parse(AT);
const FIVE = { host: "1.2.3.4", httpPort: 8001, socksPort: 9001, username: "x402_u", password: "p%$ w" };
const CREDENTIALS = { ...FIVE, expiresAt: AT };
const PORT = {
  id: "p1",
  displayName: "Proxy #1",
  http: "http://u:p@1.2.3.4:8001",
  socks5: "socks5://u:p@1.2.3.4:9001",
  expiresAt: AT,
  expiresInSeconds: 60,
  rotationUrl: "https://api.proxies.sx/rotate/t",
  status: "active",
  traffic: { usedBytes: 5, usedGB: 0.5 },
};
const READ_PORT = { ...PORT, expiresAt: END, traffic: undefined, usedBytes: 5, usedGB: 0.5 };
const TOOL = {
  sessionId: "s1",
  walletAddress: WALLET.toUpperCase().replace("X", "x"),
  network: "base-sepolia",
  txHash: HASH,
  amountUSDC: 4.1,
  tier: "shared",
  trafficAllocatedGB: 1,
  trafficUsedGB: 0.25,
  portCount: 1,
  expiresAt: AT,
  isActive: true,
};
const READ_TOOL = {
  id: "s1",
  wallet: WALLET,
  network: "base-sepolia",
  transactionHash: HASH,
  paid: 4_100_000n,
  tier: "shared",
  allocatedGB: 1,
  usedGB: 0.25,
  portCount: 1,
  expiresAt: END,
  isActive: true,
};
const CLIENT = {
  id: "s1",
  status: "active",
  expiresAt: AT,
  proxy: CREDENTIALS,
  location: { country: "Germany", countryCode: "DE" },
  traffic: { allowedGB: 1, usedGB: 0.25, remainingGB: 0.75, percentUsed: 25 },
  payment: { network: "eip155:84532", transactionHash: HASH, amountUSDC: "4.10", paidAt: "2026-01-15T12:00:00Z" },
  rotationUrl: "https://api.proxies.sx/rotate/t",
  rotationToken: "t",
};
const READ_CLIENT = {
  id: "s1",
  status: "active",
  network: "base-sepolia",
  transactionHash: HASH,
  paid: 4_100_000n,
  allocatedGB: 1,
  usedGB: 0.25,
  remainingGB: 0.75,
  createdAt: Date.parse("2026-01-15T12:00:00Z"),
  expiresAt: END,
  proxy: { ...FIVE, expiresAt: END },
  location: { country: "Germany", countryCode: "DE" },
  rotationUrl: "https://api.proxies.sx/rotate/t",
  rotationToken: "t",
};
const ORDER = { country: "DE", durationSeconds: 3_600, trafficGB: 1, tier: "shared", city: "Berlin" } as const;
const PROOF = { kind: "transaction", hash: HASH, network: "base-sepolia", payer: WALLET } as const;

type Run = (x402: X402Api) => Promise<unknown>;
const byId: Run = ({ sessions }) => sessions.get("s1");
const own: Run = ({ manage }) => manage.session(TOKEN);
const buy: Run = (x402) => x402.buyProxy(ORDER, PROOF);

describe("each call, and each documented shape of its answer", () => {
  test.each<[string, Run, unknown, unknown]>([
    ["GET /v1/x402/health", (x) => x.health(), { enabled: true, version: "1" }, { enabled: true, version: "1" }],
    [
      "GET /v1/x402/info",
      (x) => x.info(),
      {
        pricing: { shared: { perGB: 4, perHour: 0.1 }, private: { perGB: 8, perHour: 0.25 } },
        networks: ["solana", { network: "eip155:8453" }],
        wallets: { base: ACCEPT.payTo },
        limits: { minDuration: 3600, maxDuration: 2592000, minTrafficGB: 0.1 },
        currency: "USDC",
      },
      {
        shared: { perGB: 4_000_000n, perHour: 100_000n },
        private: { perGB: 8_000_000n, perHour: 250_000n },
        networks: ["solana", "base"],
        wallets: { base: PAYEE },
        limits: { minDuration: 3600, maxDuration: 2592000, minTrafficGB: 0.1 },
        currency: "USDC",
      },
    ],
    [
      "GET /v1/x402/countries?tier=shared",
      (x) => x.countries("shared"),
      [{ code: "DE", name: "Germany", availableDevices: 3, tier: "both" }],
      [{ code: "DE", name: "Germany", availableDevices: 3, tier: "both" }],
    ],
    [
      "GET /v1/x402/pricing",
      (x) => x.pricing(),
      { shared: { perGB: "4.00" }, networks: ["base"] },
      { shared: { perGB: 4_000_000n }, networks: ["base"] },
    ],
    [
      "GET /v1/x402/calculate?tier=private&duration=3600&traffic=0.5",
      (x) => x.calculate({ tier: "private", durationSeconds: 3600, trafficGB: 0.5 }),
      { cost: "4.00", currency: "USDC", breakdown: { trafficCost: 4, durationCost: 0 } },
      { total: 4_000_000n, trafficCost: 4_000_000n, durationCost: 0n },
    ],
    [
      "GET /v1/x402/calculate",
      (x) => x.calculate({}),
      { totalCost: 4, tier: "shared", trafficRatePerGB: 4 },
      { total: 4_000_000n, tier: "shared", perGB: 4_000_000n },
    ],
    [
      "GET /v1/x402/agents",
      (x) => x.agents(),
      { agents: [{ walletAddress: WALLET, name: "a", registeredAt: AT }], total: 1 },
      [{ wallet: WALLET, name: "a", registeredAt: END }],
    ],
    ["GET /v1/x402/agents", (x) => x.agents(), [], []],
    ["GET /v1/x402/session/s1", byId, TOOL, READ_TOOL],
    ["GET /v1/x402/session/s1", byId, { ...CLIENT, sessionToken: TOKEN }, { ...READ_CLIENT, token: TOKEN }],
    ["GET /v1/x402/session/s1", byId, { success: true, session: CLIENT }, READ_CLIENT],
    [`GET /v1/x402/session/tx/${HASH}`, (x) => x.sessions.byTransaction(HASH), TOOL, READ_TOOL],
    [
      `GET /v1/x402/sessions/wallet/${WALLET}?status=all`,
      (x) => x.sessions.byWallet(WALLET, "all"),
      { sessions: [TOOL, CLIENT], total: 2 },
      [READ_TOOL, READ_CLIENT],
    ],
    [`GET /v1/x402/sessions/wallet/${WALLET}`, (x) => x.sessions.byWallet(WALLET), [TOOL], [READ_TOOL]],
    [
      "GET /v1/x402/sessions/s1/status",
      (x) => x.sessions.status("s1"),
      {
        id: "s1",
        status: "suspended",
        walletAddress: WALLET,
        expiresAt: AT,
        traffic: { allowedGB: 1, usedGB: 1, remainingGB: 0 },
      },
      { id: "s1", status: "suspended", wallet: WALLET, expiresAt: END, allocatedGB: 1, usedGB: 1, remainingGB: 0 },
    ],
    [
      "GET /v1/x402/manage/session",
      own,
      { ...TOOL, ports: [PORT] },
      { ...READ_TOOL, token: TOKEN, ports: [READ_PORT] },
    ],
    ["GET /v1/x402/manage/session", own, { ...TOOL, sessionToken: TOKEN }, { ...READ_TOOL, token: TOKEN }],
    [
      "GET /v1/x402/manage/session/credit",
      (x) => x.manage.credit(TOKEN),
      { tier: "shared", allocatedGB: 1, usedGB: 0.5, remainingGB: 0.5, enabled: true, expiresAt: AT },
      { tier: "shared", allocatedGB: 1, usedGB: 0.5, remainingGB: 0.5, enabled: true, expiresAt: END },
    ],
    ["GET /v1/x402/manage/ports", (x) => x.manage.ports(TOKEN), { ports: [PORT], total: 1 }, [READ_PORT]],
    ["GET /v1/x402/manage/ports", (x) => x.manage.ports(TOKEN), [PORT], [READ_PORT]],
    ["GET /v1/x402/manage/ports", (x) => x.manage.ports(TOKEN), [{ id: "p1", traffic: null }], [{ id: "p1" }]],
    ["GET /v1/x402/manage/ports/p1/status", (x) => x.manage.portStatus(TOKEN, "p1"), PORT, READ_PORT],
    [
      "POST /v1/x402/manage/ports/replace",
      (x) => x.manage.replacePort(TOKEN, { country: "PL" }),
      {
        portId: "p2",
        proxy: { http: PORT.http, socks5: PORT.socks5, expiresAt: AT },
        rotationUrl: PORT.rotationUrl,
        traffic: { allocatedGB: 1, usedGB: 0, remainingGB: 1 },
        location: { country: "Poland", countryCode: "PL" },
      },
      {
        portId: "p2",
        http: PORT.http,
        socks5: PORT.socks5,
        expiresAt: END,
        rotationUrl: PORT.rotationUrl,
        allocatedGB: 1,
        usedGB: 0,
        remainingGB: 1,
        location: { country: "Poland", countryCode: "PL" },
      },
    ],
    [
      "GET /v1/x402/manage/session/topup/calculate?addTrafficGB=0.5&addDurationSeconds=3600",
      (x) => x.manage.topupPrice(TOKEN, { trafficGB: 0.5, durationSeconds: 3600 }),
      {
        trafficCost: 2,
        durationCost: 0,
        totalCost: 2,
        breakdown: { addTrafficGB: 0.5, addDurationSeconds: 3600, trafficPricePerGB: 4, tier: "shared" },
      },
      { total: 2_000_000n, trafficCost: 2_000_000n, durationCost: 0n, perGB: 4_000_000n, tier: "shared" },
    ],
    [
      "POST /v1/x402/manage/session/topup",
      (x) => x.manage.topup(TOKEN, { trafficGB: 0.5 }, PROOF),
      {
        sessionId: "s1",
        trafficAllocatedGB: 1.5,
        expiresAt: AT,
        payment: { txHash: HASH, network: "base", amountUSDC: 2 },
        ports: [{ id: "p1", expiresAt: AT }],
      },
      {
        sessionId: "s1",
        allocatedGB: 1.5,
        expiresAt: END,
        transactionHash: HASH,
        paid: 2_000_000n,
        ports: [{ id: "p1", expiresAt: END }],
      },
    ],
    [
      "POST /v1/x402/manage/session/topup",
      (x) => x.manage.topup(TOKEN, { durationSeconds: 3600 }, { kind: "nothing" }),
      { sessionId: "s1", trafficAllocatedGB: 1, expiresAt: AT, payment: { txHash: "duration-only", amountUSDC: 0 } },
      { sessionId: "s1", allocatedGB: 1, expiresAt: END, paid: 0n },
    ],
    [
      "GET /v1/countries",
      (x) => x.places.countries(),
      [{ name: "Germany", code: "DE" }],
      [{ name: "Germany", code: "DE" }],
    ],
    [
      "GET /v1/cities?country=DE",
      (x) => x.places.cities("DE"),
      [{ _id: "c1", name: "Berlin", code: "berlin" }],
      [{ id: "c1", name: "Berlin", code: "berlin" }],
    ],
    ["GET /v1/carriers?country=DE", (x) => x.places.carriers("DE"), [{ name: "Telekom" }], [{ name: "Telekom" }]],
    [
      "GET /v1/x402/proxy?country=DE&tier=shared&city=Berlin&duration=3600&traffic=1",
      buy,
      { credentials: CREDENTIALS },
      { proxy: { ...FIVE, expiresAt: END }, expiresAt: END },
    ],
    [
      "GET /v1/x402/proxy?country=DE&tier=shared&city=Berlin&duration=3600&traffic=1",
      buy,
      {
        success: true,
        sessionToken: TOKEN,
        session: { ...CLIENT, payment: undefined },
        payment: { network: "base", transactionHash: HASH, amountPaid: "4.00" },
      },
      { ...READ_CLIENT, createdAt: undefined, network: "base", paid: 4_000_000n, token: TOKEN },
    ],
  ])("%s", async (line, run, json, read) => {
    const { x402, calls, seen, notices } = await shop([{ json }]);
    expect(await run(x402)).toEqual(read);
    expect(calls()).toEqual([line]);
    expect(notices).toEqual([]);
    const { headers } = seen[0]!;
    expect(headers["x-api-key"]).toBeUndefined();
    expect(headers["x-session-token"]).toBe(line.includes("/manage/") ? TOKEN : undefined);
  });
});

describe("what cannot be one is refused in one line that names endpoint and field", () => {
  test.each<[string, Run, unknown]>([
    ["GET /v1/x402/health: answer field enabled is missing", (x) => x.health(), {}],
    ["GET /v1/x402/info: answer field wallets.base is not an address", (x) => x.info(), { wallets: { base: "me" } }],
    [
      "GET /v1/x402/info: answer field pricing.shared.perGB is not an amount of USDC",
      (x) => x.info(),
      { pricing: { shared: { perGB: -1 } } },
    ],
    [
      "GET /v1/x402/calculate: answer field totalCost is not the same as cost",
      (x) => x.calculate({}),
      { cost: "4.00", totalCost: 5 },
    ],
    ["GET /v1/x402/calculate: answer field cost is missing", (x) => x.calculate({}), {}],
    [
      "GET /v1/x402/countries: answer field [0].code is not a country code",
      (x) => x.countries(),
      [{ code: "1", name: "x" }],
    ],
    ["GET /v1/x402/session/:id: answer field id is missing", byId, { status: "active" }],
    ["GET /v1/x402/session/:id: answer field sessionId is not an id", byId, { sessionId: "../x" }],
    [
      "GET /v1/x402/session/:id: answer field txHash is not the hash of a transaction",
      byId,
      { ...TOOL, txHash: "0x1" },
    ],
    ["GET /v1/x402/session/:id: answer field walletAddress is not an address", byId, { ...TOOL, walletAddress: "0x1" }],
    ["GET /v1/x402/session/:id: answer field expiresAt is not a time", byId, { ...TOOL, expiresAt: "tomorrow" }],
    [
      "GET /v1/x402/session/:id: answer field amountUSDC is not an amount of USDC",
      byId,
      { ...TOOL, amountUSDC: "4 USDC" },
    ],
    ["GET /v1/x402/session/:id: answer field trafficUsedGB is not a quantity", byId, { ...TOOL, trafficUsedGB: -1 }],
    [
      "GET /v1/x402/session/:id: answer field proxy.httpPort is not a port number",
      byId,
      { ...CLIENT, proxy: { httpPort: 0 } },
    ],
    [
      "GET /v1/x402/session/:id: answer field proxy.host is not a host name or an address",
      byId,
      { ...CLIENT, proxy: { host: "a b" } },
    ],
    [
      "GET /v1/x402/sessions/wallet/:id: answer field sessions[1].id is missing",
      (x) => x.sessions.byWallet(WALLET),
      [TOOL, {}],
    ],
    [
      "GET /v1/x402/manage/ports: answer field ports[0].http is not a proxy's URL",
      (x) => x.manage.ports(TOKEN),
      [{ ...PORT, http: "ftp://x" }],
    ],
    [
      "GET /v1/x402/manage/session/topup/calculate: answer field totalCost is missing",
      (x) => x.manage.topupPrice(TOKEN, {}),
      {},
    ],
    ["GET /v1/x402/proxy: the answer has neither credentials nor a session", buy, {}],
    ["GET /v1/x402/proxy: answer field success is false", buy, { success: false }],
  ])("%s", async (line, run, json) => {
    const { x402 } = await shop([{ json }]);
    const error = await failure(run(x402));
    expect(error.message).toContain(line);
    expect(error.message).not.toContain("\n");
    expect(error).toMatchObject({ code: "bad_answer", maybeDone: run === buy });
  });
});

test.each<[string, Run]>([
  ["a transaction's hash must be", (x) => x.sessions.byTransaction("0x12")],
  ["a transaction's hash must be", (x) => x.sessions.byTransaction(`../${HASH}`)],
  ["a wallet's address must be", (x) => x.sessions.byWallet("../../ports")],
  ["a wallet's address must be", (x) => x.sessions.byWallet(`../${WALLET}`)],
  ["a wallet's address must be", (x) => x.sessions.byWallet(`${WALLET}/../x`)],
  ["an id must be", (x) => x.sessions.get("a/b")],
  ["a session's token must be", (x) => x.manage.session("a b")],
  ["a session's token must be", (x) => x.manage.session("[secret]")],
  ["a session's token must be", (x) => x.manage.topup("", {}, PROOF)],
  ["a transaction's hash must be", (x) => x.manage.topup(TOKEN, {}, { ...PROOF, hash: "0x" })],
  [
    "the signed payment must be base64",
    (x) => x.buyProxy(ORDER, { kind: "authorization", version: 1, payload: "a\r\nb" }),
  ],
  ["the payer must be", (x) => x.buyProxy(ORDER, { ...PROOF, payer: "0x1ü" })],
  ["a payment's id must be", (x) => x.buyProxy(ORDER, { kind: "watched", paymentId: "" })],
])("nothing is sent: %s", async (reason, run) => {
  const { x402, seen } = await shop([{ json: {} }]);
  const error = await failure(run(x402));
  expect(error).toMatchObject({ code: "invalid_input", reason: expect.stringContaining(reason) as string, sent: "no" });
  expect(seen).toEqual([]);
});

test("an option that cannot work is refused", () => {
  expect(() => createX402Api({ apiUrl: "http://example.com" })).toThrow("HTTP is allowed for localhost only");
});

describe("a proof of payment", () => {
  const payload = base64({ x402Version: 1, payload: { signature: `0x${"ab".repeat(65)}` } });
  test.each<[string, Run, Record<string, string>]>([
    ["version 1", (x) => x.buyProxy(ORDER, { kind: "authorization", version: 1, payload }), { "x-payment": payload }],
    [
      "version 2",
      (x) => x.buyProxy(ORDER, { kind: "authorization", version: 2, payload }),
      { "payment-signature": payload },
    ],
    [
      "a transaction for a proxy",
      buy,
      { "x-payment": JSON.stringify({ transactionHash: HASH, network: "base-sepolia", payer: WALLET }) },
    ],
    [
      "a transaction for a top-up",
      (x) => x.manage.topup(TOKEN, { trafficGB: 1 }, PROOF),
      { "payment-signature": HASH },
    ],
    ["an offer's id", (x) => x.buyProxy(ORDER, { kind: "watched", paymentId: "pay_1" }), { "x-payment-id": "pay_1" }],
    ["nothing to pay", (x) => x.manage.topup(TOKEN, {}, { kind: "nothing" }), { "payment-signature": "duration-only" }],
  ])("%s goes by header", async (_what, run, headers) => {
    const { x402, seen } = await shop([{ json: { credentials: CREDENTIALS, sessionId: "s1" } }]);
    await run(x402);
    const sent = Object.entries(seen[0]!.headers).filter(([name]) => name.includes("payment"));
    expect(Object.fromEntries(sent)).toEqual(headers);
    expect(seen[0]!.url).not.toContain(HASH);
  });

  test("is not repeated in an error, however the vendor says it", async () => {
    const signature = `0x${"ab".repeat(65)}`;
    for (const words of [payload, signature, encodeURIComponent(payload)]) {
      const { x402 } = await shop([
        { status: 500, json: { message: `bad ${words}` } },
        { status: 402, json: { error: `bad ${words}` } },
        { status: 402, json: {}, headers: { "PAYMENT-RESPONSE": base64({ errorReason: `bad ${words}` }) } },
      ]);
      for (let nth = 0; nth < 3; nth++) {
        const { message } = await failure(x402.buyProxy(ORDER, { kind: "authorization", version: 1, payload }));
        expect(message).not.toContain(words);
        expect(message).not.toContain("abababab");
      }
    }
  });

  test("nor is a session's token", async () => {
    const { x402 } = await shop([{ status: 404, json: { message: `No session ${TOKEN}` } }]);
    expect((await failure(own(x402))).message).toBe(
      "GET /v1/x402/manage/session: No session [secret] (404 not_found, request req-1)",
    );
  });
});

describe("a call that pays is sent once, and no refusal is believed", () => {
  test.each([400, 401, 402, 403, 404, 409, 429, 500, 503])("%i", async (status) => {
    const reply = { status, json: { message: "no", error: "settlement timed out" }, headers: { "Retry-After": "1" } };
    for (const run of [buy, ((x) => x.manage.topup(TOKEN, { trafficGB: 1 }, PROOF)) as Run]) {
      const { x402, seen } = await shop([reply]);
      const error = await failure(run(x402));
      expect(error).toMatchObject({ status, sent: "maybe", maybeDone: true });
      expect(error.message).toContain("look before you repeat it");
      if (status === 402)
        expect(error).toMatchObject({ code: "rejected", reason: "the payment was refused: settlement timed out" });
      expect(seen).toHaveLength(1);
    }
  });

  test("a 402 whose terms are broken, and one with the reason in a header alone", async () => {
    const { x402 } = await shop([
      {
        status: 402,
        text: "",
        headers: { "X-PAYMENT-RESPONSE": base64({ success: false, errorReason: "insufficient_funds" }) },
      },
      { status: 402, json: {}, headers: required([], { error: "invalid_network" }) },
      { status: 402, text: "", headers: { "PAYMENT-RESPONSE": "%" } },
    ]);
    const reasons = [];
    for (let nth = 0; nth < 3; nth++) reasons.push((await failure(buy(x402))).reason);
    expect(reasons).toEqual(
      ["insufficient_funds", "invalid_network", "the vendor gave no reason"].map(
        (why) => `the payment was refused: ${why}`,
      ),
    );
  });

  test.each<[string, object]>([
    ["an empty body", { text: "" }],
    ["no JSON", { text: "<html>" }],
    ["a cut connection", { by: (response: { destroy(): void }) => response.destroy() }],
  ])("%s", async (_what, reply) => {
    const { x402, seen } = await shop([reply]);
    expect(await failure(buy(x402))).toMatchObject({ sent: "maybe", maybeDone: true });
    expect(seen).toHaveLength(1);
  });

  test("what was bought stands although the header on its settling is broken", async () => {
    const { x402, notices } = await shop([
      { json: { credentials: CREDENTIALS }, headers: { "PAYMENT-RESPONSE": "%" } },
    ]);
    expect(await buy(x402)).toMatchObject({ proxy: { host: "1.2.3.4" } });
    expect(notices).toEqual([
      expect.stringContaining("PAYMENT-RESPONSE is no base64 of a JSON object: it is left out"),
    ]);
  });
});

test("asking for terms is a read, and is repeated as one", async () => {
  const { x402, seen } = await shop([{ status: 502 }, { status: 402, json: { payment: PAGE } }]);
  expect(await x402.askProxy(ORDER)).toHaveProperty("terms");
  expect(seen).toHaveLength(2);
});

test("what the vendor saw paid by itself is answered without a proof", async () => {
  const { x402 } = await shop([{ json: { credentials: CREDENTIALS } }]);
  expect(await x402.askProxy(ORDER)).toMatchObject({ bought: { proxy: { host: "1.2.3.4" } } });
});
