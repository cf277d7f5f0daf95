import { decodePaymentSignatureHeader, encodePaymentRequiredHeader } from "@x402/core/http";
import { x402ResourceServer } from "@x402/core/server";
import { type PaymentRequired } from "@x402/core/types";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { checkTerms, derivedNonce, encodePayment, type PaymentRules, signTransfer } from "../../../api";
import { baseSepolia, createPublicClient, createWalletClient, custom } from "../../emulator/x402-viem";
import { OTHER, PAYER, rpc, shop as ledger } from "../../emulator/x402-wallet";
import { type World } from "../../emulator/harness";
import { type Reply, type Seen } from "../vendor";
import { ACCEPT_V2, shops } from "./shop";

const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const shop = shops();

/** The official facilitator, on the emulator's chain. */
function facilitator(here: World) {
  const transport = custom({
    request: ({ method, params }: { method: string; params?: unknown[] }) => rpc(here, method, params),
  });
  const chain = createPublicClient({ chain: baseSepolia, transport, pollingInterval: 1 });
  const wallet = createWalletClient({ account: OTHER, chain: baseSepolia, transport });
  here.control.x402.faucet(OTHER.address);
  return new ExactEvmScheme(toFacilitatorEvmSigner({ ...chain, ...wallet, address: OTHER.address } as never));
}

test("our payment is taken by the official server and facilitator, once", async () => {
  const here = ledger({ now: Date.now });
  const { verify, settle } = ((each) => ({ verify: each.verify.bind(each), settle: each.settle.bind(each) }))(
    facilitator(here),
  );
  const offer = {
    ...ACCEPT_V2,
    payTo: here.control.x402.ledgerView().payTo,
    extra: { ...ACCEPT_V2.extra, more: [1, "ü"] },
  };
  const required = {
    x402Version: 2,
    resource: { url: "https://a.example" },
    accepts: [offer],
  } as unknown as PaymentRequired;
  const settled: unknown[] = [];

  const serve = ({ headers }: Seen): Reply => {
    const header = headers["payment-signature"];
    if (typeof header !== "string")
      return { status: 402, json: {}, headers: { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(required) } };
    const payload = decodePaymentSignatureHeader(header);
    return {
      by: (response) => {
        const work = async () => {
          const asked = new x402ResourceServer().findMatchingRequirements(required.accepts, payload);
          const verified = asked && (await verify(payload, asked));
          const result = verified?.isValid ? await settle(payload, asked!) : verified;
          settled.push(result);
          response.end(JSON.stringify({ success: true, credentials: { host: "1.2.3.4", httpPort: 1 } }));
        };
        void work().catch((error: unknown) => response.destroy(error as Error));
      },
    };
  };
  const { x402, url } = await shop(serve);
  const rules: PaymentRules = { apiUrl: url, network: "base-sepolia", maxPrice: 4_000_000n };
  const offered = await x402.askProxy({ country: "DE" });
  const agreed = checkTerms("terms" in offered ? offered.terms : { offers: [], disagreements: [] }, rules);
  if ("problem" in agreed) throw new Error(agreed.problem);
  const nonce = derivedNonce(KEY, { purpose: "proxy", urn: "urn", backend: "file", serial: 0 });
  const validBefore = BigInt(Math.floor(Date.now() / 1_000) + 300);
  const proof = encodePayment(
    signTransfer(KEY, { transfer: agreed.transfer, nonce, validBefore }, rules),
    agreed.offer,
  );

  expect(await x402.buyProxy({ country: "DE" }, proof)).toMatchObject({ proxy: { host: "1.2.3.4" } });
  expect(settled[0]).toMatchObject({ success: true, transaction: expect.stringMatching(/^0x/) as string });
  await x402.buyProxy({ country: "DE" }, proof);
  expect(here.control.x402.balance(PAYER.address)).toBe("96.00");
});
