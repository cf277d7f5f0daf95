import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import { authorize, buy, OTHER, PAYER, PROXY, rpc, shop, v1, v2 } from "./x402-wallet";
import { NOON, withCalls, world, type World } from "./harness";

describe("over HTTP", () => {
  let here: World;
  const call = (line: string, body?: unknown) => here.call(line.replace(" ", " /_emulator/x402/"), { key: null, body });
  beforeEach(() => (here = shop()));

  test("faucet, transfer, ledger, receipts and sessions", async () => {
    expect((await call("POST faucet", { address: OTHER.address, usdc: "7.5" })).body).toMatchObject({
      status: "success",
    });
    const { payTo } = here.control.x402.ledgerView();
    expect((await call("POST transfer", { from: OTHER.address, to: payTo, usdc: 0.5 })).status).toBe(200);
    const { session } = await buy(here);
    expect((await call("GET ledger")).body).toMatchObject({
      network: "base-sepolia",
      chainId: 84_532,
      balances: [
        { address: PAYER.address, usdc: "96.00", eth: "1" },
        { address: OTHER.address, usdc: "7.00", eth: "1" },
        { address: payTo, usdc: "4.50", eth: "0" },
      ],
    });
    expect((await call("GET receipts")).body).toMatchObject([
      { payer: PAYER.address, amountUSDC: "4.00", proof: "authorization", sessionId: session.id, delivered: true },
    ]);
    expect((await call(`PATCH sessions/${session.id}`, { usedGB: 0.5 })).status).toBe(200);
    expect((await call("GET sessions")).body).toMatchObject([{ id: session.id, token: "[secret]", usedGB: 0.5 }]);
  });

  test("mining, reorganisations, node and faults", async () => {
    await call("PUT mining", { mining: "manual" });
    expect(here.control.x402.ledgerView().mining).toBe("manual");
    const { head } = here.control.x402.ledgerView();
    expect((await call("POST mine", { blocks: 3 })).body).toEqual({ head: head + 3 });
    expect((await call("POST reorganise", { blocks: 2 })).body).toEqual({ replaced: [] });
    expect((await call("PUT node", { down: true, logRange: 5 })).body).toMatchObject({ down: true, logRange: 5 });
    expect((await call("GET node")).body).toMatchObject({ down: true });
    expect((await call("PUT node", {})).body).toMatchObject({ down: false, logRange: 0 });
    expect((await call("POST faults", [{ kind: "terms" }, { kind: "settleLost", times: 1 }])).body).toHaveLength(2);
    expect((await call("GET faults")).body).toMatchObject([{ kind: "terms", struck: 0 }, {}]);
    await call("DELETE faults");
    expect((await call("GET faults")).body).toEqual([]);
  });

  test.each([
    ["POST faucet", {}, "address: is no address"],
    ["POST faucet", { address: OTHER.address, coins: 1 }, 'a gift has no field "coins"'],
    ["POST transfer", { from: OTHER.address, to: PAYER.address, usdc: 1 }, "exceeds balance"],
    ["POST reorganise", { blocks: 100 }, "blocks can be replaced"],
    ["POST mine", { blocks: 0 }, "blocks"],
    ["PUT mining", {}, "mining"],
    ["PUT node", { slow: true }, 'a node has no field "slow"'],
    ["POST faults", { kind: "terms", size: 1 }, 'a fault has no field "size"; it has kind'],
    ["POST faults", [{ kind: "terms" }, { kind: "none" }], "kind"],
    ["PATCH sessions/x", { usedGB: -1 }, "usedGB"],
    ["PATCH sessions/x", { usedGB: 1 }, "no session"],
  ])("%s %j is 400 in one line", async (line, body, why) => {
    const reply = await call(line, body);
    expect([reply.status, reply.body["message"]]).toEqual([400, expect.stringContaining(why)]);
    expect(here.control.x402.faults()).toEqual([]);
  });

  test("a reset is a new chain, without sessions and faults", async () => {
    await buy(here);
    here.control.x402.addFault({ kind: "terms" });
    here.control.x402.setNode({ down: true });
    here.control.reset({ x402: { network: "base", sharedPerGB: 1 } });
    expect(here.control.x402.ledgerView()).toMatchObject({ chainId: 8_453, transactions: [], balances: [] });
    expect([here.control.x402.sessions(), here.control.x402.faults()]).toEqual([[], []]);
    expect(await rpc(here, "eth_chainId")).toBe("0x2105");
    here.control.x402.faucet(PAYER.address);
    expect((await buy(here, "one", PROXY, { value: 1_000_000n })).payment.network).toBe("base");
  });
});

test("a page of another origin and a foreign Host get nothing, on the ledger either", async () => {
  const here = shop();
  for (const line of ["POST /rpc", "GET /v1/x402/info", "POST /_emulator/x402/faucet"]) {
    const refused = async (headers: Record<string, string>) =>
      (await here.call(line, { key: null, body: line.startsWith("GET") ? undefined : {}, headers })).status;
    expect(await refused({ Host: "evil.example" })).toBe(403);
    expect(await refused({ Origin: "https://evil.example" })).toBe(403);
  }
});

