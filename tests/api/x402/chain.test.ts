import { ChainError, type Chain, createChain, NETWORKS, parseUsdc } from "../../../api";
import { type Emulator, startEmulator } from "../../../emulator";
import { settlingCall, signedTransaction } from "../../../api/x402/raw-transaction";
import { authorize, PAYER } from "../../emulator/x402-wallet";
import { encodeFunctionData, parseAbi, parseTransaction, recoverTransactionAddress } from "../../emulator/x402-viem";
import { vendors } from "../vendor";

const SEPOLIA = NETWORKS["base-sepolia"];
let emulator: Emulator;
let chain: Chain;
let slept: number;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset();
  emulator.control.x402.faucet(PAYER.address);
  slept = 0;
  chain = at(`${emulator.url}/rpc`);
});
afterEach(() => chain.close());

const at = (url: string, network = SEPOLIA): Chain =>
  createChain(network, url, {
    now: () => slept,
    sleep: async (ms) => {
      slept += ms;
    },
  });
const now = () => emulator.control.clock.now().getTime() / 1_000;
const world = () => emulator as never;
const failed = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as ChainError,
  );

/** Pays by an authorization that its payer submits. @returns its nonce and the transaction. */
async function used(nonce = "one") {
  const { message, signature } = await authorize(world(), { nonce });
  const abi = parseAbi(["function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"]);
  const { from, to, value, validAfter, validBefore } = message;
  const data = encodeFunctionData({
    abi,
    functionName: "transferWithAuthorization",
    args: [from, to, value, validAfter, validBefore, message.nonce, signature],
  });
  const raw = await PAYER.signTransaction({
    ...{ type: "eip1559", chainId: 84_532, nonce: sent++, to: SEPOLIA.usdc as never, data, gas: 200_000n },
    ...{ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 10n ** 6n },
  });
  const answer = await fetch(`${emulator.url}/rpc`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] }),
  });
  const { result } = (await answer.json()) as { result: string };
  expect(result).toMatch(/^0x[0-9a-f]{64}$/);
  return { nonce: message.nonce, hash: result };
}
let sent = 0;
beforeEach(() => (sent = 0));

test("balance, state of a nonce, its transaction and receipt, confirmations, and what was spent", async () => {
  const before = await chain.latest();
  const { message } = await authorize(world());
  expect(await chain.authorizationState(PAYER.address, message.nonce)).toBe(false);
  expect(await chain.useOf(PAYER.address, message.nonce)).toBeUndefined();
  expect(await chain.sentSince(PAYER.address, now() - 3_600)).toBe(0n);

  const { nonce, hash } = await used();
  expect(await chain.balanceOf(PAYER.address)).toBe(parseUsdc(96));
  expect(await chain.authorizationState(PAYER.address, nonce)).toBe(true);
  expect(await chain.authorizationState(PAYER.address, nonce, before.number)).toBe(false);
  const use = await chain.useOf(PAYER.address, nonce, now() - 60);
  expect(use).toEqual({ hash, block: before.number + 1 });
  const [payer, to] = [PAYER.address.toLowerCase(), emulator.control.x402.ledgerView().payTo.toLowerCase()];
  expect(await chain.receipt(hash)).toEqual({
    ...{ hash, block: use!.block, success: true },
    transfers: [{ from: payer, to, amount: 4_000_000n }],
    uses: [{ payer, nonce }],
  });
  expect(await chain.receipt(`0x${"1".repeat(64)}`)).toBeUndefined();
  expect(await chain.sentSince(PAYER.address, now() - 3_600)).toBe(4_000_000n);
  expect(await chain.confirmations(use!.block)).toBe(1);
  emulator.control.x402.mine(11);
  expect(await chain.confirmations(use!.block)).toBe(12);
  expect(await chain.confirmations(1_000_000_000)).toBe(0);
  expect((await chain.finalized()).number).toBe(use!.block - 1);
});

test("what was sent before a time does not count", async () => {
  await used("one");
  emulator.control.clock.advance(1_000 * 2 * 86_400);
  await used("two");
  expect(await chain.sentSince(PAYER.address, now() - 86_400)).toBe(4_000_000n);
  expect(await chain.sentSince(PAYER.address, now() - 3 * 86_400)).toBe(8_000_000n);
});

