import { buy, decoded, type Offered, OTHER, PAYER, PROXY, shop, v1, v2 } from "./x402-wallet";
import { type Quirks } from "../../emulator";
import { X402_QUIRKS } from "../../emulator/x402/quirks";
import { type World } from "./harness";

type Json = Record<string, unknown>;

let here: World;
beforeEach(() => (here = shop()));
const tested = new Set<string>();
const set = (quirks: Partial<Quirks>) => {
  for (const name of Object.keys(quirks)) tested.add(name);
  here.control.setQuirks(quirks);
};
const offer = () => here.call<Json>(PROXY, { key: null });
const pay = async (headers: Record<string, string>, line = PROXY) => here.call<Json>(line, { key: null, headers });

test.each([
  [
    "union",
    ["x402Version", "accepts", "error", "statusCode", "paymentRequirement", "status", "message", "payment"],
    true,
  ],
  ["page", ["status", "message", "payment"], false],
  ["mcp", ["statusCode", "message", "paymentRequirement"], false],
  ["v1", ["x402Version", "accepts", "error"], false],
  ["v2", [], true],
] as const)("x402Offer %s", async (x402Offer, fields, hasHeader) => {
  set({ x402Offer });
  const { body, headers } = await offer();
  expect(Object.keys(body).sort()).toEqual([...fields].sort());
  expect(headers.has("payment-required")).toBe(hasHeader);
});

test.each([
  ["union", ["success", "sessionToken", "session", "payment", "credentials"]],
  ["page", ["credentials"]],
  ["mcp", ["success", "sessionToken", "session", "payment"]],
] as const)("x402Answer %s", async (x402Answer, fields) => {
  set({ x402Answer });
  const { body } = await pay(await v1(here));
  expect(Object.keys(body).sort()).toEqual([...fields].sort());
});

test("x402Sessions: the tools' fields, the wallet client's, both, or a bare array", async () => {
  await buy(here);
  const list = async () => (await here.call<{ sessions: Json[] }>(`GET /x402/sessions/wallet/${PAYER.address}`)).body;
  const fields = async () => Object.keys((await list()).sessions[0] ?? {});
  expect(await fields()).toEqual(expect.arrayContaining(["id", "proxy", "sessionId", "txHash", "sessionToken"]));
  set({ x402Sessions: "tool" });
  expect(await fields()).toEqual(expect.not.arrayContaining(["id", "proxy", "sessionToken"]));
  expect(await fields()).toContain("txHash");
  set({ x402Sessions: "wallet" });
  expect(await fields()).toEqual(expect.arrayContaining(["id", "proxy", "payment", "rotationUrl"]));
  expect(await fields()).not.toContain("sessionId");
  set({ x402Sessions: "array" });
  expect(await list()).toMatchObject([{ id: expect.any(String) as string, sessionId: expect.any(String) as string }]);
});

test("x402Recovery: all, without the token, or without credentials", async () => {
  const { session, payment } = await buy(here);
  const fields = async () => {
    const paths = [`session/${session.id}`, `session/tx/${payment.transactionHash}`];
    const bodies = await Promise.all(paths.map(async (path) => (await here.call<Json>(`GET /x402/${path}`)).body));
    const list = (await here.call<{ sessions: Json[] }>(`GET /x402/sessions/wallet/${PAYER.address}`)).body.sessions;
    return [...bodies, ...list].map((body) =>
      ["sessionToken", "proxy", "ports", "rotationToken"].filter((name) => name in body),
    );
  };
  const all = ["sessionToken", "proxy", "ports", "rotationToken"];
  expect(await fields()).toEqual([all, all, all]);
  set({ x402Recovery: "noToken" });
  expect(await fields()).toEqual([all.slice(1), all.slice(1), all.slice(1)]);
  set({ x402Recovery: "bare" });
  expect(await fields()).toEqual([[], [], []]);
});

test("x402Price hourly: the page's price by the hour; sharedOnly: no private tier", async () => {
  const price = async (query: string) =>
    (await here.call<Json>(`GET /x402/calculate?traffic=1&duration=36000${query}`)).body["cost"];
  expect([await price(""), await price("&tier=private")]).toEqual(["4.00", "8.00"]);
  set({ x402Price: "hourly" });
  expect([await price(""), await price("&tier=private")]).toEqual(["5.00", "10.50"]);
  expect((await here.call("GET /x402/pricing")).body).toMatchObject({ private: { perHour: 0.25 } });
  expect((await offer()).body).toMatchObject({ payment: { amount: "4.10" } });
  set({ x402Price: "sharedOnly" });
  expect((await here.call(`${PROXY}&tier=private`)).status).toBe(400);
  expect((await here.call<Json>("GET /x402/pricing")).body).not.toHaveProperty("private");
  expect((await here.call<Json[]>("GET /x402/countries")).body[0]).toMatchObject({ tier: "shared" });
});

