import {
  authorize,
  type Bought,
  buy,
  decoded,
  expectBalanced,
  nonceOf,
  type Offered,
  ORDER,
  OTHER,
  PAYER,
  PROXY,
  rpc,
  shop,
  v1,
  v2,
} from "./x402-wallet";
import { type Reply, type World } from "./harness";
import { encodeFunctionData, erc20Abi, type Hex, parseAbi } from "./x402-viem";

let here: World;
beforeEach(() => (here = shop()));
afterEach(() => expectBalanced(here));

const send = <T = Bought & Offered>(headers: Record<string, string>, line = PROXY): Promise<Reply<T>> =>
  here.call<T>(line, { key: null, headers });
const offer = async () => (await send({})).body;
const paid = (value = "4.00") =>
  expect(here.control.x402.balance(PAYER.address)).toBe((100 - Number(value)).toFixed(2));
const payTo = () => here.control.x402.ledgerView().payTo;
const transfer = (usdc: string | number) => here.control.x402.transfer({ from: PAYER.address, to: payTo(), usdc }).hash;

test("an offer states its terms in each documented shape, and they agree", async () => {
  const reply = await send<Offered>({});
  expect(reply.status).toBe(402);
  const { body, headers } = reply;
  expect(body).toMatchObject({ status: 402, message: "Payment Required", x402Version: 1 });
  expect(body.payment).toEqual({
    payTo: payTo(),
    amount: "4.00",
    currency: "USDC",
    network: "base-sepolia",
    paymentId: expect.stringMatching(/^pay_[0-9a-f]{12}$/) as string,
    expires: "2026-01-15T12:05:00.000Z",
  });
  const accept = {
    scheme: "exact",
    network: "base-sepolia",
    chainId: "84532",
    maxAmountRequired: "4000000",
    payTo: payTo(),
    asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    resource: `${here.url}/v1/x402/proxy`,
    description: "shared proxy in Germany: 1 GB, 3600 s",
    mimeType: "application/json",
    maxTimeoutSeconds: 300,
    extra: { name: "USDC", version: "2" },
  };
  expect(body.accepts).toEqual([accept]);
  expect(body.paymentRequirement).toEqual({ x402Version: 1, accepts: [accept] });
  const { scheme, asset, maxTimeoutSeconds, extra } = accept;
  expect(decoded(headers.get("payment-required"))).toMatchObject({
    x402Version: 2,
    resource: { url: accept.resource },
    accepts: [{ scheme, network: "eip155:84532", amount: "4000000", asset, payTo: payTo(), maxTimeoutSeconds, extra }],
  });
  paid("0");
});

describe.each([
  ["version 1", v1],
  ["version 2", v2],
])("a signed authorization of %s", (_name, header) => {
  test("buys, and is reported in both headers", async () => {
    const reply = await send(await header(here));
    expect(reply.status).toBe(200);
    const { session, credentials, sessionToken, payment, success } = reply.body;
    expect(success).toBe(true);
    expect(sessionToken).toMatch(/^x402s_[A-Za-z0-9]{32}$/);
    expect(credentials).toMatchObject({ host: expect.any(String) as string, expiresAt: "2026-01-15T13:00:00.000Z" });
    expect(session).toMatchObject({ status: "active", proxy: credentials, location: { countryCode: "DE" } });
    expect(payment).toMatchObject({ network: "base-sepolia", amountPaid: "4.00", currency: "USDC" });
    const told = { success: true, transaction: payment.transactionHash, payer: PAYER.address };
    expect(decoded(reply.headers.get("x-payment-response"))).toEqual({ ...told, network: "base-sepolia" });
    expect(decoded(reply.headers.get("payment-response"))).toEqual({ ...told, network: "eip155:84532" });
    paid();
  });

  test("sent again is paid once and gives the same session, also after it was valid", async () => {
    const payment = await header(here);
    const first = await send(payment);
    const again = await send(payment);
    here.control.clock.advance("30m");
    const late = await send(payment);
    expect([first.status, again.status, late.status]).toEqual([200, 200, 200]);
    expect(again.body).toEqual(first.body);
    expect(late.body.session.id).toBe(first.body.session.id);
    paid();
    expect(here.control.x402.receipts()).toHaveLength(1);
  });

  test("is good for what it bought, and for nothing else", async () => {
    const payment = await header(here);
    await send(payment);
    expect((await send(payment, "GET /v1/x402/proxy?country=PL&duration=3600&traffic=1")).status).toBe(409);
    paid();
  });

  const bad: [string, Parameters<typeof v1>[1], string][] = [
    ["to another payee", { to: OTHER.address }, "recipient_mismatch"],
    ["of too little", { value: 3_999_999n }, "authorization_value"],
    ["that is not valid yet", { validAfter: 1n << 40n }, "valid_after"],
    ["that is not valid any more", { validBefore: 1n }, "valid_before"],
    ["for another chain", { chainId: 8_453 }, "payload_signature"],
    ["of an empty wallet", { account: OTHER }, "insufficient_funds"],
  ];
  test.each(bad)("%s is refused with the terms, and nothing moves", async (_what, change, why) => {
    const reply = await send(await header(here, change));
    expect([reply.status, reply.body.error]).toEqual([402, expect.stringContaining(why)]);
    expect(reply.body.accepts[0]?.maxAmountRequired).toBe("4000000");
    const told = { success: false, errorReason: reply.body.error, transaction: "" };
    expect(decoded(reply.headers.get("payment-response"))).toEqual({ ...told, network: "eip155:84532" });
    expect(here.control.x402.receipts()).toEqual([]);
    paid("0");
  });
});

