import * as pulumi from "@pulumi/pulumi";
import { type Bought } from "../../api";
import { type Emulator, startEmulator } from "../../emulator";
import * as proxies from "../../sdk";
import { PAYER, rented } from "../api/x402/rented";
import { KEY, vendors } from "../api/vendor";
import { seen } from "./seen";

const vendor = vendors();

let emulator: Emulator;
let bought: Bought;
let hash: string;
let token: string;
beforeEach(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ inputs }) => ({ id: "id", state: inputs as object }),
    call: () => ({}),
  });
  emulator = await startEmulator();
  bought = await rented(emulator);
  token = bought.token as string;
  hash = bought.settlement?.transactionHash as string;
  pulumi.runtime.setAllConfig({ "proxies-sx:apiUrl": emulator.url }); // and no key
  emulator.control.clearRequests();
});
afterEach(() => emulator.close());

const calls = () =>
  emulator.control.requests().map(({ path, query }) => {
    const asked = new URLSearchParams(query).toString();
    return path.replace("/v1/x402", "") + (asked && `?${asked}`);
  });

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const containing = (value: object): unknown => expect.objectContaining(value);

type Both = [() => Promise<unknown>, () => pulumi.Output<unknown>];
const SESSION = () =>
  containing({ id: bought.id, tier: "shared", wallet: PAYER, paid: 4, allocatedGB: 1, expiresAt: ISO, createdAt: ISO });

/** Each in both its forms, what it gives, what it calls, and whether its Output is secret. */
const LOOK_UPS: [name: string, both: Both, answer: () => unknown, call: () => string, secret?: "secret"][] = [
  [
    "health",
    [() => proxies.getX402Health(), () => proxies.getX402HealthOutput()],
    () => containing({ enabled: true, status: "ok" }),
    () => "/health",
  ],
  [
    "info",
    [() => proxies.getX402Info(), () => proxies.getX402InfoOutput()],
    () =>
      containing({
        shared: { perGB: 4, perHour: 0 },
        private: { perGB: 8, perHour: 0 },
        wallets: containing({ "base-sepolia": "0xf8cd900794245fc36cbe65be9afc23cdf5103042" }),
        limits: containing({ minDuration: 3_600, minTrafficGB: 0.1 }),
      }),
    () => "/info",
  ],
  [
    "pricing",
    [() => proxies.getX402Pricing(), () => proxies.getX402PricingOutput()],
    () => containing({ shared: { perGB: 4, perHour: 0 }, networks: ["solana", "base-sepolia"] }),
    () => "/pricing",
  ],
  [
    "countries",
    [
      () => proxies.getX402Countries({ tier: "private" }),
      () => proxies.getX402CountriesOutput({ tier: pulumi.output("private" as const) }),
    ],
    () =>
      expect.arrayContaining([
        containing({ code: "DE", name: "Germany", availableDevices: expect.any(Number) as number }),
      ]) as unknown,
    () => "/countries?tier=private",
  ],
  [
    "a quote",
    [
      () => proxies.getX402Quote({ tier: "private", duration: "2h", trafficGB: 0.5 }),
      () => proxies.getX402QuoteOutput({ tier: "private", duration: pulumi.output("2h"), trafficGB: 0.5 }),
    ],
    () => ({ total: 4, tier: "private", perGB: 8, trafficCost: 4, durationCost: 0 }),
    () => "/calculate?tier=private&duration=7200&traffic=0.5",
  ],
  ["agents", [() => proxies.getX402Agents(), () => proxies.getX402AgentsOutput()], () => [], () => "/agents"],
  [
    "a wallet's sessions",
    [
      () => proxies.getX402Sessions({ wallet: PAYER }),
      () => proxies.getX402SessionsOutput({ wallet: pulumi.output(PAYER) }),
    ],
    () => [SESSION()],
    () => "/sessions/wallet/0x[secret]?status=active",
    "secret",
  ],
  [
    "the session of a transaction",
    [
      () => proxies.getX402Session({ transaction: hash }),
      () => proxies.getX402SessionOutput({ transaction: pulumi.output(hash) }),
    ],
    SESSION,
    () => "/session/tx/0x[secret]",
    "secret",
  ],
  [
    "the session of a token",
    [() => proxies.getX402Session({ token }), () => proxies.getX402SessionOutput({ token: pulumi.secret(token) })],
    () => containing({ id: bought.id, ports: [containing({ expiresAt: ISO })], proxy: containing({ expiresAt: ISO }) }),
    () => "/manage/session",
    "secret",
  ],
  [
    "what is left of a session",
    [() => proxies.getX402SessionStatus({ token }), () => proxies.getX402SessionStatusOutput({ token })],
    () => ({ tier: "shared", allocatedGB: 1, usedGB: 0, remainingGB: 1, enabled: true, expiresAt: ISO }),
    () => "/manage/session/credit",
  ],
];

