import { x402Client, x402HTTPClient } from "@x402/core/client";
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment } from "@x402/fetch";
import { createX402Api } from "../../api";
import { startEmulator } from "../../emulator";
import { type Bought, type Offered, PAYER, rpc, shop } from "./x402-wallet";
import { type World } from "./harness";
import { base, createPublicClient, createWalletClient, custom, erc20Abi, type Hex } from "./x402-viem";

/** Signs with the real time. */
const now = Date.now;

describe("the official client", () => {
  const client = () =>
    new x402HTTPClient(registerExactEvmScheme(new x402Client(), { signer: PAYER, networks: ["eip155:84532"] }));
  const line = "GET /v1/x402/proxy?country=DE&traffic=0.1";

  async function buyWith(here: World) {
    const offer = await here.call(line, { key: null });
    const required = client().getPaymentRequiredResponse((name) => offer.headers.get(name), offer.body);
    const payload = await client().createPaymentPayload(required);
    const headers = client().encodePaymentSignatureHeader(payload);
    const reply = await here.call<Bought>(line, { key: null, headers });
    return { required, reply, settled: client().getPaymentSettleResponse((name) => reply.headers.get(name)) };
  }

  test.each([
    ["version 2, from the header", "union", 2],
    ["version 1, from the body", "v1", 1],
  ] as const)("pays by %s", async (_how, x402Offer, version) => {
    const here = shop({ now });
    here.control.setQuirks({ x402Offer });
    const { required, reply, settled } = await buyWith(here);
    expect(required.x402Version).toBe(version);
    expect([reply.status, reply.body.success]).toEqual([200, true]);
    expect(settled).toMatchObject({
      success: true,
      transaction: reply.body.payment.transactionHash,
      payer: PAYER.address,
    });
    expect(here.control.x402.balance(PAYER.address)).toBe("99.60");
  });

  test("as @x402/fetch, over a socket: what it bought our client finds", async () => {
    const emulator = await startEmulator();
    const x402 = createX402Api({ apiUrl: emulator.url });
    try {
      emulator.control.x402.faucet(PAYER.address);
      const paying = wrapFetchWithPayment(fetch, client());
      const reply = await paying(`${emulator.url}/v1/x402/proxy?country=DE&traffic=0.1`);
      const { session, payment } = (await reply.json()) as Bought;
      expect([reply.status, emulator.control.x402.balance(PAYER.address)]).toEqual([200, "99.60"]);
      expect(await x402.sessions.byTransaction(payment.transactionHash)).toMatchObject({
        ...{ id: session.id, status: "active", paid: 400_000n, wallet: PAYER.address.toLowerCase() },
      });
    } finally {
      x402.close();
      await emulator.close();
    }
  });

  test("pays twice where an answer is lost: it signs anew for each 402", async () => {
    const here = shop({ now });
    here.control.x402.addFault({ kind: "settleLost", times: 1 });
    const lost = await buyWith(here);
    expect([lost.reply.status, lost.settled.errorReason]).toEqual([402, "settlement timed out"]);
    expect((await buyWith(here)).reply.status).toBe(200);
    expect(here.control.x402.balance(PAYER.address)).toBe("99.20");
  });
});

/**
 * The vendor's MCP client in wallet mode, whose calls are replayed as its source has them (M): on Base's own chain id, as
 * it knows no other, with viem, a plain transfer and its hash.
 */
