import { decodePaymentSignatureHeader, encodePaymentRequiredHeader } from "@x402/core/http";
import { x402ResourceServer } from "@x402/core/server";
import { type PaymentPayload, type PaymentRequired, type PaymentRequirements } from "@x402/core/types";
import {
  type Chain,
  checkTerms,
  createChain,
  derivedNonce,
  encodePayment,
  NETWORKS,
  parseUsdc,
  type PaymentRules,
  type Proof,
  signTransfer,
  type X402Api,
} from "../../../api";
import { facilitatorOn } from "../../chain/facilitator";
import { submitter, TEST_CHAINS, type TestChain } from "../../chain/test-chains";
import { PAYER } from "../../emulator/x402-wallet";
import { type Reply, type Seen } from "../vendor";
import { ACCEPT, ACCEPT_V2, shops } from "./shop";

/** A test key that everybody knows: that of PAYER. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const ORDER = { country: "DE" };
const shop = shops();

describe.each(TEST_CHAINS)("the official server and facilitator on %s", (_name, start) => {
  let ledger: TestChain;
  let chain: Chain;
  beforeEach(async () => {
    ledger = await start();
    chain = createChain(NETWORKS["base-sepolia"], ledger.url);
    await ledger.faucet(PAYER.address);
    await ledger.faucet(submitter(ledger).writer.account.address);
  });
  afterEach(async () => {
    chain.close();
    await ledger.close();
  });

  const sold = { success: true, credentials: { host: "1.2.3.4", httpPort: 1 } };

  /** The answer of a server that asks the facilitator: what is sold, or 402 with its reason. */
  async function answerOf(settling: Promise<{ success: boolean; errorReason?: string; transaction: string }>) {
    const settled = await settling;
    const header = Buffer.from(JSON.stringify(settled)).toString("base64");
    return { status: settled.success ? 200 : 402, header, body: settled.success ? sold : {} };
  }

  const serving =
    (settle: (payment: string) => Promise<{ success: boolean; errorReason?: string; transaction: string }>) =>
    (name: string, offer: Reply) =>
    ({ headers }: Seen): Reply => {
      const payment = headers[name];
      if (typeof payment !== "string") return offer;
      return {
        by: (response) => {
          const work = async () => {
            const { status, header, body } = await answerOf(settle(payment));
            response.writeHead(status, { "Content-Type": "application/json", "X-PAYMENT-RESPONSE": header });
            response.end(JSON.stringify(body));
          };
          void work().catch((error: unknown) => response.destroy(error as Error));
        },
      };
    };

  const refused = (errorReason = "invalid") => ({ success: false, errorReason, transaction: "" });

  async function proofFor(x402: X402Api, apiUrl: string): Promise<Proof> {
    const rules: PaymentRules = { apiUrl, network: "base-sepolia", maxPrice: 4_000_000n };
    const offered = await x402.askProxy(ORDER);
    const agreed = checkTerms("terms" in offered ? offered.terms : { offers: [], disagreements: [] }, rules);
    if ("problem" in agreed) throw new Error(agreed.problem);
    const nonce = derivedNonce(KEY, { purpose: "proxy", urn: "urn", backend: "file", serial: 0 });
    const validBefore = BigInt(Math.floor(Date.now() / 1_000) + 300);
    return encodePayment(signTransfer(KEY, { transfer: agreed.transfer, nonce, validBefore }, rules), agreed.offer);
  }

  /** By version 2 the server is the official one too; there is none of version 1 any more. */
  function version2() {
    const { v2 } = facilitatorOn(ledger);
    const offer = { ...ACCEPT_V2, extra: { ...ACCEPT_V2.extra, more: [1, "ü"] } } as unknown as PaymentRequirements;
    const required: PaymentRequired = { x402Version: 2, resource: { url: "https://a.example" }, accepts: [offer] };
    const settle = async (header: string) => {
      const payment = decodePaymentSignatureHeader(header);
      const asked = new x402ResourceServer().findMatchingRequirements(required.accepts, payment);
      if (!asked) return refused("no such offer");
      const verified = await v2.verify(payment, asked);
      return verified.isValid ? v2.settle(payment, asked) : refused(verified.invalidReason);
    };
    const terms = { status: 402, json: {}, headers: { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(required) } };
    return serving(settle)("payment-signature", terms);
  }

  function version1() {
    const { v1 } = facilitatorOn(ledger);
    const settle = async (header: string) => {
      const payment = JSON.parse(Buffer.from(header, "base64").toString("utf8")) as PaymentPayload;
      const verified = await v1.verify(payment, ACCEPT as never);
      return verified.isValid ? v1.settle(payment, ACCEPT as never) : refused(verified.invalidReason);
    };
    const terms = { status: 402, json: { x402Version: 1, accepts: [ACCEPT], error: "X-PAYMENT header is required" } };
    return serving(settle)("x-payment", terms);
  }

  test.each([
    ["2", version2],
    ["1", version1],
  ])("take our payment of version %s, once", async (_version, serve) => {
    const { x402, url } = await shop(serve());
    const proof = await proofFor(x402, url);
    const bought = await x402.buyProxy(ORDER, proof);
    expect(bought).toMatchObject({ proxy: { host: "1.2.3.4" }, settlement: { success: true } });
    const hash = bought.settlement?.transactionHash as string;
    expect(await chain.receipt(hash)).toMatchObject({ success: true, transfers: [{ amount: parseUsdc(4) }] });

    // The facilitator knows no purchases: it says that the nonce was used, which is our proof that it was paid.
    await expect(x402.buyProxy(ORDER, proof)).rejects.toMatchObject({ code: "rejected", maybeDone: true });
    expect(await chain.balanceOf(PAYER.address)).toBe(parseUsdc(96));
  });
});