test("neither log nor state shows a session's token, a signature or a payload", async () => {
  const here = shop();
  const one = await v1(here);
  const two = await v2(here, { nonce: "two" });
  const { signature } = await authorize(here);
  const { sessionToken, credentials } = await buy(here);
  await here.call(PROXY, { key: null, headers: two });
  await here.call(`${PROXY}&Payment-Signature=${two["PAYMENT-SIGNATURE"]}&X-Payment=${one["X-PAYMENT"]}`, {
    key: null,
  });
  await here.call(`GET /v1/x402/manage/session?X-Session-Token=${sessionToken}`, { key: null });
  await here.call(`GET /v1/x402/${sessionToken}`, { key: null, headers: { "X-Session-Token": sessionToken } });
  await here.call("POST /v1/x402/agents", { key: null, body: { name: sessionToken, wallet: signature } });
  const raw = await PAYER.signTransaction({ type: "eip1559", chainId: 84_532, nonce: 0, gas: 1n, to: OTHER.address });
  await rpc(here, "eth_sendRawTransaction", [raw]).catch(() => undefined);

  const views = ["state", "requests", "ports", "purchases", "fleet", "x402/ledger", "x402/receipts", "x402/sessions"];
  const shown = await Promise.all(
    views.map(async (name) => (await here.call(`GET /_emulator/${name}`, { key: null })).body),
  );
  shown.push(here.control.requests() as never, here.control.state() as never);
  const payloads = [one["X-PAYMENT"], two["PAYMENT-SIGNATURE"]].map((text) => text?.slice(0, 60) ?? "");
  const secrets = [sessionToken, sessionToken.slice(6), credentials.password, raw.slice(2), ...payloads];
  for (const [at, body] of shown.entries())
    for (const secret of secrets)
      expect([views[at], JSON.stringify(body).includes(secret)]).toEqual([views[at], false]);
  expect(here.control.requests()).toHaveLength(7);
  expect(JSON.stringify(here.control.requests())).not.toContain(signature.slice(2, 80));
  const all = JSON.stringify((await here.call("GET /_emulator/state?secrets=1", { key: null })).body);
  for (const secret of [sessionToken, credentials.password]) expect(all).toContain(secret);
});

test("over a socket secrets of sessions need the emulator's token", async () => {
  const emulator = await startEmulator({ now: () => NOON });
  try {
    const here = withCalls(emulator, (path, init) => fetch(emulator.url + path, init));
    here.control.x402.faucet(PAYER.address);
    const { sessionToken, session } = await buy(here);
    expect(session.rotationUrl).toMatch(new RegExp(`^${emulator.url}/rotate/`));
    expect((await here.call("GET /_emulator/x402/sessions?secrets=1", { key: null })).status).toBe(403);
    const headers = { "X-Emulator-Token": emulator.token };
    expect((await here.call("GET /_emulator/x402/sessions?secrets=1", { key: null, headers })).body).toMatchObject([
      { token: sessionToken },
    ]);
  } finally {
    await emulator.close();
  }
});

describe("a file that keeps the world", () => {
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-x402-"));
    data = join(folder, "world.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("keeps chain, sessions, payments, offers and agents over a restart", async () => {
    const before = shop({ data });
    const payment = await v1(before);
    const bought = await before.call(PROXY, { key: null, headers: payment });
    const offer = await before.call<{ payment: { paymentId: string } }>(PROXY, { key: null });
    await before.call("POST /x402/agents", { key: null, body: { wallet: PAYER.address } });
    before.control.clock.advance("60s");
    const [ledger, sessions, receipts] = [
      before.control.x402.ledgerView(),
      before.control.x402.sessions(),
      before.control.x402.receipts(),
    ];
    await before.close();

    const after = world({ data });
    expect(after.control.x402.ledgerView()).toEqual(ledger);
    expect(after.control.x402.sessions()).toEqual(sessions);
    expect(after.control.x402.receipts()).toEqual(receipts);
    expect((await after.call("GET /x402/agents", { key: null })).body).toMatchObject({ total: 1 });
    const again = await after.call<Record<string, unknown>>(PROXY, { key: null, headers: payment });
    expect(again.body["sessionToken"]).toBe(bought.body["sessionToken"]);
    after.control.x402.transfer({ from: PAYER.address, to: ledger.payTo, usdc: 4 });
    const seen = await after.call(`${PROXY}&paymentId=${offer.body.payment.paymentId}`, { key: null });
    expect(seen.status).toBe(200);
    expect(after.control.x402.balance(PAYER.address)).toBe("92.00");
    await after.close();
  });

  test("of an earlier version has an empty chain", async () => {
    await world({ data }).close();
    const saved = JSON.parse(readFileSync(data, "utf8")) as Record<string, unknown>;
    delete saved["x402"];
    writeFileSync(data, JSON.stringify({ ...saved, config: { ...(saved["config"] as object), x402: undefined } }));
    const after = world({ data });
    expect(after.control.x402.ledgerView()).toMatchObject({ chainId: 84_532, transactions: [] });
    await after.close();
  });

  test("that holds another chain than the config asks for is refused", async () => {
    await shop({ data }).close();
    const other = { data, config: { x402: { network: "base" as const } } };
    expect(() => world(other)).toThrow("its chain is base-sepolia, and x402.network asks for base");
    await world({ data, config: { x402: { sharedPerGB: 5 } } }).close();
  });

  test("that holds a broken chain is no world", async () => {
    const here = shop({ data });
    await here.close();
    const saved = JSON.parse(readFileSync(data, "utf8")) as {
      x402: { ledger: { transactions: { effect: object }[] } };
    };
    const [first] = saved.x402.ledger.transactions;
    if (first) first.effect = { from: PAYER.address, to: PAYER.address, value: "much" };
    writeFileSync(data, JSON.stringify(saved));
    expect(() => world({ data })).toThrow(
      /holds no world of the emulator: x402\.ledger\.transactions\.0\.effect\.value/,
    );
  });
});
