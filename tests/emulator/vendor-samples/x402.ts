import { place } from "./port";
import { at, type Sample } from "./sample";
import { fields, iso, like, list, oneOf, text, whole, number } from "./shape";
import { type Offered, ORDER, PAYER, PROXY, v1 } from "../x402-wallet";

export const X402: readonly Sample[] = [
  {
    endpoint: "GET /x402/health",
    scope: "public",
    make: at("/x402/health"),
    answer: { enabled: oneOf(true), version: like(/^\d+\.\d+\.\d+$/) },
    differs: { status: 'the client takes only a service that says status "ok" (M)' },
  },
  {
    endpoint: "GET /x402/info",
    scope: "public",
    make: at("/x402/info"),
    answer: {
      pricing: { shared: fields, private: fields },
      networks: list(oneOf("solana"), like(/^base/)),
      wallets: fields,
      limits: { minDuration: oneOf(3_600), maxDuration: oneOf(2_592_000), minTrafficGB: oneOf(0.1) },
    },
    differs: { currency: "as in pricing, whose prices these are" },
  },
  {
    endpoint: "GET /x402/countries",
    scope: "public",
    make: at("/x402/countries"),
    answer: list({ ...place, availableDevices: whole, tier: oneOf("both", "shared", "private") }),
  },
  {
    endpoint: "GET /x402/pricing",
    scope: "public",
    make: at("/x402/pricing"),
    answer: {
      shared: { perGB: oneOf(4), perHour: number },
      private: { perGB: oneOf(8), perHour: number },
      networks: list(like(/^base/), oneOf("solana")),
      currency: oneOf("USDC"),
    },
  },
  {
    endpoint: "GET /x402/calculate",
    scope: "public",
    make: at("/x402/calculate?tier=shared&duration=3600&traffic=1"),
    answer: { cost: like(/^\d+\.\d\d$/), currency: oneOf("USDC"), breakdown: fields },
    differs: Object.fromEntries(
      ["tier", "trafficRatePerGB", "totalCost"].map((name) => [
        name,
        "the client reads it (M), and no quirk leaves it out",
      ]),
    ),
  },
  {
    endpoint: "GET /x402/proxy",
    of: "an order",
    scope: "public",
    status: 402,
    make: at("/x402/proxy?country=US&duration=3600&traffic=1"),
    answer: {
      status: oneOf(402),
      message: oneOf("Payment Required"),
      payment: {
        payTo: like(/^0x[0-9a-fA-F]{40}$/),
        amount: like(/^\d+\.\d\d$/),
        currency: oneOf("USDC"),
        network: like(/^base/),
        paymentId: like(/^pay_[0-9a-z]+$/),
        expires: iso,
      },
    },
    besides: { M: "statusCode paymentRequirement x402Version accepts error" },
  },
  {
    endpoint: "GET /x402/proxy",
    of: "an order that is paid",
    scope: "public",
    make: async (here) => {
      here.control.x402.faucet(PAYER.address);
      const { body } = await here.call<Offered>(PROXY, { key: null });
      const value = BigInt(Math.round(Number(body.payment.amount) * 1e6));
      return { path: `/x402/proxy${ORDER}`, headers: await v1(here, { value }) };
    },
    answer: {
      credentials: {
        host: text,
        httpPort: whole,
        socksPort: whole,
        username: text,
        password: text,
        expiresAt: iso,
      },
    },
    besides: { M: "success sessionToken session payment" },
  },
  { endpoint: "GET /x402/agents", scope: "public", make: at("/x402/agents") },
];