describe("the vendor's own client", () => {
  let here: World;
  beforeEach(() => (here = shop({ config: { x402: { network: "base" } } })));
  /** Calls that were answered with 200, with names for ids. */
  const answered = new Set<string>();
  const shapeOf = (line: string) =>
    line
      .replace(/\?.*|\/v1(?=\/)/g, "")
      .replace(/0x[0-9a-fA-F]{40}/, ":wallet")
      .replace(/(rotate)\/[^/]+|\/[0-9a-f]{24}(?=\/|$)/, (_, rotate) => (rotate ? "rotate/:token" : "/:id"));
  const api = async <T>(line: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const reply = await here.call<T>(line, {
      key: null,
      body,
      headers: { "Content-Type": "application/json", ...headers },
    });
    expect(reply.status).toBe(200);
    answered.add(shapeOf(line));
    return reply.body;
  };

  async function pay(url: string, method = "GET"): Promise<Bought> {
    const transport = custom({
      request: ({ method: name, params }: { method: string; params?: unknown[] }) => rpc(here, name, params),
    });
    const wallet = createWalletClient({ account: PAYER, chain: base, transport });
    const chain = createPublicClient({ chain: base, transport, pollingInterval: 1 });
    const usdc = { address: "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", abi: erc20Abi } as const;

    const offer = await here.call<Offered>(`${method} ${url}`, { key: null });
    expect(offer.status).toBe(402);
    const option = offer.body.paymentRequirement.accepts.find(({ network }) => network === "base");
    const amount = BigInt(option?.maxAmountRequired ?? 0);
    const balance = await chain.readContract({ ...usdc, functionName: "balanceOf", args: [PAYER.address] });
    expect(balance >= amount).toBe(true);
    const hash = await wallet.writeContract({
      ...usdc,
      functionName: "transfer",
      args: [option?.payTo as Hex, amount],
    });
    expect((await chain.waitForTransactionReceipt({ hash, confirmations: 1 })).status).toBe("success");
    const proof = JSON.stringify({ transactionHash: hash, network: "base", payer: PAYER.address });
    return api<Bought>(`${method} ${url}`, undefined, { "X-Payment": proof });
  }

  test("x402_get_proxy, _get_pricing, _wallet_balance, _check_session, _rotate_ip, _list_*", async () => {
    const { session, payment } = await pay("/v1/x402/proxy?country=DE&duration=3600&traffic=1&tier=shared");
    expect(session).toMatchObject({
      id: expect.any(String) as string,
      proxy: { username: expect.any(String) as string, password: expect.any(String) as string },
      location: { country: "Germany" },
      traffic: { allowedGB: 1 },
      rotationToken: expect.any(String) as string,
    });
    expect(payment).toMatchObject({ network: "base", amountPaid: "4.00" });
    expect(await rpc(here, "eth_getBalance", [PAYER.address, "latest"])).toBe("0xde0b6b3a7640000");
    expect(await api(`GET /v1/x402/sessions/${session.id}/status`)).toMatchObject({
      status: "active",
      traffic: { allowedGB: 1, usedGB: 0, remainingGB: 1, percentUsed: 0 },
    });
    expect(await api(`GET ${new URL(session.rotationUrl).pathname}`)).toMatchObject({
      newIp: expect.any(String) as string,
      newDevice: { carrier: expect.any(String) as string },
    });
    const list = `GET /v1/x402/sessions/wallet/${PAYER.address}?status=active`;
    expect(await api(list)).toMatchObject({ sessions: [{ id: session.id, location: { countryCode: "DE" } }] });
    for (const path of ["countries", "cities?country=DE", "carriers?country=DE"])
      expect(await api(`GET /v1/${path}`)).toMatchObject([
        { name: expect.any(String) as string, code: expect.any(String) as string },
        {},
        {},
        ...(path === "countries" ? [{}, {}, {}] : []),
      ]);
  });

  test("x402_service_status and x402_get_pricing", async () => {
    expect(await api("GET /v1/x402/health")).toMatchObject({ status: "ok", enabled: true });
    expect(await api("GET /v1/x402/pricing?country=DE&duration=3600&traffic=2&tier=shared")).toMatchObject({
      tier: "shared",
      trafficRatePerGB: 4,
      totalCost: 8,
      breakdown: { trafficCost: 8, trafficGB: 2 },
    });
  });

  test("x402_extend_session, which the backend never had, and has by a quirk", async () => {
    const { session } = await pay("/v1/x402/proxy?country=DE&duration=3600&traffic=1");
    const url = `/v1/x402/sessions/${session.id}/extend?hours=2`;
    expect((await here.call(`POST ${url}`, { key: null })).status).toBe(404);
    here.control.setQuirks({ x402Extend: true });
    expect(await pay(url, "POST")).toMatchObject({ id: session.id, expiresAt: "2026-01-15T15:00:00.000Z" });
  });

  test("the session tools: without /v1, with tokens and signatures as query parameters", async () => {
    const { sessionToken, session } = await pay("/v1/x402/proxy?country=DE&duration=3600&traffic=1");
    const token = `X-Session-Token=${sessionToken}`;
    const inHeader = { "X-Session-Token": sessionToken };
    const whole = await api<{ ports: { id: string }[] }>("GET /x402/manage/session", undefined, inHeader);
    expect(whole).toMatchObject({ sessionId: session.id, tier: "shared", isActive: true, amountUSDC: 4 });
    const { ports } = await api<{ ports: { id: string }[] }>("GET /x402/manage/ports", undefined, inHeader);
    expect(ports).toEqual(whole.ports);
    const status = await api(`GET /x402/manage/ports/${ports[0]?.id}/status`, undefined, inHeader);
    expect(status).toMatchObject({ status: "active", traffic: { usedBytes: 0 } });
    expect(await api(`GET /x402/sessions/wallet/${PAYER.address}?status=all`)).toMatchObject({
      total: 1,
      sessions: [{ sessionId: session.id, portCount: 1, trafficUsedGB: 0, txHash: expect.any(String) as string }],
    });
    expect(await api(`GET /x402/sessions/${session.id}/status`)).toMatchObject({ walletAddress: PAYER.address });
    expect(await api(`POST /x402/manage/ports/replace?${token}`, { country: "PL" })).toMatchObject({
      proxy: { http: expect.any(String) as string },
      location: { countryCode: "PL" },
    });
    const calculated = await api(`GET /x402/manage/session/topup/calculate?addTrafficGB=1`, undefined, inHeader);
    expect(calculated).toMatchObject({ totalCost: 4, breakdown: { trafficPricePerGB: 4 } });
    const { payTo } = here.control.x402.ledgerView();
    const { hash } = here.control.x402.transfer({ from: PAYER.address, to: payTo, usdc: 4 });
    const more = `POST /x402/manage/session/topup?${token}&Payment-Signature=${hash}`;
    expect(await api(more, { addTrafficGB: 1 })).toMatchObject({ trafficAllocatedGB: 2, payment: { txHash: hash } });
    const longer = `POST /x402/manage/session/topup?${token}&Payment-Signature=duration-only`;
    expect(await api(longer, { addDurationSeconds: 3_600 })).toMatchObject({ expiresAt: "2026-01-15T14:00:00.000Z" });
  });

  test("those are all calls of its x402 tools", () => {
    expect([...answered].sort()).toEqual([
      "GET /carriers",
      "GET /cities",
      "GET /countries",
      "GET /rotate/:token",
      "GET /x402/health",
      "GET /x402/manage/ports",
      "GET /x402/manage/ports/:id/status",
      "GET /x402/manage/session",
      "GET /x402/manage/session/topup/calculate",
      "GET /x402/pricing",
      "GET /x402/proxy",
      "GET /x402/sessions/:id/status",
      "GET /x402/sessions/wallet/:wallet",
      "POST /x402/manage/ports/replace",
      "POST /x402/manage/session/topup",
      "POST /x402/sessions/:id/extend",
    ]);
  });
});
