import { authorize, buy, nonceOf, OTHER, PAYER, rpc, shop } from "./x402-wallet";
import { type World } from "./harness";
import {
  baseSepolia,
  createPublicClient,
  createWalletClient,
  custom,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  parseAbi,
  parseSignature,
} from "./x402-viem";

const ABI = parseAbi([
  "function authorizationState(address,bytes32) view returns (bool)",
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
  "event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
]);

let here: World;
let token: Hex;
let payTo: Hex;
beforeEach(() => {
  here = shop();
  const view = here.control.x402.ledgerView();
  [token, payTo] = [view.asset as Hex, view.payTo as Hex];
});

const transport = () =>
  custom({ request: ({ method, params }: { method: string; params?: unknown[] }) => rpc(here, method, params) });
const reader = () => createPublicClient({ chain: baseSepolia, transport: transport(), cacheTime: 0 });
const wallet = () => createWalletClient({ chain: baseSepolia, transport: transport(), account: PAYER });
const transfer = (to: Hex, value: bigint) =>
  wallet().writeContract({ address: token, abi: erc20Abi, functionName: "transfer", args: [to, value] });

test("viem reads the token", async () => {
  const read = reader();
  const ask = { address: token, abi: ABI } as const;
  expect(await read.getChainId()).toBe(84_532);
  expect(await read.readContract({ ...ask, functionName: "name" })).toBe("USDC");
  expect(await read.readContract({ ...ask, functionName: "version" })).toBe("2");
  const erc20 = { address: token, abi: erc20Abi } as const;
  expect(await read.readContract({ ...erc20, functionName: "decimals" })).toBe(6);
  expect(await read.readContract({ ...erc20, functionName: "symbol" })).toBe("USDC");
  expect(await read.readContract({ ...erc20, functionName: "balanceOf", args: [PAYER.address] })).toBe(100_000_000n);
  expect(await read.getBalance({ address: PAYER.address })).toBe(10n ** 18n);
  expect(await read.getCode({ address: token })).toBe("0x60806040");
  expect(await read.getCode({ address: PAYER.address })).toBeUndefined();
  // The separator of USDC on Base Sepolia, as its contract returns it.
  expect(await read.readContract({ ...ask, functionName: "DOMAIN_SEPARATOR" })).toBe(
    "0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818",
  );
});

test("viem sends a transfer, and reads its receipt, its transaction and its log", async () => {
  const read = reader();
  const hash = await transfer(OTHER.address, 1_500_000n);
  const receipt = await read.waitForTransactionReceipt({ hash, pollingInterval: 1 });
  expect(receipt).toMatchObject({ status: "success", transactionHash: hash, from: PAYER.address.toLowerCase() });
  expect(here.control.x402.balance(OTHER.address)).toBe("1.50");
  const sent = await read.getTransaction({ hash });
  expect(sent).toMatchObject({ nonce: 0, type: "eip1559", blockNumber: receipt.blockNumber, chainId: 84_532 });
  const block = await read.getBlock({ blockNumber: receipt.blockNumber, includeTransactions: true });
  expect(block.hash).toBe(receipt.blockHash);
  expect(block.transactions.map((each) => each.hash)).toEqual([hash]);
  const above = await read.getBlock({ blockTag: "latest" });
  expect(above.number).toBe(receipt.blockNumber);
  expect((await read.getBlock({ blockNumber: receipt.blockNumber - 1n })).hash).toBe(block.parentHash);
  expect(await read.getTransactionCount({ address: PAYER.address })).toBe(1);
  const [event] = await read.getContractEvents({
    address: token,
    abi: ABI,
    eventName: "Transfer",
    fromBlock: receipt.blockNumber,
  });
  expect(event?.args).toEqual({ from: PAYER.address, to: OTHER.address, value: 1_500_000n });
});

test("an authorization that its payer submits itself is used once", async () => {
  const { message, signature } = await authorize(here);
  const { r, s, v } = parseSignature(signature);
  const { from, to, value, validAfter, validBefore, nonce } = message;
  const args = [from, to, value, validAfter, validBefore, nonce, Number(v), r, s] as const;
  const submit = () =>
    wallet().writeContract({ address: token, abi: ABI, functionName: "transferWithAuthorization", args });
  const hash = await submit();
  const used = { address: token, abi: ABI, functionName: "authorizationState" } as const;
  expect(await reader().readContract({ ...used, args: [from, nonce] })).toBe(true);
  expect(await reader().readContract({ ...used, args: [from, nonceOf("two")] })).toBe(false);
  const filter = { address: token, abi: ABI, eventName: "AuthorizationUsed", fromBlock: 0n } as const;
  const logs = await reader().getContractEvents({ ...filter, args: { authorizer: from, nonce } });
  expect(logs).toMatchObject([{ transactionHash: hash, args: { authorizer: from, nonce } }]);
  expect(await reader().getContractEvents({ ...filter, args: { nonce: nonceOf("two") } })).toEqual([]);
  await expect(submit()).rejects.toThrow("authorization is used or canceled");
  expect(here.control.x402.balance(payTo)).toBe("4.00");
});