describe.each(LOOK_UPS)("%s", (_name, [asPromise, asOutput], answer, call, secret) => {
  it("as a promise", async () => {
    const told = await asPromise();
    expect(told).toEqual(answer());
    expect(JSON.parse(JSON.stringify(told))).toEqual(told); // a state and a stack's outputs are JSON
    expect(calls()).toEqual([call()]);
  });

  it("as an Output", async () => {
    expect(await seen(asOutput())).toEqual({ value: answer(), known: true, secret: secret === "secret" });
    expect(calls()).toEqual([call()]);
  });
});

it("a secret token leaves its status secret", async () => {
  const output = proxies.getX402SessionStatusOutput({ token: pulumi.secret(token) });
  expect(await seen(output)).toMatchObject({ secret: true });
});

it("reference data is asked once a run, sessions and quotes each time", async () => {
  for (const round of [1, 2]) {
    expect(calls()).toHaveLength(round === 1 ? 0 : 5);
    await Promise.all([proxies.getX402Info(), proxies.getX402Pricing(), proxies.getX402Countries()]);
    await proxies.getX402Quote();
    await proxies.getX402SessionStatus({ token });
  }
  expect(calls().sort()).toEqual([
    "/calculate",
    "/calculate",
    "/countries",
    "/info",
    ...Array<string>(2).fill("/manage/session/credit"),
    "/pricing",
  ]);
});

it("no key is sent, though the stack has one", async () => {
  const { url, seen: asked } = await vendor([{ json: { enabled: true } }]);
  pulumi.runtime.setAllConfig({ "proxies-sx:apiUrl": url, "proxies-sx:apiKey": KEY });
  await proxies.getX402Health();
  expect(asked).toMatchObject([{ url: "/v1/x402/health" }]);
  expect(JSON.stringify(asked)).not.toContain(KEY);
});

it("the server is that of the option provider", async () => {
  pulumi.runtime.setAllConfig({});
  const provider = new proxies.Account("second", { apiKey: emulator.apiKey, apiUrl: emulator.url });
  expect(await proxies.getX402Health({ provider })).toMatchObject({ enabled: true });
  expect(await seen(proxies.getX402HealthOutput({ provider }))).toMatchObject({ secret: false });
});

it.each<[string, () => Promise<unknown>, RegExp]>([
  [
    "a tier",
    () => proxies.getX402Countries({ tier: "gold" as "shared" }),
    /^getX402Countries: tier: is unknown \(a text/,
  ],
  [
    "a tier of a quote",
    () => proxies.getX402Quote({ tier: "gold" as "shared" }),
    /^getX402Quote: tier: is unknown \(a text/,
  ],
  [
    "a duration",
    () => proxies.getX402Quote({ duration: "soon" }),
    /^getX402Quote: duration: is not a length of time \(a text/,
  ],
  [
    "traffic",
    () => proxies.getX402Quote({ trafficGB: -1 }),
    /^getX402Quote: trafficGB: must be a number above 0 \(a whole/,
  ],
  [
    "a duration that the vendor refuses",
    () => proxies.getX402Quote({ duration: "1m" }),
    /not be less than 3600 \(400 rejected/,
  ],
  ["a wallet", () => proxies.getX402Sessions({ wallet: "me" }), /a wallet's address must be 0x and 40/],
  [
    "a status",
    () => proxies.getX402Sessions({ wallet: PAYER, status: "old" as "all" }),
    /^getX402Sessions: status: is unknown \(a text/,
  ],
  ["no session", () => proxies.getX402Session({}), /^getX402Session: args: give one of: transaction, token\.$/],
  ["a hash", () => proxies.getX402Session({ transaction: "0x12" }), /a transaction's hash must be 0x and 64/],
  ["a hash of nothing", () => proxies.getX402Session({ transaction: `0x${"1".repeat(64)}` }), /404 not_found/],
  ["a token", () => proxies.getX402SessionStatus({ token: "x402s_canary" }), /404 not_found/],
])("what fails is one line without a token: %s", async (_what, ask, message) => {
  const error = await ask().then(
    () => Promise.reject(new Error("it did not fail")),
    (thrown: Error) => thrown,
  );
  expect(error.message).toMatch(message);
  expect(error.message).not.toMatch(/\n|canary/);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
});

it("a URL that cannot be used is one line", async () => {
  pulumi.runtime.setAllConfig({ "proxies-sx:apiUrl": "ftp://a.example" });
  await expect(proxies.getX402Health()).rejects.toThrow(/^proxies-sx:apiUrl: [^\n]+$/);
});