test("an authorization in version 2 that accepts other terms is refused", async () => {
  for (const [accepted, why] of [
    [{ network: "eip155:8453" }, "invalid_network"],
    [{ asset: OTHER.address }, "invalid_asset"],
    [{ scheme: "upto" }, "unsupported_scheme"],
  ] as const)
    expect((await send(await v2(here, {}, accepted))).body.error).toBe(why);
  paid("0");
});

test("what is no payment is refused", async () => {
  for (const text of ["x", "{}", "e30=", "0x12", JSON.stringify({ transactionHash: "0x12" })]) {
    const reply = await send({ "X-PAYMENT": text });
    expect([reply.status, reply.body.error]).toEqual([402, "invalid_payload"]);
  }
});

test("a changed signature, or another's, is refused", async () => {
  const { "X-PAYMENT": header = "" } = await v1(here);
  const payload = decoded(header) as { payload: { authorization: { from: string } } };
  payload.payload.authorization.from = OTHER.address;
  const reply = await send({ "X-PAYMENT": Buffer.from(JSON.stringify(payload)).toString("base64") });
  expect(reply.body.error).toBe("invalid_exact_evm_payload_signature");
});

describe("the hash of a transaction", () => {
  const json = (transactionHash: Hex, more: object = {}) => ({
    "X-Payment": JSON.stringify({ transactionHash, network: "base-sepolia", payer: PAYER.address, ...more }),
  });

  test.each([
    ["in JSON", (hash: Hex) => json(hash)],
    ["in JSON, with version 2's network", (hash: Hex) => json(hash, { network: "eip155:84532" })],
    ["in Payment-Signature", (hash: Hex) => ({ "Payment-Signature": hash })],
  ])("%s buys", async (_how, header) => {
    const reply = await send(header(transfer(4) as Hex));
    expect(reply.status).toBe(200);
    expect(reply.body.payment.amountPaid).toBe("4.00");
    paid();
  });

  test("buys when its payer signed and sent it", async () => {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [payTo() as Hex, 4_000_000n] });
    const to = here.control.x402.ledgerView().asset as Hex;
    const raw = await PAYER.signTransaction({
      ...{ type: "eip1559", chainId: 84_532, nonce: 0, gas: 90_000n, to, data, maxFeePerGas: 10n ** 9n },
    });
    const hash = await rpc<Hex>(here, "eth_sendRawTransaction", [raw]);
    expect((await send(json(hash))).status).toBe(200);
  });

  test("is taken once", async () => {
    const hash = transfer(4) as Hex;
    expect((await send(json(hash))).status).toBe(200);
    const again = await send<{ message: string }>(json(hash));
    expect([again.status, again.body.message]).toEqual([409, "This transaction was used already"]);
    here.control.setQuirks({ x402HashAgain: "same" });
    expect((await send(json(hash))).status).toBe(200);
    expect(here.control.x402.sessions()).toHaveLength(1);
    const other = "GET /v1/x402/proxy?country=PL&duration=3600&traffic=1";
    expect((await send(json(hash), other)).status).toBe(409);
  });

  test.each([
    ["3.92", 200],
    ["3.919999", 402],
    ["9", 200],
  ])("of %s USDC where 4 are asked is %i: 2 %% are forgiven", async (usdc, status) => {
    const hash = transfer(usdc) as Hex;
    expect((await send(json(hash))).status).toBe(status);
    if (status === 402) here.control.x402.reorganise({ blocks: 1 }); // so that receipts and balance agree
  });

  test("that is unknown, waits, failed, went elsewhere or is another's is refused", async () => {
    const { x402 } = here.control;
    const elsewhere = x402.transfer({ from: PAYER.address, to: OTHER.address, usdc: 4 }).hash as Hex;
    const given = x402.faucet(OTHER.address).hash as Hex;
    const refusals: [Record<string, string>, string][] = [
      [json(nonceOf("none")), "transaction_not_found"],
      [json(elsewhere), "payment_mismatch"],
      [json(given), "payment_mismatch"],
      [json(elsewhere, { network: "base" }), "invalid_network"],
    ];
    for (const [header, why] of refusals) expect((await send(header)).body.error).toBe(why);
    x402.setMining("manual");
    const raw = await PAYER.signTransaction({
      ...{ type: "eip1559", chainId: 84_532, nonce: 0, gas: 90_000n, to: OTHER.address, maxFeePerGas: 10n ** 9n },
    });
    const waiting = await rpc<Hex>(here, "eth_sendRawTransaction", [raw]);
    expect((await send(json(waiting))).body.error).toBe("transaction_not_found");
    x402.setMining("auto");
    x402.reorganise({ blocks: 1 });
  });

  test("of another payer than it says is refused", async () => {
    const hash = transfer(4) as Hex;
    expect((await send(json(hash, { payer: OTHER.address }))).body.error).toBe("payer_mismatch");
    expect((await send(json(hash))).status).toBe(200);
  });
});