test("a node that shows some blocks at once is asked window by window, the newest first", async () => {
  const { nonce, hash } = await used();
  emulator.control.clock.advance(1_000 * 86_400);
  emulator.control.x402.setNode({ logRange: 2_000 });
  expect(await chain.useOf(PAYER.address, nonce)).toMatchObject({ hash });
  expect(await chain.sentSince(PAYER.address, now() - 2 * 86_400)).toBe(4_000_000n);
  // A sum that would need too many windows is refused, and so is a window that is too small.
  emulator.control.x402.setNode({ logRange: 500 });
  emulator.control.clock.advance(1_000 * 2 * 86_400);
  expect(await failed(chain.sentSince(PAYER.address, now() - 4 * 86_400))).toMatchObject({ code: "refused" });
  emulator.control.x402.setNode({ logRange: 10 });
  expect(await failed(chain.useOf(PAYER.address, nonce))).toMatchObject({ code: "refused" });
});

test("a node that is down, that fails, or is of another chain is said in one line", async () => {
  emulator.control.x402.setNode({ failing: ["eth_call"] });
  const refused = await failed(chain.balanceOf(PAYER.address));
  expect(refused?.message).toMatch(
    /^the chain's node 127\.0\.0\.1:\d+: eth_call: it said: the emulator is set to fail$/,
  );
  emulator.control.x402.setNode({ down: true });
  expect(await failed(chain.latest())).toMatchObject({ name: "ChainError", code: "unreachable" });
  emulator.control.x402.setNode();
  expect(await failed(at(`${emulator.url}/rpc`, NETWORKS.base).latest())).toMatchObject({
    code: "wrong_chain",
    message: expect.stringMatching(/^the node 127\.0\.0\.1:\d+ is of chain 84532, and base is chain 8453$/) as string,
  });
  // A node that was not there at first is asked for its chain again.
  expect((await chain.latest()).number).toBeGreaterThan(0);
});

const make = vendors();
test("an answer that is none, too long or late is no fact, and no message shows the URL's key", async () => {
  const key = "canaryKeyOfTheNode";
  const replies = [
    { json: [] },
    { json: { result: { number: "0x" } } },
    { text: "<html>" },
    { text: "x".repeat(5 << 20) },
  ];
  for (const reply of replies) {
    const { url } = await make(() => ({ status: 200, ...reply }));
    const error = await failed(at(`${url}/v2/${key}?secret=${key}`).latest());
    expect(error).toBeInstanceOf(ChainError);
    expect(error?.message).not.toContain(key);
    expect(error?.message).not.toContain("\n");
  }
  const { url } = await make(() => ({ status: 403, json: { error: `no ${key}` } }));
  const error = await failed(at(`${url}/v2/${key}`).latest());
  expect(error?.message).not.toContain(key);
});

/** A node that answers like the emulator's, but for this. */
async function nodeThat(changes: (method: string, result: unknown) => unknown): Promise<Chain> {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" } };
  const { url } = await make(({ body }) => ({
    by: (response) => {
      void fetch(`${emulator.url}/rpc`, { ...asked, body: JSON.stringify(body) })
        .then((answer) => answer.json() as Promise<{ result: unknown }>)
        .then(({ result }) => {
          const told = changes((body as { method: string }).method, result);
          response.setHeader("Content-Type", "application/json").end(JSON.stringify({ result: told }));
        });
    },
  }));
  return at(url);
}

interface WireLog {
  topics: string[];
}

/** A node whose logs are other ones, wherever it shows some. */
const nodeWithLogs = (changed: (logs: WireLog[]) => object[]): Promise<Chain> =>
  nodeThat((method, result) => {
    if (method === "eth_getLogs") return changed(result as WireLog[]);
    if (method !== "eth_getTransactionReceipt") return result;
    return { ...(result as object), logs: changed((result as { logs: WireLog[] }).logs) };
  });

test.each([
  ["no amount", (log: WireLog) => ({ ...log, data: "0x" })],
  ["half an amount", (log: WireLog) => ({ ...log, data: "0x3d0900" })],
  ["no payee", (log: WireLog) => ({ ...log, topics: log.topics.slice(0, 2) })],
])("a transfer with %s is a wrong answer", async (_, changed) => {
  const { hash } = await used();
  const node = await nodeWithLogs((logs) => logs.map(changed));
  for (const work of [() => node.sentSince(PAYER.address, now() - 3_600), () => node.receipt(hash)])
    expect(await failed(work())).toMatchObject({ name: "ChainError", code: "bad_answer" });
  node.close();
});