test.each(["authorization", "hash", "watch"] as const)(
  "x402Proofs %s refuses the others, and nothing moves",
  async (only) => {
    set({ x402Proofs: only });
    const { paymentId } = (await offer()).body["payment"] as Offered["payment"];
    const { payTo } = here.control.x402.ledgerView();
    const { hash } = here.control.x402.transfer({ from: PAYER.address, to: payTo, usdc: 4 });
    const replies = {
      authorization: await pay(await v1(here)),
      hash: await pay({ "Payment-Signature": hash }),
      watch: await pay({ "X-Payment-Id": paymentId }),
    };
    for (const [kind, { status, body }] of Object.entries(replies))
      expect([kind, status, body["error"]]).toEqual(
        kind === only ? [kind, 200, undefined] : [kind, 402, "unsupported_payment"],
      );
  },
);

test("x402TokenIn header or query: the other is no token", async () => {
  const { sessionToken } = await buy(here);
  const inHeader = () =>
    here.call("GET /x402/manage/session", { key: null, headers: { "X-Session-Token": sessionToken } });
  const inQuery = () => here.call(`GET /x402/manage/session?sessionToken=${sessionToken}`, { key: null });
  set({ x402TokenIn: "header" });
  expect([(await inHeader()).status, (await inQuery()).status]).toEqual([200, 401]);
  set({ x402TokenIn: "query" });
  expect([(await inHeader()).status, (await inQuery()).status]).toEqual([401, 200]);
});

test("x402Refusal 400: a refused payment is answered without terms", async () => {
  set({ x402Refusal: 400 });
  const reply = await pay(await v1(here, { to: OTHER.address }));
  expect(reply.status).toBe(400);
  expect(reply.body["message"]).toMatch(/^Payment verification failed: invalid_exact/);
});

describe("x402WrongOffer", () => {
  const wrong = {
    payTo: { v1: { payTo: "0x000000000000000000000000000000000000dEaD" } },
    asset: { v1: { asset: "0x000000000000000000000000000000000000dEaD" } },
    network: { v1: { network: "ethereum", chainId: "1" }, v2: { network: "eip155:1" } },
    amount: { v1: { maxAmountRequired: "8000000" }, v2: { amount: "8000000" } },
    unit: { v1: { maxAmountRequired: "4000001" }, v2: { amount: "4000001" } },
  } as const;
  const kinds = Object.keys(wrong) as (keyof typeof wrong)[];

  test.each(kinds)("%s stands in body and header, or in one of them", async (kind) => {
    const inBody = wrong[kind].v1;
    const row = wrong[kind];
    const inHeader = "v2" in row ? row.v2 : inBody;
    const seen = async () => {
      const { body, headers } = await offer();
      const header = decoded(headers.get("payment-required")) as { accepts: Json[] };
      return [(body as unknown as Offered).accepts[0], header.accepts[0]].map((each, at) =>
        Object.entries(at === 0 ? inBody : inHeader).every(([name, value]) => each?.[name as "payTo"] === value),
      );
    };
    set({ x402WrongOffer: kind });
    expect(await seen()).toEqual([true, true]);
    set({ x402WrongIn: "header" });
    expect(await seen()).toEqual([false, true]);
    set({ x402WrongIn: "body" });
    expect(await seen()).toEqual([true, false]);
    set({ x402WrongOffer: "none" });
    expect(await seen()).toEqual([false, false]);
  });
});

test("x402Solana: Solana stands first, in both versions, and the right one follows", async () => {
  set({ x402Solana: true });
  const { body, headers } = await offer();
  const header = decoded(headers.get("payment-required")) as { accepts: Json[] };
  expect((body as unknown as Offered).accepts.map(({ network }) => network)).toEqual(["solana", "base-sepolia"]);
  expect(header.accepts.map(({ network }) => network)).toEqual([
    "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
    "eip155:84532",
  ]);
  expect((await pay(await v2(here))).status).toBe(200);
});

test("x402Extend: the route of the client 2.0.0 is there, asks for its price and is paid once", async () => {
  const { session } = await buy(here);
  const line = `POST /x402/sessions/${session.id}/extend?hours=10`;
  expect((await pay({}, line)).status).toBe(404);
  set({ x402Extend: true });
  const asked = await pay({}, line);
  expect([asked.status, asked.body["payment"]]).toMatchObject([402, { amount: "1.00" }]);
  const payment = await v1(here, { nonce: "more", value: 1_000_000n });
  for (const reply of [await pay(payment, line), await pay(payment, line)])
    expect(reply.body).toMatchObject({ id: session.id, expiresAt: "2026-01-15T23:00:00.000Z" });
  expect(here.control.x402.balance(PAYER.address)).toBe("95.00");
});

test("pageOnly leaves the codes of cities and carriers out", async () => {
  set({ pageOnly: true });
  expect((await here.call<Json[]>("GET /cities?country=DE")).body[0]).not.toHaveProperty("code");
  expect((await here.call<Json[]>("GET /carriers?country=DE")).body[0]).not.toHaveProperty("code");
});

test("every quirk is tested: above, or where payments are", () => {
  const withPayments = ["x402HashAgain", "x402Resend", "x402Watch"];
  const here402 = [...tested].filter((name) => name.startsWith("x402"));
  expect([...here402, ...withPayments].sort()).toEqual(Object.keys(X402_QUIRKS).sort());
});