describe("a payment that the server sees on the chain", () => {
  const claim = (id: string, line = PROXY) => send({}, `${line}&paymentId=${id}`);

  test("is claimed by its offer's id, once", async () => {
    const { payment } = await offer();
    expect((await claim(payment.paymentId)).body.error).toBe("payment_not_seen");
    transfer(4);
    const [first, again] = [await claim(payment.paymentId), await claim(payment.paymentId)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.session.id).toBe(first.body.session.id);
    expect((await send({ "X-Payment-Id": payment.paymentId })).status).toBe(200);
    expect((await claim((await offer()).payment.paymentId)).status).toBe(402);
    expect((await claim("pay_none")).body.error).toBe("unknown_payment_id");
    expect((await claim(payment.paymentId, "GET /v1/x402/proxy?country=PL")).body.error).toBe("unknown_payment_id");
  });

  test("is not one that came before the offer, or after its end", async () => {
    const early = transfer(4);
    here.control.clock.advance("10s");
    const { payment } = await offer();
    expect((await claim(payment.paymentId)).status).toBe(402);
    here.control.clock.advance("301s");
    const late = transfer(4);
    expect((await claim(payment.paymentId)).status).toBe(402);
    for (const hash of [early, late]) expect((await send({ "Payment-Signature": hash })).status).toBe(200);
  });

  test("is claimed by the same request, with the quirk that has it so", async () => {
    here.control.setQuirks({ x402Watch: "request" });
    await offer();
    transfer(4);
    expect((await send({}, "GET /v1/x402/proxy?country=PL&duration=3600&traffic=1")).status).toBe(402);
    const [first, again] = [await send({}), await send({})];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.session.id).toBe(first.body.session.id);
  });
});