test("what other contracts write beside a payment has any shape, and counts for nothing", async () => {
  const { hash } = await used();
  const other = { address: `0x${"5".repeat(40)}`, data: "0x" };
  const node = await nodeWithLogs((logs) => [...logs, ...logs.map((log) => ({ ...log, ...other }))]);
  expect(await node.sentSince(PAYER.address, now() - 3_600)).toBe(4_000_000n);
  expect((await node.receipt(hash))?.transfers).toHaveLength(1);
  node.close();
});

test("a node that gives the same block for each number is not asked without end", async () => {
  const latest = await chain.latest();
  let asked = 0;
  const node = await nodeThat((method, result) => {
    if (method !== "eth_getBlockByNumber") return result;
    if (++asked > 20) return null; // asked without end
    return {
      ...(result as object),
      number: `0x${latest.number.toString(16)}`,
      timestamp: `0x${latest.time.toString(16)}`,
    };
  });
  expect(await failed(node.sentSince(PAYER.address, now() - 3_600))).toMatchObject({ code: "bad_answer" });
  expect(await failed(node.timeOf(latest.number - 1))).toMatchObject({ code: "bad_answer" });
  expect(asked).toBeLessThan(5);
  node.close();
});

test("a payment that the wallet settles itself, in a transaction as viem reads it", async () => {
  const { message, signature } = await authorize(world());
  const signed = { authorization: { ...message, from: message.from.toLowerCase() }, signature };
  expect(await chain.gasMoneyOf(PAYER.address)).toBe(10n ** 18n);
  const key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
  const hash = await chain.settle(key, signed);
  const receipt = await chain.receipt(hash);
  expect(receipt).toMatchObject({ success: true, uses: [{ nonce: message.nonce }] });
  expect(await chain.balanceOf(PAYER.address)).toBe(parseUsdc(96));
  expect(await failed(chain.settle(key, signed))).toMatchObject({ code: "refused" });

  const gas = { count: 300, limit: 99_999n, maxFee: 10n ** 9n, tip: 0n };
  const raw = signedTransaction(key, SEPOLIA, settlingCall(signed), gas) as `0x02${string}`;
  expect(parseTransaction(raw)).toMatchObject({
    ...{ type: "eip1559", chainId: 84_532, nonce: 300, gas: 99_999n, maxFeePerGas: 10n ** 9n, to: SEPOLIA.usdc },
    data: settlingCall(signed),
  });
  expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(PAYER.address);
});

test.each([
  ["a price above the tip", 10n ** 9n, 10n ** 8n],
  ["a price below it", 7n, 7n],
])(
  "a settlement by the wallet offers a quarter more gas than it may take, at twice the price of now: %s",
  async (_, price, most) => {
    const told: Record<string, string> = {
      eth_chainId: "0x14a34",
      eth_getTransactionCount: "0xc8", // one byte that is no digit of its own
      eth_gasPrice: `0x${price.toString(16)}`,
      eth_estimateGas: "0x186a0",
      eth_sendRawTransaction: `0x${"a".repeat(64)}`,
    };
    const { url, seen } = await make(({ body }) => {
      const { id, method } = body as { id: number; method: string };
      return { json: { jsonrpc: "2.0", id, result: told[method] } };
    });
    const { message, signature } = await authorize(world());
    const key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    const mine = at(url);
    await mine.settle(key, { authorization: message, signature });
    mine.close();
    const { params } = seen.at(-1)!.body as { params: [`0x02${string}`] };
    const { nonce, gas, maxFeePerGas, maxPriorityFeePerGas } = parseTransaction(params[0]);
    expect([nonce, gas, maxFeePerGas]).toEqual([200, 125_000n, 2n * price]);
    expect(maxPriorityFeePerGas).toBeLessThanOrEqual(most);
  },
);

test.each([
  ["http://rpc.example", "must start with https:// (HTTP is allowed for localhost only)"],
  ["ftp://127.0.0.1", "must start with https:// (HTTP is allowed for localhost only)"],
  ["https://a:canary@rpc.example", "must not contain credentials or a fragment"],
  ["canary", "must be a URL such as https://mainnet.base.org"],
  [7, "must be a URL such as https://mainnet.base.org"],
])("%p is no URL of a node", (url, why) => {
  expect(() => createChain(SEPOLIA, url as string)).toThrow(`the RPC URL ${why} (invalid_input)`);
});