test("a transaction that the token refuses is mined, and reverted", async () => {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [OTHER.address, 200_000_000n] });
  const hash = await wallet().sendTransaction({ to: token, data, gas: 100_000n });
  expect(await reader().getTransactionReceipt({ hash })).toMatchObject({ status: "reverted", logs: [] });
  await expect(transfer(OTHER.address, 200_000_000n)).rejects.toThrow("transfer amount exceeds balance");
});

test("a node refuses what a node refuses", async () => {
  const raw = (nonce: number, chainId = 84_532, gas = 21_000n) =>
    PAYER.signTransaction({ type: "eip1559", chainId, nonce, gas, to: OTHER.address, maxFeePerGas: 10n ** 9n });
  const send = async (bytes: Hex) => rpc(here, "eth_sendRawTransaction", [bytes]);
  const first = await raw(0);
  await send(first);
  await expect(send(first)).rejects.toThrow("already known");
  await expect(raw(0, 84_532, 22_000n).then(send)).rejects.toThrow("nonce too low: next nonce 1");
  await expect(raw(2).then(send)).rejects.toThrow("nonce too high");
  await expect(raw(1, 8_453).then(send)).rejects.toThrow("invalid chain id");
  await expect(raw(1, 84_532, 10n ** 10n).then(send)).rejects.toThrow("insufficient funds for gas");
  await expect(send("0x03")).rejects.toMatchObject({ code: -32_000 });
  await expect(send("me" as Hex)).rejects.toMatchObject({ code: -32_602 });
  await expect(rpc(here, "eth_nothing")).rejects.toMatchObject({ code: -32_601 });
  await expect(rpc(here, "eth_getBalance", ["me"])).rejects.toMatchObject({ code: -32_602 });
  await expect(rpc(here, "eth_call", [{ to: token, data: "0x12345678" }])).rejects.toMatchObject({ code: 3 });
  await expect(rpc(here, "eth_call", [{ to: token, data: "0x" }, "0xffffff"])).rejects.toThrow("header not found");
  expect(await rpc(here, "eth_call", [{ to: OTHER.address, data: "0x12345678" }])).toBe("0x");
  expect(await rpc(here, "eth_getBlockByNumber", ["0xffffff", false])).toBeNull();
  expect(await rpc(here, "eth_getTransactionReceipt", [nonceOf("none")])).toBeNull();
  expect(await rpc(here, "eth_getTransactionByHash", [nonceOf("none")])).toBeNull();
});

test("calls come in batches, each with its own answer", async () => {
  const send = (body: unknown) => here.call<unknown>("POST /v1/rpc", { key: null, body });
  const { status, body } = await send([
    { jsonrpc: "2.0", id: "a", method: "eth_chainId" },
    { jsonrpc: "2.0", id: 2, method: "eth_none" },
    "nonsense",
  ]);
  expect([status, body]).toMatchObject([
    200,
    [
      { id: "a", result: "0x14a34" },
      { id: 2, error: {} },
      { id: null, error: {} },
    ],
  ]);
  expect((await send([])).body).toMatchObject({ error: { code: -32_600 } });
});

test("fees and gas have answers", async () => {
  const read = reader();
  expect(await read.estimateFeesPerGas()).toEqual({ maxFeePerGas: 61_000_000n, maxPriorityFeePerGas: 1_000_000n });
  expect(await read.getGasPrice()).toBe(51_000_000n);
  const history = await read.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] });
  expect(history).toMatchObject({
    baseFeePerGas: [50_000_000n, 50_000_000n, 50_000_000n],
    reward: [[1_000_000n], [1_000_000n]],
  });
  const gas = { address: token, abi: erc20Abi, functionName: "transfer", account: PAYER.address } as const;
  expect(await read.estimateContractGas({ ...gas, args: [OTHER.address, 1n] })).toBe(100_000n);
});

describe("what is final", () => {
  const state = (tag: string) => rpc<Hex>(here, "eth_call", [{ to: token, data: stateCall() }, tag]);
  const stateCall = () =>
    encodeFunctionData({ abi: ABI, functionName: "authorizationState", args: [PAYER.address, nonceOf("one")] });
  const number = async (tag: string) =>
    Number((await rpc<{ number: Hex }>(here, "eth_getBlockByNumber", [tag, false])).number);

  test("an authorization is used at once, then safely, then for ever", async () => {
    here.control.x402.mine(20);
    await buy(here);
    const used = async () => Promise.all(["latest", "safe", "finalized"].map(async (tag) => Number(await state(tag))));
    expect(await used()).toEqual([1, 0, 0]);
    here.control.x402.mine(6);
    expect(await used()).toEqual([1, 1, 0]);
    here.control.x402.mine(6);
    expect(await used()).toEqual([1, 1, 1]);
    expect((await number("latest")) - (await number("finalized"))).toBe(12);
    expect((await number("latest")) - (await number("safe"))).toBe(6);
  });

  test("a reorganised block has another hash, and so have those after it", async () => {
    here.control.x402.mine(20);
    const head = await number("latest");
    const hashes = async () =>
      Promise.all(
        [head - 3, head - 1, head].map((each) =>
          rpc<{ hash: Hex }>(here, "eth_getBlockByNumber", [`0x${each.toString(16)}`, false]),
        ),
      );
    const before = await hashes();
    here.control.x402.reorganise({ blocks: 2 });
    const after = await hashes();
    expect(before.map(({ hash }, at) => hash === after[at]?.hash)).toEqual([true, false, false]);
  });
});