describe("faults", () => {
  const fault = (
    kind: "settleRefused" | "settleLate" | "settleLost" | "outOfStock" | "terms" | "hashRefused",
    more = {},
  ) => here.control.x402.addFault({ kind, times: 1, ...more });

  test("the facilitator refuses: nothing moves, and the same is good later", async () => {
    fault("settleRefused");
    const payment = await v1(here);
    expect((await send(payment)).body.error).toBe("facilitator_refused");
    paid("0");
    expect((await send(payment)).status).toBe(200);
    paid();
  });

  test("a settlement is late: 402, then paid, and the same again delivers it", async () => {
    fault("settleLate", { seconds: 60 });
    const payment = await v1(here);
    expect((await send(payment)).body.error).toBe("settlement timed out");
    paid("0");
    here.control.clock.advance("1m");
    paid();
    expect((await send(payment)).status).toBe(200);
    paid();
  });

  test("a settlement is late, and the same is sent meanwhile: it is paid once", async () => {
    fault("settleLate", { seconds: 60 });
    const payment = await v1(here);
    await send(payment);
    expect((await send(payment)).status).toBe(200);
    here.control.clock.advance("2m");
    paid();
    const last = here.control.x402.ledgerView().transactions.map(({ status }) => status);
    expect(last.sort()).toEqual(["reverted", "success", "success"]);
    expect((await send(payment)).status).toBe(200);
  });

  test("a settlement is lost: 402 with the money gone, and the same again delivers it", async () => {
    fault("settleLost");
    const payment = await v1(here);
    expect((await send(payment)).status).toBe(402);
    paid();
    const [used] = here.control.x402.ledgerView().transactions.filter(({ by }) => by === "server");
    expect((await send(payment)).body.payment.transactionHash).toBe(used?.hash);
    paid();
  });

  test("a settlement is lost, and the server never takes the same again: the hash buys", async () => {
    here.control.setQuirks({ x402Resend: "refuses" });
    fault("settleLost");
    const payment = await v1(here);
    await send(payment);
    expect((await send(payment)).body.error).toBe("invalid_transaction_state");
    const [used] = here.control.x402.ledgerView().transactions.filter(({ by }) => by === "server");
    expect((await send({ "Payment-Signature": used?.hash ?? "" })).status).toBe(200);
    paid();
  });

  describe("an authorization that its payer submitted itself", () => {
    let hash: Hex;
    beforeEach(async () => {
      const { message, signature } = await authorize(here);
      const { from, to, value, validAfter, validBefore, nonce } = message;
      const data = encodeFunctionData({
        abi: parseAbi(["function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"]),
        args: [from, to, value, validAfter, validBefore, nonce, signature],
      });
      const asset = here.control.x402.ledgerView().asset as Hex;
      const raw = await PAYER.signTransaction({
        ...{ type: "eip1559", chainId: 84_532, nonce: 0, gas: 90_000n, to: asset, data, maxFeePerGas: 10n ** 9n },
      });
      hash = await rpc<Hex>(here, "eth_sendRawTransaction", [raw]);
      paid();
    });

    test("is delivered, and its hash buys nothing more", async () => {
      expect((await send(await v1(here))).body.payment.transactionHash).toBe(hash);
      expect((await send({ "Payment-Signature": hash })).status).toBe(409);
      paid();
    });

    test("buys by its hash, and then nothing more itself", async () => {
      expect((await send({ "Payment-Signature": hash })).status).toBe(200);
      expect((await send(await v1(here))).body.error).toBe("invalid_transaction_state");
      expect(here.control.x402.sessions()).toHaveLength(1);
      paid();
    });
  });

  test.each([
    ["an authorization", async () => v1(here)],
    ["a hash", async () => ({ "Payment-Signature": transfer(4) })],
  ])("no device is left after %s was paid: it stays claimable", async (_what, header) => {
    fault("outOfStock");
    const payment = await header();
    expect((await send(payment)).status).toBe(409);
    expect(here.control.x402.receipts()).toMatchObject([{ delivered: false, mined: true }]);
    expect(here.control.x402.sessions()).toEqual([]);
    expect((await send(payment)).status).toBe(200);
    expect(here.control.x402.receipts()).toMatchObject([{ delivered: true }]);
    paid();
  });

  test.each([
    ["price", "5000000"],
    ["unit", "4000001"],
  ] as const)("the %s changes between offer and payment: new terms, nothing moves", async (change, amount) => {
    fault("terms", { change });
    const payment = await v1(here);
    const reply = await send(payment);
    expect([reply.status, reply.body.accepts[0]?.maxAmountRequired]).toEqual([402, amount]);
    paid("0");
    expect((await send(payment)).status).toBe(200);
  });

  test.each(["payTo", "asset", "network"] as const)("the %s changes between offer and payment", async (change) => {
    here.control.x402.addFault({ kind: "terms", times: 2, change });
    expect([(await send(await v1(here))).status, (await send(await v2(here))).status]).toEqual([402, 402]);
    paid("0");
    expect((await send(await v2(here))).status).toBe(200);
  });

  test("a hash is refused after it was mined", async () => {
    fault("hashRefused");
    const hash = transfer(4);
    expect((await send({ "Payment-Signature": hash })).body.error).toBe("transaction_not_found");
    expect((await send({ "Payment-Signature": hash })).status).toBe(200);
    paid();
  });

  test("a fault can spare the first calls, and is counted", async () => {
    here.control.x402.addFault({ kind: "settleRefused", after: 1, times: 1 });
    const codes = [];
    for (const nonce of ["a", "b", "c"]) codes.push((await send(await v1(here, { nonce }))).status);
    expect(codes).toEqual([200, 402, 200]);
    expect(here.control.x402.faults()).toMatchObject([{ kind: "settleRefused", struck: 1 }]);
    here.control.clearFaults();
    expect(here.control.x402.faults()).toEqual([]);
  });

  test.each([
    ["402", { status: 402, commit: true, body: { x402Version: 1, accepts: [] } }],
    ["a 5xx", { status: 502, commit: true }],
    ["an empty body", { status: 200, commit: true, body: "" }],
  ])("%s is answered after settle, to paid calls only", async (_what, answer) => {
    here.control.addFault({ path: "/x402/proxy", paid: true, times: 1, ...answer });
    expect((await send({})).status).toBe(402);
    const payment = await v1(here);
    const lost = await send(payment);
    expect(lost.body?.session).toBeUndefined();
    paid();
    expect((await send(payment)).status).toBe(200);
    paid();
  });

  test.each(["before", "after"] as const)("the connection is cut %s settle", async (cut) => {
    here.control.addFault({ path: "/x402/proxy", paid: true, times: 1, cut });
    const payment = await v1(here);
    await expect(send(payment)).rejects.toThrow("cut the connection");
    paid(cut === "after" ? "4.00" : "0");
    expect((await send(payment)).status).toBe(200);
    paid();
  });
});

