import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Chain, createChain, derivedNonce, NETWORKS, parseUsdc, signTransfer } from "../../api";
import { type Hex, parseAbi } from "../emulator/x402-viem";
import { PAYER } from "../emulator/x402-wallet";
import { submitter, type TestChain, TEST_CHAINS } from "./test-chains";
import { token } from "./token";

/** A test key that everybody knows: that of PAYER. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const SEPOLIA = NETWORKS["base-sepolia"];
const ABI = parseAbi([
  "function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
  "function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
]);
const SECONDS = 300;

test("the token's code is compiled from its source", () => {
  const source = createHash("sha256").update(readFileSync(join(__dirname, "token/Usdc.sol")));
  expect(token.source).toBe(source.digest("hex"));
});

describe.each(TEST_CHAINS)("on %s", (_name, start) => {
  const payer = PAYER.address.toLowerCase();
  let ledger: TestChain;
  let chain: Chain;
  beforeEach(async () => {
    ledger = await start();
    chain = createChain(SEPOLIA, ledger.url);
    await ledger.faucet(PAYER.address);
    await ledger.faucet(submitter(ledger).writer.account.address);
    await ledger.mine(20);
  });
  afterEach(async () => {
    chain.close();
    await ledger.close();
  });

  /** Four USDC to the vendor, as X402Lease signs them: the same for the same serial. */
  async function signed(serial = 0) {
    const nonce = derivedNonce(KEY, { purpose: "proxy", urn: "urn", backend: "file", serial });
    const validBefore = BigInt((await chain.latest()).time + SECONDS);
    const transfer = { network: SEPOLIA, payTo: ledger.payTo, amount: 4_000_000n };
    const rules = { apiUrl: "http://127.0.0.1", network: "base-sepolia", maxPrice: 4_000_000n } as const;
    return signTransfer(KEY, { transfer, nonce, validBefore }, rules);
  }
  type Signed = Awaited<ReturnType<typeof signed>>;

  /** Somebody submits it. @returns the transaction's hash. */
  async function submit({ authorization, signature }: Signed, change: Partial<Signed["authorization"]> = {}) {
    const { from, to, value, validAfter, validBefore, nonce } = { ...authorization, ...change };
    const { reader, writer } = submitter(ledger);
    const args = [from as Hex, to as Hex, value, validAfter, validBefore, nonce as Hex, signature as Hex] as const;
    const address = SEPOLIA.usdc as Hex;
    const call = { address, abi: ABI, functionName: "transferWithAuthorization", args } as const;
    await reader.simulateContract({ ...call, account: writer.account });
    const hash = await writer.writeContract(call);
    expect(await reader.waitForTransactionReceipt({ hash })).toMatchObject({ status: "success" });
    return hash;
  }

  const balances = async () => [await chain.balanceOf(payer), await chain.balanceOf(ledger.payTo)];
  const [FULL, LESS, PRICE] = [parseUsdc(100), parseUsdc(96), parseUsdc(4)];

  test("an authorization is no payment until it is used; then state, log and receipt show it", async () => {
    const { authorization, signature } = await signed();
    const { nonce } = authorization;
    const before = await chain.latest();
    expect(await balances()).toEqual([FULL, 0n]);
    expect(await chain.authorizationState(payer, nonce)).toBe(false);
    expect(await chain.useOf(payer, nonce)).toBeUndefined();

    const hash = await submit({ authorization, signature });
    expect(await balances()).toEqual([LESS, PRICE]);
    expect(await chain.authorizationState(payer, nonce)).toBe(true);
    expect(await chain.authorizationState(payer, nonce, before.number)).toBe(false);
    const use = await chain.useOf(payer, nonce, before.time - 60);
    expect(use).toEqual({ hash, block: before.number + 1 });
    expect(await chain.receipt(hash)).toEqual({
      ...{ hash, block: before.number + 1, success: true },
      transfers: [{ from: payer, to: ledger.payTo.toLowerCase(), amount: PRICE }],
      uses: [{ payer, nonce }],
    });
    expect(await chain.sentSince(payer, before.time - 60)).toBe(PRICE);
    expect(await chain.receipt(`0x${"1".repeat(64)}`)).toBeUndefined();
  });

  test("whoever repeats a payment signs the same nonce, and it is paid once", async () => {
    const first = await signed();
    const hash = await submit(first);
    await expect(submit(first)).rejects.toThrow("authorization is used or canceled");
    await ledger.pass(10);
    const again = await signed();
    expect(again.signature).not.toBe(first.signature); // valid longer
    await expect(submit(again)).rejects.toThrow("authorization is used or canceled");
    expect(await balances()).toEqual([LESS, PRICE]);
    expect(await chain.useOf(payer, again.authorization.nonce)).toMatchObject({ hash });
    await submit(await signed(1)); // another purchase
    expect(await chain.balanceOf(payer)).toBe(parseUsdc(92));
  });

  test("nobody can change what was signed", async () => {
    const paid = await signed();
    const { address } = submitter(ledger).writer.account;
    for (const change of [{ to: address }, { value: 5_000_000n }, { validBefore: 2n ** 40n }, { validAfter: 1n }])
      await expect(submit(paid, change)).rejects.toThrow("invalid signature");
    expect(await balances()).toEqual([FULL, 0n]);
  });

  test("after its time it cannot be paid any more, also where nobody ever submitted it", async () => {
    const paid = await signed();
    await ledger.pass(SECONDS + 1);
    await ledger.mine(15);
    expect((await chain.finalized()).time).toBeGreaterThan(Number(paid.authorization.validBefore));
    await expect(submit(paid)).rejects.toThrow("authorization is expired");
    expect(await chain.authorizationState(payer, paid.authorization.nonce)).toBe(false);
    expect(await balances()).toEqual([FULL, 0n]);
  });

  test("a use is final after twelve blocks", async () => {
    const { authorization, signature } = await signed();
    await submit({ authorization, signature });
    const { block } = (await chain.useOf(payer, authorization.nonce))!;
    const isFinal = async () => (await chain.finalized()).number >= block;
    expect([await chain.confirmations(block), await isFinal()]).toEqual([1, false]);
    await ledger.mine(11);
    expect([await chain.confirmations(block), await isFinal()]).toEqual([12, false]);
    await ledger.mine(1);
    expect([await chain.confirmations(block), await isFinal()]).toEqual([13, true]);
    const { number } = await chain.finalized();
    expect(await chain.authorizationState(payer, authorization.nonce, number)).toBe(true);
  });

  test("a reorganisation takes a use back, and the same payment is then made once more: it is paid once in total", async () => {
    const paid = await signed();
    const { nonce } = paid.authorization;
    const hash = await submit(paid);
    await ledger.reorganise(1);
    expect(await balances()).toEqual([FULL, 0n]);
    expect(await chain.authorizationState(payer, nonce)).toBe(false);
    expect(await chain.useOf(payer, nonce)).toBeUndefined();
    expect(await chain.receipt(hash)).toBeUndefined();
    await submit(paid);
    await expect(submit(paid)).rejects.toThrow("authorization is used or canceled");
    expect(await balances()).toEqual([LESS, PRICE]);
  });
});