describe("a node that is disturbed", () => {
  test("is down, and up again", async () => {
    here.control.x402.setNode({ down: true });
    expect((await here.call("POST /rpc", { key: null, body: {} })).status).toBe(503);
    expect(here.control.x402.setNode()).toMatchObject({ down: false, behindBlocks: 0 });
    expect(await rpc(here, "eth_chainId")).toBe("0x14a34");
  });

  test("is behind: it knows nothing of the last blocks", async () => {
    here.control.x402.mine(5);
    const head = Number(await rpc<Hex>(here, "eth_blockNumber"));
    const hash = await transfer(OTHER.address, 1n);
    here.control.x402.setNode({ behindBlocks: 2 });
    expect(Number(await rpc<Hex>(here, "eth_blockNumber"))).toBe(head - 1);
    expect(await rpc(here, "eth_getTransactionReceipt", [hash])).toBeNull();
    expect(await rpc(here, "eth_getTransactionByHash", [hash])).toMatchObject({ blockNumber: null });
    expect(await rpc(here, "eth_getLogs", [{ fromBlock: `0x${head.toString(16)}` }])).toEqual([]);
    const balance = { address: token, abi: erc20Abi, functionName: "balanceOf", args: [OTHER.address] } as const;
    expect(await reader().readContract(balance)).toBe(0n);
    here.control.x402.mine(2);
    expect(await rpc(here, "eth_getTransactionReceipt", [hash])).not.toBeNull();
  });

  test("fails at one method, and does not carry it out", async () => {
    here.control.x402.setNode({ failing: ["eth_sendRawTransaction"] });
    await expect(transfer(OTHER.address, 1n)).rejects.toThrow("set to fail");
    expect(here.control.x402.balance(OTHER.address)).toBe("0.00");
  });

  test("looks through so many blocks for logs, and no more", async () => {
    here.control.x402.mine(50);
    here.control.x402.setNode({ logRange: 10 });
    await expect(rpc(here, "eth_getLogs", [{ fromBlock: "0x0" }])).rejects.toThrow("exceeds max block range 10");
    const head = Number(await rpc<Hex>(here, "eth_blockNumber"));
    expect(await rpc(here, "eth_getLogs", [{ fromBlock: `0x${(head - 9).toString(16)}`, toBlock: "latest" }])).toEqual(
      [],
    );
  });

  test("loses an answer: what was sent is on the chain", async () => {
    here.control.addFault({ path: "/rpc", times: 1, cut: "after" });
    const raw = await PAYER.signTransaction({
      ...{ type: "eip1559", chainId: 84_532, nonce: 0, gas: 90_000n, maxFeePerGas: 10n ** 9n, to: token },
      data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [OTHER.address, 7n] }),
    });
    await expect(rpc(here, "eth_sendRawTransaction", [raw])).rejects.toThrow("cut the connection");
    expect(here.control.x402.balance(OTHER.address)).toBe("0.000007");
    await expect(rpc(here, "eth_sendRawTransaction", [raw])).rejects.toThrow("already known");
  });
});

test("logs are found by block, by block's hash, by address and by any of several topics", async () => {
  const { payment } = await buy(here);
  const receipt = await rpc<{ blockHash: Hex; blockNumber: Hex; logs: { topics: Hex[]; logIndex: Hex }[] }>(
    here,
    "eth_getTransactionReceipt",
    [payment.transactionHash],
  );
  expect(receipt.logs.map(({ topics, logIndex }) => [topics.length, logIndex])).toEqual([
    [3, "0x0"],
    [3, "0x1"],
  ]);
  const find = (filter: object) => rpc<unknown[]>(here, "eth_getLogs", [filter]);
  expect(await find({ blockHash: receipt.blockHash })).toEqual(receipt.logs);
  const at = { fromBlock: receipt.blockNumber, toBlock: receipt.blockNumber };
  expect(await find({ ...at, address: [token, OTHER.address] })).toHaveLength(2);
  expect(await find({ ...at, address: OTHER.address })).toEqual([]);
  const kinds = receipt.logs.map(({ topics }) => topics[0]);
  expect(await find({ ...at, topics: [kinds] })).toHaveLength(2);
  expect(await find({ ...at, topics: [kinds[1], null, null] })).toHaveLength(1);
  expect(await find({ ...at, topics: [null, null, null, nonceOf("x")] })).toEqual([]);
});
