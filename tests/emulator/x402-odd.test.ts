import fc from "fast-check";
import { type Bought, decoded, expectBalanced, OTHER, PAYER, PROXY, shop, v1 } from "./x402-wallet";
import { world, type World } from "./harness";
import { runsOf } from "../cases";

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");
const json = fc.jsonValue({ maxDepth: 4 });

test("whatever a payment says that nobody signed, it is refused and nothing moves", async () => {
  const here = shop();
  const before = here.control.x402.ledgerView();
  const good = decoded((await v1(here))["X-PAYMENT"] ?? "") as { payload: { authorization: Record<string, unknown> } };
  const fields = fc.constantFrom(...Object.keys(good.payload.authorization));
  const other = fc.oneof(json, fc.constantFrom("0", "1", "9".repeat(90), "0x", OTHER.address, `0x${"0".repeat(64)}`));
  const altered = fc.tuple(fields, other).map(([name, value]) => {
    const authorization = { ...good.payload.authorization, [name]: value };
    return base64({ ...good, payload: { ...good.payload, authorization } });
  });
  const text = fc.oneof(
    altered,
    json.map(base64),
    json.map((each) => JSON.stringify({ transactionHash: each })),
  );
  const ascii = text.filter((each) => /^[\x20-\x7e]*$/.test(each));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("X-PAYMENT", "PAYMENT-SIGNATURE", "X-Payment-Id"), ascii, async (name, value) => {
      const reply = await here.call(PROXY, { key: null, headers: { [name]: value } });
      expect(reply.status).toBe(402);
    }),
    { numRuns: runsOf(150) },
  );
  expect(here.control.x402.ledgerView()).toEqual(before);
  expect(here.control.x402.sessions()).toEqual([]);
});

test("whatever JSON-RPC is asked, the answer is JSON-RPC", async () => {
  const here = shop();
  const { asset } = here.control.x402.ledgerView();
  const methods = ["eth_call", "eth_getLogs", "eth_getBalance", "eth_getBlockByNumber", "eth_getTransactionReceipt"];
  const more = [
    "eth_sendRawTransaction",
    "eth_getTransactionCount",
    "eth_feeHistory",
    "eth_estimateGas",
    "constructor",
  ];
  const hex = fc.uint8Array({ maxLength: 200 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
  const calls = fc.constantFrom("0x70a08231", "0xe94a0102", "0xa9059cbb", "0xe3ee160e", "0xcf092995");
  const data = fc.tuple(calls, hex).map(([method, rest]) => method + rest.slice(2));
  const filter = fc.record(
    { to: fc.constant(asset), data, address: json, topics: json, fromBlock: json },
    { requiredKeys: [] },
  );
  const param = fc.oneof(json, hex, filter, fc.constantFrom("latest", "finalized", PAYER.address));
  const call = fc.record({
    id: fc.oneof(fc.integer(), json),
    method: fc.constantFrom(...methods, ...more),
    params: fc.array(param, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, call, fc.array(call, { maxLength: 3 })), async (body) => {
      const reply = await here.call<unknown>("POST /rpc", { key: null, body: JSON.stringify(body) });
      expect(reply.status).toBe(200);
      for (const each of [reply.body].flat()) {
        expect(each).toMatchObject({ jsonrpc: "2.0" });
        expect(JSON.stringify(each)).not.toMatch(/NaN|null,null|Cannot|undefined/);
      }
    }),
    { numRuns: runsOf(200) },
  );
});

/** What can happen, in any order. */
type Step = (here: World) => unknown;
const quietly = (run: () => unknown) => {
  try {
    return run();
  } catch {
    return undefined;
  }
};
const nonce = fc.constantFrom("a", "b", "c");
const STEPS = fc.oneof(
  nonce.map(
    (word): Step =>
      async (here) =>
        here.call<Bought>(PROXY, { key: null, headers: await v1(here, { nonce: word }) }),
  ),
  fc.constant<Step>(async (here) => {
    const { payTo } = here.control.x402.ledgerView();
    const { hash } = here.control.x402.transfer({ from: PAYER.address, to: payTo, usdc: 4 });
    return here.call(PROXY, { key: null, headers: { "Payment-Signature": hash } });
  }),
  fc.constantFrom("settleLate", "settleLost", "outOfStock", "settleRefused", "terms").map(
    (kind): Step =>
      (here) =>
        here.control.x402.addFault({ kind: kind, times: 1 }),
  ),
  fc.constantFrom("auto" as const, "manual" as const).map(
    (mode): Step =>
      (here) =>
        here.control.x402.setMining(mode),
  ),
  fc.integer({ min: 1, max: 9 }).map(
    (blocks): Step =>
      (here) =>
        here.control.x402.mine(blocks),
  ),
  fc.integer({ min: 1, max: 60 }).map(
    (seconds): Step =>
      (here) =>
        here.control.clock.advance(seconds * 1_000),
  ),
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom("dropped" as const, "again" as const)).map(
    ([blocks, transactions]): Step =>
      (here) =>
        quietly(() => here.control.x402.reorganise({ blocks, transactions })),
  ),
);

test("30 seeded lives: one authorization is paid once, nobody owes, and the chain is what its transactions say", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEPS, { minLength: 4, maxLength: 14 }), async (steps) => {
      const here = shop();
      here.control.x402.mine(20);
      for (const step of steps) await step(here);
      here.control.x402.setMining("auto");
      here.control.x402.mine();

      const { balances, transactions } = here.control.x402.ledgerView();
      const mined = transactions.filter(({ status }) => status === "success");
      const used = mined.flatMap(({ effect }) => (effect?.nonce === undefined ? [] : [effect.nonce]));
      expect(new Set(used).size).toBe(used.length);
      for (const { usdc } of balances) expect(Number(usdc)).toBeGreaterThanOrEqual(0);
      expect(balances.reduce((sum, { usdc }) => sum + Number(usdc), 0)).toBe(100);
      const taken = here.control.x402.receipts();
      expect(new Set(taken.map(({ txHash }) => txHash)).size).toBe(taken.length);
      const hashes = mined.map(({ hash }) => hash);
      for (const each of taken) expect(hashes.includes(each.txHash)).toBe(each.mined);

      // Each nonce, sent once more without faults, is paid exactly once and delivered, where there is money.
      here.control.x402.clearFaults();
      for (const word of ["a", "b", "c"]) {
        const headers = await v1(here, { nonce: word });
        const codes = [await here.call(PROXY, { key: null, headers }), await here.call(PROXY, { key: null, headers })];
        expect(codes.map(({ status }) => status)).toEqual([200, 200]);
      }
      const after = here.control.x402
        .ledgerView()
        .transactions.flatMap(({ status, effect }) =>
          status === "success" && effect?.nonce !== undefined ? [effect.nonce] : [],
        );
      expect(after).toHaveLength(3);
      expect(new Set(after).size).toBe(3);
    }),
    { numRuns: runsOf(30), seed: 402 },
  );
}, 60_000);

test("an empty world has no x402 state but a chain at its beginning", () => {
  const here = world();
  expect(here.control.state().x402).toMatchObject({
    sessions: [],
    payments: [],
    offers: [],
    ledger: { transactions: [] },
  });
  expectBalanced(here);
});
