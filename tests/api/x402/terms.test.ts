import { checkTerms, type PaymentRules, type Terms } from "../../../api";
import { failure, type Reply } from "../vendor";
import { PAYEE } from "../../lifecycle/x402-keys";
import { ACCEPT, ACCEPT_V2, base64, PAGE, required, shops, USDC } from "./shop";

const shop = shops();
const ORDER = { country: "DE" };

async function termsOf(reply: Reply): Promise<Terms> {
  const { x402 } = await shop([{ status: 402, ...reply }]);
  const offered = await x402.askProxy(ORDER);
  if (!("terms" in offered)) throw new Error("bought");
  return offered.terms;
}

const V1 = { version: 1, network: "base-sepolia", amount: 4_000_000n, payTo: PAYEE };

describe("each documented form", () => {
  test.each<[string, Reply, object]>([
    ["the vendor page's", { json: { status: 402, payment: PAGE } }, { source: "payment", ...V1, asset: USDC }],
    [
      "the MCP client's",
      { json: { paymentRequirement: { x402Version: 1, accepts: [ACCEPT] } } },
      { source: "paymentRequirement", ...V1, asset: USDC, chainId: 84_532 },
    ],
    [
      "version 1's body",
      { json: { x402Version: 1, accepts: [ACCEPT], error: "Payment required" } },
      { source: "accepts", ...V1, asset: USDC, maxTimeoutSeconds: 300, domain: ACCEPT.extra },
    ],
    [
      "version 2's header",
      { json: {}, headers: required() },
      { source: "header", ...V1, version: 2, networkAsTold: "eip155:84532", asset: USDC, verbatim: ACCEPT_V2 },
    ],
    [
      "version 2 in a body",
      { json: { x402Version: 2, accepts: [ACCEPT_V2] } },
      { source: "accepts", ...V1, version: 2 },
    ],
    ["version 2's header without a body", { text: "", headers: required() }, { source: "header", ...V1, version: 2 }],
  ])("%s", async (_form, reply, offer) => {
    const terms = await termsOf(reply);
    expect(terms.offers).toEqual([expect.objectContaining(offer)]);
    expect(terms.disagreements).toEqual([]);
  });

  test("the page's end and id", async () => {
    const terms = await termsOf({ json: { payment: PAGE } });
    expect(terms).toMatchObject({ paymentId: "pay_0123456789ab", expiresAt: Date.parse(PAGE.expires) });
  });

  test("all at once, with other schemes and chains", async () => {
    const solana = {
      scheme: "exact",
      network: "solana",
      maxAmountRequired: "4000000",
      payTo: "6eUdVwsPArTxwVqEARYGCh4S2qwW2zCs7jSEDRpxydnv",
      asset: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
    };
    const accepts = [solana, { scheme: "upto", odd: true }, ACCEPT];
    const v2 = { ...solana, network: "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", amount: "4000000" };
    const json = { x402Version: 1, accepts, paymentRequirement: { x402Version: 1, accepts }, payment: PAGE };
    const terms = await termsOf({ json, headers: required([v2, ACCEPT_V2]) });
    expect(terms.offers.map(({ source, network }) => `${source} ${network}`)).toEqual([
      "header solana",
      "header base-sepolia",
      "accepts solana",
      "accepts base-sepolia",
      "paymentRequirement solana",
      "paymentRequirement base-sepolia",
      "payment base-sepolia",
    ]);
    expect(terms.disagreements).toEqual([]);
  });
});

describe("what cannot be one is refused in one line", () => {
  const accept = (change: object) => ({ json: { x402Version: 1, accepts: [{ ...ACCEPT, ...change }] } });
  test.each<[string, Reply]>([
    [
      "answer field accepts[0].maxAmountRequired is not a whole number of millionths of USDC",
      accept({ maxAmountRequired: "4.5" }),
    ],
    [
      "answer field accepts[0].maxAmountRequired is not a whole number of millionths of USDC",
      accept({ maxAmountRequired: -1 }),
    ],
    ["answer field accepts[0].maxAmountRequired is missing", accept({ maxAmountRequired: undefined })],
    ["answer field accepts[0].payTo is not an address", accept({ payTo: "0x12" })],
    ["answer field accepts[0].payTo is missing", accept({ payTo: undefined })],
    ["answer field accepts[0].asset is not an address", accept({ asset: "USDC" })],
    ["answer field accepts[0].network is not the name of a network", accept({ network: "a b" })],
    ["answer field accepts[0].maxTimeoutSeconds is not a number of seconds", accept({ maxTimeoutSeconds: -1 })],
    ["answer field accepts[0].chainId is not a chain's id", accept({ chainId: "0.5" })],
    ["answer field accepts is not an array", { json: { accepts: 7 } }],
    ["answer field payment.amount is not an amount of USDC", { json: { payment: { ...PAGE, amount: "4,00" } } }],
    ["answer field payment.expires is not a time", { json: { payment: { ...PAGE, expires: "soon" } } }],
    ["answer field payment.paymentId is not an id", { json: { payment: { ...PAGE, paymentId: "../x" } } }],
    [
      "answer field PAYMENT-REQUIRED.accepts[0].amount is missing",
      { json: {}, headers: required([{ ...ACCEPT_V2, amount: undefined }]) },
    ],
    [
      "answer field PAYMENT-REQUIRED is no base64 of a JSON object",
      { json: {}, headers: { "PAYMENT-REQUIRED": base64([1]) } },
    ],
    ["answer field PAYMENT-REQUIRED is no base64 of a JSON object", { json: {}, headers: { "PAYMENT-REQUIRED": "%" } }],
    ["the answer names no way of paying that is known here", { json: { message: "Payment Required" } }],
    ["the answer names no way of paying that is known here", { json: [1] }],
    ["the answer names no way of paying that is known here", { json: { accepts: [{ scheme: "upto" }] } }],
  ])("%s", async (reason, reply) => {
    const { x402 } = await shop([{ status: 402, ...reply }]);
    const error = await failure(x402.askProxy(ORDER));
    expect(error).toMatchObject({ code: "bad_answer", reason, status: 402, maybeDone: false });
    expect(error.message).toMatch(/^GET \/v1\/x402\/proxy: [^\n]+$/);
  });
});