test("after a reorganisation the same authorization is settled again, and the session stays", async () => {
  here.control.x402.mine(20);
  const payment = await v1(here);
  const first = (await send(payment)).body;
  here.control.x402.reorganise({ blocks: 3 });
  paid("0");
  const again = (await send(payment)).body;
  expect(again.session.id).toBe(first.session.id);
  expect(again.payment.transactionHash).not.toBe(first.payment.transactionHash);
  expect(here.control.x402.sessions()).toMatchObject([{ txHash: again.payment.transactionHash }]);
  paid();
});

test("what was taken away is settled again at the price of its day, and needs no device", async () => {
  here = shop({ config: { devicesPerCarrier: { shared: 1, private: 0 }, countries: ["GB"] } });
  here.control.x402.mine(20);
  const line = "GET /v1/x402/proxy?country=GB&carrier=EE";
  const payment = await v1(here);
  const first = (await send(payment, line)).body;
  here.control.configure({ x402: { sharedPerGB: 5 } });
  here.control.x402.reorganise({ blocks: 3 });
  expect((await send({}, line)).status).toBe(409);
  expect((await send(payment, line)).body.session.id).toBe(first.session.id);
  paid();
});

test("an empty stock is reported before anything is paid", async () => {
  here = shop({ config: { devicesPerCarrier: { shared: 0, private: 1 } } });
  const reply = await send<{ message: string }>({});
  expect([reply.status, reply.body.message]).toEqual([409, "No free shared device in Germany"]);
  expect((await send(await v1(here))).status).toBe(409);
  paid("0");
  expect((await send(await v1(here, { value: 8_000_000n }), `${PROXY}&tier=private`)).status).toBe(200);
});

test("orders are distinguished by all that they ask for", async () => {
  const lines = ["&tier=private", "&carrier=O2", "&city=berlin", ""].map((more) => `${PROXY}${more}`);
  for (const [at, line] of lines.entries()) await buy(here, `n${at}`, line, { value: 8_000_000n });
  expect(new Set(here.control.x402.receipts().map(({ key }) => key)).size).toBe(4);
  const post = await here.call<Offered>("POST /x402/proxy", {
    key: null,
    body: { country: "DE", duration: 3_600, traffic: 0.1, tier: "private" },
  });
  expect([post.status, post.body.payment.amount]).toEqual([402, "0.80"]);
  const missing = await here.call(`GET /x402/proxy${ORDER}&carrier=nobody`, { key: null });
  expect([missing.status, missing.body["message"]]).toEqual([400, "There is no carrier of that name in Germany"]);
});