const RULES: PaymentRules = { apiUrl: "https://api.proxies.sx", network: "base-sepolia", maxPrice: 4_000_000n };
const both = (inHeader: object, inBody: object = {}): Reply => ({
  json: { x402Version: 1, accepts: [{ ...ACCEPT, ...inBody }] },
  headers: required([{ ...ACCEPT_V2, ...inHeader }]),
});
const DEAD = "0x000000000000000000000000000000000000dEaD";

describe("terms that may be accepted", () => {
  test.each<[string, Reply, number]>([
    ["header and body: the header is", both({}), 2],
    ["body alone", { json: { accepts: [ACCEPT] } }, 1],
    ["the page's form, which is of USDC", { json: { payment: PAGE } }, 1],
  ])("%s", async (_what, reply, version) => {
    const agreed = checkTerms(await termsOf(reply), RULES);
    expect(agreed).toMatchObject({
      offer: { version },
      transfer: { payTo: PAYEE, amount: 4_000_000n, network: { chainId: 84_532 } },
    });
  });

  test("of two tokens, USDC", async () => {
    const terms = await termsOf({ json: { accepts: [{ ...ACCEPT, asset: DEAD, maxAmountRequired: "1" }, ACCEPT] } });
    expect(checkTerms(terms, RULES)).toMatchObject({ transfer: { amount: 4_000_000n, asset: USDC } });
  });
});

describe("terms that may not be accepted, in one line", () => {
  const price = (maxAmountRequired: string) => ({ json: { accepts: [{ ...ACCEPT, maxAmountRequired }] } });
  test.each<[string, Reply, Partial<PaymentRules>?]>([
    [
      "the vendor's terms contradict each other: the amount on base-sepolia is 4.000001 in the header PAYMENT-REQUIRED, 4.00 in accepts of the body",
      both({ amount: "4000001" }),
    ],
    [
      `the vendor's terms contradict each other: the payee on base-sepolia is ${PAYEE} in the header PAYMENT-REQUIRED, ${DEAD.toLowerCase()} in accepts of the body`,
      both({}, { payTo: DEAD }),
    ],
    [
      `the vendor's terms contradict each other: the asset on base-sepolia is ${DEAD.toLowerCase()} in the header`,
      both({ asset: DEAD }),
    ],
    [
      "the vendor's terms contradict each other: the header PAYMENT-REQUIRED offers eip155:1, accepts of the body does not",
      both({ network: "eip155:1" }),
    ],
    [
      "contradict each other: the amount on base-sepolia is 4.00 in accepts of the body, 4.10 in payment of the body",
      { json: { accepts: [ACCEPT], payment: { ...PAGE, amount: "4.10" } } },
    ],
    [
      "contradict each other: payment of the body offers base, accepts of the body does not",
      { json: { accepts: [ACCEPT], payment: { ...PAGE, network: "base" } } },
    ],
    ["the price is 4.000001 USDC, and may be 4.00 at most", price("4000001")],
    ["there is nothing to pay", price("0")],
    ["is not among those that are allowed", { json: { accepts: [{ ...ACCEPT, payTo: DEAD }] } }],
    ["is not among those that are allowed", { json: { accepts: [ACCEPT] } }, { payees: [DEAD] }],
    ["is not USDC of base-sepolia", { json: { accepts: [{ ...ACCEPT, asset: DEAD }] } }],
    [
      "the payee is no address of base-sepolia",
      { json: { accepts: [{ ...ACCEPT, payTo: "6eUdVwsPArTxwVqEARYGCh4S2qwW2zCs7jSEDRpxydnv" }] } },
    ],
    ["does not offer to be paid on base, only on base-sepolia", { json: { accepts: [ACCEPT] } }, { network: "base" }],
    ["says that base-sepolia is chain 8453, and it is 84532", { json: { accepts: [{ ...ACCEPT, chainId: 8453 }] } }],
    [
      'names the token "USD Coin" "2", and USDC of base-sepolia is "USDC" "2"',
      { json: { accepts: [{ ...ACCEPT, extra: { name: "USD Coin", version: "2" } }] } },
    ],
    ["wants to be paid by permit2", { json: { accepts: [{ ...ACCEPT, extra: { assetTransferMethod: "permit2" } }] } }],
    ...["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1/v1"].map(
      (apiUrl): [string, Reply, Partial<PaymentRules>] => [
        "base (chain 8453) is real money, and the API is on this machine: use base-sepolia",
        { json: { payment: { ...PAGE, network: "base" } } },
        { network: "base", apiUrl },
      ],
    ),
  ])("%s", async (why, reply, rules = {}) => {
    const agreed = checkTerms(await termsOf(reply), { ...RULES, ...rules });
    expect(agreed).toEqual({ problem: expect.stringContaining(why) as string });
    expect((agreed as { problem: string }).problem).not.toContain("\n");
  });

  test("real money of a real vendor may be paid", async () => {
    const terms = await termsOf({ json: { payment: { ...PAGE, network: "base" } } });
    expect(checkTerms(terms, { ...RULES, network: "base" })).toMatchObject({
      transfer: { network: { chainId: 8453 } },
    });
  });
});
